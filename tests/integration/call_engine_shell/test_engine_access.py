"""The gRPC port as others meet it: certificates of both sides, reflection, deadlines, and what is logged about a call."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Sequence
from pathlib import Path

import grpc
import pytest
from call_contract.structured_logs import JsonLines
from call_contract.v1 import call_engine_pb2 as pb
from call_contract.v1 import call_engine_pb2_grpc
from call_engine.rpc.server import SERVICE
from event_log.memory import MemoryEventLog
from event_log.records import Appended, NewEvent
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from tests.support.certificates import Authority
from tests.support.engine_under_test import explore, running_engine


async def test_only_who_shows_a_certificate_of_the_right_authority_is_let_in(tmp_path: Path) -> None:
    ours, strangers = Authority(), Authority("strangers")
    certificate, key = ours.signed("engine")
    files = {"tls_cert": certificate, "tls_key": key, "tls_client_ca": ours.pem}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    settings = {name: str(tmp_path / name) for name in files}
    async with running_engine(tmp_path / "data", settings=settings) as it:

        async def calls(shown: tuple[bytes, bytes] | None) -> grpc.StatusCode:
            chain, own_key = shown or (None, None)
            trusted = grpc.ssl_channel_credentials(ours.pem, own_key, chain)
            async with grpc.aio.secure_channel(f"127.0.0.1:{it.engine.rpc.port}", trusted) as channel:
                try:
                    await call_engine_pb2_grpc.CallEngineStub(channel).ListCalls(pb.ListCallsRequest(), timeout=5)
                except grpc.aio.AioRpcError as refused:
                    return refused.code()
                return grpc.StatusCode.OK

        assert await calls(ours.signed("flow-api")) is grpc.StatusCode.OK
        assert await calls(None) is grpc.StatusCode.UNAVAILABLE
        assert await calls(strangers.signed("flow-api")) is grpc.StatusCode.UNAVAILABLE


async def test_reflection_names_the_services(tmp_path: Path) -> None:
    async with running_engine(tmp_path) as it:
        ask = reflection_pb2_grpc.ServerReflectionStub(it.channel).ServerReflectionInfo
        async for answer in ask(iter([reflection_pb2.ServerReflectionRequest(list_services="")])):
            names = {service.name for service in answer.list_services_response.service}
        assert {SERVICE, "grpc.health.v1.Health"} <= names


async def test_who_gives_up_waiting_leaves_no_call_half_started(tmp_path: Path) -> None:
    class Slow(MemoryEventLog):
        def __init__(self) -> None:
            super().__init__()
            self.quick = asyncio.Event()

        async def append(self, stream: str, events: Sequence[NewEvent], *, expected: int, timeout_s: float = 5.0) -> Appended:
            if stream.startswith("call-"):
                await self.quick.wait()
            return await super().append(stream, events, expected=expected, timeout_s=timeout_s)

    log = Slow()
    async with running_engine(tmp_path, log=log) as it:
        request = pb.StartCallRequest(call_id="c1", plan=explore())
        with pytest.raises(grpc.aio.AioRpcError) as late:
            await it.stub.StartCall(request, timeout=0.3)
        assert late.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED
        log.quick.set()
        assert (await it.stub.StartCall(request)).call.state == "dialling"
        assert len(it.lines.given) == 1


async def test_log_lines_of_a_call_carry_its_ids(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    async with running_engine(tmp_path) as it:
        await it.start(correlation_id="case-7", actor="alice")
        await it.beat(5)
        await it.stub.EndCall(pb.EndCallRequest(call_id="c1"))
        await it.beat(3)
    lines = [json.loads(JsonLines().format(entry)) for entry in caplog.records]
    of_the_call = [line for line in lines if line.get("call_id") == "c1"]
    assert [line["message"] for line in of_the_call] == ["call requested", "call dialling", "call ringing", "call walking", "call ended"]
    assert all((line["correlation_id"], line["actor"]) == ("case-7", "alice") for line in of_the_call)
    assert of_the_call[-1]["outcome"] == "cancelled"
