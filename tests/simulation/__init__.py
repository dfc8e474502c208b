"""Random phone systems in virtual time, one process a core."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read when numpy is imported: its threads and these processes wait for each other
