"""What a flow has learned of pressing: the earliest moment that worked, and the way of sending that worked."""

from __future__ import annotations

import msgspec
import pytest
from call_contract.call_events import CallOutcome, DigitsSent
from call_contract.flows import CallFlow
from call_contract.step_metadata import Timing
from call_engine.core.brain import Brain
from call_engine.core.plan import Follow, Plan

from tests.support.chase_flow import learned
from tests.support.chase_script import MAIN, chase
from tests.support.scripted_call import WORD_MS, Node, ScriptedCall, WordSimilarity

MAIN_STARTS_MS = 2000 + 1500 + 6 * WORD_MS + 600
MAIN_LENGTH_MS = len(MAIN.split()) * WORD_MS


def with_knowledge(step_id: str, **known: object) -> CallFlow:
    flow = learned()
    steps = [
        msgspec.structs.replace(step, metadata={**step.metadata, **msgspec.to_builtins(known)}) if step.id == step_id else step
        for step in flow.steps
    ]
    return msgspec.structs.replace(flow, steps=steps)


def follow(flow: CallFlow, nodes: dict[str, Node]) -> ScriptedCall:
    plan = Plan(goal=Follow(flow=flow, intent="dispute a charge"))
    return ScriptedCall(Brain(plan, call_id="c3", similarity=WordSimilarity()), nodes).run()


def pressed_into_main_ms(call: ScriptedCall) -> int:
    return int(call.of(DigitsSent)[0].at_ms - MAIN_STARTS_MS)


def test_the_key_is_pressed_at_the_earliest_moment_that_worked() -> None:
    """And not before its option has been named: a key that has moved could not be noticed."""
    early = follow(with_knowledge("main", timing=Timing(n=9, earliest_press_ms=6_500)), chase())
    assert 6_500 <= pressed_into_main_ms(early) <= 7_600
    assert early.events[-1].digits == "31"
    before_its_name = follow(with_knowledge("main", timing=Timing(n=9, earliest_press_ms=400)), chase())
    named_ms = (MAIN.split().index("services,") + 3) * WORD_MS
    assert named_ms <= pressed_into_main_ms(before_its_name) < MAIN_LENGTH_MS
    late = follow(with_knowledge("main", timing=Timing(n=9, earliest_press_ms=MAIN_LENGTH_MS + 4_000)), chase())
    assert MAIN_LENGTH_MS <= pressed_into_main_ms(late) <= MAIN_LENGTH_MS + 450


@pytest.mark.parametrize("profile", ["rfc4733", "rfc4733_slow", "inband"])
def test_the_first_press_is_sent_the_way_that_worked(profile: str) -> None:
    nodes = {
        name: Node(node.plays, keys=node.keys, then=node.then, profiles=(profile,), hangs_up=node.hangs_up)
        for name, node in chase().items()
    }
    call = follow(with_knowledge("main", dtmf_profile=profile), nodes)
    assert call.events[-1].outcome is CallOutcome.BRIDGED
    assert [press.profile for press in call.of(DigitsSent)] == [profile, profile]
    assert call.events[-1].digits == "31"


def test_a_way_of_sending_that_works_no_longer_is_left_for_another() -> None:
    nodes = chase(main=Node(chase()["main"].plays, keys={"3": "sub"}, profiles=("rfc4733", "rfc4733_slow"), repeats=5))
    call = follow(with_knowledge("main", dtmf_profile="inband"), nodes)
    assert call.events[-1].outcome is CallOutcome.BRIDGED
    assert [press.profile for press in call.of(DigitsSent)][:2] == ["inband", "rfc4733_slow"]
