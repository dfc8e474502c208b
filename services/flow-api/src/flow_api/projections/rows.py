"""The rows that a batch of events touches: read once, changed in memory, written once."""

from __future__ import annotations

import sqlite3
from typing import Generic, TypeVar

import msgspec
from call_contract.streams import CALL_PREFIX, FLOW_PREFIX, EventMetadata
from event_log.records import RecordedEvent

from flow_api.domain import flow_events
from flow_api.domain.call import Call, evolve_call
from flow_api.domain.flow import Flow, evolve_flow
from flow_api.domain.record import when
from flow_api.projections import call_bodies

_FLOW_COLUMNS = 13
_PUT_FLOW = f"""INSERT INTO flows VALUES ({", ".join("?" * _FLOW_COLUMNS)}) ON CONFLICT (key) DO UPDATE SET
    revision = excluded.revision, name = excluded.name, company_key = excluded.company_key, phone_number = excluded.phone_number,
    version = excluded.version, updated_at = excluded.updated_at, success_count = excluded.success_count,
    fail_count = excluded.fail_count, deleted = excluded.deleted, body = excluded.body"""
_PUT_WORDS = """INSERT INTO flow_words VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET words = excluded.words
    WHERE words != excluded.words"""
_PUT_CALL = """INSERT INTO calls VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET
    revision = excluded.revision, state = excluded.state, outcome = excluded.outcome, body = excluded.body"""

_METADATA, _FLOW, _CALL = msgspec.json.Decoder(EventMetadata), msgspec.json.Decoder(Flow), msgspec.json.Decoder(Call)

T = TypeVar("T")


class Seen(msgspec.Struct, Generic[T]):
    """A row as far as the batch has come. ``value`` is None before the first event; ``key`` is the position of that event."""

    key: int
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
        flows = [(flow_id, seen, seen.value) for flow_id, seen in self._flows.items() if seen.dirty and seen.value is not None]
        self._db.executemany(_PUT_FLOW, [_flow_row(flow_id, seen.key, seen.revision, flow) for flow_id, seen, flow in flows])
        self._db.executemany(_PUT_WORDS, [(seen.key, _words(flow)) for _, seen, flow in flows])
        retagged = [(seen.key, flow_id, flow.content.tags) for flow_id, seen, flow in flows]
        retagged = [tagged for tagged in retagged if tagged[2] != self._tags.get(tagged[1], [])]
        self._db.executemany("DELETE FROM flow_tags WHERE key = ?", [(key,) for key, flow_id, _ in retagged if flow_id in self._tags])
        self._db.executemany("INSERT OR IGNORE INTO flow_tags VALUES (?, ?)", [(tag, key) for key, _, tags in retagged for tag in tags])
        calls = [(call_id, seen.revision, seen.value) for call_id, seen in self._calls.items() if seen.dirty and seen.value is not None]
        self._db.executemany(_PUT_CALL, [_call_row(*call) for call in calls])

    def _apply_flow(self, event: RecordedEvent) -> str | None:
        flow_id = event.stream.removeprefix(FLOW_PREFIX)
        seen = self._flows.get(flow_id) or self._known_flow(flow_id, event)
        if seen.revision >= event.revision:
            return None
        metadata = _METADATA.decode(event.metadata)
        body = flow_events.decode(event.type, event.data, metadata.schema)
        if body is not None:
            seen.value = evolve_flow(seen.value, body, at=when(metadata.recorded_at))
            seen.revision, seen.dirty = event.revision, True
        return metadata.recorded_at

    def _apply_call(self, event: RecordedEvent) -> str | None:
        call_id = event.stream.removeprefix(CALL_PREFIX)
        seen = self._calls.get(call_id) or self._known_call(call_id, event)
        if seen.revision >= event.revision:
            return None
        metadata = _METADATA.decode(event.metadata)
        body = call_bodies.decode(event.type, event.data)
        seen.value = evolve_call(seen.value, body, call_id=call_id, ordinal=event.revision, at=when(metadata.recorded_at))
        seen.revision, seen.dirty = event.revision, True
        return metadata.recorded_at

    def _known_flow(self, flow_id: str, event: RecordedEvent) -> Seen[Flow]:
        """Of a stream's first event nothing can be known: every event is applied once."""
        sql = "SELECT key, revision, body FROM flows WHERE id = ?"
        row = self._db.execute(sql, (flow_id,)).fetchone() if event.revision else None
        seen: Seen[Flow] = Seen(row[0], row[1], _FLOW.decode(row[2])) if row else Seen(event.position, -1, None)
        if seen.value is not None:
            self._tags[flow_id] = seen.value.content.tags
        return self._flows.setdefault(flow_id, seen)

    def _known_call(self, call_id: str, event: RecordedEvent) -> Seen[Call]:
        row = self._db.execute("SELECT revision, body FROM calls WHERE id = ?", (call_id,)).fetchone() if event.revision else None
        seen: Seen[Call] = Seen(0, row[0], _CALL.decode(row[1])) if row else Seen(0, -1, None)
        return self._calls.setdefault(call_id, seen)


def company_key(company: str | None) -> str:
    """Companies are compared without regard to case and outer spaces."""
    return (company or "").strip().casefold()


def _words(flow: Flow) -> str:
    """What a search looks through, one thing a line."""
    content = flow.content
    named = (flow.id, content.name, content.company, content.phone_number, content.description, flow.intent)
    return "\n".join(filter(None, named)).casefold()


def _flow_row(flow_id: str, key: int, revision: int, flow: Flow) -> tuple[object, ...]:
    content = flow.content
    return (
        key, flow_id, revision, content.name, company_key(content.company), content.phone_number, flow.version,
        flow.created_at.isoformat(), flow.updated_at.isoformat(), flow.success_count, flow.fail_count, flow.deleted,
        msgspec.json.encode(flow),
    )  # fmt: skip


def _call_row(call_id: str, revision: int, call: Call) -> tuple[object, ...]:
    started = call.started_at.isoformat()
    return (call_id, revision, call.state, call.phone_number, call.flow_id, call.outcome, started, msgspec.json.encode(call))
