"""The rows that a batch of events touches: read once, changed in memory, written once."""

from __future__ import annotations

import sqlite3
from typing import Generic, TypeVar

import msgspec
from call_contract.streams import CALL_PREFIX, FLOW_PREFIX, EventMetadata
from event_log.records import RecordedEvent

from flow_api.domain.call import Call, evolve_call
from flow_api.domain.flow import Flow, evolve_flow
from flow_api.domain.record import when
from flow_api.flow_stream import record_of
from flow_api.projections import call_bodies

_FLOW_COLUMNS = 13
_PUT_FLOW = f"""INSERT INTO flows VALUES ({", ".join("?" * _FLOW_COLUMNS)}) ON CONFLICT (id) DO UPDATE SET
    revision = excluded.revision, name = excluded.name, company_key = excluded.company_key, phone_number = excluded.phone_number,
    version = excluded.version, updated_at = excluded.updated_at, success_count = excluded.success_count,
    fail_count = excluded.fail_count, deleted = excluded.deleted, words = excluded.words, body = excluded.body"""
_PUT_CALL = """INSERT INTO calls VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET
    revision = excluded.revision, state = excluded.state, outcome = excluded.outcome, body = excluded.body"""


T = TypeVar("T")


class Seen(msgspec.Struct, Generic[T]):
    """A row as far as the batch has come. ``value`` is None before the first event."""

    revision: int
    value: T | None
    dirty: bool = False


class Rows:
    """Applies events to rows. What an event raises leaves its row as it was."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._flows: dict[str, Seen[Flow]] = {}
        self._calls: dict[str, Seen[Call]] = {}
        self._tags: dict[str, list[str]] = {}

    def apply(self, event: RecordedEvent) -> str | None:
        """``recorded_at`` of the event, or None where it was seen before or is not of ours."""
        if event.stream.startswith(FLOW_PREFIX):
            return self._apply_flow(event)
        return self._apply_call(event) if event.stream.startswith(CALL_PREFIX) else None

    def write(self) -> None:
        """Write what has changed."""
        flows = {flow_id: seen for flow_id, seen in sorted(self._flows.items()) if seen.dirty}
        self._db.executemany(_PUT_FLOW, [_flow_row(flow_id, seen) for flow_id, seen in flows.items()])
        retagged = [(flow_id, seen.value.content.tags) for flow_id, seen in flows.items() if seen.value is not None]
        retagged = [(flow_id, tags) for flow_id, tags in retagged if tags != self._tags.get(flow_id, [])]
        self._db.executemany("DELETE FROM flow_tags WHERE flow_id = ?", [(flow_id,) for flow_id, _ in retagged if flow_id in self._tags])
        self._db.executemany("INSERT INTO flow_tags VALUES (?, ?)", sorted({(tag, flow_id) for flow_id, tags in retagged for tag in tags}))
        calls = [_call_row(call_id, seen) for call_id, seen in sorted(self._calls.items()) if seen.dirty]
        self._db.executemany(_PUT_CALL, calls)

    def _apply_flow(self, event: RecordedEvent) -> str | None:
        flow_id = event.stream.removeprefix(FLOW_PREFIX)
        seen = self._flows.get(flow_id) or self._known_flow(flow_id)
        if seen.revision >= event.revision:
            return None
        record = record_of(event)
        if record.event is not None:
            seen.value = evolve_flow(seen.value, record.event, at=record.at)
            seen.revision, seen.dirty = event.revision, True
        return record.metadata.recorded_at

    def _apply_call(self, event: RecordedEvent) -> str | None:
        call_id = event.stream.removeprefix(CALL_PREFIX)
        seen = self._calls.get(call_id) or self._known_call(call_id)
        if seen.revision >= event.revision:
            return None
        metadata = msgspec.json.decode(event.metadata, type=EventMetadata)
        body = call_bodies.decode(event.type, event.data)
        seen.value = evolve_call(seen.value, body, call_id=call_id, ordinal=event.revision, at=when(metadata.recorded_at))
        seen.revision, seen.dirty = event.revision, True
        return metadata.recorded_at

    def _known_flow(self, flow_id: str) -> Seen[Flow]:
        row = self._db.execute("SELECT revision, body FROM flows WHERE id = ?", (flow_id,)).fetchone()
        seen = Seen(row[0], msgspec.json.decode(row[1], type=Flow)) if row else Seen[Flow](-1, None)
        if seen.value is not None:
            self._tags[flow_id] = seen.value.content.tags
        return self._flows.setdefault(flow_id, seen)

    def _known_call(self, call_id: str) -> Seen[Call]:
        row = self._db.execute("SELECT revision, body FROM calls WHERE id = ?", (call_id,)).fetchone()
        return self._calls.setdefault(call_id, Seen(row[0], msgspec.json.decode(row[1], type=Call)) if row else Seen[Call](-1, None))


def company_key(company: str | None) -> str:
    """Companies are compared without regard to case and outer spaces."""
    return (company or "").strip().casefold()


def _flow_row(flow_id: str, seen: Seen[Flow]) -> tuple[object, ...]:
    flow = seen.value
    assert flow is not None, "a dirty row has a value"
    content = flow.content
    words = "\n".join(filter(None, (flow_id, content.name, content.company, content.phone_number, content.description, flow.intent)))
    return (
        flow_id, seen.revision, content.name, company_key(content.company), content.phone_number, flow.version,
        flow.created_at.isoformat(), flow.updated_at.isoformat(), flow.success_count, flow.fail_count, flow.deleted, words.casefold(),
        msgspec.json.encode(flow),
    )  # fmt: skip


def _call_row(call_id: str, seen: Seen[Call]) -> tuple[object, ...]:
    call = seen.value
    assert call is not None, "a dirty row has a value"
    started = call.started_at.isoformat()
    return (call_id, seen.revision, call.state, call.phone_number, call.flow_id, call.outcome, started, msgspec.json.encode(call))
