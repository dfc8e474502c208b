"""Lines ready to dial: a few idle processes are kept warm, and there are never more than a bound.

Every process is asked now and then whether it is alive. One that hangs is killed; its call ends as that of any line that died.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine

import msgspec

from call_engine.line.backoff import Backoff
from call_engine.line.births import Nursery, Start
from call_engine.line.client import ANSWER_S, CHECK_S, LineClient, LineUnavailable, open_line
from call_engine.line.settings import SipSettings

log = logging.getLogger(__name__)


class LinePool:
    """``open`` gives a line of one's own, which its taker closes. A spare that dies is replaced.

    ``sip_port`` of the settings belongs to the process that registers; each line takes any free port. ``problem``: why the last line could
    not be started; empty once one could.
    """

    def __init__(
        self, settings: SipSettings, *, spares: int = 1, lines_max: int = 200, check_s: float = CHECK_S, answer_s: float = ANSWER_S,
        retry: Backoff | None = None, start: Start | None = None,
    ) -> None:  # fmt: skip
        self._settings = msgspec.structs.replace(settings, sip_port=0)
        self._spares_wanted, self._lines_max = spares, lines_max
        self._check_s, self._answer_s = check_s, answer_s
        self._nursery = Nursery()
        self._process = start or self._nursery.start
        self._spares: list[LineClient] = []
        self._taken: set[LineClient] = set()
        self._starting = 0
        self._closing = asyncio.Event()
        self._retry, self._retrying = retry or Backoff(), False
        self.problem = ""
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def spare(self) -> int:
        return len(self._spares)

    @property
    def taken(self) -> int:
        return len(self._taken)

    async def open(self) -> LineClient:
        """A line that can dial: at once from a spare, else after starting one. Raises LineUnavailable."""
        if self._closing.is_set():
            raise LineUnavailable("the lines are closed")
        if len(self._taken) + self._starting >= self._lines_max:
            raise LineUnavailable(f"all {self._lines_max} lines are in use")
        line = self._spares.pop(0) if self._spares else await self._start()
        self._taken.add(line)
        self._soon(self.warm())
        return line

    async def warm(self) -> None:
        """Start what is missing of the spares."""
        while not self._closing.is_set() and self._room():
            try:
                line = await self._start()
            except LineUnavailable:
                return
            if self._closing.is_set():
                await line.close()
                return
            self._spares.append(line)

    async def _warm_later(self) -> None:
        await _within(self._retry.failed(), self._closing)
        self._retrying = False
        if not self._room():  # nothing is started that would tell whether it is still so
            self.problem = ""
        await self.warm()

    async def close(self) -> None:
        """Hang up and end every line, taken or spare."""
        self._closing.set()
        await asyncio.gather(*(line.close() for line in (*self._spares, *self._taken)))
        await asyncio.gather(*self._tasks)
        await self._nursery.close()

    def _room(self) -> bool:
        waiting = len(self._spares) + self._starting
        return waiting < self._spares_wanted and len(self._taken) + waiting < self._lines_max

    async def _start(self) -> LineClient:
        """After a failure the spares are tried for again in a while."""
        self._starting += 1
        try:
            line = await open_line(self._settings, self._process)
        except LineUnavailable as problem:
            if str(problem) != self.problem:
                log.error("no line can be started; trying again: %s", problem)
            self.problem = str(problem)
            if not self._retrying and not self._closing.is_set():
                self._retrying = True
                self._soon(self._warm_later())
            raise
        finally:
            self._starting -= 1
        self.problem = ""
        self._retry.worked()
        self._soon(self._watch(line))
        self._soon(self._check(line))
        return line

    async def _watch(self, line: LineClient) -> None:
        await line.gone.wait()
        self._taken.discard(line)
        if line in self._spares:
            self._spares.remove(line)
            await line.close()
            await self.warm()

    async def _check(self, line: LineClient) -> None:
        while not await _within(self._check_s, line.gone):
            if not await line.end_unless_it_answers(self._answer_s):
                log.error("a line process hung and was killed", extra={"pid": line.pid})
                return

    def _soon(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _within(seconds: float, event: asyncio.Event) -> bool:
    """Whether it is set within that time."""
    try:
        async with asyncio.timeout(seconds):
            return await event.wait()
    except TimeoutError:
        return False
