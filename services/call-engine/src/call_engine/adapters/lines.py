"""Open lines: a process each, a few of them started ahead of need."""

from __future__ import annotations

import asyncio
import logging
from collections import deque

from call_engine.line.client import LineClient, LineUnavailable, open_line
from call_engine.line.settings import SipSettings

log = logging.getLogger(__name__)


class SipLines:
    """``warm`` lines wait ready; one that died while waiting is left out."""

    def __init__(self, settings: SipSettings, warm: int) -> None:
        self._settings, self._warm = settings, warm
        self._ready: deque[LineClient] = deque()
        self._starting: set[asyncio.Task[None]] = set()
        self._closed = False

    async def open(self) -> LineClient:
        """Raises LineUnavailable."""
        while self._ready:
            line = self._ready.popleft()
            self.refill()
            if not line.gone.is_set():
                return line
        line = await open_line(self._settings)
        self.refill()
        return line

    def refill(self) -> None:
        """Starts what is missing, in the background."""
        for _ in range(self._warm - len(self._ready) - len(self._starting)):
            task = asyncio.create_task(self._start())
            self._starting.add(task)
            task.add_done_callback(self._starting.discard)

    async def close(self) -> None:
        self._closed = True
        await asyncio.gather(*self._starting, return_exceptions=True)
        await asyncio.gather(*(line.close() for line in self._ready))

    async def _start(self) -> None:
        try:
            line = await open_line(self._settings)
        except (LineUnavailable, OSError) as problem:
            log.error("no warm line: %s", problem)
            return
        if self._closed:
            await line.close()
        else:
            self._ready.append(line)
