"""Start and steer calls. Whether to explore or to follow is chosen from what is known of the number, and the choice says why."""

from __future__ import annotations

import msgspec
from call_contract.flows import CallFlow
from event_log.port import EventLog

from flow_api.commands.audio_folder import AudioFolder
from flow_api.commands.flows import Flows
from flow_api.domain.call import Call
from flow_api.domain.errors import Fault, Invalid, NotFound, Unavailable
from flow_api.domain.flow import Flow, call_flow
from flow_api.domain.learning.phone_tree import unknown_options
from flow_api.domain.record import when
from flow_api.domain.requests import CallRequest
from flow_api.ports import CallEngine, CallOrder, Clock, EngineCall, PersonalDataKeys, Who
from flow_api.projections.read_model import ReadModel
from flow_api.projections.subscription import ReadModelUpdates


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    flow: Flow | None
    phone_number: str
    why: str


class StartedCall(msgspec.Struct, frozen=True, kw_only=True):
    call: Call
    why: str
    applied: bool


class Calls:
    """The commands on calls."""

    def __init__(
        self, *, engine: CallEngine, log: EventLog, flows: Flows, reads: ReadModel, updates: ReadModelUpdates, keys: PersonalDataKeys,
        clock: Clock, audio: AudioFolder,
    ) -> None:  # fmt: skip
        self._engine, self._log, self._flows, self._reads, self._updates = engine, log, flows, reads, updates
        self._keys, self._clock, self._audio = keys, clock, audio

    async def start(self, call_id: str, request: CallRequest, who: Who) -> StartedCall:
        """Raises what CallEngine.start raises, NotFound (no such flow), Invalid, StoreUnavailable (nothing is started)."""
        await self._log.head_position()
        chosen = await self._choose(request)
        engine_call = await self._engine.start(self._order(call_id, request, chosen, who))
        applied = await self._updates.wait_until(lambda: self._reads.call(call_id) is not None)
        call = self._reads.call(call_id) or self._not_yet_stored(engine_call, request, chosen)
        return StartedCall(call=call, why=chosen.why, applied=applied)

    async def get(self, call_id: str) -> Call:
        """The call, with what the engine knows beyond the store. Raises NotFound."""
        call = self._reads.call(call_id)
        if call is not None and call.state == "ended":
            return call
        try:
            return await self._after(await self._engine.get(call_id))
        except (NotFound, Unavailable):
            if call is None:
                raise
            return call

    async def end(self, call_id: str, who: Who) -> Call:
        """End the call. Ending an ended call is not an error."""
        call = self._reads.call(call_id)
        if call is not None and call.state == "ended":
            return call
        return await self._after(await self._engine.end(call_id, reason="cancelled by the caller", actor=who.actor))

    async def send_digits(self, call_id: str, digits: str, who: Who) -> Call:
        return await self._after(await self._engine.send_digits(call_id, digits, actor=who.actor))

    async def transfer(self, call_id: str, device: str, who: Who) -> Call:
        return await self._after(await self._engine.transfer(call_id, device, actor=who.actor))

    async def forget_personal_data(self, call_id: str) -> Call:
        """What live humans said on the call is unreadable from now on; the file of a recorded conversation, which the call names, is not.
        Raises NotFound, also where the key is kept by another service."""
        call = await self.get(call_id)
        if not self._keys.forget(call_id) and not self._keys.is_forgotten(call_id):
            raise NotFound(f"No key of call {call_id} is kept here; ask the service that started it.")
        return call

    async def _after(self, engine_call: EngineCall) -> Call:
        ordinal = engine_call.last_ordinal

        def shown() -> bool:
            call = self._reads.call(engine_call.call_id)
            return call is not None and call.last_ordinal >= ordinal

        await self._updates.wait_until(shown)
        call = self._reads.call(engine_call.call_id)
        return as_the_engine_knows(call, engine_call) if call else self._not_yet_stored(engine_call, CallRequest(), None)

    async def _choose(self, request: CallRequest) -> Chosen:
        if request.flow_id is not None:
            flow, _ = await self._flows.present(request.flow_id)
            return (
                self._following(flow, request, f"the flow {flow.id} was asked for")
                if request.mode != "explore"
                else self._exploring(request, _number(request, flow))
            )
        number = _number(request, None)
        if request.mode == "explore":
            return self._exploring(request, number)
        await self._updates.whole()
        row = self._reads.flow_for(number, request.intent)
        if row is not None:
            flow, _ = await self._flows.present(row.flow.id)
            return self._following(flow, request, f"the flow {flow.id} is known for this number and intent")
        if request.mode == "follow":
            raise NotFound(f"No flow is known for {number} and this intent; explore it first.")
        return Chosen(flow=None, phone_number=number, why="no flow is known for this number and intent")

    def _exploring(self, request: CallRequest, number: str) -> Chosen:
        """What earlier calls know of the menus goes along: the call looks at what they do not know."""
        row = self._reads.flow_for(number, request.intent)
        left = unknown_options(row.flow.content.steps) if row is not None else None
        known = "" if left is None else f"; {left} options are not known yet" if left else "; every option that was heard is known"
        return Chosen(flow=None, phone_number=number, why=f"an exploration was asked for{known}")

    def _following(self, flow: Flow, request: CallRequest, why: str) -> Chosen:
        if not flow.content.steps:
            raise Invalid([Fault("$.flow_id", f"the flow {flow.id} has no steps to follow")])
        return Chosen(flow=flow, phone_number=_number(request, flow), why=why)

    def _order(self, call_id: str, request: CallRequest, chosen: Chosen, who: Who) -> CallOrder:
        known = None
        if chosen.flow is None:
            row = self._reads.flow_for(chosen.phone_number, request.intent)
            known = call_flow(row.flow) if row else None
        flow = chosen.flow
        intent = request.intent or (flow.intent or "" if flow else "")
        company = request.company or (flow.content.company or "" if flow else "")
        return CallOrder(
            call_id=call_id, phone_number=chosen.phone_number, intent=intent, company=company, language=request.language,
            flow=_dialled(flow, chosen.phone_number) if flow else None, known_flow=known,
            audio_files=self._audio.files_of(flow) if flow else {}, device=request.device, ring_early=request.ring_early,
            accept_callback=request.accept_callback, record_conversation=request.record_conversation,
            limits=request.limits, personal_data_key=self._keys.make(call_id), actor=who.actor, correlation_id=who.correlation_id,
            trace_parent=who.trace_parent,
        )  # fmt: skip

    def _not_yet_stored(self, engine_call: EngineCall, request: CallRequest, chosen: Chosen | None) -> Call:
        flow = chosen.flow if chosen else None
        started_at = when(engine_call.started_at) if engine_call.started_at else self._clock.now()
        return Call(
            id=engine_call.call_id, state=engine_call.state or "requested", mode=engine_call.mode,
            phone_number=engine_call.phone_number, intent=request.intent, company=request.company,
            flow_id=engine_call.flow_id or None, flow_version=flow.version if flow else None, device=request.device,
            started_at=started_at, ended_at=when(engine_call.ended_at) if engine_call.ended_at else None,
            outcome=engine_call.outcome or None, reason=engine_call.reason or None, last_ordinal=engine_call.last_ordinal,
        )  # fmt: skip


def as_the_engine_knows(call: Call, engine_call: EngineCall) -> Call:
    """The stored call, carried on to what the engine says where the store does not have that yet."""
    if call.last_ordinal >= engine_call.last_ordinal:
        return call
    return msgspec.structs.replace(
        call, state=engine_call.state or call.state, outcome=engine_call.outcome or call.outcome, reason=engine_call.reason or call.reason,
        ended_at=when(engine_call.ended_at) if engine_call.ended_at else call.ended_at, last_ordinal=engine_call.last_ordinal,
    )  # fmt: skip


def _dialled(flow: Flow, phone_number: str) -> CallFlow:
    """The flow as it is to be followed: the number that was asked for wins over its own."""
    return msgspec.structs.replace(call_flow(flow), phone_number=phone_number)


def _number(request: CallRequest, flow: Flow | None) -> str:
    number = request.phone_number or (flow.content.phone_number if flow else None)
    if number is None:
        raise Invalid([Fault("$.phone_number", "is required" if flow is None else f"is required, the flow {flow.id} has none")])
    return number
