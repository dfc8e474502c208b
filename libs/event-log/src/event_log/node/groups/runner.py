"""Drives one group: reads its source, delivers, watches the clock, parks, and writes down how far it has come."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterable

import msgspec

from event_log.node import wire
from event_log.node.arrivals import Arrivals
from event_log.node.committer import Committer
from event_log.node.expectation import ANY, TOMBSTONE
from event_log.node.filters import Filter
from event_log.node.groups.group import Group, Message
from event_log.node.groups.settings import FROM_END, GroupSettings
from event_log.node.reader import LINK_TYPE, Reader, StreamDeleted
from event_log.node.stream_metadata import METADATA_PREFIX, METADATA_TYPE
from event_log.node.tables import Row
from event_log.node.writes import Append, ProposedEvent

TICK_S = 1.0  # how often timeouts are looked at, as in EventStoreDB
CHECKPOINT_TYPE = "$SubscriptionCheckpoint"

Deliver = Callable[[Message], None]


class GroupRunner:
    """``deliver[consumer]`` takes what is for that consumer. ``ended`` is set, with the reason, when the group is gone."""

    def __init__(
        self,
        settings: GroupSettings,
        reader: Reader,
        arrivals: Arrivals,
        committer: Committer,
        now_s: Callable[[], float],
        new_id: Callable[[], str],
    ) -> None:
        self.settings, self.group = settings, Group(settings)
        self._reader, self._arrivals, self._committer, self._now_s, self._new_id = reader, arrivals, committer, now_s, new_id
        self._filter = settings.filter.filter() if settings.filter else Filter()
        self._deliver: dict[int, Deliver] = {}
        self._poked, self._next_consumer = asyncio.Event(), 0
        self.live = False
        self.checkpointed = self._last_checkpoint()
        self._next = settings.first if self.checkpointed is None else self.checkpointed + 1
        self.last_known = self._next - 1
        self._checkpoint_at_s = now_s()

    def start(self) -> None:
        self._tasks = (asyncio.create_task(self._run()), asyncio.create_task(self._listen()))

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task

    def connect(self, capacity: int, deliver: Deliver) -> int:
        self._next_consumer += 1
        self._deliver[self._next_consumer] = deliver
        self.group.connect(self._next_consumer, capacity)
        self._poked.set()
        return self._next_consumer

    def disconnect(self, consumer: int) -> None:
        self._deliver.pop(consumer, None)
        self.group.disconnect(consumer)
        self._poked.set()

    def settle(self, consumer: int, how: str, ids: Iterable[str]) -> None:
        """``how``: ack (also what Skip and Stop amount to), retry or park."""
        {"ack": self.group.ack, "retry": self.group.retry, "park": self.group.park}[how](consumer, ids)
        self._poked.set()

    async def replay(self, stop_at: int | None) -> None:
        """Parked events come again, before new ones."""
        window = self._reader.window(self.settings.parked_stream)
        if window is None:
            return
        last = window.last if stop_at is None else min(window.last, stop_at - 1)
        revision: int | None = window.first
        while revision is not None and revision <= last:
            page, revision = self._reader.forwards(window, revision, last - revision + 1)
            self.group.replay([message for row in page if (message := self._unparked(row)) is not None])
        self._poked.set()
        await self._append(METADATA_PREFIX + self.settings.parked_stream, METADATA_TYPE, msgspec.json.encode({"$tb": last + 1}))

    def parked_count(self) -> int:
        window = self._reader.window(self.settings.parked_stream)
        return 0 if window is None else max(0, window.last - window.first + 1)

    async def _listen(self) -> None:
        while True:
            await self._arrivals.next("" if self.settings.of_all else self.settings.source)
            self._poked.set()

    async def _run(self) -> None:
        while True:
            self._poked.clear()
            self._read_on()
            self._hand_out()
            await self._write_parked()
            await self._write_checkpoint()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(TICK_S if self._has_clockwork else None):
                    await self._poked.wait()
            self.group.time_out(self._now_s())

    @property
    def _has_clockwork(self) -> bool:
        return self.group.in_flight_count > 0 or self.group.checkpoint not in (None, self.checkpointed)

    def _hand_out(self) -> None:
        for consumer, message in self.group.dispatch(self._now_s()):
            self._deliver[consumer](message)

    def _read_on(self) -> None:
        while self.group.wants_more:
            rows, read_to = self._page()
            if read_to is None:
                self.live = True
                return
            self.live = False
            self.last_known, self._next = read_to, read_to + 1
            self.group.offer([self._message(row) for row in rows], read_to)

    def _page(self) -> tuple[list[Row], int | None]:
        if self.settings.of_all:
            page = self._reader.all_forwards(self._next)
            rows = [row for row, passes in zip(page, self._reader.wanted(page, self._filter), strict=True) if passes]
            return rows, page[-1].position if page else None
        try:
            window = self._reader.window(self.settings.source)
        except StreamDeleted:
            return [], None
        if window is None:
            return [], None
        page, following = self._reader.forwards(window, self._next, TOMBSTONE)
        return page, None if following is None else following - 1

    def _message(self, row: Row) -> Message:
        event = wire.ReadEvent.FromString(row.read_event).event
        stream = event.stream_identifier.stream_name.decode()
        read_event = self._reader.resolved(row) if self.settings.resolve_links else row.read_event
        pin = _correlation(event.custom_metadata) if self.settings.strategy == "PinnedByCorrelation" else stream
        place = row.position if self.settings.of_all else row.revision
        return Message(event.id.string, place, read_event, f"{row.revision}@{stream}", pin)

    def _unparked(self, row: Row) -> Message | None:
        if row.type != LINK_TYPE or (target := self._reader.target_of(row)) is None:
            return None
        return msgspec.structs.replace(self._message(target), place=None)

    async def _write_parked(self) -> None:
        parked, self.group.parked = self.group.parked, []
        for message in parked:
            await self._append(self.settings.parked_stream, LINK_TYPE, message.reference.encode(), "application/octet-stream")

    async def _write_checkpoint(self) -> None:
        """After ``max_checkpoint_count`` settlements at once, after ``min_checkpoint_count`` when the time is up."""
        place, settled = self.group.checkpoint, self.group.settled_count
        due = self._now_s() - self._checkpoint_at_s >= max(self.settings.checkpoint_after_ms / 1000, TICK_S)
        enough = settled >= max(1, self.settings.max_checkpoint_count)
        if place is None or place == self.checkpointed or not (enough or (due and settled >= self.settings.min_checkpoint_count)):
            return
        if place < self.settings.first:
            return
        self.checkpointed, self._checkpoint_at_s, self.group.settled_count = place, self._now_s(), 0
        text = self.settings.position_text(place)
        await self._append(self.settings.checkpoint_stream, CHECKPOINT_TYPE, msgspec.json.encode(text if self.settings.of_all else place))

    async def _append(self, stream: str, event_type: str, data: bytes, content_type: str = "application/json") -> None:
        event_id = self._new_id()
        known = wire.content(event_id, stream, event_type, content_type, b"", data)
        await self._committer.write(Append(stream, ANY, (ProposedEvent(event_id, event_type, known, data),)))

    def _last_checkpoint(self) -> int | None:
        window = self._reader.window(self.settings.checkpoint_stream)
        if window is None:
            return None
        page, _ = self._reader.backwards(window, TOMBSTONE, 1)
        if not page:
            return None
        place = msgspec.json.decode(wire.ReadEvent.FromString(page[0].read_event).event.data)
        return int(place.split("/")[0][2:]) if isinstance(place, str) else int(place)


def first_place(settings: GroupSettings, reader: Reader) -> int:
    """Where a new group begins: inclusive, and ``end`` is where the source ends now."""
    if settings.start != FROM_END:
        return settings.start
    if settings.of_all:
        return reader.head_position() + 1
    window = reader.window(settings.source)
    return 0 if window is None else window.last + 1


def _correlation(metadata: bytes) -> str:
    try:
        fields = msgspec.json.decode(metadata)
    except msgspec.DecodeError:
        return ""
    return str(fields.get("$correlationId", "")) if isinstance(fields, dict) else ""
