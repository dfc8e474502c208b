"""The outermost loop of every background task: a failure is logged, remembered for ``/health/ready``, and the task starts again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

FIRST_PAUSE_S = 0.2
LONGEST_PAUSE_S = 5.0

log = logging.getLogger(__name__)


class Loop:
    """Runs ``work`` for ever. ``failure`` is what ended it last, None while it runs well."""

    def __init__(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        self.name, self._work = name, work
        self.failure: str | None = None

    async def run(self) -> None:
        """Until cancelled. ``work`` is to return never; where it raises, it is called again after a growing pause."""
        pause_s = FIRST_PAUSE_S
        while True:
            started = asyncio.get_running_loop().time()
            try:
                await self._work()
            except Exception as error:  # noqa: BLE001 - the outermost loop
                self.failure = _said(error)
                log.warning("%s stopped and will start again: %s", self.name, self.failure)
            if asyncio.get_running_loop().time() - started > LONGEST_PAUSE_S:
                pause_s = FIRST_PAUSE_S
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 2, LONGEST_PAUSE_S)


def _said(error: BaseException) -> str:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return f"{type(error).__name__}: {error}"
