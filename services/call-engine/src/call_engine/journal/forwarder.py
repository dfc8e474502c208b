"""Brings a call's journal to the event store: in order, each event once, however often the store goes away.

Event *n* is appended at expected revision *n − 1* with a deterministic id. A store that already has it says so by the id; a store that has
something else there belongs to another writer, and then the journal is given up as ``Superseded``.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from call_contract.streams import call_stream, event_id
from event_log.port import EventLog
from event_log.records import NO_STREAM, NewEvent, StoreUnavailable, StreamGone, StreamNotFound, WrongExpectedRevision

from call_engine.journal.file import Entry, Journal

log = logging.getLogger(__name__)

CAUSE = "call"
BATCH_MAX = 100
RETRY_FIRST_S = 0.2
RETRY_MAX_S = 5.0


class Superseded(Exception):
    """The stream holds events that are not from this journal."""


class Forwarder:
    """Forwards one journal until it is finished and stored. ``stored`` is the last ordinal that the store is known to have."""

    def __init__(
        self, journal: Journal, log: EventLog, *, sleep: Callable[[float], Awaitable[None]], store_seen: Callable[[bool], None]
    ) -> None:
        self._journal, self._log, self._sleep, self._store_seen = journal, log, sleep, store_seen
        self._stream = call_stream(journal.header.call_id)
        self._more = asyncio.Event()
        self._progress = asyncio.Condition()
        self._finished = False
        self._superseded = False
        self.stored = -1

    def wake(self) -> None:
        """There is something new in the journal."""
        self._more.set()

    def finish(self) -> None:
        """Nothing more will come: ``run`` returns once all is stored."""
        self._finished = True
        self._more.set()

    async def stored_up_to(self, ordinal: int) -> None:
        """Waits until the store has this event. Raises Superseded."""
        async with self._progress:
            await self._progress.wait_for(lambda: self.stored >= ordinal or self._superseded)
        if self._superseded:
            raise Superseded(self._stream)

    async def run(self) -> None:
        """Raises Superseded."""
        while True:
            await self._more.wait()
            self._more.clear()
            while self.stored < len(self._journal.entries) - 1:
                await self._forward_some()
            if self._finished and self.stored == len(self._journal.entries) - 1:
                return

    async def _forward_some(self) -> None:
        delay = RETRY_FIRST_S
        while True:
            first = self.stored + 1
            batch = self._journal.entries[first : first + BATCH_MAX]
            await self._sync()
            try:
                await self._log.append(self._stream, [self._event(entry) for entry in batch], expected=first - 1 if first else NO_STREAM)
                await self._advance(batch[-1].n)
                self._store_seen(True)
                return
            except StoreUnavailable:
                self._store_seen(False)
                await self._sleep(delay)
                delay = min(delay * 2, RETRY_MAX_S)
            except (WrongExpectedRevision, StreamGone):
                await self._reconcile()
                return

    async def _sync(self) -> None:
        """A disk that fails must not keep from the store what can still be brought there."""
        try:
            await asyncio.to_thread(self._journal.sync)
        except OSError as problem:
            log.error("the journal is not on the disk: %s", problem, extra={"call_id": self._journal.header.call_id})

    async def _reconcile(self) -> None:
        """The store is elsewhere than we thought. After a restart or a lost answer it simply has more of our events."""
        try:
            there = await self._log.read(self._stream)
        except StoreUnavailable:
            self._store_seen(False)
            await self._sleep(RETRY_FIRST_S)
            return
        except (StreamNotFound, StreamGone):
            there = []
        ours = [event_id(self._stream, CAUSE, entry.n) for entry in self._journal.entries]
        known = [event.id for event in there]
        if known != ours[: len(known)] or len(known) - 1 <= self.stored:
            self._superseded = True
            await self._advance(self.stored)
            raise Superseded(self._stream)
        await self._advance(len(known) - 1)

    async def _advance(self, ordinal: int) -> None:
        async with self._progress:
            self.stored = ordinal
            self._progress.notify_all()

    def _event(self, entry: Entry) -> NewEvent:
        return NewEvent(id=event_id(self._stream, CAUSE, entry.n), type=entry.type, data=bytes(entry.data), metadata=bytes(entry.metadata))
