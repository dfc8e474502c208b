"""The log as readers see it: visible windows of streams, and links resolved."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager

import msgspec

from event_log.node import stream_metadata, wire
from event_log.node.expectation import TOMBSTONE
from event_log.node.filters import Filter
from event_log.node.stream_metadata import METADATA_PREFIX, NOTHING, OF_METADATA, StreamMetadata
from event_log.node.tables import POSITION_MAX, Row, Tables

LINK_TYPE = "$>"
REMEMBERED_MAX = 50_000


class StreamDeleted(Exception):
    """The stream is tombstoned."""

    def __init__(self, stream: str) -> None:
        super().__init__(f"Event stream '{stream}' is deleted.")
        self.stream = stream


class Window(msgspec.Struct, frozen=True):
    """What may be seen of a stream: ``first`` and ``last`` revision included."""

    stream_id: int
    first: int
    last: int
    oldest_ticks: int | None


class Reader:
    """Used in the event loop's thread only. ``guard`` keeps it out of a commit when there is one connection for both."""

    def __init__(self, tables: Tables, guard: AbstractContextManager[object], now_ticks: Callable[[], int]) -> None:
        self._tables, self._guard, self._now_ticks = tables, guard, now_ticks
        self._metadata: dict[str, StreamMetadata] = {}

    def forget(self, touched: Iterable[str]) -> None:
        """These streams changed."""
        for stream in touched:
            if stream.startswith(METADATA_PREFIX):
                self._metadata.pop(stream[2:], None)

    def window(self, stream: str) -> Window | None:
        """None if there is no such stream, or it is deleted softly. Raises StreamDeleted."""
        with self._guard:
            stream_id = self._tables.stream_id(stream)
            last = -1 if stream_id is None else self._tables.last_revision(stream_id)
            if last == TOMBSTONE or self._of_tombstoned(stream):
                raise StreamDeleted(stream)
            metadata = self._metadata_of(stream)
            if stream_id is None or last < 0 or metadata.soft_deleted:
                return None
            return Window(stream_id, metadata.first_visible(last), last, metadata.oldest_visible_ticks(self._now_ticks()))

    def forwards(self, window: Window, from_revision: int, limit: int) -> tuple[list[Row], int | None]:
        """A page, and the revision to go on from (None: the end). A page may be empty and not the last."""
        first = max(from_revision, window.first)
        if first > window.last or limit <= 0:
            return [], None
        with self._guard:
            page = self._tables.forwards(window.stream_id, first, window.last, limit)
        return _young(page, window), page[-1].revision + 1 if page else None

    def backwards(self, window: Window, from_revision: int, limit: int) -> tuple[list[Row], int | None]:
        last = min(from_revision, window.last)
        if last < window.first or limit <= 0:
            return [], None
        with self._guard:
            page = self._tables.backwards(window.stream_id, window.first, last, limit)
        return _young(page, window), page[-1].revision - 1 if page and page[-1].revision > 0 else None

    def all_forwards(self, from_position: int) -> list[Row]:
        with self._guard:
            return self._tables.all_forwards(from_position)

    def all_backwards(self, before_position: int) -> list[Row]:
        with self._guard:
            return self._tables.all_backwards(before_position)

    def head_position(self) -> int:
        with self._guard:
            page = self._tables.all_backwards(POSITION_MAX, 1)
        return page[0].position if page else 0

    def wanted(self, page: list[Row], which: Filter) -> list[bool]:
        """For each event of a page of ``$all``, whether the filter lets it pass."""
        with self._guard:
            name_of = self._tables.stream_name
            return [which.wanted(name_of(row.stream_id), row.type) for row in page]

    def stream_name(self, row: Row) -> str:
        with self._guard:
            return self._tables.stream_name(row.stream_id)

    def resolved(self, row: Row) -> bytes:
        """The ReadEvent of a link with its target in it, or only the link if the target is gone. Of another event: the event."""
        if row.type != LINK_TYPE:
            return row.read_event
        link, target = wire.ReadEvent.FromString(row.read_event), self.target_of(row)
        answer: bytes = wire.ReadEvent(
            event=None if target is None else wire.ReadEvent.FromString(target.read_event).event,
            link=link.event,
            commit_position=link.commit_position,
        ).SerializeToString()
        return answer

    def target_of(self, link: Row) -> Row | None:
        """The event a link names, if a reader may see it."""
        reference: bytes = wire.ReadEvent.FromString(link.read_event).event.data
        revision, _, stream = reference.decode(errors="replace").partition("@")
        if not revision.isdecimal() or len(revision) > 18:
            return None
        try:
            window = self.window(stream)
        except StreamDeleted:
            return None
        if window is None:
            return None
        page, _ = self.forwards(window, int(revision), 1)
        return page[0] if page and page[0].revision == int(revision) else None

    def _of_tombstoned(self, stream: str) -> bool:
        if not stream.startswith(METADATA_PREFIX):
            return False
        parent = self._tables.stream_id(stream[2:])
        return parent is not None and self._tables.last_revision(parent) == TOMBSTONE

    def _metadata_of(self, stream: str) -> StreamMetadata:
        if stream.startswith(METADATA_PREFIX):
            return OF_METADATA
        known = self._metadata.get(stream)
        if known is None:
            if len(self._metadata) >= REMEMBERED_MAX:
                self._metadata.clear()
            known = self._metadata[stream] = self._read_metadata(METADATA_PREFIX + stream)
        return known

    def _read_metadata(self, stream: str) -> StreamMetadata:
        stream_id = self._tables.stream_id(stream)
        row = None if stream_id is None else self._tables.event_at(stream_id, self._tables.last_revision(stream_id))
        return NOTHING if row is None else stream_metadata.parse(bytes(wire.ReadEvent.FromString(row.read_event).event.data))


def _young(page: list[Row], window: Window) -> list[Row]:
    oldest = window.oldest_ticks
    return page if oldest is None else [row for row in page if row.created_ticks >= oldest]
