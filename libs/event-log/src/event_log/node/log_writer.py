"""Writes as rows: judges each write against the streams as they are, stores it, and commits a group of them at once."""

from __future__ import annotations

import sqlite3
import zlib
from collections import OrderedDict
from collections.abc import Callable, Sequence

import msgspec

from event_log.node import stream_metadata, wire
from event_log.node.expectation import ANY, TOMBSTONE, Deleted, Proceed, Repeated, StreamState, WrongRevision, check
from event_log.node.stream_metadata import METADATA_PREFIX, METADATA_TYPE
from event_log.node.tables import Row, Tables
from event_log.node.writes import Append, Outcome, ProposedEvent, SetSubscription, SoftDelete, Tombstone, TooLate, Write, Written

TOMBSTONE_TYPE = "$streamDeleted"
GAP_BYTES = 64  # between records: positions are offsets, not a count, and nobody may reckon with them
RECENT_IDS_MAX = 50_000
RECENT_IDS_AT_START = 5_000
STATES_MAX = 50_000

_INSERT = "INSERT INTO event (position, stream, revision, type, created_ticks, crc, read_event) VALUES (?, ?, ?, ?, ?, ?, ?)"


class LogWriter:
    """Used by one thread. ``now_ticks``, ``now_s`` and ``new_id`` are the outer shell's clocks and its maker of ids."""

    def __init__(
        self, connection: sqlite3.Connection, now_ticks: Callable[[], int], now_s: Callable[[], float], new_id: Callable[[], str]
    ) -> None:
        self._connection, self._tables = connection, Tables(connection)
        self._now_ticks, self._now_s, self._new_id = now_ticks, now_s, new_id
        self._states: dict[str, StreamState] = {}
        self._recent: OrderedDict[tuple[str, str], tuple[int, int]] = OrderedDict()
        self._touched: set[str] = set()
        head = self._tables.head()
        self._next_position = GAP_BYTES if head is None else head.position + len(head.read_event) + GAP_BYTES
        self._recall()

    def commit(self, writes: Sequence[Write]) -> tuple[list[Outcome], frozenset[str]]:
        """All of them in one transaction: the outcomes in order, and the streams that have new events. Raises sqlite3.Error."""
        self._touched, position = set(), self._next_position
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            outcomes = [self._perform(write) for write in writes]
            self._connection.execute("COMMIT")
        except sqlite3.Error:
            self._roll_back(position)
            raise
        return outcomes, frozenset(self._touched)

    def begin_log(self) -> None:
        """The first event of a new log: a system event, as in EventStoreDB."""
        stream = METADATA_PREFIX + "$settings"
        self.commit([Append(stream, ANY, (self._own_event(stream, METADATA_TYPE, b"{}", "application/json"),))])

    def _perform(self, write: Write) -> Outcome:
        match write:
            case Append():
                return self._append(write)
            case SoftDelete():
                return self._soft_delete(write)
            case Tombstone():
                return self._tombstone(write)
            case SetSubscription():
                return self._set_subscription(write)

    def _append(self, write: Append) -> Outcome:
        if write.deadline_s is not None and self._now_s() > write.deadline_s:
            return TooLate()
        state, stream = self._state(write.stream), write.stream
        verdict = check(
            state,
            write.expected,
            [event.id for event in write.events],
            lambda revision: self._id_at(stream, revision),
            lambda event_id: self._recent.get((stream, event_id)),
        )
        match verdict:
            case Repeated(revision, position):
                return Written(revision, position)
            case Proceed(undelete):
                if undelete:
                    self._hide_before(stream, state.last + 1)
                was_deleted = stream.startswith(METADATA_PREFIX) and self._state(stream[2:]).soft_deleted
                written = self._store(stream, state, write.events)
                if was_deleted and write.events:
                    self._undelete_by_metadata(stream[2:], write.events[-1])
                return written
            case _:
                return verdict

    def _soft_delete(self, write: SoftDelete) -> Outcome:
        state = self._state(write.stream)
        if state.last < 0:
            return WrongRevision(-1)
        verdict = check(state, write.expected, (), lambda _: None, lambda _: None)
        if not isinstance(verdict, Proceed):
            return verdict if isinstance(verdict, WrongRevision) else Deleted()
        return self._hide_before(write.stream, TOMBSTONE, keep=False)

    def _tombstone(self, write: Tombstone) -> Outcome:
        state = self._state(write.stream)
        verdict = check(state, write.expected, (), lambda _: None, lambda _: None)
        if not isinstance(verdict, Proceed):
            return verdict if isinstance(verdict, WrongRevision) else Deleted()
        event = self._own_event(write.stream, TOMBSTONE_TYPE, b"", "application/octet-stream")
        return self._store(write.stream, msgspec.structs.replace(state, last=TOMBSTONE - 1), (event,))

    def _set_subscription(self, write: SetSubscription) -> Outcome:
        if write.settings is None:
            self._connection.execute("DELETE FROM subscription WHERE source = ? AND name = ?", (write.source, write.name))
        else:
            values = (write.source, write.name, write.settings)
            self._connection.execute("INSERT OR REPLACE INTO subscription (source, name, settings) VALUES (?, ?, ?)", values)
        return Written(-1, None)

    def _hide_before(self, stream: str, revision: int, *, keep: bool = True) -> Written:
        """Set ``$tb``. A deletion replaces the other metadata, as it does in EventStoreDB."""
        metadata_stream = METADATA_PREFIX + stream
        state = self._state(metadata_stream)
        before = self._last_data(metadata_stream) if keep else b"{}"
        event = self._own_event(metadata_stream, METADATA_TYPE, stream_metadata.truncated(before, revision), "application/json")
        return self._store(metadata_stream, state, (event,))

    def _undelete_by_metadata(self, stream: str, event: ProposedEvent) -> None:
        """Metadata written to a deleted stream brings it back, without its old events."""
        if event.type == METADATA_TYPE and "$tb" not in stream_metadata.as_object(event.data):
            self._hide_before(stream, self._state(stream).last + 1)

    def _store(self, stream: str, state: StreamState, events: Sequence[ProposedEvent]) -> Written:
        stream_id = self._stream_id(stream)
        now, position, revision = self._now_ticks(), -1, state.last
        created = wire.created(now)
        rows: list[tuple[object, ...]] = []
        for revision, event in enumerate(events, state.last + 1):
            position = self._next_position
            read_event = wire.stored(event.known, revision, position, created)
            rows.append((position, stream_id, revision, event.type, now, zlib.crc32(read_event), read_event))
            self._next_position = position + len(read_event) + GAP_BYTES
            self._recent[stream, event.id] = revision, position
        self._connection.executemany(_INSERT, rows)
        while len(self._recent) > RECENT_IDS_MAX:
            self._recent.popitem(last=False)
        self._states[stream] = msgspec.structs.replace(state, last=revision, soft_deleted=False)
        if stream.startswith(METADATA_PREFIX):
            self._states.pop(stream[2:], None)
        if rows:
            self._touched.add(stream)
        return Written(revision, position if rows else None)

    def _own_event(self, stream: str, event_type: str, data: bytes, content_type: str) -> ProposedEvent:
        event_id = self._new_id()
        return ProposedEvent(event_id, event_type, wire.content(event_id, stream, event_type, content_type, b"", data), data)

    def _stream_id(self, name: str) -> int:
        known = self._tables.stream_id(name)
        if known is not None:
            return known
        new = self._connection.execute("INSERT INTO stream (name) VALUES (?)", (name,)).lastrowid
        assert new is not None
        return new

    def _state(self, stream: str) -> StreamState:
        known = self._states.get(stream)
        if known is None:
            if len(self._states) >= STATES_MAX:
                self._states.clear()
            stream_id, data = self._tables.stream_id(stream), self._last_data(METADATA_PREFIX + stream)
            known = self._states[stream] = StreamState(
                last=-1 if stream_id is None else self._tables.last_revision(stream_id),
                soft_deleted=stream_metadata.parse(data).soft_deleted,
                has_metadata=data != b"",
            )
        return known

    def _last_data(self, stream: str) -> bytes:
        stream_id = self._tables.stream_id(stream)
        row = None if stream_id is None else self._tables.event_at(stream_id, self._tables.last_before_tombstone(stream_id))
        return b"" if row is None else bytes(wire.ReadEvent.FromString(row.read_event).event.data)

    def _id_at(self, stream: str, revision: int) -> tuple[str, int] | None:
        stream_id = self._tables.stream_id(stream)
        row = None if stream_id is None else self._tables.event_at(stream_id, revision)
        return None if row is None else (wire.ReadEvent.FromString(row.read_event).event.id.string, row.position)

    def _recall(self) -> None:
        """Fill the memory of recent ids from the end of the log, so that a restart does not make a retry a second event."""
        position, rows = (1 << 63) - 1, list[Row]()
        while len(rows) < RECENT_IDS_AT_START and (page := self._tables.all_backwards(position)):
            rows += page
            position = page[-1].position
        for row in reversed(rows):
            event_id = wire.ReadEvent.FromString(row.read_event).event.id.string
            self._recent[self._tables.stream_name(row.stream_id), event_id] = row.revision, row.position

    def _roll_back(self, position: int) -> None:
        """Forget what was believed written."""
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")
        self._next_position = position
        self._states.clear()
        self._tables.forget_names()
        for key in [key for key, (_, at) in self._recent.items() if at >= position]:
            del self._recent[key]
