"""Who gave each step its present form: the event, the call it came from, and the actor."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import msgspec
from call_contract.flows import CallFlowStep

from flow_api.domain.flow_events import FlowContent
from flow_api.domain.record import FlowRecord, walked


class Origin(msgspec.Struct, frozen=True, kw_only=True):
    """The event that something comes from."""

    revision: int
    version: int
    type: str
    recorded_at: dt.datetime
    actor: str
    call_id: str | None
    event_id: str


class StepBlame(msgspec.Struct, frozen=True, kw_only=True):
    """``form``: when the step became what it does now. ``metadata``: when what is known about it last changed."""

    step_id: str
    introduced: Origin
    form: Origin
    metadata: Origin


def blame(records: Iterable[FlowRecord]) -> list[StepBlame]:
    """In the order of the flow's present steps. A step that was removed and came back is new again."""
    steps: dict[str, CallFlowStep] = {}
    blames: dict[str, StepBlame] = {}
    content: FlowContent | None = None
    for record, flow in walked(records):
        if flow is None or flow.content is content:
            continue
        content = flow.content
        present = {step.id: step for step in content.steps}
        origin = _origin(record, flow.version)
        blames = {step_id: _step_blame(step, steps.get(step_id), blames.get(step_id), origin) for step_id, step in present.items()}
        steps = present
    return list(blames.values())


def _step_blame(step: CallFlowStep, before: CallFlowStep | None, blamed: StepBlame | None, origin: Origin) -> StepBlame:
    if before is None or blamed is None:
        return StepBlame(step_id=step.id, introduced=origin, form=origin, metadata=origin)
    if _form(step) != _form(before):
        blamed = msgspec.structs.replace(blamed, form=origin)
    if step.metadata != before.metadata:
        blamed = msgspec.structs.replace(blamed, metadata=origin)
    return blamed


def _form(step: CallFlowStep) -> tuple[object, ...]:
    return (step.type, step.description, step.dtmf, step.timeout, step.next_step, tuple(step.conditions.items()))


def _origin(record: FlowRecord, version: int) -> Origin:
    return Origin(
        revision=record.revision, version=version, type=record.type, recorded_at=record.at, actor=record.metadata.actor,
        call_id=getattr(record.event, "call_id", None), event_id=record.event_id,
    )  # fmt: skip
