"""Flow streams in the event log: records in, events out, with the hash chain.

What was loaded is kept, so that a command reads only what is new since. That is safe because streams only grow: where the store says
otherwise (a wrong expected revision, a stream that is gone), what was kept is dropped.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Sequence

import msgspec
from call_contract.streams import EventMetadata, event_id, flow_stream
from event_log.port import EventLog
from event_log.records import NewEvent, RecordedEvent, StreamNotFound

from flow_api.domain import hash_chain
from flow_api.domain.flow import INITIAL, State
from flow_api.domain.flow_events import AnyFlowEvent, decode, encode, event_type
from flow_api.domain.record import FlowRecord, state_after
from flow_api.domain.upcasters import FLOW_EVENT_SCHEMA
from flow_api.ports import Clock, Who


class Loaded(msgspec.Struct, frozen=True, kw_only=True):
    """A flow's state, at which revision, and the hash of that revision's event."""

    state: State = INITIAL
    revision: int = -1
    head_hash: str = hash_chain.GENESIS


def record_of(event: RecordedEvent) -> FlowRecord:
    """A stored event as a flow record. Raises ``msgspec.MsgspecError`` where it is not one."""
    metadata = msgspec.json.decode(event.metadata, type=EventMetadata)
    return FlowRecord(
        event_id=str(event.id), type=event.type, revision=event.revision, event=decode(event.type, event.data, metadata.schema),
        metadata=metadata,
    )  # fmt: skip


def link_of(event: RecordedEvent) -> hash_chain.ChainLink:
    return hash_chain.ChainLink(
        stream=event.stream, revision=event.revision, event_id=str(event.id), type=event.type, data=event.data, metadata=event.metadata
    )


def _digest(body: bytes, metadata: EventMetadata) -> str:
    """Part of an event's id. The store takes an append of ids that it has for a repetition, and another service may have done the same
    a moment before: only the same bytes, and so the same hash, may be the same event."""
    return hashlib.sha256(body + b"\x00" + msgspec.json.encode(metadata)).hexdigest()


class FlowStreams:
    """Loads flows from their streams and appends to them."""

    def __init__(self, log: EventLog, clock: Clock, *, keep: int = 512) -> None:
        self._log, self._clock, self._keep = log, clock, keep
        self._kept: OrderedDict[str, Loaded] = OrderedDict()

    async def load(self, flow_id: str) -> Loaded:
        """The present state; that of no flow at all where there is no stream."""
        kept = self._kept.get(flow_id, Loaded())
        try:
            events = await self._log.read(flow_stream(flow_id), from_revision=kept.revision + 1)
        except StreamNotFound:
            self._kept.pop(flow_id, None)
            return Loaded()
        return self._remember(flow_id, self._grown(kept, events)) if events else kept

    def kept(self, flow_id: str) -> Loaded | None:
        """What was loaded or appended last, without asking the store."""
        return self._kept.get(flow_id)

    async def stored(self, flow_id: str) -> list[RecordedEvent]:
        """The whole stream as it is stored; empty where there is none."""
        try:
            return await self._log.read(flow_stream(flow_id))
        except StreamNotFound:
            return []

    async def records(self, flow_id: str) -> list[FlowRecord]:
        return [record_of(event) for event in await self.stored(flow_id)]

    async def append(self, flow_id: str, loaded: Loaded, events: Sequence[AnyFlowEvent], who: Who) -> tuple[Loaded, int]:
        """(the state after the events, their position in the log). Raises WrongExpectedRevision."""
        new, after = self._sealed(flow_id, loaded, events, who)
        appended = await self._log.append(flow_stream(flow_id), new, expected=loaded.revision)
        return self._remember(flow_id, after), appended.position

    def forget(self, flow_id: str) -> None:
        """Drop what was kept of a flow."""
        self._kept.pop(flow_id, None)

    def _sealed(self, flow_id: str, loaded: Loaded, events: Sequence[AnyFlowEvent], who: Who) -> tuple[list[NewEvent], Loaded]:
        stream, at = flow_stream(flow_id), self._clock.now().isoformat()
        new: list[NewEvent] = []
        records: list[FlowRecord] = []
        head, revision = loaded.head_hash, loaded.revision
        for event in events:
            revision += 1
            metadata = EventMetadata(
                schema=FLOW_EVENT_SCHEMA, actor=who.actor, recorded_at=at, correlation_id=who.correlation_id,
                causation_id=who.causation_id, prev_hash=head,
            )  # fmt: skip
            body, kind = encode(event), event_type(event)
            unique = event_id(stream, f"{event.cause} {_digest(body, metadata)}", revision)
            head = hash_chain.link_hash(
                hash_chain.ChainLink(
                    stream=stream, revision=revision, event_id=str(unique), type=kind, data=body, metadata=msgspec.json.encode(metadata)
                )
            )
            metadata = msgspec.structs.replace(metadata, hash=head)
            new.append(NewEvent(id=unique, type=kind, data=body, metadata=msgspec.json.encode(metadata)))
            records.append(FlowRecord(event_id=str(unique), type=kind, revision=revision, event=event, metadata=metadata))
        return new, Loaded(state=state_after(records, loaded.state), revision=revision, head_hash=head)

    def _grown(self, kept: Loaded, events: Sequence[RecordedEvent]) -> Loaded:
        records = [record_of(event) for event in events]
        last = records[-1]
        return Loaded(state=state_after(records, kept.state), revision=last.revision, head_hash=last.metadata.hash or hash_chain.GENESIS)

    def _remember(self, flow_id: str, loaded: Loaded) -> Loaded:
        self._kept[flow_id] = loaded
        self._kept.move_to_end(flow_id)
        if len(self._kept) > self._keep:
            self._kept.popitem(last=False)
        return loaded
