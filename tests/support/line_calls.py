"""Drives a real line against a real far end: start them, wait for what should happen, hear what is heard."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import numpy as np
from call_engine.core.happenings import LineFact
from call_engine.ports import PhoneLine
from numpy.typing import NDArray

PATIENCE_S = 10.0


class FarEnd:
    """The SIP far end process and what it has told so far."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.told: list[dict[str, Any]] = []
        self._news = asyncio.Condition()
        self._reader = asyncio.create_task(self._read())
        self.uri = ""

    async def wait_for(self, wanted: Callable[[dict[str, Any]], bool], *, patience_s: float = PATIENCE_S) -> dict[str, Any]:
        """The first thing told that fits, taken together with everything told before it."""
        async with asyncio.timeout(patience_s), self._news:
            while True:
                for index, fact in enumerate(self.told):
                    if wanted(fact):
                        del self.told[: index + 1]
                        return fact
                await self._news.wait()

    def do(self, command: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{command}\n".encode())

    async def stop(self) -> None:
        if self._process.returncode is None:
            with suppress(ConnectionError):
                self.do("quit")
            await self._process.wait()
        await self._reader

    async def _read(self) -> None:
        assert self._process.stdout is not None
        while line := await self._process.stdout.readline():
            async with self._news:
                self.told.append(json.loads(line))
                self._news.notify_all()


@asynccontextmanager
async def far_end(behaviour: str, *options: str) -> AsyncIterator[FarEnd]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.support.sip_far_end", behaviour, *options,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    end = FarEnd(process)
    try:
        end.uri = (await end.wait_for(lambda told: "ready" in told))["ready"]
        yield end
    finally:
        await end.stop()


class Listener:
    """Polls a line as the engine does, every 20 ms, and keeps everything."""

    def __init__(self, line: PhoneLine) -> None:
        self.line = line
        self.facts: list[LineFact] = []
        self.frames: NDArray[np.int16] = np.zeros((0, 160), dtype=np.int16)

    async def until(self, *kinds: type, patience_s: float = PATIENCE_S) -> Any:
        """The first fact of one of these kinds, taken together with every fact before it."""
        async with asyncio.timeout(patience_s):
            while True:
                for index, fact in enumerate(self.facts):
                    if isinstance(fact, kinds):
                        del self.facts[: index + 1]
                        return fact
                await self._poll()

    async def hear(self, frequency_hz: int, *, frames: int = 25, patience_s: float = PATIENCE_S) -> None:
        """Until half a second of the line is that tone. TimeoutError if it never is."""
        async with asyncio.timeout(patience_s):
            while len(self.frames) < frames or loudest_hz(self.frames[-frames:]) != frequency_hz:
                await self._poll()

    async def listen(self, frames: int, *, patience_s: float = PATIENCE_S) -> NDArray[np.int16]:
        """The next so many frames."""
        self.frames = self.frames[:0]
        async with asyncio.timeout(patience_s):
            while len(self.frames) < frames:
                await self._poll()
        return self.frames

    async def _poll(self) -> None:
        await next_frame_time()
        facts, frames = await self.line.poll()
        self.facts += facts
        self.frames = np.concatenate([self.frames, frames])


def loudest_hz(frames: NDArray[np.int16]) -> int:
    """To the nearest 10 Hz; 0 when it is silent."""
    samples = frames.reshape(-1).astype(np.float64)
    if np.abs(samples).max(initial=0) < 300:
        return 0
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)), n=8000))
    return round(int(np.argmax(spectrum)), -1)


def tone(frequency_hz: int, seconds: float, *, amplitude: int = 8000) -> NDArray[np.int16]:
    times = np.arange(int(8000 * seconds)) / 8000
    return (amplitude * np.sin(2 * np.pi * frequency_hz * times)).astype(np.int16)


async def next_frame_time() -> None:
    """20 ms go by."""
    try:
        async with asyncio.timeout(0.02):
            await asyncio.Event().wait()
    except TimeoutError:
        pass
