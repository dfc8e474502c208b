"""While the SIP account cannot be used the engine says so, and refuses what it cannot dial."""

from __future__ import annotations

from pathlib import Path

import grpc
import pytest
from call_contract.engine_health import LINES, TROUBLE
from call_contract.v1 import call_engine_pb2 as pb
from call_engine.rpc.server import SERVICE
from grpc_health.v1 import health_pb2, health_pb2_grpc

from tests.support.engine_under_test import NUMBER, explore, running_engine
from tests.support.scripted_line import ScriptedLines

IN_USE = "the SIP account cannot be used: port 5060 is in use"


def lines(trouble: str, problem: str = "") -> ScriptedLines:
    made = ScriptedLines()
    made.trouble, made.trunk_problem = trouble, problem
    return made


async def test_a_number_of_the_trunk_is_refused_with_the_reason(tmp_path: Path) -> None:
    async with running_engine(tmp_path, lines=lines(IN_USE, IN_USE)) as it:
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await it.stub.StartCall(pb.StartCallRequest(call_id="c1", plan=explore()))
        assert refused.value.code() is grpc.StatusCode.UNAVAILABLE
        assert IN_USE in (refused.value.details() or "")
        it.lines.trouble = it.lines.trunk_problem = ""
        await it.stub.StartCall(pb.StartCallRequest(call_id="c2", plan=explore()))


async def test_a_number_with_a_route_of_its_own_needs_no_trunk(tmp_path: Path) -> None:
    settings = {"routes": {NUMBER: "sip:company@127.0.0.1:1"}}
    async with running_engine(tmp_path, lines=lines(IN_USE, IN_USE), settings=settings) as it:
        await it.stub.StartCall(pb.StartCallRequest(call_id="c1", plan=explore()))


async def test_an_account_that_is_not_registered_may_be_enough(tmp_path: Path) -> None:
    async with running_engine(tmp_path, lines=lines("not registered at sip:x: 403 Forbidden")) as it:
        await it.stub.StartCall(pb.StartCallRequest(call_id="c1", plan=explore()))


async def test_the_health_of_the_lines_says_why(tmp_path: Path) -> None:
    async with running_engine(tmp_path, lines=lines(IN_USE, IN_USE)) as it:
        stub = health_pb2_grpc.HealthStub(it.channel)

        async def asked(service: str) -> tuple[int, bytes]:
            question = stub.Check(health_pb2.HealthCheckRequest(service=service))
            answer = await question
            return answer.status, (await question.trailing_metadata()).get(TROUBLE, b"")

        serving, not_serving = health_pb2.HealthCheckResponse.SERVING, health_pb2.HealthCheckResponse.NOT_SERVING
        assert await asked(SERVICE) == await asked("") == (serving, b"")
        assert await asked(LINES) == (not_serving, IN_USE.encode())
        it.lines.trouble = ""
        assert await asked(LINES) == (serving, b"")
