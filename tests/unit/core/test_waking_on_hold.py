"""Time may pass over every tick before the brain wakes: what comes of a hold is the same, give or take one look at the speech."""

from __future__ import annotations

import pytest
from call_engine.core.brain import Brain
from call_engine.core.effects import KeepRecording
from call_engine.core.plan import Explore, Plan

from tests.support.scripted_call import Clip, Node, ScriptedCall, WordSimilarity, music, pause, say

PLAN = Plan(goal=Explore(phone_number="+18005551234", intent="a person"), may_speak=False)
LOOK_MS = 100
BUSY = say("All of our representatives are busy. Please stay on the line and your call will be answered.")


@pytest.mark.parametrize("gap_s", [0.5, 2.0])
@pytest.mark.parametrize("said", ["information about your order", "order", "this is Dana with the claims team how are you"])
def test_somebody_speaks_and_waits(said: str, gap_s: float) -> None:
    assert_alike([BUSY, music(15), BUSY, music(20), pause(gap_s), say(said), pause(40)])


def test_music_that_comes_again_and_goes_on() -> None:
    assert_alike([BUSY, music(50), BUSY, music(90), pause(1), say("Hello, this is Dana, how can I help you?"), pause(20)])


def test_while_music_plays_there_is_little_to_do() -> None:
    short, long = call([BUSY, music(30)], leaps=True), call([BUSY, music(330)], leaps=True)
    stretches = 300 // 20  # of music that are kept
    assert long.ticks - short.ticks <= 3 * stretches


def call(plays: list[Clip], *, leaps: bool) -> ScriptedCall:
    nodes = {"start": Node([pause(1), *plays], hangs_up=True)}
    return ScriptedCall(Brain(PLAN, call_id="c1", similarity=WordSimilarity()), nodes, leaps=leaps).run()


def assert_alike(plays: list[Clip]) -> None:
    over_ticks, every_tick = call(plays, leaps=True), call(plays, leaps=False)
    assert [type(event) for event in over_ticks.events] == [type(event) for event in every_tick.events]
    for one, other in zip(over_ticks.events, every_tick.events, strict=True):
        assert abs(one.at_ms - other.at_ms) <= 2 * LOOK_MS
    assert over_ticks.events[-1].outcome == every_tick.events[-1].outcome
    assert [one for one in over_ticks.effects if isinstance(one, KeepRecording)] == [
        one for one in every_tick.effects if isinstance(one, KeepRecording)
    ]
    assert over_ticks.ticks < every_tick.ticks
