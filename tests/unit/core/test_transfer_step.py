"""The TRANSFER step: how long the phone rings is the step's ``timeout``, and where the flow goes if nobody picks up is what it says."""

from __future__ import annotations

import pytest
from call_contract import call_events as ev
from call_contract.call_events import CallOutcome
from call_contract.discoveries import DiscoveryType
from call_contract.flows import CallFlowStep
from call_engine.core import effects as fx
from call_engine.core.brain import Brain
from call_engine.core.plan import Explore, Limits, Plan

from tests.support.chase_flow import flow, step
from tests.support.chase_script import chase
from tests.support.phones import AGENT, Phones, queue
from tests.support.scripted_call import Node, ScriptedCall, WordSimilarity, music, pause, say

HOLD = step("hold", "HOLD", "transfer", timeout=600)
BYE = step("bye", "SPEAK", metadata={"text": "Nobody is there, I am sorry. Goodbye."})


@pytest.mark.parametrize(("timeout", "rings_s"), [(10, 30), (30, 30), (45, 45)])
def test_the_phone_rings_for_as_long_as_the_step_says_and_a_person_needs_and_is_tried_again(timeout: float, rings_s: float) -> None:
    call = Phones(flow(HOLD, step("transfer", "TRANSFER", timeout=timeout)), queue()).run()
    assert call.rang() == [("phone", pytest.approx(rings_s, abs=0.1))] * 2
    assert [one.reason for one in call.of(ev.TransferFailed)] == ["no_answer", "no_answer"]
    assert (call.events[-1].outcome, call.events[-1].reason) == (CallOutcome.HUMAN_NOT_BRIDGED, "nobody picked up: no_answer")
    assert [effect.text for effect in call.effects if isinstance(effect, fx.Play)][-1].startswith("I am sorry")


def test_how_often_is_the_calls_limit() -> None:
    call = Phones(flow(HOLD, step("transfer", "TRANSFER", timeout=35)), queue(), limits=Limits(device_attempts=1)).run()
    assert call.rang() == [("phone", pytest.approx(35, abs=0.1))]


def test_a_written_transfer_needs_no_human() -> None:
    call = Phones(flow(step("transfer", "TRANSFER", timeout=32)), {"start": Node([pause(100)])}).run()
    assert call.rang() == [("phone", pytest.approx(32, abs=0.1))] * 2


def test_what_no_step_asked_for_rings_as_long_as_the_calls_limits_say() -> None:
    brain = Brain(
        Plan(goal=Explore(phone_number="+18005551234", intent="dispute a charge"), limits=Limits(device_ring_s=8)),
        call_id="c", similarity=WordSimilarity(),
    )  # fmt: skip
    call = ScriptedCall(brain, chase(), pickup_s=None).run()
    rung, cancelled = call.times(fx.RingDevice), call.times(fx.CancelDevice)
    assert [end - start for start, end in zip(rung, cancelled, strict=True)] == [pytest.approx(8, abs=0.1)] * 2


def test_a_condition_for_the_timeout_is_followed_at_once() -> None:
    what = flow(HOLD, step("transfer", "TRANSFER", timeout=9, conditions={"on:timeout": "bye"}), BYE)
    call = Phones(what, queue()).run()
    assert call.rang() == [("phone", pytest.approx(9, abs=0.1))]
    assert call.ended()[-2:] == [("transfer", "timeout", "bye"), ("bye", "done", None)]
    assert call.events[-1].outcome is CallOutcome.HUMAN_NOT_BRIDGED
    assert [effect.text for effect in call.effects if isinstance(effect, fx.Play)][-1] == BYE.metadata["text"]


def test_the_next_phone_is_rung_while_the_human_is_kept_company() -> None:
    what = flow(
        HOLD, step("transfer", "TRANSFER", timeout=9, conditions={"on:timeout": "mobile"}),
        step("mobile", "TRANSFER", timeout=20, metadata={"device": "mobile"}),
    )  # fmt: skip
    call = Phones(what, queue(), {"mobile": 6}).run()
    assert call.rang() == [("phone", pytest.approx(9, abs=0.1)), ("mobile", -1)]
    assert call.events[-1].outcome is CallOutcome.BRIDGED
    assert [one.device for one in call.of(ev.CallBridged)] == ["mobile"]


@pytest.mark.parametrize(("cause", "outcome"), [("busy", "busy"), ("declined", "busy"), ("unreachable", "timeout")])
def test_a_phone_that_cannot_be_reached_is_not_waited_for(cause: str, outcome: str) -> None:
    what = flow(HOLD, step("transfer", "TRANSFER", timeout=9, conditions={f"on:{outcome}": "bye"}), BYE)
    call = Phones(what, queue(), {"phone": cause}).run()
    assert call.rang() == [("phone", -1)]
    assert call.ended()[-2] == ("transfer", outcome, "bye")


def test_a_flow_that_leads_back_and_forth_rings_no_phone_twice_in_a_moment() -> None:
    what = flow(
        HOLD, step("transfer", "TRANSFER", timeout=9, conditions={"on:timeout": "mobile"}),
        step("mobile", "TRANSFER", timeout=9, metadata={"device": "mobile"}, conditions={"on:timeout": "transfer"}),
    )  # fmt: skip
    call = Phones(what, queue(), {"phone": "unreachable", "mobile": "unreachable"})
    call._at(40 * 8000, lambda: call.phones.update(phone=2.0))
    call.run()
    assert call.events[-1].outcome is CallOutcome.BRIDGED
    assert len(call.rang()) > 4
    began = [at for at, effect in zip(call._times, call.effects, strict=True) if isinstance(effect, fx.RingDevice)]
    assert all(later - earlier >= 9.9 for earlier, later in zip(began, began[2:], strict=False))


BACK_AND_FORTH = [
    [step("transfer", "TRANSFER", timeout=9, conditions={"on:timeout": "mobile", "on:busy": "mobile"}),
     step("mobile", "TRANSFER", timeout=9, metadata={"device": "mobile"}, conditions={"on:timeout": "transfer"})],
    [step("transfer", "TRANSFER", "transfer", timeout=9)],
    [step("transfer", "TRANSFER", timeout=9, conditions={"on:timeout": "moment", "on:busy": "moment"}),
     step("moment", "SPEAK", "transfer", metadata={"text": "One moment."})],
    [step("transfer", "TRANSFER", timeout=9, conditions={"on:timeout": "listen", "on:busy": "listen"}),
     step("listen", "LISTEN", timeout=5, conditions={"on:timeout": "transfer", "on:silence": "transfer"})],
]  # fmt: skip


@pytest.mark.parametrize("phone", [None, "unreachable", "busy"])
@pytest.mark.parametrize("steps", BACK_AND_FORTH, ids=["two phones", "itself", "a sentence between", "a silence between"])
def test_a_flow_that_leads_back_and_forth_ends_where_there_is_nowhere_new_to_go(steps: list[CallFlowStep], phone: str | None) -> None:
    call = Phones(flow(HOLD, *steps), queue(agent=Node([AGENT, pause(2000)], hangs_up=True)), {"phone": phone, "mobile": phone}).run()
    assert call.events[-1].outcome is CallOutcome.HUMAN_NOT_BRIDGED, call.timeline()
    assert call.events[-1].reason.startswith("nobody picked up")
    assert len(call.rang()) <= 6
    assert [effect.text for effect in call.effects if isinstance(effect, fx.Play)][-1].startswith("I am sorry")


def test_where_the_flow_leads_for_another_reason_is_new() -> None:
    what = flow(HOLD, step("transfer", "TRANSFER", timeout=9, conditions={"on:timeout": "transfer", "on:busy": "bye"}), BYE)
    call = Phones(what, queue())
    call._at(38 * 8000, lambda: call.phones.update(phone="busy"))
    call.run()
    assert [one[1:] for one in call.ended()][1:] == [("timeout", "transfer"), ("timeout", "transfer"), ("busy", "bye"), ("done", None)]


def test_another_condition_than_that_is_no_reason_to_give_up() -> None:
    what = flow(HOLD, step("transfer", "TRANSFER", timeout=9, conditions={"on:timeout": "bye"}), BYE)
    call = Phones(what, queue(), {"phone": "busy"}).run()
    assert call.rang() == [("phone", -1)] * 2
    assert call.events[-1].outcome is CallOutcome.HUMAN_NOT_BRIDGED


def test_a_next_step_is_what_follows_when_the_phone_was_rung_in_vain() -> None:
    call = Phones(flow(HOLD, step("transfer", "TRANSFER", "bye", timeout=9), BYE), queue()).run()
    assert call.rang() == [("phone", pytest.approx(9, abs=0.1))] * 2
    assert call.ended()[-2:] == [("transfer", "timeout", "bye"), ("bye", "done", None)]


def test_a_human_who_talks_on_while_the_flow_says_goodbye_is_not_put_through_again() -> None:
    what = flow(
        HOLD, step("transfer", "TRANSFER", timeout=9, conditions={"on:timeout": "bye"}),
        step("bye", "WAIT", "end", timeout=20), step("end", "WAIT", timeout=1),
    )  # fmt: skip
    said = [say("Hello? Are you still there? How can I help you?"), pause(3), say("Hello? My name is Mary."), music(6), pause(60)]
    call = Phones(what, queue(agent=Node([AGENT, pause(9), *said]))).run()
    assert call.rang() == [("phone", pytest.approx(9, abs=0.1))]
    assert call.events[-1].outcome is CallOutcome.HUMAN_NOT_BRIDGED
    assert not any("Mary" in one.text for one in call.of(ev.UtteranceHeard))
    assert any("Mary" in sealed for sealed in call.seals[1:])


def test_what_the_human_says_then_may_still_lead_elsewhere() -> None:
    what = flow(
        HOLD, step("transfer", "TRANSFER", timeout=9, conditions={"on:timeout": "sorry"}),
        step("sorry", "WAIT", timeout=30, conditions={"heard:shall I call you back": "bye"}), BYE,
    )  # fmt: skip
    call = Phones(what, queue(agent=Node([AGENT, pause(11), say("Nobody there? Shall I call you back then?"), pause(60)]))).run()
    assert call.ended()[-2:] == [("sorry", "done", "bye"), ("bye", "done", None)]


@pytest.mark.parametrize("hangs_up_s", [33, 36, 39])
def test_what_a_human_says_before_hanging_up_on_a_flow_that_takes_leave_is_sealed(hangs_up_s: int) -> None:
    what = flow(
        HOLD, step("transfer", "TRANSFER", timeout=9, conditions={"on:timeout": "sorry"}), step("sorry", "WAIT", timeout=60),
    )  # fmt: skip
    talks = Node([AGENT, pause(11), say("The account number of John Smith ends in four two and I will close the case now."), pause(30)])
    call = Phones(what, queue(agent=talks))
    call._at(hangs_up_s * 8000, lambda: call._hang_up("disconnected"))
    call.run()
    assert call.events[-1].outcome is CallOutcome.HUMAN_NOT_BRIDGED
    assert not any("Smith" in str(event) for event in call.events)
    assert DiscoveryType.DISCONNECTED not in [one.discovery.type for one in call.of(ev.DiscoveryMade)]


def test_back_on_hold_a_human_is_waited_for_again() -> None:
    """Who was met may have hung up, or be asked once more."""
    what = flow(HOLD, step("transfer", "TRANSFER", timeout=9, conditions={"on:timeout": "hold"}))
    talks = Node([AGENT, pause(20), say("Hello? Are you still there? How can I help you?"), pause(90)])
    call = Phones(what, queue(agent=talks))
    call._at(30 * 8000, lambda: call.phones.update(phone=2.0))
    call.run()
    assert [one[0] for one in call.ended()] == ["hold", "transfer", "hold"]
    assert call.events[-1].outcome is CallOutcome.BRIDGED


def test_music_that_comes_back_leads_where_the_step_says() -> None:
    again = step("again", "HOLD", "transfer", timeout=600)
    what = flow(HOLD, step("transfer", "TRANSFER", timeout=60, conditions={"on:hold": "again"}), again)
    nodes = queue(agent=Node([AGENT, music(30), pause(0.8)], then="human"), human=Node([AGENT, pause(60)], hangs_up=True))
    call = Phones(what, nodes)
    call._at(50 * 8000, lambda: call.phones.update(phone=2.0))
    call.run()
    assert call.ended() == [("hold", "human", "transfer"), ("transfer", "hold", "again"), ("again", "human", "transfer")]
    assert call.events[-1].outcome is CallOutcome.BRIDGED


def test_who_was_no_human_after_all_is_not_put_through_at_a_later_step() -> None:
    """A learned TRANSFER waits for somebody who is there."""
    learned = {"evidence": ["a"]}
    what = flow(
        HOLD, step("transfer", "TRANSFER", timeout=60, conditions={"on:hold": "again"}, metadata=learned),
        step("again", "HOLD", timeout=20, conditions={"on:timeout": "second", "on:human": "second"}),
        step("second", "TRANSFER", timeout=9, metadata={**learned, "device": "mobile"}),
    )  # fmt: skip
    call = Phones(what, queue(agent=Node([AGENT, music(90)], hangs_up=True))).run()
    assert call.ended()[-1] == ("again", "timeout", "second")
    assert [device for device, _ in call.rang()] == ["phone"]


def test_a_phone_that_rang_early_rings_on_for_the_time_of_the_step() -> None:
    call = Phones(flow(HOLD, step("transfer", "TRANSFER", timeout=40)), queue(), ring_early=True, limits=Limits(device_attempts=1)).run()
    (met,) = call.of(ev.HumanDetected)
    (cancelled,) = call.times(fx.CancelDevice)
    assert cancelled - met.at_ms / 1000 == pytest.approx(40, abs=0.1)


def test_the_phone_that_the_step_names_is_rung_in_place_of_one_that_rang_early() -> None:
    what = flow(HOLD, step("transfer", "TRANSFER", timeout=25, metadata={"device": "desk"}))
    call = Phones(what, queue(), {"desk": 3}, ring_early=True).run()
    assert [device for device, _ in call.rang()] == ["phone", "desk"]
    assert [one.device for one in call.of(ev.CallBridged)] == ["desk"]


def test_the_brain_wakes_when_the_time_of_the_step_is_over() -> None:
    call = Phones(flow(HOLD, step("transfer", "TRANSFER", timeout=9, conditions={"on:timeout": "bye"}), BYE), queue())
    call._leaps = True
    call.run()
    assert call.rang() == [("phone", pytest.approx(9, abs=0.1))]
