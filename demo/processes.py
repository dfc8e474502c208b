"""Child processes that are waited for until they are ready and stopped by their own id, whatever happens."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

STOP_TIMEOUT_S = 8.0


class DidNotStart(Exception):
    """A process ended, or said nothing in time, before it was ready."""


class Process:
    """``python -m <args>`` with its output in a file. Its process group is ended with it, so that no grandchild stays."""

    def __init__(self, name: str, process: asyncio.subprocess.Process, log: Path) -> None:
        self.name, self.log, self._process = name, log, process

    @classmethod
    async def start(cls, name: str, *args: str, log: Path, env: Mapping[str, str] | None = None) -> Process:
        with log.open("wb") as output:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-u", "-m", *args,
                stdin=asyncio.subprocess.DEVNULL, stdout=output, stderr=asyncio.subprocess.STDOUT,
                start_new_session=True, env={**os.environ, **(env or {})},
            )  # fmt: skip
        return cls(name, process, log)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process.returncode is None

    def lines(self) -> list[str]:
        return self.log.read_text(encoding="utf-8", errors="replace").splitlines()

    async def said(self, wanted: Callable[[str], bool], timeout_s: float = 60.0) -> str:
        """The first line of output for which ``wanted`` holds."""
        deadline = asyncio.get_running_loop().time() + timeout_s
        while True:
            line = next((line for line in self.lines() if wanted(line)), None)
            if line is not None:
                return line
            self.check(deadline)
            await asyncio.sleep(0.05)

    def check(self, deadline: float) -> None:
        """Raises DidNotStart, with the last thing the process said, if it has ended or the deadline has passed."""
        last = "\n".join(self.lines()[-15:]) or "(it said nothing)"
        if not self.running:
            raise DidNotStart(f"{self.name} ended with exit code {self._process.returncode}:\n{last}")
        if asyncio.get_running_loop().time() > deadline:
            raise DidNotStart(f"{self.name} was not ready in time:\n{last}")

    async def stop(self) -> None:
        """Asks first, so that running calls may end well, and insists after a while."""
        if self.running:
            self._signal(signal.SIGTERM)
            try:
                await asyncio.wait_for(self._process.wait(), STOP_TIMEOUT_S)
            except TimeoutError:
                pass
        self.insist()
        await self._process.wait()

    async def ended(self) -> int:
        """Its exit code, once it has one."""
        return await self._process.wait()

    def insist(self) -> None:
        """No time to end well, nor for what it has started."""
        self._signal(signal.SIGKILL, group=True)

    def kill(self) -> None:
        """As a power cut would: no farewell."""
        self._signal(signal.SIGKILL)

    def _signal(self, number: signal.Signals, *, group: bool = False) -> None:
        try:
            if group:
                os.killpg(self._process.pid, number)
            else:
                os.kill(self._process.pid, number)
        except ProcessLookupError:
            pass


async def stop_all(processes: Sequence[Process]) -> None:
    """One after the other. Who is cancelled meanwhile (a second Ctrl-C) insists at once, and goes on when all are gone."""
    stopping = asyncio.ensure_future(_one_by_one(processes))
    cancelled = False
    while not stopping.done():
        try:
            await asyncio.shield(stopping)
        except asyncio.CancelledError:
            cancelled = True
            for process in processes:
                process.insist()
    if cancelled:
        raise asyncio.CancelledError


async def _one_by_one(processes: Sequence[Process]) -> None:
    for process in processes:
        await process.stop()


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    """A port that nobody used a moment ago."""
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
