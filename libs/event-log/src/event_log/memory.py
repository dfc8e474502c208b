"""An event log in memory with the semantics of the real one, for tests: fast, deterministic, and away when told to be."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
import uuid
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing

from event_log.records import (
    ANY,
    NO_STREAM,
    Appended,
    CaughtUp,
    Checkpoint,
    NewEvent,
    RecordedEvent,
    StoreUnavailable,
    StreamGone,
    StreamNotFound,
    WrongExpectedRevision,
)

_START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
_GAP = 97  # positions are not dense, here neither


class MemoryEventLog:
    """An ``EventLog``. ``now`` gives each event's time; by default every event is a second later than the one before."""

    def __init__(self, now: Callable[[], dt.datetime] | None = None) -> None:
        self._events: list[RecordedEvent] = []
        self._streams: dict[str, list[RecordedEvent]] = {}
        self._gone: set[str] = set()
        self._now = now or (lambda: _START + dt.timedelta(seconds=len(self._events)))
        self._changed = asyncio.Event()
        self._away = self._closed = False
        self._appends_until_away: int | None = None
        self._answer_lost = False

    # What only a test does.

    def go_away(self, *, after_appends: int = 0) -> None:
        """From now on (or after that many more appends) everything raises StoreUnavailable, subscriptions too."""
        self._appends_until_away = after_appends
        self._away = after_appends == 0
        self._wake()

    def come_back(self) -> None:
        self._away, self._appends_until_away = False, None

    def lose_next_answer(self) -> None:
        """The next append takes effect, and whoever made it is told StoreUnavailable."""
        self._answer_lost = True

    def tombstone(self, stream: str) -> None:
        """The stream's name can never be used again."""
        self._gone.add(stream)
        self._wake()

    # What every event log does.

    async def append(self, stream: str, events: Sequence[NewEvent], *, expected: int, timeout_s: float = 5.0) -> Appended:
        self._reachable()
        if stream in self._gone:
            raise StreamGone(stream)
        if not events:
            raise ValueError("nothing to append")
        there = self._streams.get(stream, [])
        if (repeated := self._repeated(stream, there, events, expected)) is not None:
            return repeated
        if expected not in (ANY, len(there) - 1):
            raise WrongExpectedRevision(stream, expected, len(there) - 1)
        if self._appends_until_away is not None:
            self._appends_until_away -= 1
            if self._appends_until_away <= 0:
                self._away = True
        for event in events:
            self._record(stream, event)
        self._wake()
        if self._answer_lost:
            self._answer_lost = False
            raise StoreUnavailable("the answer was lost")
        return _where(self._events[-1])

    async def read(
        self, stream: str, *, from_revision: int | None = None, backwards: bool = False, limit: int | None = None
    ) -> list[RecordedEvent]:
        self._reachable()
        events = self._existing(stream)
        if backwards:
            last = len(events) - 1 if from_revision is None else from_revision
            return events[: last + 1][::-1][:limit]
        return events[from_revision or 0 :][:limit]

    async def read_all(
        self, *, from_position: int | None = None, backwards: bool = False, streams: str | None = None, limit: int | None = None
    ) -> AsyncIterator[RecordedEvent]:
        self._reachable()
        found = [event for event in self._events if _matches(streams, event)]
        if backwards:
            found = [event for event in reversed(found) if from_position is None or event.position < from_position]
        else:
            found = [event for event in found if from_position is None or event.position > from_position]
        for event in found[:limit]:
            self._reachable()
            yield event

    async def subscribe_all(
        self, *, after_position: int | None = None, streams: str | None = None
    ) -> AsyncIterator[RecordedEvent | CaughtUp | Checkpoint]:
        after = after_position or 0
        async with aclosing(self._follow(lambda: self._events)) as events:
            async for event in events:
                if isinstance(event, CaughtUp):
                    if streams is not None and self._events and self._events[-1].position > after:
                        yield Checkpoint(self._events[-1].position)
                    yield event
                elif event.position > after and _matches(streams, event):
                    yield event

    async def subscribe_stream(self, stream: str, *, after_revision: int | None = None) -> AsyncIterator[RecordedEvent | CaughtUp]:
        after = -1 if after_revision is None else after_revision
        async with aclosing(self._follow(lambda: self._living(stream))) as events:
            async for event in events:
                if isinstance(event, CaughtUp) or event.revision > after:
                    yield event

    async def head_position(self) -> int:
        self._reachable()
        return self._events[-1].position if self._events else 0

    async def close(self) -> None:
        self._closed = True
        self._wake()

    async def _follow(self, source: Callable[[], list[RecordedEvent]]) -> AsyncGenerator[RecordedEvent | CaughtUp, None]:
        seen, live = 0, False
        while not self._closed:
            self._reachable()
            events = source()
            if seen < len(events):
                seen += 1
                yield events[seen - 1]
            elif not live:
                live = True
                yield CaughtUp()
            else:
                await self._changed.wait()

    def _living(self, stream: str) -> list[RecordedEvent]:
        if stream in self._gone:
            raise StreamGone(stream)
        return self._streams.get(stream, [])

    def _existing(self, stream: str) -> list[RecordedEvent]:
        if not (events := self._living(stream)):
            raise StreamNotFound(stream)
        return events

    def _repeated(self, stream: str, there: list[RecordedEvent], events: Sequence[NewEvent], expected: int) -> Appended | None:
        """The rules for repeated ids: with an expected revision they must be the same at the same place, with ANY somewhere."""
        if expected == ANY:
            known = {event.id: event for event in there}
            if events[0].id not in known:
                return None
            if all(event.id in known for event in events):
                return _where(known[events[-1].id])
            raise WrongExpectedRevision(stream, expected, len(there) - 1)
        placed = there[expected + 1 : expected + 1 + len(events)]
        same = len(placed) == len(events) and all(old.id == new.id for old, new in zip(placed, events, strict=True))
        return _where(placed[-1]) if same and NO_STREAM <= expected < len(there) - 1 else None

    def _record(self, stream: str, event: NewEvent) -> None:
        there = self._streams.setdefault(stream, [])
        position = self._events[-1].position + _GAP if self._events else _GAP
        recorded = RecordedEvent(
            id=uuid.UUID(str(event.id)),
            type=event.type,
            data=event.data,
            metadata=event.metadata,
            stream=stream,
            revision=len(there),
            position=position,
            stored_at=self._now(),
        )
        self._events.append(recorded)
        there.append(recorded)

    def _reachable(self) -> None:
        if self._away:
            raise StoreUnavailable("the store is away")
        if self._closed:
            raise StoreUnavailable("the event log was closed")

    def _wake(self) -> None:
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()


def _where(event: RecordedEvent) -> Appended:
    return Appended(event.revision, event.position)


def _matches(streams: str | None, event: RecordedEvent) -> bool:
    return streams is None or re.fullmatch(streams, event.stream) is not None
