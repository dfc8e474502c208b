"""The event store goes away and comes back; the engine is killed and starts again; the disk fills up."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import grpc
import pytest
from call_contract import call_events as ev
from call_contract.call_events import decode
from call_contract.v1 import call_engine_pb2 as pb
from call_engine.core import happenings as hap
from call_engine.journal.lock import DirectoryLock, DirectoryTaken
from event_log.memory import MemoryEventLog
from event_log.records import Appended, NewEvent, StoreUnavailable

from tests.support.engine_under_test import EngineUnderTest, explore, running_engine
from tests.support.simple_brain import SimpleBrain, record


class LastingLog(MemoryEventLog):
    """A store outlives the engine that closes its connection."""

    async def close(self) -> None:
        pass


async def end(it: EngineUnderTest, call_id: str = "c1") -> None:
    await it.stub.EndCall(pb.EndCallRequest(call_id=call_id))
    await it.beat(3)


async def test_with_the_store_away_running_calls_go_on_and_new_ones_are_refused(tmp_path: Path) -> None:
    async with running_engine(tmp_path) as it:
        await it.start()
        await it.settled()
        it.log.go_away()
        await it.beat(6)
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await it.stub.StartCall(pb.StartCallRequest(call_id="c2", plan=explore()))
        assert refused.value.code() is grpc.StatusCode.UNAVAILABLE
        assert "event_store" in (refused.value.details() or "")
        call = (await it.stub.GetCall(pb.GetCallRequest(call_id="c1"))).call
        assert (call.state, call.last_ordinal, call.stored_ordinal) == ("walking", 3, 1)
        await end(it)
        it.log.come_back()
        assert await it.stored() == ["CallRequested", "CallDialled", "CallRinging", "CallAnswered", "EndOrdered", "CallEnded"]
        assert not list((tmp_path / "journal").glob("*.jsonl"))


async def test_the_store_goes_away_after_any_append(tmp_path: Path) -> None:
    for n in range(6):
        log = MemoryEventLog()
        async with running_engine(tmp_path / str(n), log=log) as it:
            await it.start()
            log.go_away(after_appends=n)
            await it.beat(6)
            await end(it)
            log.come_back()
            assert await it.stored() == ["CallRequested", "CallDialled", "CallRinging", "CallAnswered", "EndOrdered", "CallEnded"]


async def test_while_too_much_waits_for_a_slow_store_no_new_call_begins(tmp_path: Path) -> None:
    class Slow(LastingLog):
        """Answers questions, and takes nothing more once it is told so."""

        stuck = False

        async def append(self, stream: str, events: Sequence[NewEvent], *, expected: int, timeout_s: float = 5.0) -> Appended:
            if self.stuck:
                raise StoreUnavailable("too slow")
            return await super().append(stream, events, expected=expected, timeout_s=timeout_s)

    log, brain = Slow(), SimpleBrain()
    brain.rules[hap.Tick] = lambda _at, _tick: [record(ev.StepStarted(step_id="s", type="LISTEN"))] * 10
    async with running_engine(tmp_path, log=log, brain=lambda: brain) as it:
        it.engine.calls.backlog_max = 100
        await it.start()
        await it.settled()
        log.stuck = True
        await it.beat(15)
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await it.start("c2")
        assert refused.value.code() is grpc.StatusCode.UNAVAILABLE
        assert "events wait for the event store" in (refused.value.details() or "")
        log.stuck = False
        await it.settled()
        assert (await it.start("c3")).state == "dialling"


async def test_a_killed_engines_calls_are_closed_by_the_next(tmp_path: Path) -> None:
    log = LastingLog()
    async with running_engine(tmp_path, log=log) as it:
        await it.start()
        log.go_away()
        await it.beat(6)
    log.come_back()
    async with running_engine(tmp_path, log=log) as again:
        await again.recovered()
        events = await log.read("call-c1")
        assert [event.type for event in events] == ["CallRequested", "CallDialled", "CallRinging", "CallAnswered", "CallEnded"]
        last = decode("CallEnded", events[-1].data)
        assert last is not None
        assert last.outcome == "engine_lost"  # type: ignore[attr-defined]
        # A retry of StartCall finds it in the store, and nothing is dialled.
        assert (await again.start()).outcome == "engine_lost"
        assert not again.lines.given
        watched = [m.event.type async for m in again.stub.WatchCall(pb.WatchCallRequest(call_id="c1", from_ordinal=3))]
        assert watched == ["CallAnswered", "CallEnded"]


async def test_a_full_disk_ends_the_call_and_its_record_is_closed_when_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running_engine(tmp_path) as it:
        await it.start()
        with monkeypatch.context() as full:
            full.setattr(os, "write", lambda _descriptor, _line: 0)
            await it.beat(4)
        await it.beat(1)
        assert it.lines.given[0].closed == 1
        stored = await it.stored_when_ended()
        assert stored[-1] == "CallEnded"


def test_two_engines_cannot_share_a_journal_folder(tmp_path: Path) -> None:
    first = DirectoryLock(tmp_path)
    first.take()
    with pytest.raises(DirectoryTaken, match="CALL_ENGINE_DATA"):
        DirectoryLock(tmp_path).take()
    first.release()
    DirectoryLock(tmp_path).take()
