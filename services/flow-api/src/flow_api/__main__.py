"""``python -m flow_api``."""

import sys

from flow_api.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
