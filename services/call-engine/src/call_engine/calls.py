"""The calls of this engine: starting one (once per call id), steering it, and seeing it to its end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from typing import Any

from call_contract.call_events import CallEnded, CallOutcome
from event_log.records import StoreUnavailable

from call_engine import errors
from call_engine.call_request import CallRequest
from call_engine.call_setup import CallSetup
from call_engine.core.happenings import AnyHappening, DigitsOrdered, EndOrdered, TransferOrdered
from call_engine.journal.file import Entry, JournalFailed
from call_engine.journal.forwarder import Superseded
from call_engine.journal.record import CallRecord
from call_engine.pulse import Pulse
from call_engine.running_call import CallView, RunningCall
from call_engine.session import Session
from call_engine.stored_calls import StoredCalls

log = logging.getLogger(__name__)

ENDED_KEPT = 200  #: ended calls that are answered from memory; older ones from the store
RECORD_RETRY_S = 0.5
DRAIN_POLL_S = 0.1
BACKLOG_MAX = 20_000  #: events not stored yet, above which no new call is taken


class Calls:
    def __init__(self, setup: CallSetup, stored: StoredCalls, pulse: Pulse, *, sleep: Callable[[float], Awaitable[None]]) -> None:
        self._setup, self._stored, self._pulse, self._sleep = setup, stored, pulse, sleep
        self._calls: dict[str, RunningCall] = {}
        self._starting: dict[str, asyncio.Task[CallView]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.draining = False
        self.backlog_max = BACKLOG_MAX

    @property
    def running(self) -> list[RunningCall]:
        return [call for call in self._calls.values() if call.running]

    # --- starting -----------------------------------------------------------------------------------------------------

    async def start(self, request: CallRequest) -> CallView:
        """Starts the call, or answers with the one already started under this id. Raises the errors of ``errors``."""
        known = self._calls.get(request.call_id)
        if known is not None and request.call_id not in self._starting:
            return _same(known, request)
        starting = self._starting.get(request.call_id)
        if starting is None:
            # A task of its own: a caller who gives up waiting does not leave a call half started.
            starting = asyncio.create_task(self._start(request))
            self._starting[request.call_id] = starting
            starting.add_done_callback(lambda done: self._started(request.call_id, done))
        return await asyncio.shield(starting)

    def _started(self, call_id: str, done: asyncio.Task[CallView]) -> None:
        del self._starting[call_id]
        if not done.cancelled():
            done.exception()  # whoever still waits gets it; nobody waiting is no news

    async def _start(self, request: CallRequest) -> CallView:
        if self.draining:
            raise errors.EngineUnavailable("draining", "the engine is shutting down and takes no new calls")
        if self.events_not_stored > self.backlog_max:
            raise errors.EngineUnavailable("event_store", f"{self.events_not_stored} events wait for the event store")
        before = await self._stored.find(request.call_id)
        if before is not None:
            if (before.phone_number, before.mode) != (request.phone_number, request.mode):
                raise errors.CallMismatch(request.call_id)
            return CallView(before, before.last_ordinal)
        call = RunningCall(self._setup.open_record(request))
        self._calls[request.call_id] = call
        self._spawn(self._forward(call))
        try:
            await self._setup.admit(call, request, running=len(self.running) - 1)
            session = await self._setup.dial(call, request)
        except Superseded:
            return await self._taken(request)
        call.session = session
        self._pulse.add(session)
        return call.view

    async def _taken(self, request: CallRequest) -> CallView:
        """Another engine was faster with the same call id."""
        self._calls.pop(request.call_id)
        state = await self._stored.find(request.call_id)
        if state is None:
            raise errors.EngineUnavailable("event_store", f"the stream of call {request.call_id} cannot be written")
        return CallView(state, state.last_ordinal)

    # --- looking ------------------------------------------------------------------------------------------------------

    async def get(self, call_id: str) -> CallView:
        """Raises CallNotFound, EngineUnavailable."""
        call = self._calls.get(call_id)
        if call is not None:
            return call.view
        state = await self._stored.find(call_id)
        if state is None:
            raise errors.CallNotFound(call_id)
        return CallView(state, state.last_ordinal)

    def list(self, *, include_ended: bool) -> list[CallView]:
        return [call.view for call in self._calls.values() if include_ended or call.running]

    async def events(self, call_id: str, from_ordinal: int) -> AsyncIterator[Entry]:
        """Events from an ordinal on, live until the call has ended. A slow reader only delays itself."""
        call = self._calls.get(call_id)
        if call is None:
            await self.get(call_id)
            async for entry in self._stored.watch(call_id, from_ordinal):
                yield entry
            return
        next_ordinal = max(from_ordinal, 0)
        while True:
            news = call.record.news
            while next_ordinal < len(call.record.entries):
                yield call.record.entries[next_ordinal]
                next_ordinal += 1
            if call.record.ended:
                return
            if not news.is_set():
                await news.wait()

    def record_of(self, call_id: str) -> CallRecord | None:
        call = self._calls.get(call_id)
        return call.record if call is not None else None

    def session_of(self, call_id: str) -> Session | None:
        call = self._calls.get(call_id)
        return call.session if call is not None else None

    # --- steering -----------------------------------------------------------------------------------------------------

    async def end(self, call_id: str, *, reason: str, by: str) -> CallView:
        """Ending an ended call is not an error."""
        return await self._order(call_id, EndOrdered(reason=reason, by=by), over_is_fine=True)

    async def send_digits(self, call_id: str, digits: str, *, by: str) -> CallView:
        """Raises Refused for keys that must not be pressed, and while the kill switch is on."""
        self._check("digits", call_id, lambda: self._setup.check_digits(digits), by)
        return await self._order(call_id, DigitsOrdered(digits=digits, by=by))

    async def transfer(self, call_id: str, device: str, *, by: str) -> CallView:
        """Raises Refused for a device that must not be rung."""
        self._check("transfer", call_id, lambda: self._setup.check_device(device), by)
        return await self._order(call_id, TransferOrdered(device=device, by=by))

    def _check(self, action: str, call_id: str, check: Callable[[], None], by: str) -> None:
        """A refusal is an event of the call, too. Raises Refused."""
        try:
            check()
        except errors.Refused as refusal:
            session = self.session_of(call_id)
            if session is not None and not session.ended:
                session.note_refusal(action, refusal, by)
            raise

    async def _order(self, call_id: str, order: AnyHappening, *, over_is_fine: bool = False) -> CallView:
        call = self._calls.get(call_id)
        if call is None:
            view = await self.get(call_id)
            if view.state.outcome and over_is_fine:
                return view
            where = "has ended" if view.state.outcome else f"runs on engine {view.state.engine}"
            raise errors.CallOver(f"call {call_id} {where}")
        if call.record.ended:
            if over_is_fine:
                return call.view
            raise errors.CallOver(f"call {call_id} has ended")
        if call.session is None:
            raise errors.EngineUnavailable("line", "the call is still being set up")
        call.session.post(order)
        return call.view

    @property
    def events_not_stored(self) -> int:
        return sum(call.record.state.last_ordinal - call.record.forwarder.stored for call in self._calls.values())

    async def close(self) -> None:
        """Stops at once; what is not stored yet is in the journals."""
        sessions = [call.session for call in self.running if call.session is not None]
        await asyncio.gather(*(session.close() for session in sessions))
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for call in self._calls.values():
            call.record.journal.close()

    def hand_over_bridged(self, reason: str) -> None:
        """Conversations go on without the engine."""
        for call in self.running:
            if call.session is not None and call.session.bridged:
                call.session.hand_over(reason)

    def end_all(self, reason: str, by: str = "engine") -> None:
        for call in self.running:
            if call.session is not None:
                call.session.post(EndOrdered(reason=reason, by=by))

    # --- ending -------------------------------------------------------------------------------------------------------

    async def broke(self, session: Session, error: Exception) -> None:
        """A call that cannot go on: its line is given back and its record closed as soon as that can be written."""
        log.error("call broke", exc_info=error, extra=session.record.ids)
        session.stop()
        reason = f"journal: {error}" if isinstance(error, JournalFailed) else f"internal error: {type(error).__name__}"
        self._spawn(self._close_record(session, reason))

    def over(self, session: Session) -> None:
        self._spawn(session.close())
        ended = [call_id for call_id, call in self._calls.items() if not call.running]
        for call_id in ended[: max(len(ended) - ENDED_KEPT, 0)]:
            if self._calls[call_id].view.stored_ordinal == self._calls[call_id].record.state.last_ordinal:
                del self._calls[call_id]

    async def drained(self) -> None:
        """Returns when no call runs, and everything written is stored."""
        while self._tasks or self.running:
            await self._sleep(DRAIN_POLL_S)

    async def _close_record(self, session: Session, reason: str) -> None:
        while not session.record.ended:
            try:
                session.record.write(CallEnded(at_ms=session.at_sample // 8, outcome=CallOutcome.ENGINE_LOST, reason=reason))
            except JournalFailed:
                await self._sleep(RECORD_RETRY_S)

    async def _forward(self, call: RunningCall) -> None:
        record = call.record
        try:
            await record.forwarder.run()
            record.journal.remove()
            await self._release(call)
        except Superseded:
            log.error("another engine wrote to this call: journal set aside", extra=record.ids)
            self._setup.set_aside(record.journal)
            if call.session is not None:
                call.session.post(EndOrdered(reason="another engine has taken this call over", by="engine"))

    async def _release(self, call: RunningCall) -> None:
        while True:
            try:
                return await self._setup.release(call)
            except StoreUnavailable:
                await self._sleep(RECORD_RETRY_S)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _same(call: RunningCall, request: CallRequest) -> CallView:
    if call.record.journal.header.request != request.digest():
        raise errors.CallMismatch(request.call_id)
    if call.refusal is not None:
        raise call.refusal
    return call.view
