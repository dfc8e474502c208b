"""An iterator that blocks, read in a thread of its own, a little ahead of the event loop that wants what it yields.

A message costs the asynchronous gRPC client about 80 µs and the blocking one 15: it has no loop to go through for each.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterator
from typing import Generic, Protocol, TypeVar

AHEAD_MAX = 2_000
MANY = 100  # after so many, items are gathered for a while: waking the loop for each costs more than reading it
GATHER_S = 0.001
T = TypeVar("T", covariant=True)


class Source(Protocol[T]):
    """Iterated in the thread; ``stop``, called in another one, ends that."""

    def __iter__(self) -> Iterator[T]: ...

    def stop(self) -> None: ...


class ReadAhead(Generic[T]):
    """``open`` may block too. Exceptions of the kinds ``errors`` are passed on to who takes the pages."""

    def __init__(self, open: Callable[[], Source[T]], errors: tuple[type[Exception], ...]) -> None:
        self._open, self._errors = open, errors
        self._source: Source[T] | None = None
        self._error: Exception | None = None
        self._items = deque[T]()
        self._is_told = self._is_over = self._is_stopped = False
        self._loop, self._news, self._room = asyncio.get_running_loop(), asyncio.Event(), threading.Event()
        threading.Thread(target=self._run, name="read-ahead", daemon=True).start()

    async def pages(self, silence_max_s: float | None = None) -> AsyncGenerator[list[T], None]:
        """What has come since, in order. Raises the source's error, or TimeoutError when nothing comes for so long."""
        taken = 0
        try:
            while True:
                async with asyncio.timeout(silence_max_s):
                    await self._news.wait()
                if taken > MANY:
                    await asyncio.sleep(GATHER_S)
                self._news.clear()
                is_over, self._is_told = self._is_over, False  # before taking: what comes from now on is told again
                if page := [self._items.popleft() for _ in range(len(self._items))]:
                    self._room.set()
                    taken += len(page)
                    yield page
                if is_over:
                    break
            if self._error is not None:
                raise self._error
        finally:
            self.stop()

    def stop(self) -> None:
        self._is_stopped = True
        self._room.set()
        if self._source is not None:
            self._source.stop()

    def _run(self) -> None:
        try:
            self._source = self._open()
            if self._is_stopped:
                self._source.stop()
            for item in self._source:
                self._items.append(item)
                if not self._is_told:
                    self._is_told = True
                    self._tell()
                if len(self._items) >= AHEAD_MAX:
                    self._wait_for_room()
        except self._errors as error:
            self._error = error
        finally:
            self._is_over = True
            self._tell()

    def _wait_for_room(self) -> None:
        while len(self._items) >= AHEAD_MAX and not self._is_stopped:
            self._room.clear()
            if len(self._items) >= AHEAD_MAX and not self._is_stopped:
                self._room.wait()

    def _tell(self) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody wants it any more
            self._loop.call_soon_threadsafe(self._news.set)
