"""Applies events to the tables of the read model: rows and checkpoint in one transaction, each event at most once.

An event that cannot be applied goes to ``dead_letters`` and the others go on. A stream's row remembers the revision it has seen, so that
a duplicate delivery changes nothing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

import msgspec
from event_log.records import Checkpoint, RecordedEvent

from flow_api.projections.rows import Rows

#: What an event that is not what it claims to be raises on its way into a row.
POISON = (msgspec.MsgspecError, ValueError, TypeError, AttributeError, LookupError, ArithmeticError, AssertionError, RecursionError)


def apply(db: sqlite3.Connection, batch: Sequence[RecordedEvent | Checkpoint]) -> int:
    """Apply a batch in one transaction. Gives the position up to which the read model now is."""
    with db:
        db.execute("BEGIN IMMEDIATE")
        position, events, recorded_at = checkpoint(db)
        rows = Rows(db)
        for item in batch:
            if item.position <= position:
                continue
            position = item.position
            if isinstance(item, RecordedEvent):
                if events == 0:
                    db.execute("INSERT OR IGNORE INTO origin VALUES (1, ?)", (str(item.id),))
                events += 1
                recorded_at = _apply_or_bury(db, rows, item) or recorded_at
        rows.write()
        db.execute("INSERT OR REPLACE INTO checkpoint VALUES (1, ?, ?, ?)", (position, events, recorded_at))
    return position


def checkpoint(db: sqlite3.Connection) -> tuple[int, int, str | None]:
    """(position, events applied so far, ``recorded_at`` of the last one)."""
    row = db.execute("SELECT position, events, recorded_at FROM checkpoint").fetchone()
    return (row[0], row[1], row[2]) if row else (0, 0, None)


def origin(db: sqlite3.Connection) -> str | None:
    """The id of the first event that was ever applied."""
    row = db.execute("SELECT event_id FROM origin").fetchone()
    return row[0] if row else None


def _apply_or_bury(db: sqlite3.Connection, rows: Rows, event: RecordedEvent) -> str | None:
    try:
        return rows.apply(event)
    except POISON as error:
        db.execute(
            "INSERT OR REPLACE INTO dead_letters VALUES (?, ?, ?, ?, ?)",
            (event.position, event.stream, event.revision, event.type, f"{type(error).__name__}: {error}"),
        )
        return None
