"""``python -m flow_api learn``: build or merge a flow from a file of discoveries, with no service running."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import msgspec
from call_contract.flows import CallFlow

from flow_api.domain.call_flow_learner import CallFlowLearner, change_between
from flow_api.domain.errors import Fault, Invalid
from flow_api.domain.faults import Faults
from flow_api.domain.limits import E164, MAX_NAME
from flow_api.domain.requests import MAX_INTENT

_OPTIONS = ("phone_number", "company", "intent", "call_id", "at", "split_dtmf")


class Unreadable(Exception):
    """A file that is not there, or is not what it should be."""


def run(args: list[str]) -> int:
    """Prints the flow as JSON; on stderr what a merge changed. Exit code 0, or 2 with the faults on stderr."""
    options = _parser().parse_args(args)
    try:
        source = _source(options)
        flow = _merged(source, options.merge) if options.merge else _built(source)
    except Invalid as invalid:
        for fault in invalid.faults:
            print(f"{fault.path}: {fault.message}", file=sys.stderr)
        return 2
    except Unreadable as problem:
        print(f"learn: {problem}", file=sys.stderr)
        return 2
    print(msgspec.json.format(msgspec.json.encode(flow), indent=2).decode())
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m flow_api learn", description=__doc__)
    parser.add_argument("file", help='JSON: a list of discoveries, or {"discoveries": [...], and any option below}; - is stdin')
    parser.add_argument("--merge", metavar="FLOW.json", help="merge into this flow instead of building one")
    parser.add_argument("--phone-number")
    parser.add_argument("--company", help="of a flow that is built; a merge leaves that of the flow")
    parser.add_argument("--intent", help="likewise")
    parser.add_argument("--call-id", help="a call that was merged before changes nothing")
    parser.add_argument("--at", help="ISO 8601 time of the call")
    parser.add_argument("--split-dtmf", action="store_true", default=None, help="a menu becomes LISTEN → DTMF")
    return parser


def _source(options: argparse.Namespace) -> dict[str, Any]:
    """The discoveries, and the options of the file and the command line, which wins. Raises Invalid, Unreadable."""
    read = _decoded(options.file, Any)
    if isinstance(read, list):
        read = {"discoveries": read}
    if not isinstance(read, dict):
        raise Invalid([Fault("$", "must be a list of discoveries, or an object with one")])
    given = {name: value for name in _OPTIONS if (value := getattr(options, name)) is not None}
    source: dict[str, Any] = {**read, **given}
    faults = Faults()
    for name in read:
        if name not in ("discoveries", *_OPTIONS):
            faults.add(f"$.{name}", f"is not an option of this file; known are discoveries, {', '.join(_OPTIONS)}")
    if "discoveries" not in source:
        faults.add("$.discoveries", "is required")
    faults.shaped(source, "phone_number", "$", E164, "a number in E.164 form such as +18005551234")
    for name, most in (("company", MAX_NAME), ("intent", MAX_INTENT), ("call_id", MAX_NAME), ("at", MAX_NAME)):
        faults.text(source, name, "$", most)
    if not isinstance(source.get("split_dtmf", False), bool):
        faults.add("$.split_dtmf", "must be true or false")
    faults.raise_if_any()
    return source


def _decoded(name: str, kind: Any) -> Any:
    """Raises Unreadable."""
    try:
        raw = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        return msgspec.json.decode(raw, type=kind)
    except OSError as problem:
        raise Unreadable(f"{name}: {problem.strerror}") from None
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as problem:
        raise Unreadable(f"{name}: {problem}") from None


def _built(source: dict[str, Any]) -> CallFlow:
    """A flow without a number where none is given: it is none to be called yet."""
    number = source.get("phone_number")
    flow = CallFlowLearner().build_flow(
        source["discoveries"], number or "", source.get("company"), source.get("intent"), call_id=source.get("call_id"),
        at=source.get("at"), split_dtmf=source.get("split_dtmf", False),
    )  # fmt: skip
    return msgspec.structs.replace(flow, phone_number=number)


def _merged(source: dict[str, Any], into: str) -> CallFlow:
    existing = _decoded(into, CallFlow)
    number = source.get("phone_number")
    if number is not None and existing.phone_number not in (None, number):
        raise Invalid([Fault("$.phone_number", f"the flow is one of {existing.phone_number}")])
    merged = CallFlowLearner().merge_discoveries(existing, source["discoveries"], call_id=source.get("call_id"), at=source.get("at"))
    change = change_between(existing, merged)
    print(f"{change.kind}: {change.reason}", file=sys.stderr)
    return merged
