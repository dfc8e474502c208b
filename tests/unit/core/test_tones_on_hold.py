"""What a tone of the network means on hold: the same as anywhere, once it is sure that the hold does not go on."""

from __future__ import annotations

import pytest
from call_contract.call_events import CallOutcome, DiscoveryMade, StepEnded
from call_contract.discoveries import DiscoveryType
from call_engine.core.brain import Brain
from call_engine.core.plan import Explore, Follow, Plan
from line_audio.segments import Label

from tests.support.chase_flow import flow, learned, step
from tests.support.scripted_call import Clip, Node, ScriptedCall, WordSimilarity, music, pause, say, tone

GOALS = {"explore": Explore(phone_number="+18005551234", intent="dispute a charge"), "follow": Follow(flow=learned())}
GONE = say("We are sorry, you have reached a number that has been disconnected or is no longer in service.")


def sit(cause: str) -> Clip:
    return Clip(Label.SIT, cause, 1000)


def held(*plays: Clip, goal: str = "explore") -> ScriptedCall:
    brain = Brain(Plan(goal=GOALS[goal], may_speak=False), call_id="c", similarity=WordSimilarity())
    return ScriptedCall(brain, {"start": Node([pause(1), music(12), pause(1), *plays], hangs_up=True)}).run()


def tones(call: ScriptedCall) -> list[str]:
    return [one.discovery.tone for one in call.of(DiscoveryMade) if one.discovery.type is DiscoveryType.TONE]


@pytest.mark.parametrize("goal", GOALS)
@pytest.mark.parametrize(
    ("cause", "outcome"),
    [
        ("vacant_code", CallOutcome.UNREACHABLE), ("intercept", CallOutcome.UNREACHABLE), ("no_circuit", CallOutcome.QUEUE_FULL),
        ("reorder", CallOutcome.QUEUE_FULL),
    ],
)  # fmt: skip
@pytest.mark.parametrize("said", [pause(60), GONE], ids=["and nothing", "and words"])
def test_special_information_tones_end_the_call(cause: str, outcome: CallOutcome, said: Clip, goal: str) -> None:
    call = held(sit(cause), pause(0.5), said, pause(60), goal=goal)
    assert (call.events[-1].outcome, call.events[-1].reason) == (outcome, "sit tone while on hold")
    assert tones(call) == ["sit"]


def test_a_condition_of_the_step_leads_on_from_them() -> None:
    what = flow(
        step("hold", "HOLD", "transfer", timeout=600, conditions={"on:busy": "bye"}), step("transfer", "TRANSFER"), step("bye", "WAIT")
    )  # fmt: skip
    brain = Brain(Plan(goal=Follow(flow=what)), call_id="c", similarity=WordSimilarity())
    call = ScriptedCall(brain, {"start": Node([pause(1), music(12), sit("no_circuit"), pause(60)])}).run()
    assert next((one.outcome, one.next_step) for one in call.of(StepEnded)) == ("busy", "bye")


def test_music_that_sounded_like_them_goes_on() -> None:
    call = held(sit("vacant_code"), music(60))
    assert not tones(call)
    assert call.events[-1].outcome is CallOutcome.DISCONNECTED


def test_behind_them_a_known_recording_is_the_hold_that_goes_on() -> None:
    wait = say("All of our agents are busy, your call will be answered in the order it was received.")
    call = held(wait, music(12), sit("vacant_code"), pause(0.5), wait, pause(20))
    assert not tones(call)


def test_a_busy_tone_behind_an_agents_phone_that_rang_ends_the_call() -> None:
    call = held(tone(Label.RINGBACK, 12), tone(Label.BUSY, 60))
    assert (call.events[-1].outcome, call.events[-1].reason) == (CallOutcome.QUEUE_FULL, "busy tone while on hold")
    assert tones(call) == ["busy"]
