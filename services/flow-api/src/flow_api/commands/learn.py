"""Learn from a call: read its stream, find the flow it belongs to, build or merge. Learning a call twice gives one result."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Literal

import msgspec
from call_contract import call_events
from call_contract.call_events import AnyCallEvent
from call_contract.streams import EventMetadata, call_stream
from event_log.port import EventLog
from event_log.records import RecordedEvent, StreamNotFound

from flow_api.commands.flows import Changed, Flows
from flow_api.commands.handle import FlowCommands, Handled
from flow_api.domain.errors import Conflict, Fault, IllegalNow, Invalid, NotFound, Unavailable
from flow_api.domain.flow import State
from flow_api.domain.flow_events import AnyFlowEvent, CallFlowLearned, CallFlowMerged
from flow_api.domain.lesson import Lesson, belongs_to, decide_lesson, decide_observation, decide_outcome, lesson_of, refuse_unlearnable
from flow_api.domain.record import when
from flow_api.domain.slug import candidates, learned_flow_id
from flow_api.ports import CallEngine, EngineCall, Who

#: How long to wait until the store has all that the engine has journalled of an ended call.
STORE_LAG_MAX_S = 5.0


class Learned(msgspec.Struct, frozen=True, kw_only=True):
    """``result``: created, merged, observed (the same way again) or unchanged (this call was learned before)."""

    changed: Changed
    result: Literal["created", "merged", "observed", "unchanged"]
    reason: str


class Learn:
    """The one serial learner, used by the request and by the reactor."""

    def __init__(self, log: EventLog, engine: CallEngine, commands: FlowCommands, flows: Flows) -> None:
        self._log, self._engine, self._commands, self._flows = log, engine, commands, flows
        self._serial = asyncio.Lock()

    async def from_call(self, call_id: str, who: Who, *, phone_number: str | None = None, company: str | None = None) -> Learned:
        """Raises NotFound (no such call), IllegalNow (still running), Invalid (nothing learnable, or the call went to another number)."""
        lesson = await self.lesson(call_id)
        if phone_number is not None and phone_number != lesson.phone_number:
            raise Invalid([Fault("$.phone_number", f"call {call_id} went to {lesson.phone_number}")])
        if company:
            lesson = msgspec.structs.replace(lesson, company=company)
        return await self.from_lesson(lesson, who)

    async def from_lesson(self, lesson: Lesson, who: Who) -> Learned:
        refuse_unlearnable(lesson)
        who = msgspec.structs.replace(who, causation_id=call_stream(lesson.call_id))
        async with self._serial:
            for flow_id in self._places(lesson):
                handled = await self._try(flow_id, lesson, who)
                if handled is not None:
                    return _learned(await self._flows.shown(handled), handled, lesson)
        raise Conflict(f"Every id for what {lesson.phone_number} taught is taken by another flow.")

    async def outcome(self, lesson: Lesson, who: Who) -> None:
        """Count the outcome of a followed call, once. Nothing to do where the call followed no stored flow."""
        if lesson.flow_id is not None:
            who = msgspec.structs.replace(who, causation_id=call_stream(lesson.call_id))
            await self._commands.handle(lesson.flow_id, lambda state: decide_outcome(lesson, state), who)

    async def observe(self, lesson: Lesson, who: Who) -> None:
        """Add what a followed call found to what is known of its flow, once, without a new version."""
        if lesson.flow_id is not None:
            who = msgspec.structs.replace(who, causation_id=call_stream(lesson.call_id))
            async with self._serial:
                await self._commands.handle(lesson.flow_id, lambda state: decide_observation(lesson, state), who)

    async def lesson(self, call_id: str, *, asking_engine: bool = True) -> Lesson:
        """What the ended call has to teach, as soon as the store has all of it (whoever has read its CallEnded need not ask)."""
        known = await self._engine_call(call_id) if asking_engine else None
        if known is not None and not known.is_over:
            raise IllegalNow(f"Call {call_id} is still running ({known.state}).")
        stored = await self._stored(call_id, known.last_ordinal if known is not None else -1)
        if not stored:
            raise NotFound(f"There is no call {call_id}.")
        made_at = when(msgspec.json.decode(stored[0].metadata, type=EventMetadata).recorded_at)
        lesson = lesson_of(call_id, _bodies(stored), made_at)
        if lesson is None:
            raise IllegalNow(f"Call {call_id} is still running.")
        return lesson

    async def _engine_call(self, call_id: str) -> EngineCall | None:
        try:
            return await self._engine.get(call_id)
        except (NotFound, Unavailable):
            return None  # the engine forgets old calls, and the store knows them all

    async def _stored(self, call_id: str, last_ordinal: int) -> Sequence[RecordedEvent]:
        events = await self._read(call_id)
        if len(events) <= last_ordinal:
            await self._wait_for(call_id, last_ordinal)
            events = await self._read(call_id)
        return events

    async def _read(self, call_id: str) -> Sequence[RecordedEvent]:
        try:
            return await self._log.read(call_stream(call_id))
        except StreamNotFound:
            return []

    async def _wait_for(self, call_id: str, ordinal: int) -> None:
        try:
            async with asyncio.timeout(STORE_LAG_MAX_S):
                async for item in self._log.subscribe_stream(call_stream(call_id)):
                    if isinstance(item, RecordedEvent) and item.revision >= ordinal:
                        return
        except TimeoutError:
            raise Unavailable("event_store", f"it does not have all of call {call_id} yet; try again") from None

    def _places(self, lesson: Lesson) -> list[str]:
        """Where the lesson may belong, best first: the flow that was followed, then the id made of number and intent."""
        followed = [lesson.flow_id] if lesson.flow_id is not None and lesson.mode == "follow" else []
        return [*followed, *candidates(learned_flow_id(lesson.phone_number, lesson.intent), most=20)]

    async def _try(self, flow_id: str, lesson: Lesson, who: Who) -> Handled | None:
        """None where another flow lives under this id."""
        elsewhere = False

        def decision(state: State) -> list[AnyFlowEvent]:
            nonlocal elsewhere
            elsewhere = state.flow is not None and not belongs_to(lesson, state.flow)
            return [] if elsewhere else decide_lesson(lesson, flow_id, state)

        handled = await self._commands.handle(flow_id, decision, who)
        return None if elsewhere else handled


def _bodies(stored: Sequence[RecordedEvent]) -> list[AnyCallEvent | None]:
    return [call_events.decode(event.type, event.data) for event in stored]  # type: ignore[misc]


def _learned(changed: Changed, handled: Handled, lesson: Lesson) -> Learned:
    match handled.events[:1]:
        case []:
            return Learned(changed=changed, result="unchanged", reason=f"call {lesson.call_id} was learned before")
        case [CallFlowLearned()]:
            return Learned(changed=changed, result="created", reason="no flow was known for this number and intent")
        case [CallFlowMerged(changes=changes)]:
            return Learned(changed=changed, result="merged", reason="; ".join(changes))
        case _:
            return Learned(changed=changed, result="observed", reason="the call found the same way; only its timing and evidence are new")
