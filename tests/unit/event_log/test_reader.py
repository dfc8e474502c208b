"""What of a stream a reader may see, as time passes."""

from __future__ import annotations

import contextlib
import itertools
import uuid

import msgspec
from event_log.node import file, wire
from event_log.node.expectation import ANY
from event_log.node.log_writer import LogWriter
from event_log.node.reader import Reader, Window
from event_log.node.stream_metadata import METADATA_PREFIX, METADATA_TYPE
from event_log.node.tables import Tables
from event_log.node.wire import TICKS_PER_SECOND
from event_log.node.writes import Append, ProposedEvent


class World:
    """One event a second in the stream ``s``, and a reader whose clock the test sets."""

    def __init__(self, events: int) -> None:
        self.now_s = 0
        ids = (str(uuid.UUID(int=n)) for n in itertools.count(1))
        self._store, self._new_id = file.open_memory(), lambda: next(ids)
        self._writer = LogWriter(self._store.writer, lambda: self.now_s * TICKS_PER_SECOND, lambda: 0.0, self._new_id)
        self.reader = Reader(Tables(self._store.reader), contextlib.nullcontext(), lambda: self.now_s * TICKS_PER_SECOND)
        for self.now_s in range(events):
            self.append("s", "Happened", b"{}")

    def append(self, stream: str, event_type: str, data: bytes) -> None:
        event_id = self._new_id()
        known = wire.content(event_id, stream, event_type, "application/json", b"", data)
        _, touched = self._writer.commit([Append(stream, ANY, (ProposedEvent(event_id, event_type, known, data),))])
        self.reader.forget(touched)

    def limit(self, **metadata: int) -> None:
        self.append(METADATA_PREFIX + "s", METADATA_TYPE, msgspec.json.encode({f"${name}": value for name, value in metadata.items()}))

    def seen(self) -> list[int]:
        window = self.reader.window("s")
        return [] if window is None else self._pages(window)

    def _pages(self, window: Window) -> list[int]:
        found, revision = list[int](), 0
        following: int | None = revision
        while following is not None:
            page, following = self.reader.forwards(window, following, 3)
            found += [row.revision for row in page]
        return found


def test_events_grow_too_old_to_be_seen() -> None:
    world = World(events=10)  # revision n at second n
    world.limit(maxAge=4)
    assert world.seen() == [5, 6, 7, 8, 9]
    world.now_s = 12
    assert world.seen() == [8, 9]
    world.now_s = 100
    assert world.seen() == []
    world.append("s", "Happened", b"{}")
    assert world.seen() == [10]
    world.limit()
    assert world.seen() == list(range(11))


def test_the_strictest_limit_counts() -> None:
    world = World(events=10)
    world.limit(maxCount=6, tb=5, maxAge=1000)
    assert world.seen() == [5, 6, 7, 8, 9]
    world.limit(maxCount=2, tb=5)
    assert world.seen() == [8, 9]
    world.limit(tb=20)
    assert world.seen() == []
