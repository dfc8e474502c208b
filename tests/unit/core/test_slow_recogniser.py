"""A recogniser that takes longer than a menu pauses: the words of each reading still count when they come."""

from __future__ import annotations

import pytest
from call_contract.call_events import CallOutcome, UtteranceHeard
from call_engine.core.brain import Brain
from call_engine.core.plan import Explore, Plan

from tests.support.chase_script import chase
from tests.support.scripted_call import ScriptedCall, WordSimilarity

PLAN = Plan(goal=Explore(phone_number="+18005551234", intent="dispute a charge", company="Chase Bank"))


@pytest.mark.parametrize("transcribe_ms", [400, 3000, 6500, 9000])
def test_the_way_is_found_however_late_the_words_come(transcribe_ms: int) -> None:
    brain = Brain(PLAN, call_id="c1", similarity=WordSimilarity())
    call = ScriptedCall(brain, chase(), transcribe_ms=transcribe_ms).run()
    assert call.events[-1].outcome is CallOutcome.BRIDGED
    assert call.events[-1].digits == "31"


def test_two_readings_are_two_utterances() -> None:
    brain = Brain(PLAN, call_id="c1", similarity=WordSimilarity())
    call = ScriptedCall(brain, chase(), transcribe_ms=6500).run()
    menus = [event for event in call.of(UtteranceHeard) if event.kind == "menu"]
    assert all(menu.text.count("account services") <= 1 for menu in menus)
