"""What a StartCall message means, and what is wrong with it."""

from __future__ import annotations

import pytest
from call_contract.v1 import call_engine_pb2 as pb
from call_engine.errors import BadRequest
from call_engine.rpc.mapping import request_of

DEVICES = ("desk", "mobile")


def message(device: str = "") -> pb.StartCallRequest:
    explore = pb.Explore(phone_number="+18005551234", intent="dispute a charge")
    return pb.StartCallRequest(call_id="c1", plan=pb.Plan(explore=explore), device=device)


def test_no_device_is_the_default_one() -> None:
    assert request_of(message(), max_call_s=60, actor="me", devices=DEVICES).plan.device == "desk"


def test_a_device_is_taken_by_name() -> None:
    assert request_of(message("mobile"), max_call_s=60, actor="me", devices=DEVICES).plan.device == "mobile"


def test_an_unknown_device_is_refused_before_anybody_is_called() -> None:
    with pytest.raises(BadRequest, match="device"):
        request_of(message("fax"), max_call_s=60, actor="me", devices=DEVICES)


def test_a_recording_is_refused_where_none_can_be_kept() -> None:
    asked = message()
    asked.record_conversation = True
    with pytest.raises(BadRequest, match="record_conversation"):
        request_of(asked, max_call_s=60, actor="me", devices=DEVICES)
    assert request_of(asked, max_call_s=60, actor="me", devices=DEVICES, records=True).plan.record_conversation
    assert not request_of(message(), max_call_s=60, actor="me", devices=DEVICES, records=True).plan.record_conversation
