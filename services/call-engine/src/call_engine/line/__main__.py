"""A line in a process of its own: ``python -m call_engine.line SOCKET_FD RING_FD``. Started by ``births.spawn``."""

from __future__ import annotations

import sys

from call_engine.line.process import take_calls

USAGE = "usage: python -m call_engine.line SOCKET_FD RING_FD (one phone line on PJSIP; started by the call engine)"

if __name__ == "__main__":
    if len(sys.argv) != 3 or not all(argument.isdigit() for argument in sys.argv[1:]):
        sys.exit(USAGE)  # no argparse: it costs half a megabyte a call
    take_calls(int(sys.argv[1]), int(sys.argv[2]))
