"""Applies events to the tables of the read model: rows and checkpoint in one transaction, each event at most once.

An event that cannot be applied goes to ``dead_letters`` and the others go on. A stream's row remembers the revision it has seen, so that
a duplicate delivery changes nothing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

import msgspec
from call_contract import call_events
from call_contract.streams import CALL_PREFIX, FLOW_PREFIX, EventMetadata
from event_log.records import Checkpoint, RecordedEvent

from flow_api.domain.call import Call, evolve_call
from flow_api.domain.flow import Flow, evolve_flow
from flow_api.domain.record import when
from flow_api.domain.slug import intent_key
from flow_api.flow_stream import record_of

#: What an event that is not what it claims to be raises on its way into a row.
POISON = (msgspec.MsgspecError, UnicodeDecodeError, ValueError, KeyError, TypeError)

Seen = RecordedEvent | Checkpoint


def apply(db: sqlite3.Connection, batch: Sequence[Seen]) -> int:
    """Apply a batch in one transaction. Gives the position up to which the read model now is."""
    position, events, recorded_at = checkpoint(db)
    with db:
        db.execute("BEGIN IMMEDIATE")
        for item in batch:
            if item.position <= position:
                continue
            position = item.position
            if isinstance(item, RecordedEvent):
                events += 1
                recorded_at = _apply_or_bury(db, item) or recorded_at
        db.execute("INSERT OR REPLACE INTO checkpoint VALUES (1, ?, ?, ?)", (position, events, recorded_at))
    return position


def checkpoint(db: sqlite3.Connection) -> tuple[int, int, str | None]:
    """(position, events applied so far, ``recorded_at`` of the last one)."""
    row = db.execute("SELECT position, events, recorded_at FROM checkpoint").fetchone()
    return (row[0], row[1], row[2]) if row else (0, 0, None)


def _apply_or_bury(db: sqlite3.Connection, event: RecordedEvent) -> str | None:
    try:
        if event.stream.startswith(FLOW_PREFIX):
            return _apply_flow(db, event)
        return _apply_call(db, event) if event.stream.startswith(CALL_PREFIX) else None
    except POISON as error:
        db.execute(
            "INSERT OR REPLACE INTO dead_letters VALUES (?, ?, ?, ?, ?)",
            (event.position, event.stream, event.revision, event.type, f"{type(error).__name__}: {error}"),
        )
        return None


def _apply_flow(db: sqlite3.Connection, event: RecordedEvent) -> str | None:
    flow_id = event.stream.removeprefix(FLOW_PREFIX)
    row = db.execute("SELECT revision, body FROM flows WHERE id = ?", (flow_id,)).fetchone()
    if row is not None and row[0] >= event.revision:
        return None
    record = record_of(event)
    if record.event is None:
        return record.metadata.recorded_at
    flow = evolve_flow(msgspec.json.decode(row[1], type=Flow) if row else None, record.event, at=record.at)
    _put_flow(db, flow_id, event.revision, flow)
    return record.metadata.recorded_at


def _put_flow(db: sqlite3.Connection, flow_id: str, revision: int, flow: Flow) -> None:
    content = flow.content
    words = "\n".join(filter(None, (flow_id, content.name, content.company, content.phone_number, content.description, flow.intent)))
    db.execute(
        "INSERT OR REPLACE INTO flows VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            flow_id, revision, content.name, content.company, company_key(content.company), content.phone_number,
            intent_key(flow.intent), flow.version, flow.created_at.isoformat(), flow.updated_at.isoformat(), flow.success_count,
            flow.fail_count, flow.deleted, words.casefold(), msgspec.json.encode(flow),
        ),
    )  # fmt: skip
    db.execute("DELETE FROM flow_tags WHERE flow_id = ?", (flow_id,))
    db.executemany("INSERT INTO flow_tags VALUES (?, ?)", [(tag, flow_id) for tag in dict.fromkeys(content.tags)])


def company_key(company: str | None) -> str:
    """Companies are compared without regard to case and outer spaces."""
    return (company or "").strip().casefold()


def _apply_call(db: sqlite3.Connection, event: RecordedEvent) -> str | None:
    call_id = event.stream.removeprefix(CALL_PREFIX)
    row = db.execute("SELECT revision, body FROM calls WHERE id = ?", (call_id,)).fetchone()
    if row is not None and row[0] >= event.revision:
        return None
    metadata = msgspec.json.decode(event.metadata, type=EventMetadata)
    before = msgspec.json.decode(row[1], type=Call) if row else None
    body = call_events.decode(event.type, event.data)
    call = evolve_call(before, body, call_id=call_id, ordinal=event.revision, at=when(metadata.recorded_at))  # type: ignore[arg-type]
    db.execute(
        "INSERT OR REPLACE INTO calls VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            call_id, event.revision, call.state, call.mode, call.phone_number, call.flow_id, call.outcome, call.started_at.isoformat(),
            msgspec.json.encode(call),
        ),
    )  # fmt: skip
    return metadata.recorded_at
