"""The outermost loop of every background task: a failure is logged, remembered for ``/health/ready``, and the task starts again."""

from __future__ import annotations

import asyncio
import logging
from typing import Protocol

FIRST_PAUSE_S = 0.2
LONGEST_PAUSE_S = 5.0

log = logging.getLogger(__name__)


class Subscriber(Protocol):
    """Follows some streams of the event log. ``run`` returns never; ``position`` is that of the last event it is done with."""

    streams: str
    position: int
    caught_up: bool

    async def run(self) -> None: ...

    def dead_letters(self) -> int: ...


class Loop:
    """Runs a subscriber for ever. ``failure`` is what stopped it last; it is over once the subscriber has caught up again."""

    def __init__(self, name: str, subscriber: Subscriber) -> None:
        self.name, self.subscriber = name, subscriber
        self.failure: str | None = None

    @property
    def failing(self) -> str | None:
        """What stopped it, as long as it has not got over that."""
        return None if self.subscriber.caught_up else self.failure

    async def run(self) -> None:
        """Until cancelled. Where the subscriber raises, it is run again after a growing pause."""
        pause_s = FIRST_PAUSE_S
        while True:
            started = asyncio.get_running_loop().time()
            try:
                await self.subscriber.run()
            except Exception as error:  # noqa: BLE001 - the outermost loop
                self.failure, self.subscriber.caught_up = _said(error), False
                log.warning("%s stopped and will start again: %s", self.name, self.failure)
            if asyncio.get_running_loop().time() - started > LONGEST_PAUSE_S:
                pause_s = FIRST_PAUSE_S
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 2, LONGEST_PAUSE_S)


def _said(error: BaseException) -> str:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return f"{type(error).__name__}: {error}"
