"""Two engines on one store: the calls of the one that is gone are closed by the other, once."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from call_contract.call_events import AnyCallEvent, CallAnswered, CallDialled, CallRequested, decode, encode, event_type
from call_contract.streams import event_id
from call_engine.journal.file import Journal, JournalHeader
from call_engine.journal.forwarder import Forwarder, Superseded
from call_engine.journal.lease import LEASE_S, RENEW_S, Leases
from event_log.memory import MemoryEventLog
from event_log.records import NO_STREAM, NewEvent, RecordedEvent

STREAM = "call-c1"
IDS = itertools.count(1)


class Hand:
    now = "2026-01-01T12:00:00.000Z"


def leases(log: MemoryEventLog, address: str, hand: Hand) -> Leases:
    return Leases(log, engine_id=address[0], address=lambda: address, now_iso=lambda: hand.now, new_id=lambda: uuid.UUID(int=next(IDS)).hex)


def call_events() -> list[AnyCallEvent]:
    requested = CallRequested(call_id="c1", mode="explore", phone_number="+18005551234", engine="a:1")
    return [requested, CallDialled(target="x"), CallAnswered(at_ms=700)]


async def written_by_a(log: MemoryEventLog, n: int) -> None:
    events = [NewEvent(id=event_id(STREAM, "call", i), type=event_type(e), data=encode(e)) for i, e in enumerate(call_events()[:n])]
    await log.append(STREAM, events, expected=NO_STREAM)


async def types(log: MemoryEventLog) -> list[str]:
    return [event.type for event in await log.read(STREAM)]


async def test_a_living_engines_calls_are_left_alone() -> None:
    log, hand = MemoryEventLog(), Hand()
    await leases(log, "a:1", hand).renew(LEASE_S)
    await written_by_a(log, 3)
    hand.now = "2026-01-01T12:00:59.000Z"
    assert await leases(log, "b:1", hand).close_lost_calls() == []


async def test_a_lost_engines_calls_are_closed_once() -> None:
    log, hand = MemoryEventLog(), Hand()
    await leases(log, "a:1", hand).renew(LEASE_S)
    await written_by_a(log, 3)
    hand.now = "2026-01-01T12:01:01.000Z"
    b, c = leases(log, "b:1", hand), leases(log, "c:1", hand)
    assert await b.close_lost_calls() == [STREAM]
    assert await c.close_lost_calls() == []
    assert await b.close_lost_calls() == []
    assert await types(log) == ["CallRequested", "CallDialled", "CallAnswered", "CallEnded"]
    last: RecordedEvent = (await log.read(STREAM))[-1]
    ended = decode(last.type, last.data)
    assert ended is not None
    assert (ended.outcome, ended.at_ms) == ("engine_lost", 700)  # type: ignore[attr-defined]


async def test_the_late_journal_of_a_closed_call_is_set_aside(tmp_path: Path) -> None:
    log, hand = MemoryEventLog(), Hand()
    await leases(log, "a:1", hand).renew(LEASE_S)
    await written_by_a(log, 2)
    hand.now = "2026-01-01T12:02:00.000Z"
    await leases(log, "b:1", hand).close_lost_calls()
    journal = Journal.create(tmp_path, JournalHeader(call_id="c1", request="", engine="a:1"))
    for event in call_events():
        journal.append(event_type(event), encode(event), b"{}")

    async def no_wait(_seconds: float) -> None:
        pass

    forwarder = Forwarder(journal, log, sleep=no_wait, store_seen=lambda _up: None)
    forwarder.finish()
    with pytest.raises(Superseded):
        await forwarder.run()
    assert journal.set_aside(tmp_path / "aside").read_bytes()
    assert await types(log) == ["CallRequested", "CallDialled", "CallEnded"]


class Over(Exception):
    """The test has seen enough rounds."""


async def rounds_of(looking: Leases, hand: Hand, rounds: list[tuple[str, Callable[[], Awaitable[None]]]]) -> None:
    """Its own loop, with what happens before each further round, and when that is."""
    to_come = iter(rounds)

    async def next_round(seconds: float) -> None:
        assert seconds == RENEW_S
        upcoming = next(to_come, None)
        if upcoming is None:
            raise Over
        hand.now, happens = f"2026-01-01T{upcoming[0]}.000Z", upcoming[1]
        await happens()

    with pytest.raises(Over):
        await looking.run(next_round)


async def test_a_store_that_was_away_for_an_hour_costs_no_running_call() -> None:
    """Every lease has run out meanwhile. The engine that looks first must not close what the others still have."""
    log, hand = MemoryEventLog(), Hand()
    a, b = leases(log, "a:1", hand), leases(log, "b:1", hand)

    async def away() -> None:
        log.go_away()

    async def back() -> None:
        log.come_back()

    async def a_renews() -> None:
        await a.renew(LEASE_S)

    await written_by_a(log, 3)
    await a.renew(LEASE_S)
    before = [("12:00:20", a_renews), ("12:00:40", a_renews), ("12:01:00", away)]
    await rounds_of(b, hand, [*before, ("13:01:00", back), ("13:01:20", a_renews), ("13:01:40", a_renews), ("13:02:00", a_renews)])
    assert (await types(log))[-1] == "CallAnswered"


async def test_an_engine_that_died_while_the_store_was_away_is_found_out() -> None:
    log, hand = MemoryEventLog(), Hand()

    async def nothing() -> None:
        pass

    await written_by_a(log, 3)
    await leases(log, "a:1", hand).renew(LEASE_S)
    await rounds_of(leases(log, "b:1", hand), hand, [("13:00:00", nothing), ("13:00:20", nothing)])
    assert (await types(log))[-1] == "CallEnded"


async def test_an_engine_that_never_had_a_lease_is_left_alone() -> None:
    log, hand = MemoryEventLog(), Hand()
    await written_by_a(log, 3)
    assert await leases(log, "b:1", hand).close_lost_calls() == []
