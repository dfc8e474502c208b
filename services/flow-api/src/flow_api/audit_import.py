"""Brings an export into a store: every event with its id, its bytes and its place in its stream."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from event_log.port import EventLog
from event_log.records import NewEvent, WrongExpectedRevision

from flow_api.audit_log import AuditLine, event_of

BATCH = 200
#: One append holds at most this much; the store's own limit is 1 MiB.
BATCH_BYTES = 600_000


class ImportRefused(Exception):
    """The file is no export, or the store holds something else under these names."""


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    events: int
    streams: int


async def import_lines(log: EventLog, lines: Iterable[bytes]) -> Imported:
    """Append the lines in their order. Importing again what is there already changes nothing. Raises ImportRefused."""
    streams: dict[str, int] = {}
    batch: list[AuditLine] = []
    events = 0
    for number, raw in enumerate(lines, 1):
        if not raw.strip():
            continue
        line = _line(raw, number)
        if line.revision != streams.get(line.stream, -1) + 1:
            raise ImportRefused(f"line {number}: {line.stream} goes from revision {streams.get(line.stream, -1)} to {line.revision}")
        if batch and (line.stream != batch[0].stream or len(batch) == BATCH or _size(batch) > BATCH_BYTES):
            await _append(log, batch)
            batch = []
        batch.append(line)
        streams[line.stream] = line.revision
        events += 1
    if batch:
        await _append(log, batch)
    return Imported(events=events, streams=len(streams))


def _line(raw: bytes, number: int) -> AuditLine:
    try:
        return msgspec.json.decode(raw, type=AuditLine)
    except msgspec.MsgspecError as error:
        raise ImportRefused(f"line {number} is not of an export: {error}") from None


def _size(batch: list[AuditLine]) -> int:
    return sum(len(line.data or line.data_base64 or "") for line in batch)


async def _append(log: EventLog, batch: list[AuditLine]) -> None:
    stream, first = batch[0].stream, batch[0].revision
    events = [event_of(line) for line in batch]
    try:
        await log.append(stream, events, expected=first - 1)
    except WrongExpectedRevision as error:
        raise ImportRefused(f"the store has another {stream}: {error}") from None
    await _check(log, stream, first, events)


async def _check(log: EventLog, stream: str, first: int, events: list[NewEvent]) -> None:
    """The store compares ids only; that the bytes are the same is for us to see."""
    stored = await log.read(stream, from_revision=first, limit=len(events))
    for there, wanted in zip(stored, events, strict=True):
        if (there.id, there.type, there.data, there.metadata) != (wanted.id, wanted.type, wanted.data, wanted.metadata):
            raise ImportRefused(f"the store has another event at revision {there.revision} of {stream}")
