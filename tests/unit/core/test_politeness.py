"""No phone system is bothered without end: each limit ends the call with its reason."""

from __future__ import annotations

import pytest
from call_contract.call_events import CallEnded, CallOutcome, DigitsSent
from call_engine.core.brain import Brain
from call_engine.core.plan import Explore, Follow, Limits, Plan

from tests.support.chase_flow import learned
from tests.support.chase_script import chase
from tests.support.scripted_call import Node, ScriptedCall, WordSimilarity, music, pause, say

EXPLORE = Explore(phone_number="+18005551234", intent="dispute a charge", company="Chase Bank")


def floors(count: int) -> dict[str, Node]:
    """Each menu leads to another one."""
    rooms = [
        "kitchens",
        "gardens",
        "parlours",
        "attics",
        "cellars",
        "porches",
        "stables",
        "barns",
        "garages",
        "pantries",
        "balconies",
        "lofts",
        "studies",
        "halls",
        "libraries",
    ]
    nodes = {"start": Node([pause(1), say("Thank you for calling.")], then="floor0")}
    for number in range(count):
        one, other = rooms[number % len(rooms)], rooms[(number + 7) % len(rooms)]
        menu = say(f"For disputes about {one}, press 1. For {other}, press 2. For all other questions, press 3.")
        nodes[f"floor{number}"] = Node([menu], keys=dict.fromkeys("123", f"floor{(number + 1) % count}"))
    return nodes


def ended(nodes: dict[str, Node], limits: Limits, goal: Explore | Follow = EXPLORE, **how: object) -> CallEnded:
    call = ScriptedCall(Brain(Plan(goal=goal, limits=limits), call_id="c", similarity=WordSimilarity()), nodes, **how).run()  # type: ignore[arg-type]
    assert isinstance(call.events[-1], CallEnded)
    assert len(call.of(DigitsSent)) <= limits.max_presses + 1
    return call.events[-1]


LIMITS = {
    "keys pressed": (Limits(max_presses=4), CallOutcome.STUCK),
    "menus heard": (Limits(max_menus=3), CallOutcome.STUCK),
    "in the menus for 30 s": (Limits(max_menu_s=30), CallOutcome.TIMED_OUT),
    "limit of 40 s": (Limits(max_call_s=40), CallOutcome.TIMED_OUT),
}


@pytest.mark.parametrize("reason", LIMITS)
def test_exploring(reason: str) -> None:
    limits, outcome = LIMITS[reason]
    end = ended(floors(15), limits)
    assert end.outcome is outcome
    assert reason in end.reason


@pytest.mark.parametrize("goal", [EXPLORE, Follow(flow=learned())], ids=["exploring", "following"])
def test_hold_and_ringing(goal: Explore | Follow) -> None:
    endless = chase(hold=Node([music(4000)], hangs_up=True))
    assert ended(endless, Limits(max_hold_s=50), goal).reason == "on hold for 50 s"
    unanswered = ended(chase(), Limits(no_answer_s=20), goal, answer_s=100)
    assert (unanswered.outcome, unanswered.reason) == (CallOutcome.NO_ANSWER, "nobody answered within 20 s")


def test_hold_does_not_count_as_time_in_the_menus() -> None:
    assert ended(chase(), Limits(max_menu_s=40)).outcome is CallOutcome.BRIDGED


@pytest.mark.parametrize("limits", [Limits(max_presses=1), Limits(max_menus=1), Limits(max_menu_s=10), Limits(max_call_s=15)])
def test_following(limits: Limits) -> None:
    assert ended(chase(), limits, Follow(flow=learned())).outcome in (CallOutcome.STUCK, CallOutcome.TIMED_OUT)
