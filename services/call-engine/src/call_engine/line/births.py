"""How line processes come to be: each by itself (``spawn``), or forked from one that has everything loaded (``Nursery``)."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Protocol

from call_engine.line.messages import NEWS_OF_PROCESS, ProcessNews

UNKNOWN_EXIT = -1  #: of a process whose nursery died before it
CLOSE_S = 2.0


class NotBorn(Exception):
    """The process could not be started; the text says why."""


class LineProcess(Protocol):
    """What ``asyncio.subprocess.Process`` gives as well."""

    @property
    def pid(self) -> int: ...

    @property
    def returncode(self) -> int | None: ...

    def kill(self) -> None: ...

    async def wait(self) -> int: ...


#: Starts a process that owns copies of the two descriptors, its socket and its ring. Raises NotBorn.
Start = Callable[[int, int], Awaitable[LineProcess]]


async def spawn(connection: int, ring: int) -> LineProcess:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "call_engine.line", str(connection), str(ring),
        pass_fds=(connection, ring), stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C on the engine must not end a bridged conversation
    )  # fmt: skip


class Forked:
    """A line that is the nursery's child: its end is told by the nursery, and by the kernel should the nursery be gone."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._over = asyncio.Event()

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            if self.returncode is None:
                os.kill(self.pid, signal.SIGKILL)

    async def wait(self) -> int:
        await self._over.wait()
        assert self.returncode is not None
        return self.returncode

    def end(self, code: int) -> None:
        if self.returncode is None:
            self.returncode = code
        self._over.set()

    async def orphaned(self) -> None:
        """Nobody will tell the exit code: wait for the end itself."""
        try:
            descriptor = os.pidfd_open(self.pid)
        except ProcessLookupError:
            return self.end(UNKNOWN_EXIT)
        loop, gone = asyncio.get_running_loop(), asyncio.Event()
        loop.add_reader(descriptor, gone.set)
        try:
            await gone.wait()
        finally:
            loop.remove_reader(descriptor)
            os.close(descriptor)
        self.end(UNKNOWN_EXIT)


class Nursery:
    """``start`` forks a line from a process that has everything loaded, which is started when first needed and again after it died."""

    def __init__(self) -> None:
        self._one_at_a_time = asyncio.Lock()
        self._home: _Home | None = None
        self._former: list[_Home] = []

    async def start(self, connection: int, ring: int) -> LineProcess:
        """Raises NotBorn."""
        home = await self._present()
        try:
            return await home.fork(connection, ring)
        except NotBorn:  # it may just have died: a new one is tried, once
            home.lost = True
        return await (await self._present()).fork(connection, ring)

    async def _present(self) -> _Home:
        async with self._one_at_a_time:
            if self._home is None or self._home.lost:
                if self._home is not None:
                    self._former.append(self._home)
                self._home = await _Home.open()
            return self._home

    @property
    def pid(self) -> int | None:
        return self._home.pid if self._home is not None else None

    async def close(self) -> None:
        """The lines go on; only no more are born."""
        homes = [*self._former, *([self._home] if self._home is not None else [])]
        await asyncio.gather(*(home.close() for home in homes))


class _Home:
    """One nursery process and the lines born there."""

    def __init__(self, process: asyncio.subprocess.Process, connection: socket.socket) -> None:
        self._process, self._connection = process, connection
        self._expected: deque[asyncio.Future[Forked]] = deque()
        self._children: dict[int, Forked] = {}
        self.lost = False
        self._orphans: set[asyncio.Task[None]] = set()
        self._listener = asyncio.create_task(self._listen())

    @classmethod
    async def open(cls) -> _Home:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.setblocking(False)
        try:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "call_engine.line.nursery", str(theirs.fileno()), pass_fds=(theirs.fileno(),),
                stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip
        except OSError as problem:
            ours.close()
            raise NotBorn(f"the line process could not be started: {problem}") from problem
        finally:
            theirs.close()
        return cls(process, ours)

    @property
    def pid(self) -> int:
        return self._process.pid

    async def fork(self, connection: int, ring: int) -> Forked:
        born: asyncio.Future[Forked] = asyncio.get_running_loop().create_future()
        try:
            socket.send_fds(self._connection, [b"fork"], [connection, ring])
        except OSError as problem:
            raise NotBorn(f"the process that lines are forked from does not answer: {problem}") from problem
        self._expected.append(born)
        return await born

    async def close(self) -> None:
        with contextlib.suppress(OSError):
            self._connection.shutdown(socket.SHUT_WR)
        try:
            async with asyncio.timeout(CLOSE_S):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()
        await self._listener  # the ends of lines that go on are waited for by ``orphaned``

    async def _listen(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while news := await loop.sock_recv(self._connection, NEWS_OF_PROCESS.size):
                self._take(*NEWS_OF_PROCESS.unpack(news))
        except ConnectionError:
            pass
        self._lose()

    def _take(self, what: int, pid: int, code: int) -> None:
        if what == ProcessNews.DIED:
            self._children.pop(pid).end(code)
            return
        child = self._children[pid] = Forked(pid)
        expected = self._expected.popleft()
        if not expected.done():
            expected.set_result(child)

    def _lose(self) -> None:
        self.lost = True
        self._connection.close()
        for expected in self._expected:
            if not expected.done():
                expected.set_exception(NotBorn("the process that lines are forked from has ended"))
        self._expected.clear()
        self._orphans = {asyncio.create_task(child.orphaned()) for child in self._children.values()}
