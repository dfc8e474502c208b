"""The audit view of the event log: events of all flows and calls as they are stored, filtered, one JSON object a line.

The same lines are the export: with body and metadata as exact bytes (text where they are UTF-8, base64 otherwise), an import gives
back every event with its id, its bytes, its ``recorded_at`` and its hash.
"""

from __future__ import annotations

import base64
import datetime as dt
import re
import uuid
from collections.abc import AsyncIterator
from typing import Any

import msgspec
from call_contract.streams import call_stream, flow_stream
from event_log.port import EventLog
from event_log.records import NewEvent, RecordedEvent

from flow_api.domain.record import when
from flow_api.projections.origin import STREAMS


class AuditFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Every given condition must hold. ``since`` is inclusive, ``until`` exclusive, by ``recorded_at``."""

    flow_id: str | None = None
    call_id: str | None = None
    actor: str | None = None
    correlation_id: str | None = None
    since: dt.datetime | None = None
    until: dt.datetime | None = None

    @property
    def streams(self) -> str:
        """A regex of whole stream names."""
        named = [flow_stream(self.flow_id)] if self.flow_id else []
        named += [call_stream(self.call_id)] if self.call_id else []
        return f"(?:{'|'.join(map(re.escape, named))})" if named else STREAMS


class AuditLine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One event. ``data``/``metadata`` are its text; ``…_base64`` stand instead where it is not UTF-8."""

    position: int
    stream: str
    revision: int
    id: uuid.UUID
    type: str
    stored_at: dt.datetime
    data: str | None = None
    metadata: str | None = None
    data_base64: str | None = None
    metadata_base64: str | None = None


async def lines(log: EventLog, narrow: AuditFilter, *, after: int = 0, limit: int | None = None) -> AsyncIterator[AuditLine]:
    """In the order of the log, behind a position."""
    left = limit
    async for event in log.read_all(from_position=after or None, streams=narrow.streams):
        if left == 0:
            return
        if _fits(event, narrow):
            left = left - 1 if left is not None else None
            yield line_of(event)


def line_of(event: RecordedEvent) -> AuditLine:
    return AuditLine(
        position=event.position, stream=event.stream, revision=event.revision, id=event.id, type=event.type, stored_at=event.stored_at,
        **_bytes("data", event.data), **_bytes("metadata", event.metadata),
    )  # fmt: skip


def event_of(line: AuditLine) -> NewEvent:
    """The event that the line was made of, byte for byte."""
    data, metadata = _back(line.data, line.data_base64), _back(line.metadata, line.metadata_base64)
    return NewEvent(id=line.id, type=line.type, data=data, metadata=metadata)


def _bytes(name: str, raw: bytes) -> dict[str, str]:
    try:
        return {name: raw.decode()}
    except UnicodeDecodeError:
        return {f"{name}_base64": base64.b64encode(raw).decode()}


def _back(plain: str | None, encoded: str | None) -> bytes:
    return base64.b64decode(encoded) if encoded is not None else (plain or "").encode()


def _fits(event: RecordedEvent, narrow: AuditFilter) -> bool:
    if not (narrow.actor or narrow.correlation_id or narrow.since or narrow.until):
        return True
    try:
        metadata: dict[str, Any] = msgspec.json.decode(event.metadata, type=dict[str, Any])
        at = when(str(metadata["recorded_at"]))
    except (msgspec.MsgspecError, KeyError, ValueError):
        return False
    return (
        (narrow.actor is None or metadata.get("actor") == narrow.actor)
        and (narrow.correlation_id is None or metadata.get("$correlationId") == narrow.correlation_id)
        and (narrow.since is None or at >= narrow.since)
        and (narrow.until is None or at < narrow.until)
    )
