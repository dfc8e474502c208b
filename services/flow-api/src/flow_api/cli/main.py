"""The commands: serve, learn, audit, projections, tokens."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from flow_api import learn_offline
from flow_api.cli import audit, projections, serve, tokens
from flow_api.settings import SettingsError


def main(argv: Sequence[str] | None = None) -> int:
    """The exit status: 0, 1 where something did not hold, 2 on wrong usage."""
    try:
        status = _run(list(sys.argv[1:] if argv is None else argv))
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read the answer has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (SettingsError, OSError) as problem:
        print(f"flow-api: {problem}", file=sys.stderr)
        return 1
    return status


def _run(given: list[str]) -> int:
    if given[:1] == ["learn"]:
        return learn_offline.run(given[1:])
    parser = argparse.ArgumentParser(prog="python -m flow_api", description="The flow API and its tools.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    serve.add_to(commands)
    commands.add_parser("learn", help="build or merge a flow offline from a file of discoveries")
    for group in (audit, projections, tokens):
        group.add_to(commands)
    args = parser.parse_args(given)
    status: int = args.run(args)
    return status
