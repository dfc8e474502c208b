"""The events of a ``callflow-{id}`` stream. flow-api is the only writer; the event type in the store is the struct's tag.

Every event that makes a version carries the whole content, so that any version is one event and no fold can drift.
``cause`` names what led to the event (an idempotency key, a call); the same cause never takes effect twice.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec
from call_contract.flows import CallFlowStep

from flow_api.domain.upcasters import FLOW_EVENT_SCHEMA, upcast


class FlowContent(msgspec.Struct, frozen=True, kw_only=True):
    """What a version of a flow consists of: everything a client may set."""

    name: str
    company: str | None = None
    phone_number: str | None = None
    description: str | None = None
    steps: list[CallFlowStep] = msgspec.field(default_factory=list)
    tags: list[str] = msgspec.field(default_factory=list)


class FlowEvent(msgspec.Struct, frozen=True, kw_only=True, tag_field="event"):
    """Base of every flow event."""

    cause: str


class CallFlowCreated(FlowEvent, frozen=True, kw_only=True, tag="CallFlowCreated"):
    id: str
    content: FlowContent


class CallFlowRevised(FlowEvent, frozen=True, kw_only=True, tag="CallFlowRevised"):
    content: FlowContent


class CallFlowLearned(FlowEvent, frozen=True, kw_only=True, tag="CallFlowLearned"):
    """The flow was built from what one call found."""

    id: str
    content: FlowContent
    call_id: str
    intent: str


class CallFlowMerged(FlowEvent, frozen=True, kw_only=True, tag="CallFlowMerged"):
    """A further call found something that changes the way."""

    content: FlowContent
    call_id: str
    changes: list[str]


class CallFlowObserved(FlowEvent, frozen=True, kw_only=True, tag="CallFlowObserved"):
    """A further call found the same way. ``metadata``: step id → a merge patch of its metadata (RFC 7396). No new version."""

    call_id: str
    metadata: dict[str, dict[str, Any]]


class CallFlowReverted(FlowEvent, frozen=True, kw_only=True, tag="CallFlowReverted"):
    """The content of an earlier version is the present one again; a deleted flow is back."""

    to_version: int
    content: FlowContent


class CallFlowDeleted(FlowEvent, frozen=True, kw_only=True, tag="CallFlowDeleted"):
    reason: str = ""


class CallOutcomeRecorded(FlowEvent, frozen=True, kw_only=True, tag="CallOutcomeRecorded"):
    """A call that explored or followed this flow has ended. Neutral: the outcome says nothing about the flow (busy, cancelled …)."""

    call_id: str
    outcome: str
    result: Literal["success", "failure", "neutral"]
    flow_version: int = 0


AnyFlowEvent = (
    CallFlowCreated | CallFlowRevised | CallFlowLearned | CallFlowMerged | CallFlowObserved | CallFlowReverted | CallFlowDeleted
    | CallOutcomeRecorded
)  # fmt: skip

_types: dict[str, type[AnyFlowEvent]] = {str(cls.__struct_config__.tag): cls for cls in AnyFlowEvent.__args__}
_decoders: dict[str, msgspec.json.Decoder[AnyFlowEvent]] = {tag: msgspec.json.Decoder(cls) for tag, cls in _types.items()}


def event_type(event: FlowEvent) -> str:
    """The type under which the store keeps this event."""
    return str(event.__struct_config__.tag)


def encode(event: FlowEvent) -> bytes:
    """The body as JSON, without the tag."""
    body: dict[str, Any] = msgspec.to_builtins(event)
    del body["event"]
    return msgspec.json.encode(body)


def decode(type_name: str, body: bytes, schema: int = FLOW_EVENT_SCHEMA) -> AnyFlowEvent | None:
    """The event in today's shape, or None for a type this version does not know. Raises ``msgspec.ValidationError`` on a bad body."""
    cls = _types.get(type_name)
    if cls is None:
        return None
    if schema >= FLOW_EVENT_SCHEMA:
        return _decoders[type_name].decode(body)
    return msgspec.convert(upcast(type_name, schema, msgspec.json.decode(body)), cls)
