"""Whether the event store answers. Asked every few seconds, and told by every forwarder."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from event_log.port import EventLog
from event_log.records import StoreUnavailable

PROBE_S = 2.0


class StoreHealth:
    def __init__(self, log: EventLog) -> None:
        self._log = log
        self.up = False

    def seen(self, up: bool) -> None:
        self.up = up

    async def probe(self) -> bool:
        try:
            await self._log.head_position()
            self.up = True
        except StoreUnavailable:
            self.up = False
        return self.up

    async def run(self, sleep: Callable[[float], Awaitable[None]]) -> None:
        while True:
            await self.probe()
            await sleep(PROBE_S)
