"""A call from StartCall to its end, over real gRPC and a real journal."""

from __future__ import annotations

from pathlib import Path

import grpc
import pytest
from call_contract.v1 import call_engine_pb2 as pb
from call_engine.line.settings import SipSettings

from tests.support.engine_under_test import explore, running_engine


async def test_a_call_is_dialled_answered_steered_and_ended(tmp_path: Path) -> None:
    async with running_engine(tmp_path, settings={"routes": {"+18005551234": "sip:127.0.0.1:5070"}}) as it:
        call = await it.start()
        assert (call.state, call.mode, call.stored_ordinal) == ("dialling", "explore", 0)
        assert it.lines.given[0].target == "sip:127.0.0.1:5070"
        await it.beat(6)
        await it.stub.SendDigits(pb.SendDigitsRequest(call_id="c1", digits="3", actor="me"))
        await it.beat(3)
        await it.stub.TransferNow(pb.TransferNowRequest(call_id="c1", device="phone"))
        await it.beat(5)
        assert (await it.stub.GetCall(pb.GetCallRequest(call_id="c1"))).call.state == "bridged"
        await it.stub.EndCall(pb.EndCallRequest(call_id="c1", reason="enough"))
        await it.beat(3)
        ended = (await it.stub.GetCall(pb.GetCallRequest(call_id="c1"))).call
        assert (ended.state, ended.outcome) == ("ended", "cancelled")
        assert await it.stored() == [
            "CallRequested", "CallDialled", "CallRinging", "CallAnswered", "DigitsOrdered", "DigitsSent", "TransferStarted",
            "CallBridged", "EndOrdered", "CallEnded",
        ]  # fmt: skip
        assert it.lines.given[0].closed == 1


async def test_a_transfer_to_a_device_that_nobody_configured_is_refused_and_the_call_goes_on(tmp_path: Path) -> None:
    sip = SipSettings(devices={"desk": "sip:desk@127.0.0.1", "mobile": "+12125550101"})
    async with running_engine(tmp_path, settings={"sip": sip}) as it:
        await it.start()
        await it.beat(6)
        with pytest.raises(grpc.aio.AioRpcError, match="device: is none of the configured devices: desk, mobile") as refused:
            await it.stub.TransferNow(pb.TransferNowRequest(call_id="c1", device="dsek"))
        assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT
        await it.beat(3)
        assert (await it.stored())[-1] == "CallAnswered"
        await it.stub.TransferNow(pb.TransferNowRequest(call_id="c1", device="desk"))
        await it.beat(5)
        assert (await it.stub.GetCall(pb.GetCallRequest(call_id="c1"))).call.state == "bridged"


async def test_starting_twice_dials_once(tmp_path: Path) -> None:
    async with running_engine(tmp_path) as it:
        await it.start()
        again = await it.start()
        assert again.last_ordinal == 1
        assert len(it.lines.given) == 1


async def test_the_same_id_with_another_plan_is_refused(tmp_path: Path) -> None:
    async with running_engine(tmp_path) as it:
        await it.start()
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await it.stub.StartCall(pb.StartCallRequest(call_id="c1", plan=explore(intent="something else")))
        assert refused.value.code() is grpc.StatusCode.ALREADY_EXISTS


async def test_a_watcher_resumes_where_it_was(tmp_path: Path) -> None:
    async with running_engine(tmp_path) as it:
        await it.start()
        await it.beat(5)
        watch = it.stub.WatchCall(pb.WatchCallRequest(call_id="c1", from_ordinal=2))
        first = await watch.read()
        assert (first.event.ordinal, first.event.type) == (2, "CallRinging")
        watch.cancel()
        await it.stub.EndCall(pb.EndCallRequest(call_id="c1"))
        await it.beat(3)
        rest = [message.event.ordinal async for message in it.stub.WatchCall(pb.WatchCallRequest(call_id="c1", from_ordinal=3))]
        assert rest == [3, 4, 5]


async def test_meters_come_between_events(tmp_path: Path) -> None:
    async with running_engine(tmp_path) as it:
        await it.start()
        await it.beat(5)
        watch = it.stub.WatchCall(pb.WatchCallRequest(call_id="c1", from_ordinal=4, meters=True))
        message = await watch.read()
        assert message.WhichOneof("kind") == "meter"
        assert message.meter.level_dbm0 == pytest.approx(-90)
        watch.cancel()


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (pb.StartCallRequest(call_id="a/b", plan=explore()), grpc.StatusCode.INVALID_ARGUMENT),
        (pb.StartCallRequest(call_id="c1"), grpc.StatusCode.INVALID_ARGUMENT),
        (pb.StartCallRequest(call_id="c1", plan=explore(), personal_data_key=b"short"), grpc.StatusCode.INVALID_ARGUMENT),
        (pb.StartCallRequest(call_id="c1", plan=explore("+1911")), grpc.StatusCode.FAILED_PRECONDITION),
        (pb.StartCallRequest(call_id="c1", plan=explore("+19005551234")), grpc.StatusCode.FAILED_PRECONDITION),
    ],
)
async def test_what_cannot_be_called_is_not_dialled(tmp_path: Path, request_: pb.StartCallRequest, code: grpc.StatusCode) -> None:
    async with running_engine(tmp_path) as it:
        for _ in range(2):  # the second answer is as the first
            with pytest.raises(grpc.aio.AioRpcError) as refused:
                await it.stub.StartCall(request_)
            assert refused.value.code() is code
        assert not it.lines.given


async def test_unknown_calls_are_not_found(tmp_path: Path) -> None:
    async with running_engine(tmp_path) as it:
        for ask in (
            it.stub.GetCall(pb.GetCallRequest(call_id="nope")),
            it.stub.EndCall(pb.EndCallRequest(call_id="nope")),
            it.stub.SendDigits(pb.SendDigitsRequest(call_id="nope", digits="1")),
            it.stub.WatchCall(pb.WatchCallRequest(call_id="nope")).read(),
        ):
            with pytest.raises(grpc.aio.AioRpcError) as missing:
                await ask
            assert missing.value.code() is grpc.StatusCode.NOT_FOUND
