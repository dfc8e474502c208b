"""Tables of every event type, from the structs that are stored."""

from __future__ import annotations

import ast
from pathlib import Path

import msgspec
from call_contract import call_events
from call_contract.call_events import CallOutcome
from flow_api.domain import flow_events


def call_events_table() -> str:
    return _table(call_events.AnyCallEvent.__args__, left_out={"at_ms"}, source=call_events.__file__)


def flow_events_table() -> str:
    return _table(flow_events.AnyFlowEvent.__args__, left_out={"cause"}, source=flow_events.__file__)


def outcomes() -> str:
    said = _remarks(Path(call_events.__file__ or "").read_text(encoding="utf-8"))
    return "\n".join(["| outcome | |", "|---|---|", *(f"| `{one}` | {said.get(one.name, '')} |" for one in CallOutcome)])


def _table(events: tuple[type[msgspec.Struct], ...], *, left_out: set[str], source: str | None) -> str:
    documented = _docstrings(source or "")
    rows = ["| event | fields | |", "|---|---|---|"]
    for event in events:
        fields = [f"`{field.encode_name}`" for field in msgspec.structs.fields(event) if field.encode_name not in left_out]
        rows.append(f"| `{event.__struct_config__.tag}` | {' '.join(fields)} | {documented.get(event.__name__, '')} |")
    return "\n".join(rows)


def _docstrings(source: str) -> dict[str, str]:
    """Class → its own docstring on one line (a class without one does not take its base's)."""
    classes = [node for node in ast.parse(Path(source).read_text(encoding="utf-8")).body if isinstance(node, ast.ClassDef)]
    return {one.name: " ".join((ast.get_docstring(one) or "").replace("``", "`").split()) for one in classes}


def _remarks(text: str) -> dict[str, str]:
    """Member → its ``#:`` remark."""
    lines = [line.partition("#:") for line in text.splitlines() if " = " in line and "#:" in line]
    return {code.split(" = ")[0].strip(): remark.strip() for code, _, remark in lines}
