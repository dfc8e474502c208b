"""Who waits for new events. Subscribers are told that there is something and read it themselves, so none can fall behind a buffer."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable

EVERYTHING = ""  # the name no stream can have


class NoMore(Exception):
    """The node is about to end."""


class Arrivals:
    """Used in the event loop's thread only. Nothing is missed: ask for the future in the same step in which the log was found empty."""

    def __init__(self) -> None:
        self._ended = False
        self._waiting: defaultdict[str, set[asyncio.Future[None]]] = defaultdict(set)

    async def next(self, *streams: str) -> None:
        """Return when one of the streams (or EVERYTHING) has got an event. Raises NoMore."""
        if self._ended:
            raise NoMore
        arrival: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        for stream in streams:
            self._waiting[stream].add(arrival)
        try:
            await arrival
        finally:
            for stream in streams:
                self._waiting[stream].discard(arrival)
                if not self._waiting[stream]:
                    del self._waiting[stream]

    def end(self) -> None:
        """Nothing will arrive any more."""
        self._ended = True
        for arrivals in self._waiting.values():
            for arrival in arrivals:
                if not arrival.done():
                    arrival.set_exception(NoMore())

    def announce(self, streams: Iterable[str]) -> None:
        for stream in (EVERYTHING, *streams):
            for arrival in self._waiting.get(stream, ()):
                if not arrival.done():
                    arrival.set_result(None)
