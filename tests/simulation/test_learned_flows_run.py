"""Whatever calls a flow was learned from, it can be executed: where the company is as it was last, it goes the way that led there."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from call_contract.call_events import CallEnded, CallOutcome, DriftFound
from call_contract.flows import CallFlow
from call_engine.core.brain import Brain
from call_engine.core.plan import Follow, Plan
from flow_api.domain.call_flow_learner import CallFlowLearner
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.discoveries import HUMAN, HUNG_UP, SPEC_EXAMPLE, Plain, menu, valid
from tests.support.scripted_call import Clip, Node, ScriptedCall, WordSimilarity, music, pause, say

LEARNER = CallFlowLearner()
WORDS = (
    "billing", "claims", "refunds", "mortgages", "savings", "pharmacy", "appointments", "referrals", "outages", "repairs", "tickets",
    "baggage", "upgrades", "returns", "deliveries", "warranty", "passwords", "licenses", "permits", "payroll",
)  # fmt: skip
AGENT = say("Thank you for calling, this is Mary, how can I help you today?")
few = settings(max_examples=25, deadline=None, derandomize=True)


@st.composite
def menus(draw: st.DrawFn) -> Plain:
    """One of five menus of the company, whose keys may have moved since."""
    labels = WORDS[4 * draw(st.integers(0, 4)) :][:4]
    options = {str(index): label for index, label in enumerate(labels, start=draw(st.integers(1, 3)))}
    spoken = " ".join(f"For {label}, press {digit}." for digit, label in options.items())
    return menu(spoken, draw(st.sampled_from([*options])), options if draw(st.booleans()) else None)


@st.composite
def calls(draw: st.DrawFn) -> list[Plain]:
    walked = draw(st.lists(menus(), min_size=1, max_size=3, unique_by=lambda one: one["transcript"].split()[1]))
    hold = [{"type": "hold", "duration": 20.0}] if draw(st.booleans()) else []
    return [*walked, *hold, draw(st.sampled_from([HUMAN, HUMAN, HUNG_UP]))]


def company(call: list[Plain]) -> dict[str, Node]:
    """Where this call finds what it found."""
    walked = [one for one in call if one["type"] == "ivr_menu"]
    nodes = {"dead": Node([say("Please visit our website for that. Goodbye.")], hangs_up=True)}
    for number, one in enumerate(walked):
        spoken, right = one["transcript"], one["dtmf_sent"]
        offered = [word.strip(".") for word in spoken.split() if word.strip(".").isdigit()]
        keys = {key: f"menu{number + 1}" if key == right else "dead" for key in offered}
        nodes[f"menu{number}"] = Node([pause(1), say(spoken)], keys=keys)
    waits: list[Clip] = [music(20), pause(0.8)] if any(one["type"] == "hold" for one in call) else [pause(1.5)]
    nodes[f"menu{len(walked)}"] = Node(waits, then="agent")
    nodes["agent"] = Node([AGENT, pause(40)], hangs_up=True)
    return nodes


def learned(*several: list[Plain]) -> CallFlow:
    at = dt.datetime(2026, 3, 2, 10, tzinfo=dt.UTC)
    flow = valid(LEARNER.build_flow(several[0], "+18005551234", "Example", call_id="0", at=at))
    for number, call in enumerate(several[1:], start=1):
        flow = valid(LEARNER.merge_discoveries(flow, call, call_id=str(number), at=at + dt.timedelta(days=number)))
    return flow


def follow(flow: CallFlow, call: list[Plain]) -> ScriptedCall:
    brain = Brain(Plan(goal=Follow(flow=flow)), call_id="c", similarity=WordSimilarity())
    return ScriptedCall(brain, company(call), start="menu0", leaps=True).run()


@few
@given(st.lists(calls(), min_size=1, max_size=4), calls())
def test_a_merged_flow_leads_through_the_company_of_the_last_successful_call(before: list[list[Plain]], last: list[Plain]) -> None:
    last = [*last[:-1], HUMAN]
    call = follow(learned(*before, last), last)
    assert isinstance(call.events[-1], CallEnded)
    assert call.events[-1].outcome is CallOutcome.BRIDGED, call.timeline()
    assert not call.of(DriftFound)


@few
@given(calls(), st.lists(calls(), min_size=1, max_size=4))
def test_failed_calls_leave_a_working_way_as_it_was(first: list[Plain], failed: list[list[Plain]]) -> None:
    first = [*first[:-1], HUMAN]
    call = follow(learned(first, *([*one[:-1], HUNG_UP] for one in failed)), first)
    assert call.events[-1].outcome is CallOutcome.BRIDGED, call.timeline()
    assert call.events[-1].digits == "".join(one["dtmf_sent"] for one in first if one["type"] == "ivr_menu")


@few
@given(st.lists(calls(), min_size=1, max_size=4), calls())
def test_at_any_other_company_it_ends_defined_and_presses_no_more_than_it_may(before: list[list[Plain]], other: list[Plain]) -> None:
    call = follow(learned(*before), other)
    assert isinstance(call.events[-1], CallEnded)
    assert call.events[-1].outcome in set(CallOutcome)


def test_the_flow_that_the_design_document_builds_leads_through_such_a_company() -> None:
    """Its transcripts end in dots: the menus go on."""
    flow = LEARNER.build_flow(discoveries=SPEC_EXAMPLE, phone_number="+18005551234", company="Chase Bank", intent="dispute a charge")
    flow = LEARNER.merge_discoveries(existing_flow=flow, new_discoveries=SPEC_EXAMPLE)
    nodes = {
        "start": Node(
            [pause(3), say("Press 1 for billing, press 2 for credit cards, or press 3 for all other questions.")], keys={"1": "sub"}
        ),
        "sub": Node([pause(0.5), say("Press 3 for disputes. Press 4 to report a stolen card.")], keys={"3": "hold"}),
        "hold": Node([music(30), pause(0.8)], then="agent"),
        "agent": Node([say("Thank you for calling Chase Bank, this is Mary, how can I help you?"), pause(40)], hangs_up=True),
    }
    call = ScriptedCall(Brain(Plan(goal=Follow(flow=flow)), call_id="c", similarity=WordSimilarity()), nodes).run()
    assert isinstance(call.events[-1], CallEnded)
    assert (call.events[-1].outcome, call.events[-1].digits) == (CallOutcome.BRIDGED, "13"), call.timeline()
    assert not call.of(DriftFound)


CLOSED = "We are currently closed. For emergencies, press 7. To leave a message, press 8."
SPANISH = "Para facturas, oprima 1. Para tarjetas, oprima 2. Para un agente, oprima 4."
DAY = menu("For billing, press 1. For cards, press 2.", "2", {"1": "billing", "2": "cards"}, language="en")


@pytest.mark.parametrize(
    "other",
    [
        menu(CLOSED, "7", {"7": "emergencies", "8": "leave a message"}, language="en"),
        menu(SPANISH, "4", {"1": "facturas", "2": "tarjetas", "4": "un agente"}, language="es"),
    ],
    ids=["closed hours", "another language"],
)
def test_a_branch_for_another_state_of_the_company_is_taken_there_and_only_there(other: Plain) -> None:
    day, side = [DAY, {"type": "hold", "duration": 20.0}, HUMAN], [other, {"type": "hold", "duration": 20.0}, HUMAN]
    flow = learned(day, side, day)
    for there, key in ((day, "2"), (side, str(other["dtmf_sent"]))):
        call: Any = follow(flow, there)
        assert (call.events[-1].outcome, call.events[-1].digits) == (CallOutcome.BRIDGED, key), call.timeline()
        assert not call.of(DriftFound)
