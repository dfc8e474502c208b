"""``python -m event_log.node``: gRPC is told to keep quiet before it is imported; what matters we say ourselves, once."""

import os
import sys

os.environ.setdefault("GRPC_VERBOSITY", "NONE")

if __name__ == "__main__":
    from event_log.node.command import main

    sys.exit(main())
