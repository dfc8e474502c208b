"""Keeps the read model up with the event log, and lets callers wait until it has reached a point."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import aclosing
from pathlib import Path

from event_log.port import EventLog
from event_log.records import CaughtUp, Checkpoint, RecordedEvent

from flow_api.domain.errors import Unavailable
from flow_api.projections.files import live_file, next_file, remove_earlier, swap_in
from flow_api.projections.origin import STREAMS, origin_of
from flow_api.projections.projector import apply, checkpoint, origin
from flow_api.projections.read_model import ReadModel, open_database

BATCH = 500
#: How long whoever needs the whole of it waits for the read model to be up to date.
CATCH_UP_S = 2.0
#: How often the pointer to the live file is looked at.
SWAP_CHECK_S = 1.0

log = logging.getLogger(__name__)

Queue = asyncio.Queue[RecordedEvent | CaughtUp | Checkpoint]


class ReadModelUpdates:
    """One catch-up subscription. ``run`` is the loop; the rest may be asked at any time."""

    def __init__(self, log: EventLog, reads: ReadModel, folder: Path) -> None:
        self._log, self._reads, self._folder = log, reads, folder
        self._file = live_file(folder)
        self.streams, self.position, self.caught_up = STREAMS, checkpoint(reads.db)[0], False
        self._changed = asyncio.Event()

    async def run(self) -> None:
        """Until cancelled, or StoreUnavailable: whoever runs it starts it again. Follows a rebuilt read model that was swapped in."""
        while True:
            self.caught_up = False
            await self._leave_another_log()
            queue: Queue = asyncio.Queue(maxsize=4 * BATCH)
            tasks = [asyncio.ensure_future(work) for work in (self._receive(queue), self._apply(queue), self._swapped())]
            try:
                done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
            for task in done:
                task.result()
            self._open_live()

    def dead_letters(self) -> int:
        """How many events could not be applied."""
        return self._reads.dead_letters()

    async def whole(self) -> None:
        """Returns once the read model is up to date. Raises Unavailable after a bounded wait, StoreUnavailable if that is why."""
        if not await self.wait_until(lambda: self.caught_up, CATCH_UP_S):
            await origin_of(self._log)
            raise Unavailable("read_model", "it is still taking in what the event store has; try again")

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

    async def _leave_another_log(self) -> None:
        """Begin anew where the read model was made of another log than the one that is there."""
        made_of = origin(self._reads.db)
        if made_of is not None and made_of != await origin_of(self._log):
            log.warning("the event log is not the one that the read model was made of; it is built anew")
            swap_in(self._folder, next_file(self._folder))
            self._open_live()

    async def _receive(self, queue: Queue) -> None:
        async with aclosing(self._log.subscribe_all(after_position=self.position or None, streams=STREAMS)) as items:  # type: ignore[type-var]
            async for item in items:
                await queue.put(item)

    async def _apply(self, queue: Queue) -> None:
        while True:
            batch = [await queue.get()]
            while len(batch) < BATCH and not queue.empty():
                batch.append(queue.get_nowait())
            seen = [item for item in batch if not isinstance(item, CaughtUp)]
            if seen:
                self.position = apply(self._reads.db, seen)
            self.caught_up = self.caught_up or len(seen) < len(batch)
            changed, self._changed = self._changed, asyncio.Event()
            changed.set()
            await asyncio.sleep(0)

    async def _swapped(self) -> None:
        """Returns when another file is the live one."""
        while live_file(self._folder) == self._file:  # noqa: ASYNC110 - a file cannot wake us
            await asyncio.sleep(SWAP_CHECK_S)

    def _open_live(self) -> None:
        self._file = live_file(self._folder)
        before, self._reads.db = self._reads.db, open_database(self._file)
        before.close()
        remove_earlier(self._folder, self._file)
        self.position = checkpoint(self._reads.db)[0]
