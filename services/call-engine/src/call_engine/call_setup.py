"""From a request to a dialled line: the record is opened, the guards are asked, the store has the first event, the line is dialled."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol

import msgspec
from call_contract.call_events import AnyCallEvent, CallEnded, CallOutcome, CallRefused
from event_log.port import EventLog
from event_log.records import StoreUnavailable

from call_engine.call_request import CallRequest
from call_engine.call_sound import Recordings
from call_engine.errors import BadRequest, EngineUnavailable, LimitReached, Refused
from call_engine.guards import Guards
from call_engine.journal.file import Journal, JournalFailed, JournalHeader
from call_engine.journal.record import CallRecord
from call_engine.line.client import LineUnavailable
from call_engine.ports import PhoneLine, Speech, Transcriber
from call_engine.quota import CallReserved
from call_engine.quota_ledger import QuotaLedger
from call_engine.running_call import RunningCall
from call_engine.sealing import Sealer
from call_engine.session import CallBrain, Session
from call_engine.settings import Settings
from call_engine.store_health import StoreHealth
from call_engine.tracing import Traces

FIRST_EVENT_S = 5.0
RESERVED_LONGER_S = 300  #: than the longest the call may take: for hanging up, and clocks that differ


class Lines(Protocol):
    """Where open lines come from."""

    @property
    def ready(self) -> bool: ...

    @property
    def trouble(self) -> str:
        """What is amiss just now; empty where all is well."""
        ...

    @property
    def trunk_problem(self) -> str:
        """Why no number can be dialled through the trunk, as long as none can."""
        ...

    async def start(self) -> None:
        """Whatever does not start is tried again."""
        ...

    async def open(self) -> PhoneLine:
        """Raises LineUnavailable."""
        ...

    async def close(self) -> None: ...


class Transcribing(Transcriber, Protocol):
    """The transcriber with its figures: how many wait, and how long the last one took from asked to answered."""

    @property
    def waiting(self) -> int: ...

    @property
    def lag_s(self) -> float: ...

    async def close(self) -> None: ...


class Speaking(Speech, Protocol):
    async def start(self) -> None:
        """Gets ready to speak at once."""
        ...


class Parts(msgspec.Struct, frozen=True, kw_only=True):
    """What calls are made of; tests put fakes here."""

    log: EventLog
    lines: Lines
    brain: Callable[[CallRequest], CallBrain]
    recordings: Callable[[], Recordings]
    transcriber: Transcribing
    speech: Speaking
    secrets: Mapping[str, str]
    traces: Traces
    now_iso: Callable[[], str]
    epoch_s: Callable[[], float]
    sleep: Callable[[float], Awaitable[None]]
    nonce: Callable[[int], bytes]


class CallSetup:
    def __init__(
        self, settings: Settings, parts: Parts, guards: Guards, quotas: QuotaLedger, store: StoreHealth, *, address: Callable[[], str]
    ) -> None:
        """``address()`` is where others reach this engine: known once its port is bound."""
        self._settings, self._parts, self._guards, self._quotas, self._store = settings, parts, guards, quotas, store
        self._address = address

    def open_record(self, request: CallRequest) -> CallRecord:
        """Raises EngineUnavailable where the journal cannot be written, BadRequest for a bad key."""
        parts = self._parts
        try:
            sealer = Sealer(request.key, request.call_id, parts.nonce)
        except ValueError as problem:
            raise BadRequest(("personal_data_key", str(problem))) from problem
        header = JournalHeader(call_id=request.call_id, request=request.digest(), engine=self._address())
        try:
            journal = Journal.create(self._settings.journal_dir, header)
        except (FileExistsError, JournalFailed) as problem:
            raise EngineUnavailable("journal", f"the call cannot be recorded: {problem}") from problem
        trace = parts.traces.begin(request.call_id, request.trace_parent)
        return CallRecord(
            journal, parts.log, sealer, actor=request.actor or "call-engine", correlation_id=request.correlation_id or request.call_id,
            now_iso=parts.now_iso, sleep=parts.sleep, store_seen=self._store.seen, trace=trace,
        )  # fmt: skip

    async def admit(self, call: RunningCall, request: CallRequest, *, running: int) -> None:
        """The first event is in the store, and no guard objects. Raises Refused, EngineUnavailable, Superseded."""
        self._write(call, request.requested(self._address()))
        try:
            async with asyncio.timeout(FIRST_EVENT_S):
                await call.record.forwarder.stored_up_to(0)
        except TimeoutError as problem:
            self._refuse(call, Refused("event_store", "the event store does not answer"))
            raise EngineUnavailable("event_store", "the event store does not answer") from problem
        try:
            worst_cost = self._guards.check(
                request.phone_number, running=running, max_call_s=request.plan.limits.max_call_s, device=request.plan.device
            )
            await self._reserve(call, request, worst_cost)
        except Refused as refusal:
            self._refuse(call, refusal)
            raise

    async def _reserve(self, call: RunningCall, request: CallRequest, worst_cost: float) -> None:
        now_s = self._parts.epoch_s()
        wanted = CallReserved(
            call_id=request.call_id, number=request.phone_number, caller=request.actor, engine=self._address(), at_s=now_s,
            until_s=now_s + request.plan.limits.max_call_s + RESERVED_LONGER_S, cost=worst_cost,
        )  # fmt: skip
        call.reserved = True
        try:
            await self._quotas.reserve(wanted)
        except LimitReached:
            call.reserved = False
            raise
        except StoreUnavailable as problem:
            self._refuse(call, Refused("event_store", "the event store does not answer"))
            raise EngineUnavailable("event_store", "the event store does not answer") from problem

    async def release(self, call: RunningCall) -> None:
        """Gives back what the call reserved, once it is over. Raises StoreUnavailable."""
        if call.reserved:
            await self._quotas.release(call.record.state.call_id, cost_of(call.record.journal, self._guards))
            call.reserved = False

    async def dial(self, call: RunningCall, request: CallRequest) -> Session:
        """Raises EngineUnavailable where no line can be had."""
        number = request.phone_number
        target = self._settings.routes.get(number, number)
        try:
            if self._parts.lines.trunk_problem and number not in self._settings.routes:
                raise LineUnavailable(self._parts.lines.trunk_problem)
            line = await self._parts.lines.open()
        except (LineUnavailable, OSError) as problem:
            self._write(call, CallEnded(outcome=CallOutcome.LINE_LOST, reason=f"no line: {problem}"))
            raise EngineUnavailable("line", str(problem)) from problem
        parts = self._parts
        session = Session(
            brain=parts.brain(request), line=line, record=call.record, recordings=parts.recordings(), transcriber=parts.transcriber,
            speech=parts.speech, assets=request.assets, secrets=parts.secrets,
            recordings_dir=self._settings.recordings_dir, check_device=self._guards.check_device, check_digits=self._guards.check_digits,
        )  # fmt: skip
        try:
            await session.start()
        except JournalFailed as problem:
            await line.close()
            raise EngineUnavailable("journal", f"the call cannot be recorded: {problem}") from problem
        await line.dial(target)
        return session

    def check_digits(self, digits: str) -> None:
        """Raises Refused."""
        self._guards.check_digits(digits)

    def check_device(self, device: str) -> None:
        """Raises Refused."""
        self._guards.check_device(device)

    def set_aside(self, journal: Journal) -> None:
        journal.set_aside(self._settings.aside_dir)

    def _refuse(self, call: RunningCall, refusal: Refused) -> None:
        call.refusal = refusal
        self._write(call, CallRefused(rule=refusal.rule, reason=refusal.reason))
        self._write(call, CallEnded(outcome=CallOutcome.REFUSED, reason=refusal.rule))

    def _write(self, call: RunningCall, event: AnyCallEvent) -> None:
        try:
            call.record.write(event)
        except JournalFailed as problem:
            raise EngineUnavailable("journal", f"the call cannot be recorded: {problem}") from problem


def cost_of(journal: Journal, guards: Guards) -> float:
    """What a call that is over came to, by the rates set."""
    return guards.cost(journal.number, journal.length_s) + guards.device_cost(*journal.put_through)


def make_journal_dir(settings: Settings) -> None:
    """Raises OSError."""
    os.makedirs(settings.journal_dir, mode=0o700, exist_ok=True)
