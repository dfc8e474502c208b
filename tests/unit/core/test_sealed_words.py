"""What a human may have said is sealed: none of it stands in an event that everybody may read."""

from __future__ import annotations

import msgspec
import pytest
from call_contract.call_events import CallOutcome, DriftFound, UtteranceHeard
from call_engine.core import effects as fx
from call_engine.core.brain import Brain
from call_engine.core.plan import Explore, Follow, Plan
from call_engine.core.settings import CoreSettings, HumanSetting

from tests.support.chase_flow import learned
from tests.support.chase_script import chase
from tests.support.scripted_call import Node, ScriptedCall, WordSimilarity, pause, say


def follow(nodes: dict[str, Node]) -> ScriptedCall:
    plan, settings = Plan(goal=Follow(flow=learned())), CoreSettings(human=HumanSetting.NEVER_FALSE_RING)
    return ScriptedCall(Brain(plan, call_id="c", similarity=WordSimilarity(), settings=settings), nodes).run()


def open_words(call: ScriptedCall) -> str:
    return msgspec.json.encode([one.event for one in call.effects if isinstance(one, fx.Record)]).decode()


@pytest.mark.parametrize("said", ["I am going to check that.", "Let me just look at that for you.", "Can you hear me?"])
def test_where_a_human_may_have_spoken_instead_of_the_prompt(said: str) -> None:
    call = follow(chase(start=Node([pause(1), say(said), pause(60)], hangs_up=True)))
    assert [(one.text, one.speaker) for one in call.of(UtteranceHeard)] == [("", "unknown")]
    assert len(call.of(DriftFound)) == 1
    assert said not in open_words(call)


def test_where_a_human_may_have_spoken_behind_a_key() -> None:
    said = "I am going to check that, it is not valid."
    call = follow(chase(sub=Node([pause(1), say(said), pause(60)], hangs_up=True)))
    assert said not in open_words(call)


def test_the_words_of_another_prompt_are_open() -> None:
    other = "For hours and locations, press 7. For gift cards, press 8."
    call = follow(chase(start=Node([pause(1), say(other), pause(60)], hangs_up=True)))
    assert [one.heard for one in call.of(DriftFound)] == [other]


def test_where_a_human_may_have_said_what_explains_the_end() -> None:
    said = "Hello? Mary speaking, this is Mary from billing. Who am I speaking with? May I have your name? We are closed now."
    plan, settings = Plan(goal=Explore(phone_number="+18005551234", intent="cards")), CoreSettings(human=HumanSetting.NEVER_FALSE_RING)
    brain = Brain(plan, call_id="c", similarity=WordSimilarity(), settings=settings)
    call = ScriptedCall(brain, {"start": Node([pause(1), say(said)], hangs_up=True)}).run()
    assert [(one.text, one.speaker) for one in call.of(UtteranceHeard)] == [("", "unknown")]
    assert said not in open_words(call)
    assert call.events[-1].outcome is CallOutcome.CLOSED
