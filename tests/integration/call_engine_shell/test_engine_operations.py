"""Tokens, health, draining, slow watchers, metrics, limits."""

from __future__ import annotations

import asyncio
import hashlib
import socket
from collections.abc import Sequence
from pathlib import Path

import grpc
import numpy as np
import pytest
from call_contract import call_events as ev
from call_contract.v1 import call_engine_pb2 as pb
from call_engine.adapters.lines import SipLines
from call_engine.core import happenings as hap
from call_engine.core.brain import Brain
from call_engine.core.plan import Explore, Plan
from call_engine.line.settings import SipSettings
from call_engine.rpc.server import SERVICE, PortTaken
from call_engine.settings import GuardSettings
from event_log.memory import MemoryEventLog
from grpc_health.v1 import health_pb2, health_pb2_grpc
from numpy.typing import NDArray
from prometheus_client import generate_latest

from tests.support.engine_under_test import NUMBER, explore, running_engine
from tests.support.line_calls import far_end
from tests.support.scripted_call import WordSimilarity
from tests.support.scripted_line import ScriptedLine, ScriptedLines
from tests.support.simple_brain import SimpleBrain, record

TOKEN = "let-me-in"


def bridging() -> Brain:
    """The real one, which is ordered to put the call through."""
    plan = Plan(goal=Explore(phone_number=NUMBER, intent="a person"), device="phone")
    return Brain(plan, call_id="c1", similarity=WordSimilarity())


async def test_without_the_token_nobody_dials(tmp_path: Path) -> None:
    hashed = hashlib.sha256(TOKEN.encode()).hexdigest()
    async with running_engine(tmp_path, settings={"token_hashes": (hashed,)}) as it:
        for metadata in (None, (("authorization", "Bearer wrong"),), (("authorization", TOKEN),)):
            with pytest.raises(grpc.aio.AioRpcError) as refused:
                await it.stub.ListCalls(pb.ListCallsRequest(), metadata=metadata)
            assert refused.value.code() is grpc.StatusCode.UNAUTHENTICATED
            with pytest.raises(grpc.aio.AioRpcError) as refused:
                await it.stub.WatchCall(pb.WatchCallRequest(call_id="c1"), metadata=metadata).read()
            assert refused.value.code() is grpc.StatusCode.UNAUTHENTICATED
        await it.stub.ListCalls(pb.ListCallsRequest(), metadata=(("authorization", f"Bearer {TOKEN}"),))
        health = health_pb2_grpc.HealthStub(it.channel)
        answer = await health.Check(health_pb2.HealthCheckRequest(service=SERVICE))
        assert answer.status == health_pb2.HealthCheckResponse.SERVING


async def test_draining_takes_no_new_calls_and_ends_those_that_stay(tmp_path: Path) -> None:
    async with running_engine(tmp_path, settings={"drain_s": 0.2}) as it:
        await it.start()
        await it.beat(5)
        drain = asyncio.create_task(it.engine.drain())
        await asyncio.wait([drain], timeout=0.05)
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await it.stub.StartCall(pb.StartCallRequest(call_id="c2", plan=explore()))
        assert refused.value.code() is grpc.StatusCode.UNAVAILABLE
        assert "draining" in (refused.value.details() or "")
        while not drain.done():
            await it.beat()
            await asyncio.wait([drain], timeout=0.01)
        assert it.lines.given[0].closed >= 1


async def test_a_conversation_outlasts_the_engine_that_is_stopped(tmp_path: Path) -> None:
    async with far_end("answer", "--tone-hz", "440") as company, far_end("answer", "--tone-hz", "880") as phone:
        lines = SipLines(SipSettings(devices={"phone": phone.uri}), spares=0, lines_max=2)
        settings = {"drain_s": 0.2, "routes": {NUMBER: company.uri}}
        async with running_engine(tmp_path, settings=settings, lines=lines, brain_of=lambda _request: bridging()) as it:
            await it.start()
            await it.stub.TransferNow(pb.TransferNowRequest(call_id="c1", device="phone"))
            async with asyncio.timeout(10):
                while (await it.stub.GetCall(pb.GetCallRequest(call_id="c1"))).call.state != "bridged":
                    await it.beat()
            drain = asyncio.create_task(it.engine.drain())
            while not drain.done():
                await it.beat()
                await asyncio.wait([drain], timeout=0.01)
            record = it.engine.calls.record_of("c1")
            assert record is not None
            ended = ev.decode(record.entries[-1].type, bytes(record.entries[-1].data))
            assert isinstance(ended, ev.CallEnded)
            assert record.forwarder.stored == record.state.last_ordinal
            events = [ev.decode(entry.type, bytes(entry.data)) for entry in record.entries]
            (answered,) = [event for event in events if isinstance(event, ev.DeviceAnswered)]
            (bridged,) = [event for event in events if isinstance(event, ev.CallBridged)]
            assert bridged.latency_ms == bridged.at_ms - answered.at_ms, "the time that the phone rang is no delay of ours"
            assert (ended.outcome, ended.reason) == ("bridged", "the engine was stopped; the conversation goes on without it")
        company.told.clear()
        phone.told.clear()
        for _ in range(10):
            await phone.wait_for(lambda told: told.get("heard_hz") == 440)
            await company.wait_for(lambda told: told.get("heard_hz") == 880)
        phone.do("bye")
        await company.wait_for(lambda told: told.get("state") == "ended")


async def test_a_taken_port_is_one_clear_error(tmp_path: Path) -> None:
    async with running_engine(tmp_path / "a") as it:
        with pytest.raises(PortTaken, match=f"127.0.0.1:{it.engine.rpc.port} is taken"):
            async with running_engine(tmp_path / "b", settings={"port": it.engine.rpc.port}):
                pass


async def test_a_taken_port_of_measures_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match=f"CALL_ENGINE_METRICS_PORT={port}: Address already in use"):
            async with running_engine(tmp_path, settings={"metrics_port": port}):
                raise AssertionError("it started")


async def test_a_watcher_that_does_not_read_stalls_nothing(tmp_path: Path) -> None:
    brain = SimpleBrain()
    chatty = [record(ev.StepStarted(step_id="s" * 4000, type="LISTEN")) for _ in range(100)]
    brain.rules[hap.Tick] = lambda _at, _tick: chatty
    async with running_engine(tmp_path, brain=lambda: brain) as it:
        await it.start()
        watch = it.stub.WatchCall(pb.WatchCallRequest(call_id="c1"))
        await watch.read()
        await it.beat(20)
        assert it.brains[0].fed[-1][0] == 20 * 160
        seen = [(await watch.read()).event.ordinal for _ in range(1500)]
        assert seen == list(range(1, 1501))
        watch.cancel()


async def test_limits_survive_a_restart(tmp_path: Path) -> None:
    class LastingLog(MemoryEventLog):
        async def close(self) -> None:
            pass

    log, settings = LastingLog(), {"guards": GuardSettings(per_number_hour=1)}
    async with running_engine(tmp_path, log=log, settings=settings) as it:
        await it.start()
        await it.settled()
    async with running_engine(tmp_path, log=log, settings=settings) as again:
        await again.recovered()
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await again.stub.StartCall(pb.StartCallRequest(call_id="c2", plan=explore()))
        assert refused.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED


async def test_figures(tmp_path: Path) -> None:
    async with running_engine(tmp_path) as it:
        await it.start()
        await it.beat(10)
        text = generate_latest(it.engine.metrics.registry).decode()
        assert "call_engine_calls_running 1.0" in text
        assert "call_engine_frames_heard 7.0" in text
        assert "call_engine_trunk_ready 1.0" in text
        it.lines.trouble = "not registered"
        assert "call_engine_trunk_ready 0.0" in generate_latest(it.engine.metrics.registry).decode()
        assert "call_engine_frames_silent 3.0" in text


async def test_every_frame_is_accounted_for(tmp_path: Path) -> None:
    """Heard in time, heard late, or lost; and what the network lost before."""

    class Stalling(ScriptedLine):
        """Gives nothing for a while, then all of it, with some of it lost."""

        async def poll(self) -> tuple[Sequence[hap.LineFact], NDArray[np.int16]]:
            facts, frames = await super().poll()
            if self._frames_given != 5:
                return facts, frames
            self.lost_frames, self.lost_packets = 3, 2
            return facts, np.zeros((20, 160), dtype=np.int16)

    async with running_engine(tmp_path, lines=ScriptedLines(Stalling())) as it:
        await it.start()
        await it.beat(10)
        frames = it.engine.pulse.frames
        assert (frames.heard, frames.late, frames.lost, frames.packets_lost) == (6 + 17, 17 - 5, 3, 2)
