"""Calls of the last weeks, as their streams would be: office hours, longer waits on Mondays and around noon."""

from __future__ import annotations

import datetime as dt

import msgspec
from call_contract import call_events as ev
from call_contract.streams import EventMetadata, call_stream, event_id
from event_log.memory import MemoryEventLog
from event_log.records import NewEvent

NUMBER = "+18005551234"


def hold_ms(start: dt.datetime) -> int:
    """Deterministic: from two minutes in the evening to a quarter of an hour on Monday noon."""
    noon = 1.0 - min(1.0, abs(start.hour - 12) / 6)
    monday = 1.5 if start.weekday() == 0 else 1.0
    return int(1000 * (120 + 480 * noon * monday + 20 * (start.minute % 7)))


def starts(count: int, before: dt.datetime) -> list[dt.datetime]:
    """The latest first: two calls an office day."""
    found: list[dt.datetime] = []
    day = before.replace(hour=0, minute=0, second=0, microsecond=0)
    while len(found) < count:
        day -= dt.timedelta(days=1)
        if day.weekday() < 5:
            first = 8 + (day.day * 3) % 5
            found += [day.replace(hour=first, minute=day.day), day.replace(hour=first + 5, minute=day.day // 2)]
    return found[:count]


def told(call_id: str, start: dt.datetime) -> list[tuple[ev.CallEvent, dt.datetime]]:
    hold = hold_ms(start)
    events: list[ev.CallEvent] = [
        ev.CallRequested(
            call_id=call_id, mode="follow", phone_number=NUMBER, engine="past:1", intent="dispute a charge", company="Chase Bank",
        ),
        ev.CallAnswered(at_ms=2_000),
        ev.HoldStarted(at_ms=18_000),
        ev.HoldEnded(at_ms=18_000 + hold, duration_ms=hold, reason="human"),
        ev.CallEnded(
            at_ms=30_000 + hold, outcome=ev.CallOutcome.BRIDGED, reason="the person hung up", ms_to_hold=18_000, ms_to_human=18_000 + hold,
            hold_ms=hold, digits="31",
        ),
    ]  # fmt: skip
    return [(event, start + dt.timedelta(milliseconds=event.at_ms)) for event in events]


async def past_calls(log: MemoryEventLog, count: int, before: dt.datetime) -> None:
    for start in reversed(starts(count, before)):
        call_id = f"past{start:%Y%m%d%H}"
        stream = call_stream(call_id)
        events = [
            NewEvent(
                id=event_id(stream, "past", ordinal), type=ev.event_type(event), data=ev.encode(event),
                metadata=msgspec.json.encode(EventMetadata(schema=ev.CALL_EVENT_SCHEMA, actor="engine", recorded_at=at.isoformat())),
            )
            for ordinal, (event, at) in enumerate(told(call_id, start))
        ]  # fmt: skip
        await log.append(stream, events, expected=-1)
