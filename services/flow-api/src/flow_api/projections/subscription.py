"""Keeps the read model up with the event log, and lets callers wait until it has reached a point."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable

from event_log.port import EventLog
from event_log.records import CaughtUp, Checkpoint, RecordedEvent

from flow_api.projections.projector import apply, checkpoint

#: Whole names of the streams the read model is made of.
STREAMS = r"(?:callflow|call)-.+"
BATCH = 500


class ReadModelUpdates:
    """One catch-up subscription. ``run`` is the loop; the rest may be asked at any time."""

    def __init__(self, log: EventLog, db: sqlite3.Connection) -> None:
        self._log, self._db = log, db
        self.position = checkpoint(db)[0]
        self.caught_up = False
        self._changed = asyncio.Event()

    async def run(self) -> None:
        """Until cancelled, or StoreUnavailable: whoever runs it starts it again."""
        self.caught_up = False
        queue: asyncio.Queue[RecordedEvent | CaughtUp | Checkpoint] = asyncio.Queue(maxsize=4 * BATCH)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._receive(queue))
            tasks.create_task(self._apply(queue))

    async def wait_for(self, position: int, timeout_s: float = 2.0) -> bool:
        """Whether the read model has applied everything up to the position, waiting for it a bounded time."""
        return await self.wait_until(lambda: self.position >= position, timeout_s)

    async def wait_until(self, holds: Callable[[], bool], timeout_s: float = 2.0) -> bool:
        """Whether a condition on the read model holds, asked after every applied batch for a bounded time."""
        try:
            async with asyncio.timeout(timeout_s):
                while not holds():
                    await self._changed.wait()
        except TimeoutError:
            return False
        return True

    async def _receive(self, queue: asyncio.Queue[RecordedEvent | CaughtUp | Checkpoint]) -> None:
        async for item in self._log.subscribe_all(after_position=self.position or None, streams=STREAMS):
            await queue.put(item)

    async def _apply(self, queue: asyncio.Queue[RecordedEvent | CaughtUp | Checkpoint]) -> None:
        while True:
            batch = [await queue.get()]
            while len(batch) < BATCH and not queue.empty():
                batch.append(queue.get_nowait())
            seen = [item for item in batch if not isinstance(item, CaughtUp)]
            if seen:
                self.position = apply(self._db, seen)
            self.caught_up = self.caught_up or len(seen) < len(batch)
            changed, self._changed = self._changed, asyncio.Event()
            changed.set()
            await asyncio.sleep(0)
