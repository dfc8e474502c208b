"""The aggregate: what a flow is now, how each event changes it, and which events a command leads to.

``decide`` is pure and repeatable: a cause that the state has folded leads to nothing. Time enters only through ``evolve``'s ``at``,
which is the event's ``recorded_at``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import msgspec
from call_contract.flows import CallFlow, CallFlowStep

from flow_api.domain.errors import Conflict, LostUpdate, NotFound
from flow_api.domain.flow_events import (
    AnyFlowEvent,
    CallFlowCreated,
    CallFlowDeleted,
    CallFlowLearned,
    CallFlowMerged,
    CallFlowObserved,
    CallFlowReverted,
    CallFlowRevised,
    CallOutcomeRecorded,
    FlowContent,
)
from flow_api.domain.merge_patch import patched


class Flow(msgspec.Struct, frozen=True, kw_only=True):
    """A flow at one point of its history."""

    id: str
    content: FlowContent
    version: int
    created_at: dt.datetime
    updated_at: dt.datetime
    success_count: int = 0
    fail_count: int = 0
    intent: str | None = None
    deleted: bool = False


class State(msgspec.Struct, frozen=True, kw_only=True):
    """What ``decide`` needs to know: the flow, and which causes have taken effect."""

    flow: Flow | None = None
    causes: frozenset[str] = frozenset()


INITIAL = State()


def call_flow(flow: Flow) -> CallFlow:
    """The flow in the shape of the API."""
    content = flow.content
    return CallFlow(
        id=flow.id, name=content.name, company=content.company, phone_number=content.phone_number, description=content.description,
        steps=content.steps, created_at=flow.created_at, updated_at=flow.updated_at, version=flow.version, tags=content.tags,
        success_count=flow.success_count, fail_count=flow.fail_count,
    )  # fmt: skip


def content_of(flow: CallFlow) -> FlowContent:
    """What of an API flow is content."""
    return FlowContent(
        name=flow.name, company=flow.company, phone_number=flow.phone_number, description=flow.description, steps=flow.steps,
        tags=flow.tags,
    )  # fmt: skip


def evolve(state: State, event: AnyFlowEvent, *, at: dt.datetime) -> State:
    """The state after one event."""
    causes = state.causes | {event.cause} if event.cause else state.causes
    return State(flow=evolve_flow(state.flow, event, at=at), causes=causes)


def evolve_flow(flow: Flow | None, event: AnyFlowEvent, *, at: dt.datetime) -> Flow:
    """The flow after one event. The first event must create or learn it."""
    match event:
        case CallFlowCreated() | CallFlowLearned():
            return _begun(flow, event, at)
        case _ if flow is None:
            raise ValueError(f"{type(event).__name__} cannot be the first event of a flow")
        case CallFlowRevised(content=content) | CallFlowMerged(content=content):
            return msgspec.structs.replace(flow, content=content, version=flow.version + 1, updated_at=at)
        case CallFlowReverted(content=content):
            return msgspec.structs.replace(flow, content=content, version=flow.version + 1, updated_at=at, deleted=False)
        case CallFlowObserved(metadata=metadata):
            return msgspec.structs.replace(flow, content=_observed(flow.content, metadata))
        case CallFlowDeleted():
            return msgspec.structs.replace(flow, deleted=True, updated_at=at)
        case CallOutcomeRecorded(result="success"):
            return msgspec.structs.replace(flow, success_count=flow.success_count + 1)
        case CallOutcomeRecorded(result="failure"):
            return msgspec.structs.replace(flow, fail_count=flow.fail_count + 1)
        case CallOutcomeRecorded():
            return flow


def _begun(flow: Flow | None, event: CallFlowCreated | CallFlowLearned, at: dt.datetime) -> Flow:
    intent = event.intent if isinstance(event, CallFlowLearned) else None
    if flow is None:
        return Flow(id=event.id, content=event.content, version=1, created_at=at, updated_at=at, intent=intent)
    return msgspec.structs.replace(
        flow, content=event.content, version=flow.version + 1, updated_at=at, deleted=False, intent=intent or flow.intent
    )


def _observed(content: FlowContent, metadata: dict[str, dict[str, object]]) -> FlowContent:
    def seen(step: CallFlowStep) -> CallFlowStep:
        return msgspec.structs.replace(step, metadata=patched(step.metadata, metadata[step.id])) if step.id in metadata else step

    return msgspec.structs.replace(content, steps=[seen(step) for step in content.steps])


def fold(events: Iterable[tuple[AnyFlowEvent, dt.datetime]], state: State = INITIAL) -> State:
    """The state after all of the events."""
    for event, at in events:
        state = evolve(state, event, at=at)
    return state


def same_content(one: FlowContent, other: FlowContent) -> bool:
    """Whether nothing is different. The order of conditions counts: it is the order in which they are tried."""
    return one == other and [list(step.conditions) for step in one.steps] == [list(step.conditions) for step in other.steps]


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """Base of the commands. ``if_version``: the version the caller believes to be the present one."""

    cause: str
    if_version: int | None = None


class CreateFlow(Command, frozen=True, kw_only=True, tag="create"):
    id: str
    content: FlowContent


class ReviseFlow(Command, frozen=True, kw_only=True, tag="revise"):
    content: FlowContent


class DeleteFlow(Command, frozen=True, kw_only=True, tag="delete"):
    reason: str = ""


class RevertFlow(Command, frozen=True, kw_only=True, tag="revert"):
    """``content`` is what version ``to_version`` was; whoever builds the command has read it from the history."""

    to_version: int
    content: FlowContent


class RecordOutcome(Command, frozen=True, kw_only=True, tag="outcome"):
    outcome: CallOutcomeRecorded


AnyCommand = CreateFlow | ReviseFlow | DeleteFlow | RevertFlow | RecordOutcome


def decide(command: AnyCommand, state: State) -> list[AnyFlowEvent]:
    """What the command leads to. Raises NotFound, Conflict, LostUpdate."""
    if command.cause in state.causes:
        return []
    if isinstance(command, CreateFlow):
        return _create(command, state)
    flow = state.flow
    if flow is None or (flow.deleted and not isinstance(command, RevertFlow | RecordOutcome)):
        raise NotFound("There is no such flow." if flow is None else f"The flow {flow.id} was deleted; revert it to have it back.")
    if command.if_version is not None and command.if_version != flow.version:
        other = f"not {command.if_version}" if command.if_version > 0 else "and If-Match names no version"
        raise LostUpdate(f"The flow is at version {flow.version}, {other}.")
    match command:
        case ReviseFlow(content=content):
            return [] if same_content(content, flow.content) else [CallFlowRevised(cause=command.cause, content=content)]
        case DeleteFlow(reason=reason):
            return [CallFlowDeleted(cause=command.cause, reason=reason)]
        case RevertFlow(to_version=to_version, content=content):
            same = same_content(content, flow.content) and not flow.deleted
            return [] if same else [CallFlowReverted(cause=command.cause, to_version=to_version, content=content)]
        case RecordOutcome(outcome=outcome):
            return [outcome]


def _create(command: CreateFlow, state: State) -> list[AnyFlowEvent]:
    if state.flow is not None:
        deleted = " It was deleted; revert it to have it back." if state.flow.deleted else ""
        raise Conflict(f"A flow with the id {command.id} exists already.{deleted}")
    return [CallFlowCreated(cause=command.cause, id=command.id, content=command.content)]
