"""What a StartCall message means, and what is wrong with it."""

from __future__ import annotations

import io
import math
import wave
from typing import Any

import pytest
from call_contract.v1 import call_engine_pb2 as pb
from call_engine.core.plan import Follow
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


def following(*steps: pb.CallFlowStep, **more: Any) -> pb.StartCallRequest:
    flow = pb.CallFlow(id="f", name="f", phone_number="+18005551234", steps=steps)
    return pb.StartCallRequest(call_id="c1", plan=pb.Plan(follow=pb.Follow(flow=flow, **more)))


@pytest.mark.parametrize(
    ("step", "where"),
    [
        ({"id": ""}, "id"), ({"timeout_s": -1}, "timeout_s"),
        ({"timeout_s": math.nan}, "timeout_s"), ({"timeout_s": math.inf}, "timeout_s"),
        ({"dtmf": "12x"}, "dtmf"), ({"dtmf": ""}, "dtmf"), ({"type": "DTMF"}, "dtmf"),
        ({"metadata_json": b'{"prompt": 5}'}, "metadata_json"), ({"metadata_json": b"[]"}, "metadata_json"),
        ({"conditions": [pb.Condition(predicate="perhaps", step_id="a")]}, "conditions"),
        ({"conditions": [pb.Condition(predicate="on:monday", step_id="a")]}, "conditions"),
        ({"conditions": [pb.Condition(predicate="heard: ", step_id="a")]}, "conditions"),
    ],
)  # fmt: skip
def test_a_step_that_cannot_be_run_is_refused_before_anybody_is_called(step: dict[str, Any], where: str) -> None:
    fields: dict[str, Any] = {"id": "a", "type": "WAIT", "timeout_s": 1, **step}
    with pytest.raises(BadRequest) as refused:
        request_of(following(pb.CallFlowStep(**fields)), max_call_s=60, actor="me")
    assert [field for field, _ in refused.value.faults] == [f"plan.follow.flow.steps[0].{where}"]


def test_sound_that_a_step_plays_has_to_come_along() -> None:
    speak = pb.CallFlowStep(id="a", type="SPEAK", timeout_s=5, metadata_json=b'{"audio_file": "hello.wav"}')
    with pytest.raises(BadRequest, match=r"plan\.follow\.audio_files: lacks 'hello\.wav', which step 'a' plays"):
        request_of(following(speak), max_call_s=60, actor="me")


@pytest.mark.parametrize("length", [0, 1, 43])
def test_sound_that_lacks_its_beginning_is_refused(length: int) -> None:
    with pytest.raises(BadRequest, match=r"plan\.follow\.audio_files\[a\.wav\]: not a (whole )?WAV file"):
        request_of(playing(tone_file()[:length]), max_call_s=60, actor="me")


@pytest.mark.parametrize("length", [45, 47, 48])
def test_sound_that_was_cut_off_is_read_as_far_as_it_goes(length: int) -> None:
    assert len(request_of(playing(tone_file()[:length]), max_call_s=60, actor="me").assets["a.wav"]) == (length - 44) // 4


def playing(wav: bytes) -> pb.StartCallRequest:
    speak = pb.CallFlowStep(id="a", type="SPEAK", timeout_s=5, metadata_json=b'{"audio_file": "a.wav"}')
    return following(speak, audio_files={"a.wav": wav})


def tone_file() -> bytes:
    """A stereo WAV file of 16 bits."""
    whole = io.BytesIO()
    with wave.open(whole, "wb") as wav:
        wav.setnchannels(2)
        wav.setsampwidth(2)
        wav.setframerate(8000)
        wav.writeframes(bytes(400))
    return whole.getvalue()


def test_a_step_without_a_timeout_has_that_of_every_step() -> None:
    goal = request_of(following(pb.CallFlowStep(id="a", type="LISTEN")), max_call_s=60, actor="me").plan.goal
    assert isinstance(goal, Follow)
    assert goal.flow.steps[0].timeout == 10.0


def transferring(device: str) -> pb.StartCallRequest:
    return following(pb.CallFlowStep(id="t", type="TRANSFER", timeout_s=30, metadata_json=f'{{"device": "{device}"}}'.encode()))


def test_a_step_that_would_ring_an_unknown_device_is_refused_before_anybody_waits_on_hold() -> None:
    with pytest.raises(BadRequest) as refused:
        request_of(transferring("dsek"), max_call_s=60, actor="me", devices=DEVICES)
    assert refused.value.faults == (
        ("plan.follow.flow.steps[0].metadata_json", "device 'dsek' is none of the configured devices: desk, mobile"),
    )
    for device in ("desk", "+12125550101", "sip:me@192.0.2.1"):
        request_of(transferring(device), max_call_s=60, actor="me", devices=DEVICES)
    request_of(transferring("dsek"), max_call_s=60, actor="me", devices=())


def test_secret_digits_need_no_dtmf() -> None:
    pin = pb.CallFlowStep(id="a", type="DTMF", metadata_json=b'{"secret": "pin"}')
    assert request_of(following(pin), max_call_s=60, actor="me").mode == "follow"
