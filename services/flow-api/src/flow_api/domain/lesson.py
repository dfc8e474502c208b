"""A lesson is what one ended call has to teach: its discoveries, and how it ended. ``decide_lesson`` turns it into flow events."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Literal

import msgspec
from call_contract.call_events import (
    AnyCallEvent,
    CallEnded,
    CallOutcome,
    CallRequested,
    DiscoveryMade,
    HumanDetected,
    TransferOrdered,
)
from call_contract.discoveries import DiscoveryType

from flow_api.domain.call_flow_learner import CallFlowLearner, ChangeKind, LearnedChange, change_between
from flow_api.domain.errors import Fault, Invalid
from flow_api.domain.flow import Flow, State, call_flow, content_of
from flow_api.domain.flow_events import (
    AnyFlowEvent,
    CallFlowLearned,
    CallFlowMerged,
    CallFlowObserved,
    CallOutcomeRecorded,
    FlowContent,
)
from flow_api.domain.slug import intent_key
from flow_api.domain.validation import check

Result = Literal["success", "failure", "neutral"]

#: Discoveries that say something about the way through the menus.
LEARNABLE = frozenset({DiscoveryType.IVR_MENU, DiscoveryType.HOLD, DiscoveryType.HUMAN_DETECTED, DiscoveryType.DTMF})
#: Discoveries that say when a known way leads nowhere.
ENDS_A_WAY = frozenset({DiscoveryType.CLOSED, DiscoveryType.VOICEMAIL})

REACHED = frozenset({CallOutcome.BRIDGED, CallOutcome.REACHED, CallOutcome.HUMAN_NOT_BRIDGED, CallOutcome.CALLBACK_ACCEPTED})
LED_ASTRAY = frozenset({
    CallOutcome.NO_WAY, CallOutcome.STUCK, CallOutcome.DRIFTED, CallOutcome.TIMED_OUT, CallOutcome.DISCONNECTED,
    CallOutcome.NEEDS_DATA, CallOutcome.NEEDS_SPEECH, CallOutcome.NO_AUDIO,
})  # fmt: skip

#: Broken off on our side: what was found is worth learning, that nobody was reached says nothing.
BROKEN_OFF = frozenset({CallOutcome.ENGINE_LOST, CallOutcome.LINE_LOST, CallOutcome.CANCELLED})


class Lesson(msgspec.Struct, frozen=True, kw_only=True):
    """``discoveries`` are plain JSON objects, as the learner takes them. ``taken_over``: somebody had the call put through before a human
    was heard.
    """

    call_id: str
    mode: str
    phone_number: str
    company: str | None
    intent: str
    flow_id: str | None
    flow_version: int
    outcome: str
    steps_drifted: int
    at: dt.datetime
    discoveries: list[dict[str, Any]]
    taken_over: bool = False

    @property
    def result(self) -> Result:
        """What the outcome says about the flow: busy or cancelled, for one, say nothing."""
        if self.taken_over:
            return "neutral"
        return "success" if self.outcome in REACHED else "failure" if self.outcome in LED_ASTRAY else "neutral"


def lesson_of(call_id: str, events: Sequence[AnyCallEvent | None], made_at: dt.datetime) -> Lesson | None:
    """The lesson of a call's whole stream, or None if the call has not ended. ``made_at``: when it was asked for."""
    requested = next((event for event in events if isinstance(event, CallRequested)), None)
    ended = next((event for event in events if isinstance(event, CallEnded)), None)
    if requested is None or ended is None:
        return None
    return Lesson(
        call_id=call_id, mode=requested.mode, phone_number=requested.phone_number, company=requested.company or None,
        intent=requested.intent, flow_id=requested.flow_id or None, flow_version=requested.flow_version, outcome=str(ended.outcome),
        steps_drifted=ended.steps_drifted, at=made_at,
        discoveries=[msgspec.to_builtins(event.discovery) for event in events if isinstance(event, DiscoveryMade)],
        taken_over=_has(events, TransferOrdered) and not _has(events, HumanDetected),
    )  # fmt: skip


def _has(events: Sequence[AnyCallEvent | None], kind: type[AnyCallEvent]) -> bool:
    return any(isinstance(event, kind) for event in events)


def refuse_unlearnable(lesson: Lesson) -> None:
    """Raises Invalid where the call found nothing of the way."""
    if not _is_learnable(lesson):
        raise Invalid(
            [Fault("$.call_id", f"nothing to learn: call {lesson.call_id} ended {lesson.outcome} and heard no menu, hold or human")]
        )


def _is_learnable(lesson: Lesson, *, way_known: bool = False) -> bool:
    telling = LEARNABLE | ENDS_A_WAY if way_known else LEARNABLE
    return any(discovery["type"] in telling for discovery in lesson.discoveries)


def belongs_to(lesson: Lesson, flow: Flow) -> bool:
    """Same number and same intent, or the very flow that the call followed."""
    return flow.id == lesson.flow_id or (
        flow.content.phone_number == lesson.phone_number and intent_key(flow.intent) == intent_key(lesson.intent)
    )


def decide_lesson(lesson: Lesson, flow_id: str, state: State) -> list[AnyFlowEvent]:
    """Build, merge or only observe. A call that was learned already leads to nothing."""
    cause = f"learn:{lesson.call_id}"
    if cause in state.causes:
        return []
    flow = state.flow
    if flow is None or flow.deleted:
        built = CallFlowLearner().build_flow(
            discoveries=lesson.discoveries, phone_number=lesson.phone_number, company=lesson.company, intent=lesson.intent or None,
            call_id=lesson.call_id, at=lesson.at,
        )  # fmt: skip
        content = content_of(built)
        check(content)
        learned = CallFlowLearned(cause=cause, id=flow_id, content=content, call_id=lesson.call_id, intent=lesson.intent)
        counted = "success" if built.success_count else "failure"
        return [learned, *_outcome(lesson, state, _result(counted, lesson))]
    known = call_flow(flow)
    merged = CallFlowLearner().merge_discoveries(
        existing_flow=known, new_discoveries=lesson.discoveries, call_id=lesson.call_id, at=lesson.at
    )
    change = change_between(known, merged)
    return [_merge_event(cause, lesson, content_of(merged), change), *_outcome(lesson, state, _result(change.outcome, lesson))]


def decide_observation(lesson: Lesson, state: State) -> list[AnyFlowEvent]:
    """What a followed call adds to what is known of the flow's own way: its timing, its waits, when it was last heard. Whatever would
    change the way itself is left to whoever asks for it, so that no flow gets a version by being followed.
    """
    flow, cause = state.flow, f"learn:{lesson.call_id}"
    if cause in state.causes or flow is None or flow.deleted or not _is_learnable(lesson, way_known=True):
        return []
    known = call_flow(flow)
    merged = CallFlowLearner().merge_discoveries(
        existing_flow=known, new_discoveries=lesson.discoveries, call_id=lesson.call_id, at=lesson.at
    )
    change = change_between(known, merged)
    return [_merge_event(cause, lesson, content_of(merged), change)] if change.kind is ChangeKind.OBSERVED else []


def decide_outcome(lesson: Lesson, state: State) -> list[AnyFlowEvent]:
    """The outcome of a followed call, once."""
    return _outcome(lesson, state, lesson.result) if state.flow is not None else []


def _merge_event(cause: str, lesson: Lesson, content: FlowContent, change: LearnedChange) -> AnyFlowEvent:
    check(content)
    if change.kind is ChangeKind.CONTENT:
        changes = [*change.reasons, *_left_out(change)]
        return CallFlowMerged(cause=cause, content=content, call_id=lesson.call_id, changes=changes)
    return CallFlowObserved(cause=cause, call_id=lesson.call_id, metadata=change.metadata)


def _left_out(change: LearnedChange) -> list[str]:
    left_out = {step_id: patch.get("recordings_left_out") for step_id, patch in change.metadata.items()}
    return [f"step {step_id}: no room for {count} of its recordings" for step_id, count in left_out.items() if count]


def _result(counted: str | None, lesson: Lesson) -> Result:
    """The learner counts the call it learned from; where it counts nothing, the call's own outcome speaks."""
    if counted == "failure" and (lesson.outcome in BROKEN_OFF or lesson.taken_over):
        return "neutral"
    return "success" if counted == "success" else "failure" if counted == "failure" else lesson.result


def _outcome(lesson: Lesson, state: State, result: Result) -> list[AnyFlowEvent]:
    cause = f"outcome:{lesson.call_id}"
    if cause in state.causes:
        return []
    return [
        CallOutcomeRecorded(cause=cause, call_id=lesson.call_id, outcome=lesson.outcome, result=result, flow_version=lesson.flow_version)
    ]
