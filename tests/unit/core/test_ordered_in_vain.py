"""A transfer that a person ordered and that nobody picks up: a call that is still on hold keeps its place in the queue."""

from __future__ import annotations

from typing import Any

import pytest
from call_contract import call_events as ev
from call_contract.call_events import CallOutcome
from call_contract.discoveries import DiscoveryType
from call_contract.flows import CallFlow
from call_engine.core import effects as fx
from call_engine.core import happenings as hp
from call_engine.core.brain import CallState
from call_engine.core.settings import CoreSettings
from line_audio.segments import Label

from tests.support.chase_flow import flow, step
from tests.support.phones import AGENT, Phones, queue
from tests.support.scripted_call import Node, music, pause, say, tone

HELD = flow(step("hold", "HOLD", "transfer", timeout=600), step("transfer", "TRANSFER", timeout=20))
BUSY_NOW = say("All our agents are busy at the moment, please hold the line.")
CALL_BACK = say("To keep your place in line and be called back, press 1. To continue to hold, press 2.")
VAIN = "nobody picked up the transfer that was ordered: no_answer"


def ordered(nodes: dict[str, Node], at_s: float = 9, *, what: CallFlow = HELD, device: str = "", **plan: Any) -> Phones:
    call = Phones(what, nodes, **plan)
    call._at(int(at_s * 8000), lambda: call._feed(hp.TransferOrdered(device=device, by="ann")))
    return call


def plays_on(*then: Any, seconds: float = 150) -> dict[str, Node]:
    """A queue in which an agent answers long after the phone was rung in vain."""
    return queue(start=Node([pause(1), music(seconds), *then, pause(0.8)], then="agent"))


def said(call: Phones) -> list[str]:
    return [effect.text for effect in call.effects if isinstance(effect, fx.Play)]


def test_the_call_waits_on_and_the_next_human_is_put_through() -> None:
    call = ordered(plays_on())
    call._at(120 * 8000, lambda: call.phones.update(phone=2.0))
    call.run()
    assert [round(one.at_ms / 1000) for one in call.of(ev.TransferFailed)] == [39, 69], call.timeline()
    assert [one.reason for one in call.of(ev.HoldStarted)][1:] == [VAIN]
    assert len(call.of(ev.HoldEnded)) == len(call.of(ev.HumanDetected)) == 1
    assert CoreSettings().apology_text not in said(call)
    assert call.events[-1].outcome is CallOutcome.BRIDGED


def test_who_ordered_it_is_told() -> None:
    call = ordered(plays_on()).run(100)
    assert [(one.by, one.reason) for one in call.of(ev.TransferFailed)] == [("ann", "no_answer")] * 2
    assert call.brain.state is CallState.HOLDING


def test_it_is_one_hold_and_as_long_as_it_was() -> None:
    call = ordered(plays_on(seconds=100))
    call.run()
    (hold,) = [one.discovery for one in call.of(ev.DiscoveryMade) if one.discovery.type is DiscoveryType.HOLD]
    assert hold.duration == pytest.approx(101, abs=2)


def test_it_may_be_ordered_again() -> None:
    call = ordered(plays_on(seconds=600))
    call._at(90 * 8000, lambda: call.phones.update(desk=2.0))
    call._at(100 * 8000, lambda: call._feed(hp.TransferOrdered(device="desk", by="ann")))
    call.run()
    assert [one.device for one in call.of(ev.CallBridged)] == ["desk"]


def test_a_human_who_answers_while_the_phone_rings_is_told_that_nobody_comes() -> None:
    call = ordered(plays_on(seconds=25)).run()
    assert call.of(ev.HumanDetected), call.timeline()
    assert said(call)[-1] == CoreSettings().apology_text
    assert (call.events[-1].outcome, call.events[-1].reason) == (CallOutcome.HUMAN_NOT_BRIDGED, "nobody picked up: no_answer")


def test_a_human_who_answers_while_the_phone_rings_is_put_through_when_it_is_picked_up() -> None:
    call = ordered(plays_on(seconds=25))
    call._at(30 * 8000, lambda: call.phones.update(phone=4.0))
    call.run()
    assert call.events[-1].outcome is CallOutcome.BRIDGED


def test_an_announcement_meanwhile_is_no_human() -> None:
    nodes = plays_on(BUSY_NOW, music(10), BUSY_NOW, music(100), seconds=20)
    call = ordered(nodes).run(100)
    assert not call.of(ev.HumanDetected)
    assert call.brain.state is CallState.HOLDING


def test_a_call_back_is_not_accepted_while_the_phone_rings() -> None:
    nodes = queue(start=Node([pause(1), music(20), CALL_BACK, music(200)], keys={"1": "thanks", "2": "on"}), on=Node([music(200)]))
    call = ordered(nodes, accept_callback=True).run(100)
    assert [one.digits for one in call.of(ev.DigitsSent)] == ["2"], call.timeline()
    assert call.brain.state is CallState.HOLDING


@pytest.mark.parametrize("leaps", [False, True])
def test_a_tone_meanwhile_is_told_once_and_ends_the_call_when_nobody_has_picked_up(leaps: bool) -> None:
    call = ordered(queue(start=Node([pause(1), music(12), tone(Label.BUSY, 100)], hangs_up=True)))
    call._leaps = leaps
    call.run(200)
    assert [one.discovery.tone for one in call.of(ev.DiscoveryMade) if one.discovery.type is DiscoveryType.TONE] == ["busy"]
    assert (call.events[-1].outcome, round(call.events[-1].at_ms / 1000)) == (CallOutcome.QUEUE_FULL, 69), call.timeline()


def test_a_hold_in_silence_keeps_its_place_too() -> None:
    call = ordered(queue(start=Node([pause(300)], then="agent")), 30).run(120)
    assert call.brain.state is CallState.HOLDING, call.timeline()


def test_somebody_who_spoke_in_the_silence_may_wait_there() -> None:
    talks = queue(start=Node([pause(1), music(12), pause(25), say("Well then, let me see what there is to be done."), pause(300)]))
    call = ordered(talks, 45).run(200)
    assert call.events[-1].outcome is CallOutcome.HUMAN_NOT_BRIDGED, call.timeline()


def test_music_that_plays_when_it_was_ordered_on_the_way_is_waited_for() -> None:
    call = ordered(queue(start=Node([pause(6), music(200)], then="agent")), 4, what=flow(
        step("menu", "LISTEN", "hold", "1", timeout=300), step("hold", "HOLD", "transfer", timeout=600), step("transfer", "TRANSFER"),
    )).run(100)  # fmt: skip
    assert call.brain.state is CallState.HOLDING, call.timeline()
    assert [one.reason for one in call.of(ev.HoldStarted)] == [VAIN]


def test_whom_the_software_met_and_music_took_away_again_does_not_cost_the_order() -> None:
    """The phone that a person wants to ring rings on."""
    nodes = queue(start=Node([pause(1), music(15), pause(0.8), AGENT, music(200)], then="agent"))
    call = ordered(nodes).run(100)
    assert call.of(ev.HumanDetected), call.timeline()
    assert [round(seconds) for _, seconds in call.rang()] == [30, 30]
    assert call.brain.state is CallState.HOLDING


def test_the_brain_wakes_in_time() -> None:
    call, slow = ordered(plays_on()), ordered(plays_on())
    call._leaps = True
    assert [type(one) for one in call.run().events] == [type(one) for one in slow.run().events]


def test_the_hold_is_over_when_the_person_is_put_through() -> None:
    """What two people say to each other then is no wait."""
    call = ordered(plays_on(seconds=300))
    call.phones.update(phone=4.0)
    call._device_hangs_up_s = 120
    call.run()
    (ended,) = call.of(ev.HoldEnded)
    assert (ended.reason, ended.duration_ms) == ("put through", pytest.approx(10_100, abs=300))
    kinds = [type(one) for one in call.events]
    assert kinds.index(ev.HoldEnded) < kinds.index(ev.CallBridged)
