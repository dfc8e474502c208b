"""Keeps the trunk account registered, in a process of its own that is started again when it dies."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from call_engine.line.backoff import Backoff
from call_engine.line.client import ANSWER_S, CHECK_S, LineClient, LineUnavailable, start_line
from call_engine.line.messages import Configure, Registration
from call_engine.line.settings import SipSettings

log = logging.getLogger(__name__)

FINAL = 300  #: a response from this code on is a no
NOT_YET = Registration(active=False, code=0, reason="not registered yet", expires_s=0)


class Trunk:
    """``start``, look at ``state`` (for health and metrics), ``close``. Without a registrar there is nothing to do, and it is ready.

    ``problem``: why the process cannot start, as long as it cannot; it is tried again.
    """

    def __init__(
        self, settings: SipSettings, *, check_s: float = CHECK_S, answer_s: float = ANSWER_S, retry: Backoff | None = None
    ) -> None:  # fmt: skip
        self._settings, self._check_s, self._answer_s = settings, check_s, answer_s
        self._retry = retry or Backoff()
        self.problem = ""
        self._line: LineClient | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._closing = asyncio.Event()

    @property
    def state(self) -> Registration:
        if self._line is None or self._line.gone.is_set() or self._line.registration is None:
            return NOT_YET
        return self._line.registration

    @property
    def ready(self) -> bool:
        return not self._settings.registrar or self.state.active

    @property
    def trouble(self) -> str:
        """Why the account cannot be used just now; empty where it can."""
        if self.ready:
            return ""
        if self.problem:
            return f"the SIP account cannot be used: {self.problem}"
        said = f": {self.state.code} {self.state.reason}" if self.state.code else " yet"
        return f"not registered at {self._settings.registrar}{said}"

    async def start(self) -> None:
        """Returns after the first try. Where it failed, such as for a port that is taken, ``problem`` says so."""
        if self._settings.registrar and self._keeper is None:
            await self._open()
            self._keeper = asyncio.create_task(self._keep())

    async def until_registered(self, patience_s: float) -> Registration:
        """The state after that time, or as soon as it is active."""
        return await self._until(lambda state: state.active, patience_s)

    async def first_answer(self, patience_s: float) -> Registration:
        """The state after that time, or as soon as the registrar has said yes or no."""
        return await self._until(lambda state: state.active or state.code >= FINAL, patience_s)

    async def _until(self, enough: Callable[[Registration], bool], patience_s: float) -> Registration:
        try:
            async with asyncio.timeout(patience_s):
                while self._line is not None and not self._line.gone.is_set() and not enough(self.state):
                    await self._line.registration_changed()
        except TimeoutError:
            pass
        return self.state

    async def close(self) -> None:
        self._closing.set()
        if self._keeper is not None:
            await self._keeper

    async def _open(self) -> None:
        try:
            self._line = await start_line(Configure(settings=self._settings, register=True))
        except (LineUnavailable, OSError) as problem:
            self._line = None
            self.problem = str(problem)
        else:
            self.problem = ""
            self._retry.worked()

    async def _keep(self) -> None:
        told = ""
        while not self._closing.is_set():
            if self._line is not None and not await self._has_ended(self._line):
                return
            if self.problem and self.problem != told:
                log.error("cannot register; trying again: %s", self.problem)
            told = self.problem
            await self._wait(self._retry.failed())
            if not self._closing.is_set():
                await self._open()
        if self._line is not None:
            await self._line.close()

    async def _has_ended(self, line: LineClient) -> bool:
        """By itself; not because the trunk is closed."""
        await self._until_gone_or_closing(line)
        await line.close()
        if not self._closing.is_set():
            log.warning("the registering process ended; starting another")
        return not self._closing.is_set()

    async def _until_gone_or_closing(self, line: LineClient) -> None:
        """A process that hangs is killed, and then it is gone."""
        ends = asyncio.create_task(line.gone.wait()), asyncio.create_task(self._closing.wait())
        telling = asyncio.create_task(self._tell(line))
        while not (await asyncio.wait(ends, timeout=self._check_s, return_when=asyncio.FIRST_COMPLETED))[0]:
            await line.end_unless_it_answers(self._answer_s)
        for task in (*ends, telling):
            task.cancel()

    async def _tell(self, line: LineClient) -> None:
        """Each change of the registration in the log: without it no call is answered, and the provider says why."""
        told = (False, 0)
        while not line.gone.is_set():
            state = self.state
            if state is not NOT_YET and (state.active, state.code) != told:
                told = (state.active, state.code)
                if state.active:
                    log.info("registered at %s", self._settings.registrar)
                elif state.code >= FINAL:
                    log.warning("cannot register at %s: %s %s", self._settings.registrar, state.code, state.reason)
            await line.registration_changed()

    async def _wait(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._closing.wait()
        except TimeoutError:
            return
