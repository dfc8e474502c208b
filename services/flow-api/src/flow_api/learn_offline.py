"""``python -m flow_api learn``: build or merge a flow from a file of discoveries, with no service running."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import msgspec
from call_contract.flows import CallFlow

from flow_api.domain.call_flow_learner import CallFlowLearner, change_between
from flow_api.domain.errors import Invalid

_NOBODY = "+10000000000"


def run(args: list[str]) -> int:
    """Prints the flow as JSON; on stderr what a merge changed. Exit code 0, or 2 with the faults on stderr."""
    options = _parser().parse_args(args)
    try:
        source = _read(options.file)
        flow = _merged(source, options) if options.merge else _built(source, options)
    except Invalid as invalid:
        for fault in invalid.faults:
            print(f"{fault.path}: {fault.message}", file=sys.stderr)
        return 2
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        print(f"learn: {error}", file=sys.stderr)
        return 2
    print(msgspec.json.format(msgspec.json.encode(flow), indent=2).decode())
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m flow_api learn", description=__doc__)
    parser.add_argument("file", help='JSON: a list of discoveries, or {"discoveries": [...], and any option below}; - is stdin')
    parser.add_argument("--merge", metavar="FLOW.json", help="merge into this flow instead of building one")
    parser.add_argument("--phone-number")
    parser.add_argument("--company")
    parser.add_argument("--intent")
    parser.add_argument("--call-id", help="a call that was merged before changes nothing")
    parser.add_argument("--at", help="ISO 8601 time of the call")
    parser.add_argument("--split-dtmf", action="store_true", help="a menu becomes LISTEN → DTMF")
    return parser


def _read(name: str) -> dict[str, Any]:
    """The options of the file, ``discoveries`` among them."""
    raw = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    read = msgspec.json.decode(raw)
    return read if isinstance(read, dict) else {"discoveries": read}


def _option(source: dict[str, Any], options: argparse.Namespace, name: str) -> Any:
    given = getattr(options, name)
    return given if given is not None else source.get(name)


def _built(source: dict[str, Any], options: argparse.Namespace) -> CallFlow:
    return CallFlowLearner().build_flow(
        source.get("discoveries", []), _option(source, options, "phone_number") or _NOBODY, _option(source, options, "company"),
        _option(source, options, "intent"), call_id=_option(source, options, "call_id"), at=_option(source, options, "at"),
        split_dtmf=options.split_dtmf,
    )  # fmt: skip


def _merged(source: dict[str, Any], options: argparse.Namespace) -> CallFlow:
    existing = msgspec.json.decode(Path(options.merge).read_bytes(), type=CallFlow)
    merged = CallFlowLearner().merge_discoveries(
        existing, source.get("discoveries", []), call_id=_option(source, options, "call_id"), at=_option(source, options, "at")
    )
    change = change_between(existing, merged)
    print(f"{change.kind}: {change.reason}", file=sys.stderr)
    return merged
