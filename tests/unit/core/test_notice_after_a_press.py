"""What is said right after a key has cut a prompt short is the answer to it; what was left of the prompt is not."""

from __future__ import annotations

from call_contract.call_events import DiscoveryMade, DriftFound
from call_contract.discoveries import Discovery, DiscoveryType
from call_engine.core.brain import Brain
from call_engine.core.plan import Explore, Follow, Plan
from flow_api.domain.call_flow_learner import CallFlowLearner
from line_audio.segments import Label

from tests.support.chase_flow import NEW_YEAR
from tests.support.chase_script import SUB, chase
from tests.support.scripted_call import Node, ScriptedCall, WordSimilarity, pause, say, tone

NOTICE = "Connecting you to a specialist."


def nodes() -> dict[str, Node]:
    """The first key is swallowed, so that the next is pressed into the menu; then the agent's phone rings at once."""
    menu = chase()["sub"]
    return chase(
        sub=Node([pause(0.5), say(SUB)], keys=menu.keys, swallow=1),
        notice=Node([say(NOTICE)], then="hold"),
        hold=Node([tone(Label.RINGBACK, 40)], then="agent"),
    )


def run(plan: Plan) -> ScriptedCall:
    return ScriptedCall(Brain(plan, call_id="c", similarity=WordSimilarity()), nodes()).run()


def notice_of(call: ScriptedCall) -> Discovery:
    found = [event.discovery for event in call.of(DiscoveryMade)]
    return next(one for one in found if one.type is DiscoveryType.TRANSFER_NOTICE)


def explored() -> ScriptedCall:
    return run(Plan(goal=Explore(phone_number="+18005551234", intent="dispute a charge", company="Chase Bank")))


def test_a_notice_heard_after_the_phone_has_begun_to_ring_has_none_of_the_menu() -> None:
    assert notice_of(explored()).transcript == NOTICE


def test_its_recording_has_none_of_the_menu_either() -> None:
    assert notice_of(explored()).fingerprint == f"fp:{NOTICE}"


def test_the_menu_that_plays_again_is_not_taken_for_the_notice() -> None:
    found = [event.discovery for event in explored().of(DiscoveryMade)]
    flow = CallFlowLearner().build_flow(found, "+18005551234", "Chase Bank", "dispute a charge", call_id="c", at=NEW_YEAR)
    call = run(Plan(goal=Follow(flow=flow, intent="dispute a charge")))
    assert call.of(DriftFound) == []
    assert call.path[-1] == "agent"
