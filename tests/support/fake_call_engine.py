"""A CallEngine that behaves: calls have streams, events are appended in order, ended calls stay ended. Scripts say what a call meets."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Sequence

import msgspec
from call_contract import call_events as ev
from call_contract.discoveries import Discovery, DiscoveryType, HeardOption
from call_contract.streams import EventMetadata, call_stream, event_id
from event_log.port import EventLog
from event_log.records import NewEvent
from flow_api.domain.errors import Conflict, IllegalNow, NotFound, Refused, Unavailable
from flow_api.ports import CallOrder, EngineCall, Meter, WatchedEvent

START = dt.datetime(2026, 3, 1, 9, tzinfo=dt.UTC)


def menu(at_ms: int, transcript: str, digit: str, label: str) -> ev.DiscoveryMade:
    discovery = Discovery(
        type=DiscoveryType.IVR_MENU, transcript=transcript, dtmf_sent=digit, options=[HeardOption(digits=digit, label=label)],
        chosen_label=label, at_ms=at_ms, pressed_after_ms=4_000, reacted=True,
    )  # fmt: skip
    return ev.DiscoveryMade(at_ms=at_ms, discovery=discovery)


def bank() -> list[ev.CallEvent]:
    """The spec's example as a call meets it: 3, then 1, hold, a human, bridged."""
    return [
        ev.CallDialled(at_ms=0, target="sip:bank"),
        ev.CallAnswered(at_ms=2_000, codec="PCMU"),
        ev.DiscoveryMade(at_ms=2_000, discovery=Discovery(type=DiscoveryType.WAIT, duration=3.0, at_ms=2_000)),
        menu(5_000, "For billing press 1. For account services press 3.", "3", "account services"),
        ev.DigitsSent(at_ms=9_000, digits="3"),
        menu(12_000, "For disputes press 1. For statements press 2.", "1", "disputes"),
        ev.DigitsSent(at_ms=16_000, digits="1"),
        ev.HoldStarted(at_ms=18_000),
        ev.DiscoveryMade(at_ms=18_000, discovery=Discovery(type=DiscoveryType.HOLD, duration=60.0, at_ms=18_000)),
        ev.HumanDetected(at_ms=78_000, posterior=0.99, sealed="c2VhbGVk"),
        ev.DiscoveryMade(at_ms=78_000, discovery=Discovery(type=DiscoveryType.HUMAN_DETECTED, at_ms=78_000)),
        ev.CallBridged(at_ms=80_000, device="phone", latency_ms=120),
        ev.CallEnded(
            at_ms=90_000, outcome=ev.CallOutcome.BRIDGED, reason="the call was bridged", ms_to_hold=18_000, ms_to_human=78_000,
            hold_ms=60_000, digits="31",
        ),
    ]  # fmt: skip


def shut() -> list[ev.CallEvent]:
    closed = Discovery(type=DiscoveryType.CLOSED, transcript="Our offices are currently closed.", at_ms=2_000)
    return [
        ev.CallDialled(target="sip:x"), ev.CallAnswered(at_ms=1_000), ev.DiscoveryMade(at_ms=2_000, discovery=closed),
        ev.CallEnded(at_ms=9_000, outcome=ev.CallOutcome.CLOSED, reason="the company is closed"),
    ]  # fmt: skip


def busy() -> list[ev.CallEvent]:
    return [ev.CallDialled(target="sip:x"), ev.CallEnded(at_ms=100, outcome=ev.CallOutcome.BUSY, reason="busy", sip_code=486)]


class _FakeCall:
    def __init__(self, order: CallOrder) -> None:
        self.order = order
        self.events: list[ev.CallEvent] = []
        self.changed = asyncio.Event()

    @property
    def is_over(self) -> bool:
        return any(isinstance(event, ev.CallEnded) for event in self.events)


class FakeCallEngine:
    """``script`` is what the next call will meet; with ``hold_at`` a call stops before that many scripted events until ``go_on``."""

    def __init__(self, log: EventLog, address: str = "fake:1") -> None:
        self._log, self.address = log, address
        self.calls: dict[str, _FakeCall] = {}
        self.script: Sequence[ev.CallEvent] = ()
        self.refuse: str | None = None
        self.away = False
        self.draining = asyncio.Event()
        self.lines_trouble = ""

    # What only a test does.

    async def meet(self, call_id: str, *events: ev.CallEvent) -> None:
        """The call meets these events."""
        call = self.calls[call_id]
        for event in events:
            await self._append(call, event)

    async def drain(self) -> None:
        """Running calls go on, and no new one is taken."""
        self.draining.set()

    # What every engine does.

    async def start(self, order: CallOrder) -> EngineCall:
        self._reachable()
        known = self.calls.get(order.call_id)
        if known is not None:
            if known.order != msgspec.structs.replace(order, trace_parent=known.order.trace_parent):
                raise Conflict("same call id, another plan")
            return self._view(known)
        if self.refuse is not None:
            raise Refused(self.refuse)
        call = self.calls[order.call_id] = _FakeCall(order)
        flow = order.flow
        requested = ev.CallRequested(
            call_id=order.call_id, mode="follow" if flow else "explore", phone_number=order.phone_number, engine=self.address,
            intent=order.intent, company=order.company, flow_id=flow.id if flow else "", flow_version=flow.version if flow else 0,
            device=order.device, limits=order.limits,
        )  # fmt: skip
        await self.meet(order.call_id, requested, *self.script)
        return self._view(call)

    async def get(self, call_id: str) -> EngineCall:
        return self._view(self._call(call_id))

    async def watch(self, call_id: str, from_ordinal: int, *, meters: bool = False) -> AsyncIterator[WatchedEvent | Meter]:
        call, ordinal = self._call(call_id), from_ordinal
        while True:
            changed = call.changed
            while ordinal < len(call.events):
                event = call.events[ordinal]
                yield WatchedEvent(
                    ordinal=ordinal, type=ev.event_type(event), body=msgspec.json.decode(ev.encode(event)), recorded_at=_at(ordinal)
                )
                ordinal += 1
                if isinstance(event, ev.CallEnded):
                    return
            if meters:
                yield Meter(at_ms=0, level_dbm0=-20.0, label="music", human_posterior=0.01)
            await changed.wait()
            self._reachable()

    async def end(self, call_id: str, *, reason: str, actor: str) -> EngineCall:
        call = self._call(call_id)
        if not call.is_over:
            ended = ev.CallEnded(at_ms=1, outcome=ev.CallOutcome.CANCELLED, reason=reason)
            await self.meet(call_id, ev.EndOrdered(reason=reason, by=actor), ended)
        return self._view(call)

    async def send_digits(self, call_id: str, digits: str, *, actor: str) -> EngineCall:
        call = self._running(call_id)
        await self.meet(call_id, ev.DigitsOrdered(digits=digits, by=actor), ev.DigitsSent(digits=digits))
        return self._view(call)

    async def transfer(self, call_id: str, device: str, *, actor: str) -> EngineCall:
        call = self._running(call_id)
        await self.meet(call_id, ev.TransferOrdered(device=device, by=actor), ev.TransferStarted(device=device, reason="ordered"))
        return self._view(call)

    async def check(self) -> None:
        self._reachable()
        if self.draining.is_set():
            raise Unavailable("call_engine", "the engine is draining")
        if self.lines_trouble:
            raise Unavailable("call_engine", self.lines_trouble)

    async def close(self) -> None:
        self.away = True

    def _reachable(self) -> None:
        if self.away:
            raise Unavailable("call_engine", "the fake engine is away")

    def _call(self, call_id: str) -> _FakeCall:
        self._reachable()
        if call_id not in self.calls:
            raise NotFound(f"no such call: {call_id}")
        return self.calls[call_id]

    def _running(self, call_id: str) -> _FakeCall:
        call = self._call(call_id)
        if call.is_over:
            raise IllegalNow("the call is over")
        if self.refuse is not None:
            raise Refused(self.refuse)
        return call

    async def _append(self, call: _FakeCall, event: ev.CallEvent) -> None:
        stream, ordinal = call_stream(call.order.call_id), len(call.events)
        metadata = EventMetadata(schema=ev.CALL_EVENT_SCHEMA, actor=call.order.actor or "engine", recorded_at=_at(ordinal))
        new = NewEvent(
            id=event_id(stream, "call", ordinal), type=ev.event_type(event), data=ev.encode(event), metadata=msgspec.json.encode(metadata)
        )
        await self._log.append(stream, [new], expected=ordinal - 1)
        call.events.append(event)
        changed, call.changed = call.changed, asyncio.Event()
        changed.set()

    def _view(self, call: _FakeCall) -> EngineCall:
        ended = next((event for event in call.events if isinstance(event, ev.CallEnded)), None)
        return EngineCall(
            call_id=call.order.call_id, state="ended" if ended else "walking", mode="follow" if call.order.flow else "explore",
            phone_number=call.order.phone_number, flow_id=call.order.flow.id if call.order.flow else "",
            last_ordinal=len(call.events) - 1, stored_ordinal=len(call.events) - 1, outcome=str(ended.outcome) if ended else "",
            reason=ended.reason if ended else "", started_at=_at(0), ended_at=_at(len(call.events) - 1) if ended else "",
            engine=self.address,
        )  # fmt: skip


def _at(ordinal: int) -> str:
    return (START + dt.timedelta(seconds=ordinal)).isoformat()
