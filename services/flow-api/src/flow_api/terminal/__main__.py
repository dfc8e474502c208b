"""``callflow``: list, show, call, explore, watch, learn, history, diff and export from a terminal. Every command takes ``--json``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from rich.console import Console

from flow_api.terminal import commands
from flow_api.terminal.rest import Refused, Rest


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="callflow", description=__doc__, epilog="A token, where tokens are in use, is read from CALLFLOW_TOKEN."
    )
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--url", help="address of flow-api (default: CALLFLOW_URL, or this machine)")
    shared.add_argument("--json", action="store_true", help="answer in JSON")
    sub = top.add_subparsers(dest="command", required=True, metavar="command")

    def command(name: str, does: str, work: object) -> argparse.ArgumentParser:
        made = sub.add_parser(name, help=does, description=does, parents=[shared])
        made.set_defaults(work=work)
        return made

    listed = command("list", "flows, narrowed by what is given", commands.list_flows)
    listed.add_argument("words", nargs="?", help="words in name, company or number")
    listed.add_argument("--company")
    listed.add_argument("--tag")
    listed.add_argument("--number")
    listed.add_argument("--limit", type=int, default=100)

    shown = command("show", "one flow as a tree", commands.show)
    shown.add_argument("flow")
    shown.add_argument("--version", type=int)
    shown.add_argument("--as-of", help="an ISO 8601 time")

    called = command("call", "make a call and watch it", commands.call)
    called.add_argument("number", nargs="?", help="may be left out with --flow")
    called.add_argument("intent", nargs="?", help="what you want, in your own words")
    called.add_argument("--company")
    called.add_argument("--device")
    called.add_argument("--flow", help="id of the flow to follow")
    called.add_argument("--mode", choices=["auto", "explore", "follow"], default="auto")
    called.add_argument("--no-watch", action="store_true")

    explored = command("explore", "call a number again and again until its phone tree is known", commands.explore)
    explored.add_argument("number")
    explored.add_argument("intent", help="what you want, in your own words")
    explored.add_argument("--company")
    explored.add_argument("--device", help="rings whenever a human is met")
    explored.add_argument("--calls", type=int, default=5, help="at most so many calls (default 5)")
    explored.add_argument("--minutes", type=float, default=60.0, help="no further call after so many minutes on the phone (default 60)")

    made = command("calls", "calls, newest first", commands.calls)
    made.add_argument("--number")
    made.add_argument("--limit", type=int, default=20)

    for name, does, work in [
        ("watch", "a call, live or as it was", commands.watch),
        ("end", "hang up", commands.end),
        ("learn", "learn a flow from a call", commands.learn),
    ]:
        command(name, does, work).add_argument("call")

    command("history", "every event of a flow", commands.history).add_argument("flow")
    differ = command("diff", "what is different between two versions", commands.diff)
    differ.add_argument("flow")
    differ.add_argument("before", type=int)
    differ.add_argument("after", type=int)
    exported = command("export", "a flow as a JSON document", commands.export)
    exported.add_argument("flow")
    exported.add_argument("--version", type=int)
    exported.add_argument("--output", help="a file; standard output by default")
    command("completion", "a completion script for bash: source <(callflow completion)", commands.completion).set_defaults(top=top)
    return top


def main(argv: Sequence[str] | None = None, *, rest: Rest | None = None, console: Console | None = None) -> int:
    top = parser()
    args = top.parse_args(argv)
    console = console or Console()
    try:
        args.work(rest or Rest(args.url), commands.Terminal(console, as_json=args.json), args)
    except Refused as refused:
        Console(stderr=True, highlight=False).print(str(refused), style="red", markup=False, soft_wrap=True)
        return 1
    except OSError as problem:
        Console(stderr=True, highlight=False).print(f"{problem.filename}: {problem.strerror}", style="red", markup=False, soft_wrap=True)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
