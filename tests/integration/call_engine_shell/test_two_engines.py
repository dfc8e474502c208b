"""Two engines on one store: they share what may be called, know whose call it is, and one closes what the other lost."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from call_contract.call_events import decode
from call_contract.v1 import call_engine_pb2 as pb
from call_engine.errors import LimitReached
from call_engine.quota import QUOTA_STREAM, CallReserved
from call_engine.quota_ledger import QuotaLedger
from call_engine.settings import GuardSettings
from event_log.client import connect
from event_log.memory import MemoryEventLog
from event_log.port import EventLog
from event_log.records import RecordedEvent
from prometheus_client import generate_latest

from tests.support.engine_under_test import EngineUnderTest, explore, running_engine
from tests.support.event_store import running_node

OTHER = "+12125551234"


class SharedLog(MemoryEventLog):
    """A store outlives the engines that close their connections."""

    async def close(self) -> None:
        pass


class Hand:
    now_s = 1_767_225_600.0


async def refused(it: EngineUnderTest, call_id: str, number: str = OTHER, **fields: Any) -> str:
    with pytest.raises(grpc.aio.AioRpcError) as refusal:
        await it.stub.StartCall(pb.StartCallRequest(call_id=call_id, plan=explore(number), **fields))
    assert refusal.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    return (refusal.value.details() or "").split(":")[0]


async def test_limits_count_the_calls_of_both_and_a_call_that_is_over_frees_its_place(tmp_path: Path) -> None:
    log, settings = SharedLog(), {"guards": GuardSettings(concurrent_all=1, per_number_hour=1)}
    async with (
        running_engine(tmp_path / "a", log=log, settings=settings) as a,
        running_engine(tmp_path / "b", log=log, settings=settings) as b,
    ):
        await a.start("c1")
        assert await refused(b, "c2") == "refused by rule concurrent_calls_all"
        assert await b.stored("c2") == ["CallRequested", "CallRefused", "CallEnded"]
        await a.beat(5)
        await a.stub.EndCall(pb.EndCallRequest(call_id="c1"))
        await a.beat(3)
        await a.engine.calls.drained()
        assert [event.type for event in await log.read(QUOTA_STREAM)] == ["CallReserved", "CallReleased"]
        assert await refused(b, "c3", "+18005551234") == "refused by rule calls_per_number_hour"
        await b.stub.StartCall(pb.StartCallRequest(call_id="c4", plan=explore(OTHER)))


async def test_each_says_where_it_is_and_knows_whose_call_it_is(tmp_path: Path) -> None:
    log = SharedLog()
    async with running_engine(tmp_path / "a", log=log) as a, running_engine(tmp_path / "b", log=log) as b:
        call = await a.start("c1")
        assert call.engine == f"127.0.0.1:{a.engine.rpc.port}"
        assert (await b.stub.GetCall(pb.GetCallRequest(call_id="c1"))).call.engine == call.engine
        with pytest.raises(grpc.aio.AioRpcError, match=f"runs on engine {call.engine}"):
            await b.stub.SendDigits(pb.SendDigitsRequest(call_id="c1", digits="1"))
        assert (await b.start("c1")).engine == call.engine
        assert not b.lines.given


async def test_a_dead_engines_call_is_closed_by_the_other_and_its_journal_is_set_aside_when_it_returns(tmp_path: Path) -> None:
    log, hand = SharedLog(), Hand()
    times: dict[str, Any] = {"epoch_s": lambda: hand.now_s, "now_iso": lambda: iso(hand.now_s)}
    async with running_engine(tmp_path / "a", log=log, **times) as a:
        await a.start("c1")
        await a.settled("c1")
        await a.engine.leases.renew(60.0)
        log.go_away()
        await a.beat(6)  # ringing and answer are in the journal only
    log.come_back()
    hand.now_s += 61
    async with running_engine(tmp_path / "b", log=log, **times) as b:
        await closed_by_lease(b, log)
        assert [event.type for event in await log.read("call-c1")] == ["CallRequested", "CallDialled", "CallEnded"]
        assert [event.type for event in await log.read(QUOTA_STREAM)] == ["CallReserved", "CallReleased"]
        async with running_engine(tmp_path / "a", log=log, **times) as returned:
            await returned.recovered()
            assert (tmp_path / "a" / "aside" / "c1.jsonl").exists()
            assert [event.type for event in await log.read("call-c1")] == ["CallRequested", "CallDialled", "CallEnded"]
            assert "call_engine_journals_aside 1.0" in generate_latest(returned.engine.metrics.registry).decode()


async def closed_by_lease(it: EngineUnderTest, log: EventLog) -> None:
    """The engine looks after the others as soon as it starts, in the background."""
    await it.engine.leases.close_lost_calls()
    async with asyncio.timeout(5):
        async for event in log.subscribe_stream("call-c1"):
            if isinstance(event, RecordedEvent) and event.type == "CallEnded":
                break
    last = decode("CallEnded", (await log.read("call-c1"))[-1].data)
    assert last is not None
    assert last.outcome == "engine_lost"  # type: ignore[attr-defined]


def iso(epoch_s: float) -> str:
    return dt.datetime.fromtimestamp(epoch_s, dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def ledger(log: EventLog, **limits: Any) -> QuotaLedger:
    return QuotaLedger(log, GuardSettings(**limits), epoch_s=lambda: Hand.now_s, now_iso=lambda: iso(Hand.now_s))


def wanted(call_id: str) -> CallReserved:
    return CallReserved(call_id=call_id, number=OTHER, caller="alice", engine="a:1", at_s=Hand.now_s, until_s=Hand.now_s + 600, cost=1.0)


@pytest.fixture(params=["memory", "node"])
async def store(request: pytest.FixtureRequest) -> AsyncIterator[EventLog]:
    if request.param == "memory":
        yield SharedLog()
        return
    async with running_node() as uri:
        log = await connect(uri)
        yield log
        await log.close()


async def test_of_many_that_reserve_at_once_as_many_win_as_there_are_places(store: EventLog) -> None:
    engines = [ledger(store, per_hour=3) for _ in range(4)]
    tries = [engines[number % 4].reserve(wanted(f"c{number}")) for number in range(12)]
    done = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(result is None for result in done) == 3
    assert len(await store.read(QUOTA_STREAM)) == 3


async def test_a_ledger_that_starts_late_counts_what_was_reserved_before(store: EventLog) -> None:
    first = ledger(store, cost_per_day=2)
    await first.reserve(wanted("c1"))
    await first.reserve(wanted("c2"))
    await first.release("c2", 0.5)
    late = ledger(store, cost_per_day=2.5)
    await late.reserve(wanted("c3"))
    with pytest.raises(LimitReached, match=r"of 2.50 a day 0.00 are left"):
        await late.reserve(wanted("c4"))
