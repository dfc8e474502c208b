"""Flow streams: services that do the same at the same time write it once, and the hash chain stays whole."""

from __future__ import annotations

import datetime as dt

import pytest
from event_log.memory import MemoryEventLog
from event_log.records import WrongExpectedRevision
from flow_api.domain.flow_events import CallFlowCreated, CallFlowRevised, FlowContent
from flow_api.domain.hash_chain import breaks
from flow_api.flow_stream import FlowStreams, Loaded, link_of
from flow_api.ports import Who

from tests.support.flow_service import SteppingClock

CREATED = CallFlowCreated(cause="key:one", id="chase", content=FlowContent(name="Chase"))
REVISED = CallFlowRevised(cause="key:two", content=FlowContent(name="Second"))
ME = Who(actor="me")


class LateClock(SteppingClock):
    """An hour behind the others."""

    def now(self) -> dt.datetime:
        return super().now() + dt.timedelta(hours=1)


async def test_of_two_who_do_the_same_at_different_times_one_has_to_look_again() -> None:
    """The store takes an event it has for a repetition. It must not take one for it whose hash is another."""
    log = MemoryEventLog()
    one, two = FlowStreams(log, SteppingClock()), FlowStreams(log, LateClock())
    await one.append("chase", Loaded(), [CREATED], ME)
    with pytest.raises(WrongExpectedRevision):
        await two.append("chase", Loaded(), [CREATED], ME)
    await two.append("chase", await two.load("chase"), [REVISED], ME)
    assert breaks([link_of(event) for event in await one.stored("chase")]) == []


async def test_the_very_same_event_is_a_repetition() -> None:
    log = MemoryEventLog()
    one, two = FlowStreams(log, SteppingClock()), FlowStreams(log, SteppingClock())
    (_, first), (after, second) = [await streams.append("chase", Loaded(), [CREATED], ME) for streams in (one, two)]
    assert first == second
    await two.append("chase", after, [REVISED], ME)
    stored = await one.stored("chase")
    assert [event.type for event in stored] == ["CallFlowCreated", "CallFlowRevised"]
    assert breaks([link_of(event) for event in stored]) == []
