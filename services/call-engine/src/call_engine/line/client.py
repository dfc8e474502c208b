"""The engine's end of a line: starts the line process, sends it commands, collects facts and frames."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from collections import deque
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from call_engine.core.happenings import LineEnded, LineFact
from call_engine.line.births import LineProcess, NotBorn, Start, spawn
from call_engine.line.farewell import say_farewell
from call_engine.line.messages import (
    Command,
    Configure,
    Dial,
    DialogKept,
    DialogOver,
    Leave,
    LineStats,
    News,
    Ping,
    PlaySamples,
    Pong,
    Ready,
    Registration,
    Unframer,
    decode_news,
    framed,
)
from call_engine.line.ring import create_ring
from call_engine.line.ring_reader import RingReader
from call_engine.line.settings import SipSettings
from call_engine.ports import LineCommand

CHUNK_BYTES = 65_536
START_S = 15.0
LEAVE_S = 3.0  #: for hanging up in good order, before the process is killed
CHECK_S = 5.0  #: how often a process is asked whether it is alive
ANSWER_S = 10.0  #: a busy machine may leave one without a turn for seconds
TIMES_ASKED = 3


class LineUnavailable(Exception):
    """The line process could not be started; the text says why."""


class LineClient:
    """A PhoneLine. Made by ``open_line``.

    ``lost_frames`` counts audio that the engine was too late for; ``stats`` are the company leg's RTP counters; ``dialogs`` is what
    is needed to end the SIP dialogs should the process die, and ``farewells`` what the far sides answered then (see ``farewell``).
    """

    def __init__(self, process: LineProcess, connection: socket.socket, ring: RingReader, settings: SipSettings) -> None:
        self._process, self._socket, self._ring, self._settings = process, connection, ring, settings
        self._facts: deque[LineFact] = deque()
        self._outgoing = asyncio.Queue[bytes]()
        self._dialled = self._ended = self._closing = False
        self.ready: asyncio.Future[Ready] = asyncio.get_running_loop().create_future()
        self.stats = LineStats(packets=0, lost=0, discarded=0, jitter_us=0)
        self.dialogs: dict[str, DialogKept] = {}
        self.registration: Registration | None = None
        self._registration_news = asyncio.Event()
        self._answered = asyncio.Event()
        self.farewells: list[int] = []
        self.gone = asyncio.Event()  #: the process has ended, for whatever reason
        self._tasks = (asyncio.create_task(self._read()), asyncio.create_task(self._write()))

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """Of the process: 0 after it left in good order, None while it lives."""
        return self._process.returncode

    @property
    def lost_frames(self) -> int:
        return self._ring.lost

    @property
    def lost_packets(self) -> int:
        return self.stats.lost + self.stats.discarded

    async def dial(self, target: str) -> None:
        self._dialled = True
        if self.gone.is_set():
            return self._lose()
        self._send(Dial(target=target))

    async def command(self, command: LineCommand) -> None:
        self._send(command)

    async def play(self, playback_id: str, samples: NDArray[np.int16], *, both: bool = False) -> None:
        pcm = np.ascontiguousarray(samples, dtype=np.int16).tobytes()
        self._send(PlaySamples(playback_id=playback_id, pcm=pcm, both=both))

    async def poll(self) -> tuple[Sequence[LineFact], NDArray[np.int16]]:
        facts = tuple(self._facts)
        self._facts.clear()
        return facts, self._ring.read()

    async def close(self) -> None:
        if self._closing:
            await self.gone.wait()
            return
        self._closing = True
        self._send(Leave())
        try:
            async with asyncio.timeout(LEAVE_S):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()
        await asyncio.gather(*self._tasks)
        self._socket.close()

    async def let_go(self) -> None:
        """The process sees its socket closed, as when the engine dies: whoever is bridged stays so."""
        if self._closing:
            return
        self._closing = self._ended = True
        self.dialogs.clear()  # nobody is to be told that it is over
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        await asyncio.gather(*self._tasks)
        self._socket.close()

    async def configure(self, configure: Configure) -> Ready:
        """Hand over the settings and wait for the answer. Raises LineUnavailable."""
        self._send(configure)
        try:
            async with asyncio.timeout(START_S):
                ready = await asyncio.shield(self.ready)
        except TimeoutError:
            raise LineUnavailable("the line process does not answer") from None
        if ready.failure:
            raise LineUnavailable(ready.failure)
        return ready

    async def end_unless_it_answers(self, patience_s: float) -> bool:
        """False if it had to be killed: from then on it is like any line that died. One that has ended by itself needs no killing.

        It is asked a few times: where the engine itself had no turn for long, the answer has come and is yet to be read.
        """
        self._answered.clear()
        for _ in range(TIMES_ASKED):
            self._send(Ping())
            try:
                async with asyncio.timeout(patience_s):
                    await self._answered.wait()
            except TimeoutError:
                continue
            return True
        self._process.kill()
        return False

    async def registration_changed(self) -> None:
        """Until news of the registration comes, or no more can."""
        self._registration_news.clear()
        if not self.gone.is_set():
            await self._registration_news.wait()

    def _send(self, command: Command) -> None:
        if not self.gone.is_set():
            self._outgoing.put_nowait(framed(command))

    async def _write(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while True:
                message = await self._outgoing.get()
                if not message:
                    return
                self._ring.call()  # a long message is read while it is written
                await loop.sock_sendall(self._socket, message)
                self._ring.call()
        except ConnectionError:
            return  # the reader sees the end as well and reports it

    async def _read(self) -> None:
        loop, unframer = asyncio.get_running_loop(), Unframer()
        try:
            while chunk := await loop.sock_recv(self._socket, CHUNK_BYTES):
                for body in unframer.feed(chunk):
                    self._take(decode_news(body))
        except ConnectionError:
            pass
        finally:
            self._lose()
        if self.dialogs:
            self.farewells = await say_farewell(self.dialogs.values(), self._settings)

    def _take(self, news: News) -> None:
        match news:
            case Ready():
                if not self.ready.done():
                    self.ready.set_result(news)
            case Pong():
                self._answered.set()
            case DialogKept():
                self.dialogs[news.leg] = news
            case DialogOver():
                self.dialogs.pop(news.leg, None)
            case LineStats():
                self.stats = news
            case Registration():
                self.registration = news
                self._registration_news.set()
            case _:
                self._ended = self._ended or isinstance(news, LineEnded)
                self._facts.append(news)

    def _lose(self) -> None:
        """The process is gone: expected after ``close`` or the call's end, otherwise the end of the call."""
        if self._dialled and not self._ended:
            self._ended = True
            self._facts.append(LineEnded(cause="line_lost", reason="the line process ended"))
        if not self.ready.done():
            self.ready.set_result(Ready(pid=self.pid, failure="the line process ended while starting"))
        self.gone.set()
        self._registration_news.set()
        self._answered.set()
        self._outgoing.put_nowait(b"")


async def open_line(settings: SipSettings, start: Start = spawn) -> LineClient:
    """Start a line process and wait until it can dial (about 0.3 s, a tenth of it when forked). Raises LineUnavailable."""
    return await start_line(Configure(settings=settings), start)


async def start_line(configure: Configure, start: Start = spawn) -> LineClient:
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    ring = create_ring()
    try:
        process = await start(theirs.fileno(), ring)
        theirs.close()
        line = LineClient(process, ours, RingReader(ring), configure.settings)
    except NotBorn as problem:
        ours.close()
        raise LineUnavailable(str(problem)) from None
    finally:
        theirs.close()
        os.close(ring)
    try:
        await line.configure(configure)
    except LineUnavailable:
        await line.close()
        raise
    return line
