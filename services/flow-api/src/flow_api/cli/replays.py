"""A flow's history as the audit commands show it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

import msgspec
from call_contract.flows import CallFlow
from call_contract.streams import flow_stream
from event_log.port import EventLog
from event_log.records import StreamNotFound

from flow_api.domain.errors import NotFound
from flow_api.domain.flow import call_flow
from flow_api.domain.flow_events import FlowContent
from flow_api.domain.record import FlowRecord, version_of, walked
from flow_api.flow_stream import record_of


class ReplayedVersion(msgspec.Struct, frozen=True, kw_only=True):
    """A version as it came to be: by which event, when, and on whose behalf."""

    version: int
    revision: int
    type: str
    recorded_at: dt.datetime
    actor: str
    flow: CallFlow


async def flow_records(log: EventLog, flow_id: str) -> list[FlowRecord]:
    """Raises NotFound."""
    try:
        return [record_of(event) for event in await log.read(flow_stream(flow_id))]
    except StreamNotFound:
        raise NotFound(f"There is no flow {flow_id}.") from None


def replayed(records: Sequence[FlowRecord]) -> Iterator[ReplayedVersion]:
    """Every version, at the event that made it."""
    version = 0
    for record, after in walked(records):
        if after is not None and after.version > version:
            version = after.version
            yield ReplayedVersion(
                version=version, revision=record.revision, type=record.type, recorded_at=record.at, actor=record.metadata.actor,
                flow=call_flow(after),
            )  # fmt: skip


def version_content(records: Sequence[FlowRecord], version: int) -> FlowContent:
    """Raises NotFound."""
    flow = version_of(records, version)
    if flow is None:
        raise NotFound(f"There is no version {version}.")
    return flow.content
