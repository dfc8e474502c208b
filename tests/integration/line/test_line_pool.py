from __future__ import annotations

import os
import signal
from collections.abc import AsyncIterator

import pytest
from call_engine.core.happenings import Answered
from call_engine.line.client import LineUnavailable
from call_engine.line.pool import LinePool
from call_engine.line.settings import SipSettings

from tests.support.line_calls import Listener, far_end, next_frame_time


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


async def test_a_closed_pool_gives_no_lines(pool: LinePool) -> None:
    line = await pool.open()
    await pool.close()
    assert line.gone.is_set()
    with pytest.raises(LineUnavailable):
        await pool.open()
