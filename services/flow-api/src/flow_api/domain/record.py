"""A flow event as it was recorded: with its place in the stream and its metadata."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Iterator

import msgspec
from call_contract.streams import EventMetadata

from flow_api.domain.flow import INITIAL, Flow, State, evolve_flow
from flow_api.domain.flow_events import AnyFlowEvent


class FlowRecord(msgspec.Struct, frozen=True, kw_only=True):
    """``event`` is None for a type this version of the software does not know."""

    event_id: str
    type: str
    revision: int
    event: AnyFlowEvent | None
    metadata: EventMetadata

    @property
    def at(self) -> dt.datetime:
        return when(self.metadata.recorded_at)


def when(iso: str) -> dt.datetime:
    """An ISO 8601 time as an aware datetime in UTC. Raises ValueError."""
    at = dt.datetime.fromisoformat(iso)
    try:
        return at.replace(tzinfo=dt.UTC) if at.tzinfo is None else at.astimezone(dt.UTC)
    except OverflowError:
        raise ValueError(f"{iso} is not a time in UTC") from None


def state_after(records: Iterable[FlowRecord], state: State = INITIAL) -> State:
    """The state after the records; unknown types change nothing."""
    flow, causes = state.flow, set[str]()
    for record, after in walked(records, flow):
        flow = after
        causes.add(record.event.cause if record.event is not None else "")
    return State(flow=flow, causes=state.causes | (causes - {""}))


def walked(records: Iterable[FlowRecord], flow: Flow | None = None) -> Iterator[tuple[FlowRecord, Flow | None]]:
    """Each record with the flow as it was after it. A flow that many calls followed has many records: causes are left out."""
    for record in records:
        if record.event is not None:
            flow = evolve_flow(flow, record.event, at=record.at)
        yield record, flow


def version_of(records: Iterable[FlowRecord], version: int) -> Flow | None:
    """The flow as it last was at this version, before it was deleted, or None if there never was one."""
    found: Flow | None = None
    for _, flow in walked(records):
        if flow is not None and flow.version == version and not flow.deleted:
            found = flow
        elif found is not None:
            break
    return found


def as_of(records: Iterable[FlowRecord], at: dt.datetime) -> Flow | None:
    """The flow as it was at a time, or None if it was not there yet."""
    return state_after(itertools.takewhile(lambda record: record.at <= at, records)).flow
