"""The commands: serve, learn, audit, projections, tokens."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from flow_api.cli import serve


def main(argv: Sequence[str] | None = None) -> int:
    """The exit status: 0, 1 where something did not hold, 2 on wrong usage."""
    parser = argparse.ArgumentParser(prog="python -m flow_api", description="The flow API and its tools.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    serve.add_to(commands)
    args = parser.parse_args(argv)
    status: int = args.run(args)
    return status
