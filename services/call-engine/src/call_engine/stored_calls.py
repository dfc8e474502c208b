"""Calls as the event store knows them: those of other engines, and those this engine no longer holds in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

import msgspec
from call_contract.call_events import decode
from call_contract.streams import EventMetadata, call_stream
from event_log.port import EventLog
from event_log.records import RecordedEvent, StoreUnavailable, StreamGone, StreamNotFound

from call_engine.call_state import CallState, evolve
from call_engine.errors import EngineUnavailable
from call_engine.journal.file import Entry


class StoredCalls:
    def __init__(self, log: EventLog) -> None:
        self._log = log

    async def find(self, call_id: str) -> CallState | None:
        """Raises EngineUnavailable where the store is away."""
        try:
            events = await self._log.read(call_stream(call_id))
        except (StreamNotFound, StreamGone):
            return None
        except StoreUnavailable as problem:
            raise EngineUnavailable("event_store", "the event store does not answer") from problem
        return fold(call_id, events)

    async def watch(self, call_id: str, from_ordinal: int) -> AsyncIterator[Entry]:
        """The call's events from an ordinal on, until it has ended. Raises EngineUnavailable."""
        after = from_ordinal - 1 if from_ordinal > 0 else None
        try:
            async for event in self._log.subscribe_stream(call_stream(call_id), after_revision=after):
                if isinstance(event, RecordedEvent):
                    yield entry_of(event)
                    if event.type == "CallEnded":
                        return
        except StoreUnavailable as problem:
            raise EngineUnavailable("event_store", "the event store went away") from problem


def fold(call_id: str, events: Sequence[RecordedEvent]) -> CallState:
    state = CallState(call_id=call_id)
    for event in events:
        at_iso = msgspec.json.decode(event.metadata, type=EventMetadata).recorded_at
        state = evolve(state, decode(event.type, event.data), event.revision, at_iso)
    return state


def entry_of(event: RecordedEvent) -> Entry:
    return Entry(n=event.revision, type=event.type, data=msgspec.Raw(event.data), metadata=msgspec.Raw(event.metadata))
