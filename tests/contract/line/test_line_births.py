"""Every way a line process comes to be: by itself, and forked from the nursery."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator

import pytest
from call_engine.core.happenings import Answered, LineEnded
from call_engine.line.births import UNKNOWN_EXIT, Nursery, Start, spawn
from call_engine.line.client import LineClient, open_line
from call_engine.line.settings import SipSettings

from tests.support.line_calls import Listener, far_end


@pytest.fixture
async def nursery() -> AsyncIterator[Nursery]:
    made = Nursery()
    yield made
    await made.close()


@pytest.fixture(params=["spawned", "forked"])
def start(request: pytest.FixtureRequest, nursery: Nursery) -> Start:
    return spawn if request.param == "spawned" else nursery.start


async def in_a_call(start: Start, company_uri: str) -> tuple[LineClient, Listener]:
    line = await open_line(SipSettings(), start)
    listener = Listener(line)
    await line.dial(company_uri)
    await listener.until(Answered)
    return line, listener


async def test_it_calls_and_leaves_in_good_order(start: Start) -> None:
    async with far_end("answer") as company:
        line, _ = await in_a_call(start, company.uri)
        await line.close()
        await company.wait_for(lambda told: told.get("state") == "ended")
    assert line.exit_code == 0
    assert line.gone.is_set()


async def test_killed_it_is_reported_and_reaped(start: Start) -> None:
    async with far_end("answer") as company:
        line, listener = await in_a_call(start, company.uri)
        os.kill(line.pid, signal.SIGKILL)
        ended = await listener.until(LineEnded)
        await company.wait_for(lambda told: told.get("state") == "ended")  # its BYE was said for it
        await line.close()
    assert isinstance(ended, LineEnded)
    assert ended.cause == "line_lost"
    assert line.exit_code == -signal.SIGKILL
    with pytest.raises(ProcessLookupError):
        os.kill(line.pid, 0)


async def test_each_has_a_session_of_its_own(start: Start) -> None:
    line = await open_line(SipSettings(), start)
    assert os.getsid(line.pid) == line.pid
    await line.close()


async def test_a_forked_line_has_no_descriptor_of_another(nursery: Nursery) -> None:
    first = await open_line(SipSettings(), nursery.start)
    second = await open_line(SipSettings(), nursery.start)
    await first.close()  # would wait for the second, were the first one's socket open there
    assert first.exit_code == 0
    assert not second.gone.is_set()
    await second.close()


async def test_many_at_once(nursery: Nursery) -> None:
    lines = await asyncio.gather(*(open_line(SipSettings(), nursery.start) for _ in range(12)))
    assert len({line.pid for line in lines}) == 12
    await asyncio.gather(*(line.close() for line in lines))
    assert {line.exit_code for line in lines} == {0}


async def test_the_nursery_dies_and_its_lines_go_on(nursery: Nursery) -> None:
    async with far_end("answer") as company:
        line, _ = await in_a_call(nursery.start, company.uri)
        assert nursery.pid is not None
        os.kill(nursery.pid, signal.SIGKILL)
        other, _ = await in_a_call(nursery.start, company.uri)  # from a new one
        assert not line.gone.is_set()
        await line.close()
        await other.close()
    assert line.exit_code in (0, UNKNOWN_EXIT)
    assert other.exit_code == 0


async def test_closing_the_nursery_leaves_the_lines() -> None:
    nursery = Nursery()
    line = await open_line(SipSettings(), nursery.start)
    await nursery.close()
    assert not line.gone.is_set()
    await line.close()
    assert line.gone.is_set()
