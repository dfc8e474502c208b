"""A human who begins without a pause behind an announcement is heard, and an announcement's own last sentence is not one."""

from __future__ import annotations

import pytest
from call_contract.call_events import CallOutcome, HumanDetected, UtteranceHeard
from call_engine.core.brain import Brain
from call_engine.core.facts import Turn
from call_engine.core.holding.announcement_tail import human_tail
from call_engine.core.plan import Explore, Plan
from call_engine.core.utterance import understand

from tests.support.chase_script import chase
from tests.support.scripted_call import Node, ScriptedCall, WordSimilarity, music, pause, say

HOLD = "Thank you for holding. Your call is important to us. "


def turn(text: str) -> Turn:
    return Turn(number=1, start=0, end=80_000, text=text, utterance=understand(text))


@pytest.mark.parametrize(
    "greeting",
    [
        "Thank you for calling Chase disputes, this is Dana. How can I help you today?",
        "Hi, my name is Robert, how may I help you?",
        "Good morning, this is Priya speaking, who am I speaking with?",
    ],
)
def test_the_human_is_cut_out_of_the_turn(greeting: str) -> None:
    tail = human_tail(turn(HOLD + greeting), heard_before=lambda _: False)
    assert tail is not None
    assert tail.text == greeting


@pytest.mark.parametrize(
    "text",
    [
        HOLD + "All of our representatives are busy helping other customers.",
        "You are caller number three in the queue. Please stay on the line and your call will be answered in order.",
        "Did you know that you can check your balance on our website? Thank you for your patience.",
        "Please continue to hold. The next available representative will be with you shortly. Goodbye.",
    ],
)
def test_an_announcement_has_no_human_tail(text: str) -> None:
    assert human_tail(turn(text), heard_before=lambda _: False) is None


def test_the_call_is_bridged_and_nothing_the_human_said_is_in_the_open() -> None:
    both = HOLD + "Thank you for calling Chase disputes, this is Mary, how can I help you today?"
    nodes = chase(hold=Node([music(12), say(HOLD), music(10)], then="agent"), agent=Node([say(both), pause(40)], hangs_up=True))
    plan = Plan(goal=Explore(phone_number="+18005551234", intent="dispute a charge"))
    call = ScriptedCall(Brain(plan, call_id="c1", similarity=WordSimilarity()), nodes).run()
    assert call.events[-1].outcome is CallOutcome.BRIDGED
    assert len(call.of(HumanDetected)) == 1
    assert not any("Mary" in event.text for event in call.of(UtteranceHeard))
