"""The history of a flow as people read it: one entry an event."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import assert_never

import msgspec

from flow_api.domain.diff import diff, summary
from flow_api.domain.flow import Flow
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
)
from flow_api.domain.record import FlowRecord, walked


class HistoryEntry(msgspec.Struct, frozen=True, kw_only=True):
    """``version`` is the flow's version after the event."""

    revision: int
    version: int
    type: str
    recorded_at: dt.datetime
    actor: str
    summary: str
    call_id: str | None
    cause: str
    correlation_id: str
    event_id: str
    hash: str | None


def history(
    records: Iterable[FlowRecord], *, newest_first: bool = False, beyond: int | None = None, most: int | None = None
) -> list[HistoryEntry]:
    """The entries beyond a revision, at most so many. Only for those is it worked out what changed."""
    walk = list(walked(records))
    flows = [None, *(flow for _, flow in walk)]
    places = [place for place, (record, _) in enumerate(walk) if beyond is None or _is_beyond(record.revision, beyond, newest_first)]
    ordered = places[::-1] if newest_first else places
    return [_entry(walk[place][0], flows[place], flows[place + 1]) for place in ordered[:most]]


def _is_beyond(revision: int, other: int, newest_first: bool) -> bool:
    return revision < other if newest_first else revision > other


def _entry(record: FlowRecord, before: Flow | None, after: Flow | None) -> HistoryEntry:
    return HistoryEntry(
        revision=record.revision, version=after.version if after else 0, type=record.type, recorded_at=record.at,
        actor=record.metadata.actor, summary=_summary(record.event, before, after), call_id=getattr(record.event, "call_id", None),
        cause=record.event.cause if record.event else "", correlation_id=record.metadata.correlation_id, event_id=record.event_id,
        hash=record.metadata.hash,
    )  # fmt: skip


def _summary(event: AnyFlowEvent | None, before: Flow | None, after: Flow | None) -> str:
    match event:
        case None:
            return "an event of a type this version does not know"
        case CallFlowCreated(content=content):
            return f"created with {_steps(len(content.steps))}"
        case CallFlowLearned(content=content, call_id=call_id):
            return f"learned from call {call_id}: {_steps(len(content.steps))}"
        case CallFlowMerged(call_id=call_id, changes=changes):
            return f"call {call_id} changed it: {_some(changes)}"
        case CallFlowObserved(call_id=call_id):
            return f"call {call_id} found the same way"
        case CallFlowRevised():
            return "revised: " + _some(summary(diff(before.content, after.content)) if before and after else [])
        case CallFlowReverted(to_version=to_version):
            return f"reverted to version {to_version}"
        case CallFlowDeleted(reason=reason):
            return f"deleted: {reason}" if reason else "deleted"
        case CallOutcomeRecorded(call_id=call_id, outcome=outcome, result=result):
            return f"call {call_id} ended: {outcome} ({result})"
        case _:
            assert_never(event)


def _steps(count: int) -> str:
    return "1 step" if count == 1 else f"{count} steps"


def _some(lines: list[str], most: int = 8) -> str:
    more = f"; and {len(lines) - most} more" if len(lines) > most else ""
    return "; ".join(lines[:most]) + more
