from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator

import pytest
from call_engine.core.happenings import Answered, LineEnded
from call_engine.line.backoff import Backoff
from call_engine.line.births import LineProcess, NotBorn, spawn
from call_engine.line.client import LineUnavailable
from call_engine.line.pool import LinePool
from call_engine.line.settings import SipSettings

from tests.support.line_calls import Listener, far_end, next_frame_time


class Barren:
    """No line is born for so many times."""

    def __init__(self, times: int) -> None:
        self._times = times

    async def start(self, connection: int, ring: int) -> LineProcess:
        self._times -= 1
        await asyncio.sleep(0)
        if self._times >= 0:
            raise NotBorn("no memory")
        return await spawn(connection, ring)


@pytest.fixture
async def pool() -> AsyncIterator[LinePool]:
    made = LinePool(SipSettings(), spares=1, lines_max=2)
    yield made
    await made.close()


async def until_spares(pool: LinePool, wanted: int) -> None:
    while pool.spare != wanted:
        await next_frame_time()


async def test_a_spare_is_taken_and_replaced(pool: LinePool) -> None:
    await pool.warm()
    spare = pool._spares[0]
    assert await pool.open() is spare
    await until_spares(pool, 1)
    async with far_end("answer") as company:
        await spare.dial(company.uri)
        await Listener(spare).until(Answered)


async def test_never_more_than_the_bound_and_a_closed_line_makes_room(pool: LinePool) -> None:
    first = await pool.open()
    await pool.open()
    with pytest.raises(LineUnavailable, match="all 2 lines"):
        await pool.open()
    await first.close()
    while pool.taken == 2:
        await next_frame_time()
    await pool.open()


async def test_a_spare_that_dies_is_replaced(pool: LinePool) -> None:
    await pool.warm()
    dead = pool._spares[0]
    os.kill(dead.pid, signal.SIGKILL)
    while pool.spare != 1 or pool._spares[0] is dead:
        await next_frame_time()


@pytest.fixture
async def impatient() -> AsyncIterator[LinePool]:
    made = LinePool(SipSettings(), spares=1, lines_max=2, check_s=0.2, answer_s=0.5)
    yield made
    await made.close()


async def test_a_spare_that_hangs_is_replaced(impatient: LinePool) -> None:
    await impatient.warm()
    hung = impatient._spares[0]
    os.kill(hung.pid, signal.SIGSTOP)
    async with asyncio.timeout(10):
        while impatient.spare != 1 or impatient._spares[0] is hung:
            await next_frame_time()
    assert hung.gone.is_set()


async def test_a_line_that_hangs_in_a_call_is_killed_and_its_far_side_gets_its_bye(impatient: LinePool) -> None:
    line = await impatient.open()
    async with far_end("answer") as company:
        await line.dial(company.uri)
        listener = Listener(line)
        await listener.until(Answered)
        os.kill(line.pid, signal.SIGSTOP)
        assert (await listener.until(LineEnded)).cause == "line_lost"
        await company.wait_for(lambda told: told.get("state") == "ended", patience_s=2)


async def test_lines_that_answer_are_left_alone(impatient: LinePool) -> None:
    line = await impatient.open()
    async with far_end("answer") as company:
        await line.dial(company.uri)
        await Listener(line).listen(100)
    assert not line.gone.is_set()


async def test_lines_that_do_not_start_are_tried_again() -> None:
    births = Barren(2)
    pool = LinePool(SipSettings(), spares=1, lines_max=2, retry=Backoff(0.02, 0.1), start=births.start)
    await pool.warm()
    assert pool.problem == "no memory"
    with pytest.raises(LineUnavailable, match="no memory"):
        await pool.open()
    async with asyncio.timeout(10):
        await until_spares(pool, 1)
    assert pool.problem == ""
    await pool.close()


async def test_a_spare_is_tried_for_again_also_where_it_is_a_call_that_got_no_line() -> None:
    """``warm`` has left it to that call."""
    pool = LinePool(SipSettings(), spares=1, lines_max=2, retry=Backoff(0.02, 0.1), start=Barren(1).start)
    opened, _ = await asyncio.gather(pool.open(), pool.warm(), return_exceptions=True)
    assert isinstance(opened, LineUnavailable)
    async with asyncio.timeout(10):
        await until_spares(pool, 1)
    assert pool.problem == ""
    await pool.close()


async def test_without_spares_a_failure_is_not_a_trouble_for_ever() -> None:
    pool = LinePool(SipSettings(), spares=0, retry=Backoff(0.02, 0.1), start=Barren(1).start)
    with pytest.raises(LineUnavailable):
        await pool.open()
    assert pool.problem == "no memory"
    async with asyncio.timeout(10):
        while pool.problem:
            await next_frame_time()
    await pool.close()


async def test_a_pool_that_waits_to_try_again_closes_at_once() -> None:
    pool = LinePool(SipSettings(), retry=Backoff(600, 600), start=Barren(9).start)
    await pool.warm()
    async with asyncio.timeout(5):
        await pool.close()


async def test_a_closed_pool_gives_no_lines(pool: LinePool) -> None:
    line = await pool.open()
    await pool.close()
    assert line.gone.is_set()
    with pytest.raises(LineUnavailable):
        await pool.open()
