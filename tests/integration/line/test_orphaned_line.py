"""The engine is killed: a line nobody talks on hangs up, a conversation goes on until a side hangs up."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.support.line_calls import far_end, next_frame_time


@asynccontextmanager
async def killed_engine(birth: str, *arguments: str) -> AsyncIterator[int]:
    """Gives the pid of the line it leaves behind."""
    engine = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.support.line_owner", birth, *arguments, stdout=asyncio.subprocess.PIPE
    )
    assert engine.stdout is not None
    async with asyncio.timeout(15):
        line_pid = int(await engine.stdout.readline())
    engine.kill()
    await engine.wait()
    try:
        yield line_pid
    finally:
        if is_line(line_pid):
            os.kill(line_pid, 9)


def is_line(pid: int) -> bool:
    """Whether that process is (still) a line and not a zombie."""
    try:
        return b"call_engine.line" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


async def until_gone(pid: int) -> None:
    async with asyncio.timeout(5):
        while is_line(pid):
            await next_frame_time()


BIRTHS = pytest.mark.parametrize("birth", ["spawned", "forked"])


@BIRTHS
async def test_an_unbridged_line_hangs_up_and_goes(birth: str) -> None:
    async with far_end("answer") as company, killed_engine(birth, company.uri) as line_pid:
        await company.wait_for(lambda told: told.get("state") == "ended", patience_s=3)
        await until_gone(line_pid)


@BIRTHS
async def test_a_bridged_line_stays_until_a_side_hangs_up(birth: str) -> None:
    async with (
        far_end("answer", "--tone-hz", "440") as company,
        far_end("answer", "--tone-hz", "880") as phone,
        killed_engine(birth, company.uri, phone.uri) as line_pid,
    ):
        company.told.clear()
        phone.told.clear()
        for _ in range(10):  # a second of conversation after the engine's death
            await phone.wait_for(lambda told: told.get("heard_hz") == 440)
            await company.wait_for(lambda told: told.get("heard_hz") == 880)
        assert is_line(line_pid)
        phone.do("bye")
        await company.wait_for(lambda told: told.get("state") == "ended")
        await until_gone(line_pid)


@pytest.mark.parametrize("why", ["kill switch", "longest call"])
async def test_what_the_engine_would_have_ended_ends_without_it(why: str, tmp_path: Path) -> None:
    switch = tmp_path / "stop"
    limit = ("--call-max-s", "3") if why == "longest call" else ("--kill-switch-file", str(switch))
    async with (
        far_end("answer") as company,
        far_end("answer") as phone,
        killed_engine("spawned", company.uri, phone.uri, *limit) as line_pid,
    ):
        assert is_line(line_pid)
        switch.touch()
        await company.wait_for(lambda told: told.get("state") == "ended", patience_s=5)
        await phone.wait_for(lambda told: told.get("state") == "ended")
        await until_gone(line_pid)
