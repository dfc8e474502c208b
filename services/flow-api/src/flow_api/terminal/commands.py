"""What each command of ``callflow`` does. Every one can answer in JSON instead."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from rich.console import Console

from flow_api.terminal import drawing, exploring
from flow_api.terminal.completion import bash
from flow_api.terminal.rest import Listed, Rest

FLOWS = "/api/call-flows"


class Terminal:
    """Where answers go: drawn for people, or as JSON with ``--json``."""

    def __init__(self, console: Console, *, as_json: bool) -> None:
        self._console, self.as_json = console, as_json

    def show(self, value: Any, *drawn: Any) -> None:
        if self.as_json:
            self._console.print(json.dumps(value, ensure_ascii=False), soft_wrap=True, highlight=False, markup=False)
        else:
            for one in drawn:
                self._console.print(one)

    def script(self, value: Any, text: str) -> None:
        """Text for a program: neither wrapped nor coloured."""
        self.show(value) if self.as_json else self._console.print(text, soft_wrap=True, highlight=False, markup=False)


def list_flows(rest: Rest, out: Terminal, args: argparse.Namespace) -> None:
    found = rest.rows(FLOWS, args.limit, company=args.company, tag=args.tag, phone_number=args.number, q=args.words)
    out.show(found.rows, drawing.flow_table(found.rows), *_left_out(found))


def show(rest: Rest, out: Terminal, args: argparse.Namespace) -> None:
    flow = rest.get(f"{FLOWS}/{args.flow}", version=args.version, as_of=args.as_of)
    out.show(flow, drawing.flow_tree(flow))


def call(rest: Rest, out: Terminal, args: argparse.Namespace) -> None:
    wanted = {"phone_number": args.number, "intent": args.intent, "company": args.company, "device": args.device, "flow_id": args.flow}
    started = rest.post("/api/calls", {name: value for name, value in wanted.items() if value} | {"mode": args.mode})
    out.show(started, f"{started['why']}  (call {started['id']})")
    if not args.no_watch:
        _watch(rest, out, started["id"])


def explore(rest: Rest, out: Terminal, args: argparse.Namespace) -> None:
    wanted = {"phone_number": args.number, "intent": args.intent, "company": args.company, "device": args.device}
    given = {name: value for name, value in wanted.items() if value}
    budget = exploring.Budget(calls=args.calls, minutes=args.minutes)
    made, why = exploring.explore(rest, given, budget, lambda one: out.show(one._asdict(), drawing.explored_line(one._asdict())))
    flow_id = next((one.flow_id for one in reversed(made) if one.flow_id), None)
    out.show({"calls": len(made), "stopped": why, "flow_id": flow_id}, f"stopped after {len(made)} calls: {why}")


def calls(rest: Rest, out: Terminal, args: argparse.Namespace) -> None:
    found = rest.rows("/api/calls", args.limit, phone_number=args.number)
    out.show(found.rows, drawing.call_table(found.rows), *_left_out(found))


def _left_out(found: Listed) -> list[str]:
    """What a reader of the list should know is not in it."""
    more = [f"There are more than these {len(found.rows)}: give --limit."] if found.more else []
    behind = ["Not all is in this list yet: the service has still to read its event log. See /health/ready."] if found.behind else []
    return more + behind


def watch(rest: Rest, out: Terminal, args: argparse.Namespace) -> None:
    _watch(rest, out, args.call)


def _watch(rest: Rest, out: Terminal, call_id: str) -> None:
    for event in rest.events(call_id):
        line = drawing.event_line(event)
        if out.as_json or line is not None:
            out.show(event, line)


def end(rest: Rest, out: Terminal, args: argparse.Namespace) -> None:
    ended = rest.delete(f"/api/calls/{args.call}")
    over = f"call {args.call} is over: {ended['outcome']}"
    out.show(ended, over if ended["state"] == "ended" else f"call {args.call} is told to end")


def learn(rest: Rest, out: Terminal, args: argparse.Namespace) -> None:
    flow = rest.post(f"{FLOWS}/learn", {"call_id": args.call})
    out.show(flow, f"{flow['learning']['result']}: {flow['learning']['reason']}", drawing.flow_tree(flow))


def history(rest: Rest, out: Terminal, args: argparse.Namespace) -> None:
    entries = rest.rows(f"{FLOWS}/{args.flow}/history").rows
    out.show(entries, drawing.history_table(entries))


def diff(rest: Rest, out: Terminal, args: argparse.Namespace) -> None:
    answer = rest.get(f"{FLOWS}/{args.flow}/diff", **{"from": args.before, "to": args.after})
    out.show(answer, *drawing.diff_lines(answer))


def export(rest: Rest, out: Terminal, args: argparse.Namespace) -> None:
    flow = rest.get(f"{FLOWS}/{args.flow}", version=args.version)
    if args.output is None:
        Terminal(out._console, as_json=True).show(flow)
        return
    Path(args.output).write_text(json.dumps(flow, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    out.show({"written": args.output}, f"written to {args.output}")


def completion(_: Rest, out: Terminal, args: argparse.Namespace) -> None:
    script = bash(args.top)
    out.script({"bash": script}, script)
