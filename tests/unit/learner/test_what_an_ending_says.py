"""What the ending of a call says about the flow that it followed."""

from __future__ import annotations

import datetime as dt

import pytest
from call_contract import call_events as ev
from call_contract.discoveries import Discovery, DiscoveryType
from flow_api.domain.flow import INITIAL
from flow_api.domain.flow_events import CallOutcomeRecorded
from flow_api.domain.lesson import decide_lesson, lesson_of

AT = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
REQUESTED = ev.CallRequested(call_id="c1", mode="follow", phone_number="+18005551234", engine="e", intent="x", flow_id="f", flow_version=1)
HUMAN, ORDERED = ev.HumanDetected(posterior=0.9), ev.TransferOrdered(device="", by="me")
MENU = ev.DiscoveryMade(discovery=Discovery(type=DiscoveryType.IVR_MENU, transcript="press 1 for sales", dtmf_sent="1"))


def ended(outcome: ev.CallOutcome) -> ev.CallEnded:
    return ev.CallEnded(outcome=outcome, reason="")


@pytest.mark.parametrize("outcome", [ev.CallOutcome.BRIDGED, ev.CallOutcome.HUMAN_NOT_BRIDGED])
@pytest.mark.parametrize(
    ("met", "result"),
    [((HUMAN,), "success"), ((), "success"), ((HUMAN, ORDERED), "success"), ((ORDERED, HUMAN), "success"), ((ORDERED,), "neutral")],
)
def test_a_person_who_takes_over_before_a_human_was_heard_says_nothing_of_the_flow(
    outcome: ev.CallOutcome, met: tuple[ev.AnyCallEvent, ...], result: str
) -> None:
    """A flow may lead to its TRANSFER without a hold: then nobody is listened for, and being bridged is what it wanted."""
    lesson = lesson_of("c1", [REQUESTED, *met, ended(outcome)], AT)
    assert lesson is not None
    assert lesson.result == result


def test_an_exploration_that_a_person_took_over_is_no_failure_of_what_it_found() -> None:
    for met, result in (((MENU,), "failure"), ((MENU, ORDERED), "neutral")):
        lesson = lesson_of("c1", [REQUESTED, *met, ended(ev.CallOutcome.BRIDGED)], AT)
        assert lesson is not None
        outcomes = [event for event in decide_lesson(lesson, "f", INITIAL) if isinstance(event, CallOutcomeRecorded)]
        assert [one.result for one in outcomes] == [result]
