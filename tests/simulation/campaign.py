"""The life of one generated company with us: explored until learned, followed, changed, followed and repaired. Every claim checked."""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Callable, Sequence

import msgspec
from call_contract import call_events
from call_contract.call_events import AnyCallEvent, CallOutcome, CallRequested, DigitsSent, DriftFound, UtteranceHeard
from call_contract.discoveries import Discovery
from call_contract.flows import CallFlow, CallFlowStepType
from call_engine.core.plan import Explore, Follow, Plan
from call_engine.core.understanding.choice import Similarity
from flow_api.domain.call import evolve_call
from flow_api.domain.call_flow_learner import CallFlowLearner
from flow_api.domain.lesson import LEARNABLE
from ivr_sim import drift
from ivr_sim.channel import ChannelKind
from ivr_sim.confusions import PERFECT, Confusions
from ivr_sim.playout import Speaks
from ivr_sim.world import World

from tests.support.sound_line import sound_lines
from tests.support.virtual_call import CallRecord, VirtualCall

EXPLORATIONS_MAX = 3
AT = dt.datetime(2026, 3, 2, 10, tzinfo=dt.UTC)

MakeCall = Callable[[World, Plan, str], CallRecord]


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """Enough to do it again: ``python -m tests.simulation --n 1 --seed SEED --show``."""

    seed: int
    phase: str
    why: str
    outcome: str = ""
    traits: tuple[str, ...] = ()
    transcript: tuple[str, ...] = ()


class Report(msgspec.Struct, kw_only=True):
    """What became of one world. None: the question did not arise."""

    seed: int
    calls: int = 0
    call_s: float = 0.0
    ending_right: bool | None = None
    reached_first: bool | None = None
    reached: bool | None = None
    flow_right: bool | None = None
    reproduced: bool | None = None
    closed_told: bool | None = None  #: out of hours: the call said so, and the flow was none the worse for it
    drift_kind: str = ""
    drift_reported: bool | None = None
    drift_repaired: bool | None = None
    relearned: bool | None = None
    transcriptions_before_hold: int | None = None
    decision_ms: int | None = None  #: following: the longest from a prompt that was recognised (and was due to be answered) to the key
    failures: list[Failure] = []


class Campaign:
    """``make_call`` decides the depth: word level or audio level. Without ``drifting`` the company stays as it is."""

    def __init__(self, world: World, make_call: MakeCall, *, drifting: bool = True) -> None:
        self._drifting = drifting
        self._world = world
        self._make_call = make_call
        self._learner = CallFlowLearner()
        self._found: set[str] = set()  #: kinds of discoveries made while exploring
        self.report = Report(seed=world.seed)

    def run(self) -> Report:
        if self._world.ending != "human":
            self._meet_ending()
            return self.report
        flow = self._explore()
        if flow is None:
            return self.report
        if self._world.one_way:
            self._check_flow(flow, self._world, "learn")
        flow = self._follow(flow)
        if flow is not None and self._world.script.closed_start:
            flow = self._call_when_closed(flow)
        if not (self._world.one_way and self._drifting):
            return self.report
        kind = drift.KINDS[self._world.seed % len(drift.KINDS)]
        changed = drift.drift(self._world, kind, self._world.seed)
        if flow is not None and changed is not None:
            self._follow_changed(flow, changed, kind)
        return self.report

    # --- phases ---

    def _meet_ending(self) -> None:
        """Nobody can be reached here: a call must end by saying why. One that took another key than the right one says nothing yet."""
        world, flow = self._world, None
        for number in range(1, EXPLORATIONS_MAX + 1):
            goal = Explore(phone_number=world.script.number, intent=world.intent, company=world.script.name, known_flow=flow)
            call = self._call(world, Plan(goal=goal), f"ending-{number}")
            flow = self._learn(flow, call, f"{world.seed}-ending-{number}")
            self.report.ending_right = _outcome(call) in world.ending.split()
            if self.report.ending_right or call.keys == world.digits:
                break
        if not self.report.ending_right:
            self._fail("ending", f"took {call.keys!r} of {world.digits!r} and should have ended {world.ending}", call)

    def _explore(self) -> CallFlow | None:
        world, flow = self._world, None
        for number in range(1, EXPLORATIONS_MAX + 1):
            goal = Explore(phone_number=world.script.number, intent=world.intent, company=world.script.name, known_flow=flow)
            call = self._call(world, Plan(goal=goal), f"explore-{number}")
            flow = self._learn(flow, call, f"{world.seed}-explore-{number}")
            self._found |= _kinds(call)
            if world.target in call.path and _outcome(call) == CallOutcome.BRIDGED:
                self.report.reached = True
                self.report.reached_first = number == 1
                return flow
        self.report.reached = self.report.reached_first = False
        self._fail(f"explore-{number}", f"target not reached in {number} calls, took {call.keys!r} instead of {world.digits!r}", call)
        return None

    def _follow(self, flow: CallFlow) -> CallFlow | None:
        call = self._call(self._world, Plan(goal=Follow(flow=flow, intent=self._world.intent)), "follow")
        ended = call.ended
        there = self._world.target in call.path and not call.of(DriftFound)
        self.report.decision_ms = longest_decision_ms(call)
        right = there and (call.keys == self._world.digits or not self._world.one_way)
        self.report.reproduced = right
        self.report.transcriptions_before_hold = ended.transcriptions_before_hold if ended else None
        if not right:
            found = " and reported a drift" if call.of(DriftFound) else ""
            self._fail("follow", f"pressed {call.keys!r}{found}, the way is {self._world.digits!r}", call)
            return None
        merged = self._learn(flow, call, f"{self._world.seed}-follow")
        if merged is not None and merged.version != flow.version and _kinds(call) <= self._found:
            self._fail("follow", f"a call that found nothing new made version {merged.version}", call)
        return merged

    def _call_when_closed(self, flow: CallFlow) -> CallFlow | None:
        """Out of hours the call ends by saying so, the flow learns it, and the way in the day stays what it is."""
        shut, intent = msgspec.structs.replace(self._world, closed=True), self._world.intent
        call = self._call(shut, Plan(goal=Follow(flow=flow, intent=intent)), "closed")
        self.report.closed_told = _outcome(call) == CallOutcome.CLOSED
        if not self.report.closed_told:
            self._fail("closed", "it was closed, and the call did not say so", call)
        merged = self._learn(flow, call, f"{self._world.seed}-closed") or flow
        again = self._call(self._world, Plan(goal=Follow(flow=merged, intent=intent)), "open-again")
        if self._world.target not in again.path or (again.keys != self._world.digits and self._world.one_way) or again.of(DriftFound):
            self.report.closed_told = False
            self._fail("open-again", f"pressed {again.keys!r}, the way is {self._world.digits!r}", again)
            return None
        return merged

    def _follow_changed(self, flow: CallFlow, changed: World, kind: str) -> None:
        report = self.report
        report.drift_kind = kind
        call = self._call(changed, Plan(goal=Follow(flow=flow, intent=changed.intent)), kind)
        reached = changed.target in call.path and _outcome(call) == CallOutcome.BRIDGED
        if kind in drift.CHANGING_THE_WAY:
            report.drift_reported = bool(call.of(DriftFound))
            report.drift_repaired = reached
            if not report.drift_reported:
                self._fail(kind, "the change was not reported", call)
        if not reached:
            self._fail(kind, f"not reached after the change: took {call.keys!r}, the way is {changed.digits!r}", call)
            return
        merged = self._learn(flow, call, f"{changed.seed}-{kind}")
        if merged is not None:
            again = self._call(changed, Plan(goal=Follow(flow=merged, intent=changed.intent)), f"{kind}-again")
            report.relearned = changed.target in again.path and again.keys == changed.digits
            if not report.relearned:
                self._fail(f"{kind}-again", f"took {again.keys!r}, the way is {changed.digits!r}", again)

    # --- parts ---

    def _call(self, world: World, plan: Plan, phase: str) -> CallRecord:
        call = self._make_call(world, plan, f"{world.seed}-{phase}")
        self.report.calls += 1
        self.report.call_s += call.call_s
        if call.ended is None:
            self._fail(phase, "the call has no end", call)
        elif not _replays(call.events, plan):
            self._fail(phase, "the events do not replay", call)
        return call

    def _learn(self, flow: CallFlow | None, call: CallRecord, call_id: str) -> CallFlow | None:
        found = discoveries_of(call.events)
        if not any(discovery.type in LEARNABLE for discovery in found):
            return flow
        if flow is None:
            script = self._world.script
            return self._learner.build_flow(found, script.number, script.name, self._world.intent, call_id=call_id, at=AT)
        return self._learner.merge_discoveries(flow, found, call_id=call_id, at=AT)

    def _check_flow(self, flow: CallFlow, world: World, phase: str) -> None:
        learned = "".join(main_path_digits(flow))
        self.report.flow_right = learned == world.digits
        if not self.report.flow_right:
            self._fail(phase, f"learned {learned!r}, the way is {world.digits!r}", None)

    def _fail(self, phase: str, why: str, call: CallRecord | None) -> None:
        outcome = f"{call.ended.outcome}: {call.ended.reason}" if call and call.ended else ""
        transcript = call.transcript if call else ()
        failure = Failure(
            seed=self._world.seed, phase=phase, why=why, outcome=outcome, traits=self._world.traits, transcript=transcript
        )  # fmt: skip
        self.report.failures = [*self.report.failures, failure]


def word_level(similarity: Similarity, confusions: Confusions = PERFECT, tick_ms: int = 20) -> MakeCall:
    def make_call(world: World, plan: Plan, call_id: str) -> CallRecord:
        return VirtualCall(world, plan, similarity, call_id=call_id, confusions=confusions, tick_ms=tick_ms).run()

    return make_call


def audio_level(similarity: Similarity, voices: Speaks, kind: ChannelKind, confusions: Confusions = PERFECT) -> MakeCall:
    def make_call(world: World, plan: Plan, call_id: str) -> CallRecord:
        lines = sound_lines(voices, kind, zlib.crc32(call_id.encode()))
        return VirtualCall(world, plan, similarity, call_id=call_id, confusions=confusions, open_line=lines).run()

    return make_call


def discoveries_of(events: Sequence[AnyCallEvent]) -> list[Discovery]:
    return [event.discovery for event in events if isinstance(event, call_events.DiscoveryMade)]


def longest_decision_ms(call: CallRecord) -> int | None:
    """From when a prompt recognised by its sound was to be answered to the key, over the steps that needed no words."""
    times = [
        event.at_ms - event.prompt_end_ms
        for event in call.events
        if isinstance(event, DigitsSent) and event.prompt_end_ms is not None and not _heard_at(call, event.prompt_end_ms)
    ]
    return max(times, default=None)


def _heard_at(call: CallRecord, ms: int) -> bool:
    """Whether a turn of words ended there: then the silence after it had to be waited for."""
    return any(isinstance(event, UtteranceHeard) and event.end_ms == ms for event in call.events)


def _kinds(call: CallRecord) -> set[str]:
    return {str(discovery.type) for discovery in discoveries_of(call.events)}


def main_path_digits(flow: CallFlow) -> list[str]:
    """The keys of the flow's main path, step by step."""
    steps = {step.id: step for step in flow.steps}
    digits: list[str] = []
    step, seen = (flow.steps[0] if flow.steps else None), set[str]()
    while step is not None and step.id not in seen:
        seen.add(step.id)
        if step.dtmf and step.type in (CallFlowStepType.LISTEN, CallFlowStepType.DTMF):
            digits.append(step.dtmf)
        step = steps.get(step.next_step or "")
    return digits


def _outcome(call: CallRecord) -> CallOutcome | None:
    return call.ended.outcome if call.ended else None


def _replays(events: Sequence[AnyCallEvent], plan: Plan) -> bool:
    """Each event comes back from its bytes as it was, and folding them gives a call that has ended the way it says."""
    requested = CallRequested(call_id="c", mode="explore", phone_number="+1", engine="e")
    state = None
    for ordinal, event in enumerate([requested, *events]):
        again = call_events.decode(call_events.event_type(event), call_events.encode(event))
        if again != event:
            return False
        state = evolve_call(state, again, call_id="c", ordinal=ordinal, at=AT)  # type: ignore[arg-type]
    ended = events[-1] if events else None
    return state is not None and state.state == "ended" and isinstance(ended, call_events.CallEnded) and state.outcome == str(ended.outcome)
