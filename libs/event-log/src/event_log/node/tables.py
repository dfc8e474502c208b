"""Questions to the tables, over one connection."""

from __future__ import annotations

import sqlite3
import zlib
from typing import NamedTuple

from event_log.node.expectation import TOMBSTONE

PAGE_EVENTS_MAX = 256
PAGE_BYTES_MAX = 1 << 20
POSITION_MAX = (1 << 63) - 1
NAMES_REMEMBERED_MAX = 100_000


class DamagedEvent(sqlite3.DatabaseError):
    """What is stored is not what was written."""

    def __init__(self, position: int) -> None:
        super().__init__(f"The event at position {position} is damaged on disk.")


class Row(NamedTuple):
    position: int
    stream_id: int
    revision: int
    type: str
    created_ticks: int
    read_event: bytes


_COLUMNS = "SELECT position, stream, revision, type, created_ticks, read_event, crc FROM event "
_FORWARDS = _COLUMNS + "WHERE stream = ? AND revision >= ? AND revision <= ? ORDER BY revision LIMIT ?"
_BACKWARDS = _COLUMNS + "WHERE stream = ? AND revision >= ? AND revision <= ? ORDER BY revision DESC LIMIT ?"
_ALL_FORWARDS = _COLUMNS + "WHERE position >= ? ORDER BY position LIMIT ?"
_ALL_BACKWARDS = _COLUMNS + "WHERE position < ? ORDER BY position DESC LIMIT ?"


_LAST_BEFORE = "SELECT max(revision) FROM event WHERE stream = ? AND revision < ?"


class Tables:
    """Pages are bounded in events and in bytes, so that one reader never holds up the others."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._ids: dict[str, int] = {}
        self._names: dict[int, str] = {}

    def stream_id(self, name: str) -> int | None:
        if (known := self._ids.get(name)) is not None:
            return known
        row = self._connection.execute("SELECT id FROM stream WHERE name = ?", (name,)).fetchone()
        if row is None:
            return None
        self._remember(row[0], name)
        return int(row[0])

    def stream_name(self, stream_id: int) -> str:
        name = self._names.get(stream_id)
        if name is None:
            name = str(self._connection.execute("SELECT name FROM stream WHERE id = ?", (stream_id,)).fetchone()[0])
            self._remember(stream_id, name)
        return name

    def forget_names(self) -> None:
        self._ids.clear()
        self._names.clear()

    def last_revision(self, stream_id: int) -> int:
        row = self._connection.execute("SELECT max(revision) FROM event WHERE stream = ?", (stream_id,)).fetchone()
        return -1 if row[0] is None else int(row[0])

    def last_before_tombstone(self, stream_id: int) -> int:
        row = self._connection.execute(_LAST_BEFORE, (stream_id, TOMBSTONE)).fetchone()
        return -1 if row[0] is None else int(row[0])

    def head(self) -> Row | None:
        """The last event of the log."""
        page = self.all_backwards(POSITION_MAX, 1)
        return page[0] if page else None

    def event_at(self, stream_id: int, revision: int) -> Row | None:
        page = self.forwards(stream_id, revision, revision, 1)
        return page[0] if page else None

    def forwards(self, stream_id: int, first: int, last: int, limit: int) -> list[Row]:
        return self._page(_FORWARDS, (stream_id, first, last, min(limit, PAGE_EVENTS_MAX)))

    def backwards(self, stream_id: int, first: int, last: int, limit: int) -> list[Row]:
        return self._page(_BACKWARDS, (stream_id, first, last, min(limit, PAGE_EVENTS_MAX)))

    def all_forwards(self, from_position: int, limit: int = PAGE_EVENTS_MAX) -> list[Row]:
        """From a position on, that included."""
        return self._page(_ALL_FORWARDS, (min(from_position, POSITION_MAX), min(limit, PAGE_EVENTS_MAX)))

    def all_backwards(self, before_position: int, limit: int = PAGE_EVENTS_MAX) -> list[Row]:
        return self._page(_ALL_BACKWARDS, (min(before_position, POSITION_MAX), min(limit, PAGE_EVENTS_MAX)))

    def read_through(self) -> None:
        """Look at every event. Raises DamagedEvent."""
        position = 0
        while page := self.all_forwards(position):
            position = page[-1].position + 1

    def _page(self, statement: str, parameters: tuple[int, ...]) -> list[Row]:
        rows, size = [], 0
        cursor = self._connection.execute(statement, parameters)
        for *columns, crc in cursor:
            row = Row(*columns)
            if zlib.crc32(row.read_event) != crc:
                raise DamagedEvent(row.position)
            rows.append(row)
            size += len(row.read_event)
            if size >= PAGE_BYTES_MAX:
                break
        cursor.close()
        return rows

    def _remember(self, stream_id: int, name: str) -> None:
        if len(self._ids) >= NAMES_REMEMBERED_MAX:
            self.forget_names()
        self._ids[name] = stream_id
        self._names[stream_id] = name
