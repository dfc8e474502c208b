"""What a thread reads reaches the loop in order, whole, and no further ahead than is allowed."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterable, Iterator

import pytest
from event_log.read_ahead import AHEAD_MAX, ReadAhead


class Tap:
    """Yields what it is given, then waits to be stopped if ``stays_open``."""

    def __init__(self, items: Iterable[int], *, stays_open: bool = False, error: Exception | None = None) -> None:
        self._items, self._stays_open, self._error = items, stays_open, error
        self.stopped, self.drawn = threading.Event(), 0

    def __iter__(self) -> Iterator[int]:
        for item in self._items:
            self.drawn += 1
            yield item
        if self._stays_open:
            self.stopped.wait()
        if self._error is not None:
            raise self._error

    def stop(self) -> None:
        self.stopped.set()


async def pour(tap: Tap, into: list[int]) -> None:
    async for page in ReadAhead(lambda: tap, (ValueError,)).pages():
        into += page


async def taken(tap: Tap) -> list[int]:
    items = list[int]()
    await pour(tap, items)
    return items


async def test_everything_comes_in_order() -> None:
    assert await taken(Tap(range(50_000))) == list(range(50_000))
    assert await taken(Tap([])) == []


async def test_what_came_before_an_error_comes_first() -> None:
    items = list[int]()
    with pytest.raises(ValueError, match="broken"):
        await pour(Tap(range(10), error=ValueError("broken")), items)
    assert items == list(range(10))


async def test_an_error_of_opening_is_an_error_too() -> None:
    def open_it() -> Tap:
        raise ValueError("not there")

    with pytest.raises(ValueError, match="not there"):
        await anext(ReadAhead(open_it, (ValueError,)).pages())


async def test_it_does_not_run_away() -> None:
    tap, count = Tap(range(AHEAD_MAX * 5)), 0
    async for page in ReadAhead(lambda: tap, ()).pages():
        count += len(page)
        assert tap.drawn <= count + AHEAD_MAX
    assert count == AHEAD_MAX * 5


async def test_who_stops_taking_stops_the_source() -> None:
    tap = Tap(range(AHEAD_MAX * 3), stays_open=True)
    pages = ReadAhead(lambda: tap, ()).pages()
    await anext(pages)
    await pages.aclose()
    assert tap.stopped.is_set()


async def test_a_cancelled_reader_stops_the_source() -> None:
    tap, caught_up = Tap([1], stays_open=True), asyncio.Event()

    async def read() -> None:
        async for _ in ReadAhead(lambda: tap, ()).pages():
            caught_up.set()

    task = asyncio.create_task(read())
    await caught_up.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert tap.stopped.is_set()


async def test_silence() -> None:
    tap = Tap([], stays_open=True)
    with pytest.raises(TimeoutError):
        await anext(ReadAhead(lambda: tap, ()).pages(silence_max_s=0.01))
    assert tap.stopped.is_set()
