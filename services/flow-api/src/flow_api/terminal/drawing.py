"""Flows, calls and changes as text: tables, trees and lines."""

from __future__ import annotations

from typing import Any

from rich import box
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

Json = dict[str, Any]

#: event type → (style, sentence with the event's fields)
LINES: dict[str, tuple[str, str]] = {
    "CallRequested": ("dim", "asked to {mode} {phone_number}"),
    "CallRefused": ("red", "refused by {rule}: {reason}"),
    "CallRinging": ("dim", "ringing"),
    "CallAnswered": ("green", "answered"),
    "UtteranceHeard": ("cyan", "heard “{text}” ({kind})"),
    "ChoiceMade": ("yellow", "chose {label} → {digits}: {reason}"),
    "DigitsSent": ("bold yellow", "pressed {digits} {reason}"),
    "PressIneffective": ("red", "pressing {digits} changed nothing"),
    "StepStarted": ("magenta", "step {step_id} ({step_type})"),
    "DriftFound": ("red", "drifted at {step_id}: heard “{heard}”"),
    "HoldStarted": ("blue", "on hold ({reason})"),
    "HoldEnded": ("blue", "hold is over"),
    "HumanSuspected": ("dim", "a human? posterior {posterior:.2f}"),
    "HumanDetected": ("bold green", "a live human, posterior {posterior:.2f}"),
    "TransferStarted": ("green", "ringing {device}"),
    "DeviceAnswered": ("green", "{device} picked up"),
    "TransferFailed": ("red", "{device} did not pick up: {reason}"),
    "CallBridged": ("bold green", "connected to {device} after {latency_ms} ms"),
    "DigitsOrdered": ("yellow", "{by} asked to press {digits}"),
    "TransferOrdered": ("yellow", "{by} asked to be connected now"),
    "EndOrdered": ("yellow", "{by} asked to hang up"),
    "ActionRefused": ("red", "{action} refused by {rule}: {reason}"),
    "RecordingStarted": ("yellow", "the conversation is recorded from here on; both sides were told"),
    "RecordingFailed": ("red", "not recorded: {reason}"),
    "RecordingEnded": ("dim", "recorded as {file}"),
    "CallEnded": ("bold", "ended: {outcome} ({reason})"),
}


class _Blank(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return ""


def event_line(event: Json) -> Text | None:
    """One line for an event that people want to see, None for the others."""
    if event["type"] not in LINES:
        return None
    style, sentence = LINES[event["type"]]
    if event["type"] == "UtteranceHeard" and not event.get("text"):
        sentence = "heard “{said}” ({kind})" if event.get("said") else "heard ({kind}, {source})"
    return Text.assemble((f"{event['at_ms'] / 1000:7.1f}s ", "dim"), (sentence.format_map(_Blank(event)).strip(), style))


def explored_line(call: Json) -> str:
    left = "nothing was learned" if call["unknown"] is None else f"{call['known']} options known, {call['unknown']} not yet"
    return f"call {call['call_id']}: {call['outcome']} after {call['minutes']:.1f} min; {left}"


def _table(*columns: str, wordy: str = "") -> Table:
    """Only the column ``wordy`` wraps at words; what people copy is kept in one piece as long as the terminal is wide enough."""
    table = Table(*columns, box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    for column in table.columns:
        column.overflow = "fold"
        column.no_wrap = column.header != wordy
    return table


def _when(iso: str) -> str:
    return iso[:16].replace("T", " ")


def flow_table(flows: list[Json]) -> Table:
    table = _table("id", "name", "number", "v", "success", wordy="name")
    for flow in flows:
        calls, company = flow["success_count"] + flow["fail_count"], flow["company"] or ""
        share = f"{100 * flow['success_count'] // calls} % of {calls}" if calls else "not tried"
        name = flow["name"] if company in flow["name"] else f"{flow['name']} ({company})"
        table.add_row(flow["id"], name, flow["phone_number"] or "", str(flow["version"]), share)
    return table


def flow_tree(flow: Json) -> Tree:
    """The main path downwards; each condition is a branch. A step that was drawn already is only named. Last, what nothing leads to."""
    steps = {step["id"]: step for step in flow["steps"]}
    root = Tree(Text(f"{flow['name']}  v{flow['version']}", style="bold"))
    drawn: set[str] = set()
    if flow["steps"]:
        _grow(root, flow["steps"][0]["id"], steps, drawn, "")
    for step_id in steps:
        if step_id not in drawn:
            _grow(root, step_id, steps, drawn, "nothing leads here")
    return root


def _grow(parent: Tree, step_id: str | None, steps: dict[str, Json], drawn: set[str], why: str) -> None:
    while step_id is not None and step_id in steps:
        step = steps[step_id]
        label = Text.assemble((f"{why} → " if why else "", "yellow"), (step["id"], "bold"), f" {step['type']}")
        if step["dtmf"]:
            label.append(f" press {step['dtmf']}", "yellow")
        label.append(f"  {step['description']}", "dim")
        label.append(known_of(step), "green")
        if step_id in drawn:
            parent.add(Text.assemble(label, (" (above)", "dim")))
            return
        drawn.add(step_id)
        node = parent.add(label)
        for predicate, target in step["conditions"].items():
            _grow(node, target, steps, drawn, predicate)
        step_id, why = step["next_step"], ""


def known_of(step: Json) -> str:
    """What calls have taught: how surely the step leads on, and how long it typically takes."""
    outcomes, timing = step["metadata"].get("outcomes") or {}, step["metadata"].get("timing") or {}
    hold = (step["metadata"].get("hold") or {}).get("overall") or {}
    typical_ms = hold.get("p50_ms") or timing.get("p50_ms")
    said = [f"{100 * outcomes['confidence']:.0f} % sure"] if "confidence" in outcomes else []
    said += [f"{typical_ms / 1000:.0f} s"] if typical_ms else []
    return "  " + ", ".join(said) if said else ""


def history_table(entries: list[Json]) -> Table:
    table = _table("version", "when", "what", "who", wordy="what")
    for entry in entries:
        table.add_row(str(entry["version"]), _when(entry["recorded_at"]), entry["summary"], entry["actor"])
    return table


def call_table(calls: list[Json]) -> Table:
    table = _table("id", "when", "what", "state", "hold", wordy="what")
    for call in calls:
        what = f"{call['intent']} ({call['company'] or call['phone_number']})"
        table.add_row(call["id"], _when(call["started_at"])[5:], what, call["outcome"] or call["state"], f"{call['hold_ms'] / 1000:.0f} s")
    return table


def diff_lines(diff: Json) -> list[Text]:
    lines = [Text(f"+ {step['id']} {step['type']}", "green") for step in diff["added"]]
    lines += [Text(f"- {step['id']} {step['type']}", "red") for step in diff["removed"]]
    lines += [Text(f"~ {move['id']} moved from {move['before'] + 1} to {move['after'] + 1}", "yellow") for move in diff["moved"]]
    for owner, changes in [("flow", diff["fields"]), *[(step["id"], step["changes"]) for step in diff["changed"]]]:
        lines += [Text(f"~ {owner} {change['path']}: {change['before']!r} → {change['after']!r}", "yellow") for change in changes]
    return lines or [Text("no difference", "dim")]
