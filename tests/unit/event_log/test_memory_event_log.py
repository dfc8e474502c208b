"""What only the fake can do: be away, and lose an answer."""

from __future__ import annotations

import uuid

import pytest
from event_log.memory import MemoryEventLog
from event_log.records import ANY, NO_STREAM, NewEvent, StoreUnavailable, StreamGone


def event() -> NewEvent:
    return NewEvent(id=uuid.uuid4(), type="Happened", data=b"{}")


async def test_it_goes_away_and_comes_back() -> None:
    log = MemoryEventLog()
    log.go_away(after_appends=1)
    await log.append("s", [event()], expected=NO_STREAM)
    for attempt in (log.append("s", [event()], expected=0), log.read("s"), log.head_position()):
        with pytest.raises(StoreUnavailable):
            await attempt
    log.come_back()
    assert len(await log.read("s")) == 1


async def test_a_subscriber_is_told() -> None:
    log = MemoryEventLog()
    events = log.subscribe_all()
    await anext(events)
    log.go_away()
    with pytest.raises(StoreUnavailable):
        await anext(events)


async def test_a_lost_answer_is_no_lost_event() -> None:
    log, said = MemoryEventLog(), event()
    log.lose_next_answer()
    with pytest.raises(StoreUnavailable):
        await log.append("s", [said], expected=ANY)
    assert (await log.append("s", [said], expected=ANY)).revision == 0
    assert len(await log.read("s")) == 1


async def test_a_tombstone() -> None:
    log = MemoryEventLog()
    log.tombstone("s")
    for attempt in (log.append("s", [event()], expected=ANY), log.read("s")):
        with pytest.raises(StreamGone):
            await attempt
