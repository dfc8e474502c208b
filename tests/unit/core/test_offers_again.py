"""A queue that asks again and again whether one still waits is answered each time, also where the prompt is recognised by its sound."""

from __future__ import annotations

import pytest
from call_contract import call_events as ev
from call_contract.discoveries import DiscoveryType

from tests.support.chase_flow import flow, step
from tests.support.phones import Phones, queue
from tests.support.scripted_call import Node, music, pause, say

HELD = flow(step("hold", "HOLD", "transfer", timeout=600), step("transfer", "TRANSFER", timeout=20))


@pytest.mark.parametrize(
    ("asks", "digits"),
    [
        ("If you would like to continue to hold, please press 1 now.", "1"),
        ("To keep your place in line and be called back, press 1. To continue to hold, press 2.", "2"),
    ],
)
def test_each_time_the_key_for_waiting_is_pressed(asks: str, digits: str) -> None:
    asked = say(asks)
    nodes = queue(start=Node([pause(1), music(20), asked, music(60), asked, music(60), asked, music(200)]))
    call = Phones(HELD, nodes).run(250)
    assert [one.source for one in call.of(ev.UtteranceHeard)] == ["transcription", "recognised", "recognised"]
    assert [one.digits for one in call.of(ev.DigitsSent)] == [digits] * 3, call.timeline()
    offers = [one for one in call.of(ev.DiscoveryMade) if one.discovery.type is DiscoveryType.CALLBACK_OFFER]
    assert len(offers) <= 1


@pytest.mark.parametrize(
    ("asks", "known"),
    [
        ("If you would like to continue to hold, please press 1 now.", False),
        ("To keep your place in line and be called back, press 1. To continue to hold, press 2.", True),
    ],
)
def test_later_calls_know_by_its_sound_what_need_not_be_answered(asks: str, known: bool) -> None:
    """Whoever lets an offer pass waits on; whoever does not say that he still waits may lose his place."""
    welcome, asked = say("All our agents are helping other callers. Your call is important to us and will be answered in turn."), say(asks)
    call = Phones(HELD, queue(start=Node([pause(1), music(20), welcome, music(20), asked, music(60), pause(0.8)], then="agent"))).run(300)
    (hold,) = [one.discovery for one in call.of(ev.DiscoveryMade) if one.discovery.type is DiscoveryType.HOLD]
    assert f"fp:{welcome.text}" in hold.recordings
    assert (f"fp:{asked.text}" in hold.recordings) is known
