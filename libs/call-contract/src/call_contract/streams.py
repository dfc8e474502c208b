"""Names of streams, ids of events, and the metadata that every event carries."""

from __future__ import annotations

import uuid

import msgspec

CALL_PREFIX = "call-"
FLOW_PREFIX = "callflow-"
ENGINE_PREFIX = "engine-"

#: Namespace of every event id of this project.
EVENT_NAMESPACE = uuid.UUID("6b1f8f0e-3c1d-5e0a-9a57-3f2d8b9c4e10")


def call_stream(call_id: str) -> str:
    return CALL_PREFIX + call_id


def flow_stream(flow_id: str) -> str:
    return FLOW_PREFIX + flow_id


def event_id(stream: str, cause: str, ordinal: int) -> uuid.UUID:
    """A deterministic id: the same cause appended twice is the same event."""
    return uuid.uuid5(EVENT_NAMESPACE, f"{stream}\x00{cause}\x00{ordinal}")


class EventMetadata(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename={
    "correlation_id": "$correlationId", "causation_id": "$causationId",
}):  # fmt: skip
    """Metadata of every event. ``recorded_at`` is ISO 8601 in UTC and is what ``as_of`` uses."""

    schema: int
    actor: str
    recorded_at: str
    correlation_id: str = ""
    causation_id: str = ""
    prev_hash: str | None = None
    hash: str | None = None
