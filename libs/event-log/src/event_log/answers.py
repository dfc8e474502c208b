"""The store's answers to a read, as our values. They are decoded straight from the wire: a replay is mostly this."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from event_log.records import CaughtUp, Checkpoint, RecordedEvent

TICKS_PER_SECOND = 10_000_000  # the protocol's unit of time: 100 ns since the Unix epoch
_CAUGHT_UP = CaughtUp()


def happened(answer: Any) -> RecordedEvent | CaughtUp | Checkpoint | None:
    """None for what has no meaning to us. ``answer`` is a ``ReadResp`` of the store's protocol."""
    kind = answer.WhichOneof("content")
    if kind == "event":
        return recorded(answer.event.event)
    if kind == "checkpoint":
        return Checkpoint(answer.checkpoint.commit_position)
    return _CAUGHT_UP if kind == "caught_up" else None


def recorded(event: Any) -> RecordedEvent:
    facts = event.metadata
    return RecordedEvent(
        id=uuid.UUID(int=int(event.id.string.replace("-", ""), 16)),  # twice as fast as from the text
        type=facts["type"],
        data=event.data,
        metadata=event.custom_metadata,
        stream=event.stream_identifier.stream_name.decode(),
        revision=event.stream_revision,
        position=event.commit_position,
        stored_at=dt.datetime.fromtimestamp(int(facts["created"]) / TICKS_PER_SECOND, dt.UTC),
    )
