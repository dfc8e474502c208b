"""``audit``: replay, diff, blame, verify, anchor, export and import the history of flows, on any store or on an export in a file."""

from __future__ import annotations

import argparse
import datetime as dt
import os
import sys
from pathlib import Path
from typing import Any

import msgspec
from call_contract.streams import FLOW_PREFIX
from event_log.port import EventLog

from flow_api import audit_log
from flow_api.adapters import anchors
from flow_api.adapters.system import SystemClock
from flow_api.audit_import import import_lines
from flow_api.cli import stores
from flow_api.cli.replays import flow_records, replayed, version_content
from flow_api.domain.blame import blame
from flow_api.domain.diff import diff
from flow_api.domain.errors import Malformed, NotFound
from flow_api.domain.flow import call_flow
from flow_api.domain.hash_chain import Break, ChainLink, breaks
from flow_api.domain.record import as_of, when
from flow_api.flow_stream import link_of
from flow_api.settings import from_environment


def add_to(commands: Any) -> None:
    parser = commands.add_parser("audit", help="replay, diff, blame, verify, anchor, export or import the history of flows")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    replay = _action(actions, "replay", _replay, "every version of a flow, one JSON object a line; or one version, or as of a time")
    replay.add_argument("flow_id")
    replay.add_argument("--version", type=int)
    replay.add_argument("--as-of", type=_time, help="ISO 8601 time, such as 2026-01-31T12:00:00Z")
    compare = _action(actions, "diff", _diff, "what is different between two versions")
    compare.add_argument("flow_id")
    compare.add_argument("before", type=int)
    compare.add_argument("after", type=int)
    _action(actions, "blame", _blame, "which event gave each step its present form").add_argument("flow_id")
    verify = _action(actions, "verify", _verify, "check the hash chains (of all flows, or those named); exit 1 where one does not hold")
    verify.add_argument("flow_id", nargs="*")
    verify.add_argument("--anchor", type=Path, help="a signed anchor, to find cut ends and rewritten histories as well")
    verify.add_argument("--public-key", help="the key that must have signed it, base64")
    anchor = _action(actions, "anchor", _anchor, "print the heads of all hash chains, signed")
    anchor.add_argument("--key", type=Path, help="file of the signing key; made where there is none (default: in FLOW_API_DATA)")
    export = _action(actions, "export", _export, "every event, one JSON object a line, byte for byte")
    export.add_argument("--after", type=int, default=0, help="only behind this position")
    export.add_argument("--out", type=Path, help="file to write (default: standard output)")
    brought = _action(actions, "import", _import, "bring an export into an empty store", file=False)
    brought.add_argument("source", type=Path, help="the file that export wrote")


def _time(text: str) -> dt.datetime:
    """Raises argparse's own error."""
    try:
        return when(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no ISO 8601 time such as 2026-01-31T12:00:00Z") from None


def _action(actions: Any, name: str, work: stores.Work, text: str, *, file: bool = True) -> Any:
    parser = actions.add_parser(name, help=text, description=text)
    stores.add_arguments(parser, file=file)
    parser.set_defaults(run=stores.on_log(work))
    return parser


def _print(value: object) -> None:
    print(msgspec.json.encode(value).decode())


async def _replay(log: EventLog, args: argparse.Namespace) -> int:
    records = await flow_records(log, args.flow_id)
    if args.as_of is not None:
        flow = as_of(records, args.as_of)
        if flow is None or flow.deleted:
            raise NotFound(f"There was no flow {args.flow_id} at {args.as_of.isoformat()}.")
        _print(call_flow(flow))
        return 0
    versions = [version for version in replayed(records) if args.version in (None, version.version)]
    if not versions:
        raise NotFound(f"The flow {args.flow_id} has no version {args.version}.")
    for version in versions:
        _print(version)
    return 0


async def _diff(log: EventLog, args: argparse.Namespace) -> int:
    records = await flow_records(log, args.flow_id)
    _print(diff(version_content(records, args.before), version_content(records, args.after)))
    return 0


async def _blame(log: EventLog, args: argparse.Namespace) -> int:
    for entry in blame(await flow_records(log, args.flow_id)):
        _print(entry)
    return 0


async def _verify(log: EventLog, args: argparse.Namespace) -> int:
    chains = await _chains(log)
    wanted = {FLOW_PREFIX + flow_id for flow_id in args.flow_id} or set(chains)
    found = {stream: breaks(chains.get(stream, [])) for stream in sorted(wanted)}
    for stream in wanted - set(chains):
        found[stream] = [Break(revision=-1, reason="there is no such stream")]
    if args.anchor is not None:
        anchor = _anchor_in(args.anchor)
        if not anchors.is_genuine(anchor, args.public_key):
            print("flow-api: the anchor's signature does not hold", file=sys.stderr)
            return 1
        for head in anchor.heads:
            found.setdefault(head.stream, []).extend(_against(head, chains.get(head.stream, [])))
    bad = {stream: wrong for stream, wrong in found.items() if wrong}
    _print({"ok": not bad, "flows": len(found), "events": sum(len(chains.get(stream, [])) for stream in found), "breaks": bad})
    return 1 if bad else 0


def _anchor_in(file: Path) -> anchors.Anchor:
    """Raises OSError, Malformed."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=anchors.Anchor)
    except msgspec.DecodeError as problem:
        raise Malformed(f"{file} is no anchor: {problem}") from None


def _against(head: anchors.Head, chain: list[ChainLink]) -> list[Break]:
    there = next((link for link in chain if link.revision == head.revision), None)
    if there is None:
        return [Break(revision=head.revision, reason="the anchor has this event, the store does not: the end was cut off")]
    if msgspec.json.decode(there.metadata).get("hash") != head.hash:
        return [Break(revision=head.revision, reason="is not what the anchor has: the history was rewritten")]
    return []


async def _anchor(log: EventLog, args: argparse.Namespace) -> int:
    chains = await _chains(log)
    heads = [
        anchors.Head(stream=stream, revision=chain[-1].revision, hash=str(msgspec.json.decode(chain[-1].metadata).get("hash")))
        for stream, chain in sorted(chains.items())
    ]
    key_file = args.key or from_environment(os.environ).data / "anchor.key"
    _print(anchors.signed(anchors.Anchor(at=SystemClock().now().isoformat(), heads=heads), key_file))
    return 0


async def _chains(log: EventLog) -> dict[str, list[ChainLink]]:
    chains: dict[str, list[ChainLink]] = {}
    async for event in log.read_all(streams=r"callflow-.+"):
        chains.setdefault(event.stream, []).append(link_of(event))
    return chains


async def _export(log: EventLog, args: argparse.Namespace) -> int:
    target = args.out.open("wb") if args.out is not None else sys.stdout.buffer
    events = 0
    try:
        async for line in audit_log.lines(log, audit_log.AuditFilter(), after=args.after):
            target.write(msgspec.json.encode(line) + b"\n")
            events += 1
        target.flush()
    finally:
        if args.out is not None:
            target.close()
    print(f"{events} events", file=sys.stderr)
    return 0


async def _import(log: EventLog, args: argparse.Namespace) -> int:
    with args.source.open("rb") as lines:
        _print(await import_lines(log, lines))
    return 0
