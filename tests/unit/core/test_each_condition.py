"""Every predicate that a step's ``conditions`` may have leads where it says, before ``next_step``, whatever the step is doing."""

from __future__ import annotations

import pytest
from call_contract.call_events import CallBridged, CallEnded, CallOutcome, DigitsSent, HoldEnded, HoldStarted, StepEnded
from call_contract.flows import CONDITION_OUTCOMES, CallFlow
from call_engine.core.brain import Brain
from call_engine.core.plan import Follow, Plan
from line_audio.segments import Label

from tests.support.chase_flow import MAIN_OPTIONS, flow, learned, prompt, step
from tests.support.chase_script import MAIN, SUB, chase
from tests.support.scripted_call import Clip, Node, ScriptedCall, WordSimilarity, music, pause, say, tone

CLOSED = say("We are sorry. Our offices are currently closed. Please call back during business hours.")
VOICEMAIL = say("You have reached the voicemail of the bank. Please leave a message after the tone.")
OFFER = say("To keep your place in line and be called back, press 1. To continue to hold, press 2.")
BUSY = say("All of our representatives are busy. Please stay on the line and your call will be answered.")
AGENT = say("Thank you for calling Chase disputes, this is Mary, how can I help you today?")
KNOWN = prompt(MAIN, MAIN_OPTIONS)

#: What is heard at a LISTEN step that knows its prompt, and the outcome that it is.
AT_LISTEN: dict[str, Node] = {
    "timeout": Node([pause(1), say("Thank you for calling Chase Bank."), pause(60)]),
    "silence": Node([pause(80)]),
    "drift": Node([pause(1), say(SUB)], keys={"1": "agent"}),
    "no_match": Node([pause(1), say(MAIN)], keys={"77": "agent"}, during=False, after=False, repeats=9),
    "hold": Node([pause(1), music(60)]),
    "human": Node([pause(1), AGENT, pause(30)]),
    "busy": Node([pause(1), tone(Label.BUSY, 30)]),
    "voicemail": Node([pause(1), VOICEMAIL, pause(30)]),
    "closed": Node([pause(1), CLOSED, pause(30)]),
    "callback_offer": Node([pause(1), OFFER], keys={"1": "agent", "2": "agent"}),
    "invalid_digit": Node([pause(1), say(MAIN)], keys={"8": "agent"}),
}
#: … and on hold.
ON_HOLD: dict[str, list[Clip]] = {
    "timeout": [music(90)],
    "human": [pause(0.8), AGENT, pause(30)],
    "busy": [tone(Label.BUSY, 30)],
    "voicemail": [VOICEMAIL, pause(30)],
    "closed": [CLOSED, pause(30)],
    "callback_offer": [OFFER, pause(2), music(60)],
}


def follow(what: CallFlow, nodes: dict[str, Node]) -> ScriptedCall:
    brain = Brain(Plan(goal=Follow(flow=what, intent="dispute a charge")), call_id="c", similarity=WordSimilarity())
    return ScriptedCall(brain, nodes).run()


def went_to_bye(call: ScriptedCall, outcome: str) -> bool:
    ended: list[StepEnded] = call.of(StepEnded)
    return [(one.outcome, one.next_step) for one in ended if one.next_step == "bye"] == [(outcome, "bye")]


def test_every_outcome_is_tried() -> None:
    assert set(AT_LISTEN) == set(CONDITION_OUTCOMES)


@pytest.mark.parametrize("outcome", AT_LISTEN)
def test_at_a_listen(outcome: str) -> None:
    what = flow(
        step("main", "LISTEN", "hold", "3", timeout=8, metadata=KNOWN, conditions={f"on:{outcome}": "bye"}),
        step("hold", "HOLD", "transfer", conditions={f"on:{outcome}": "bye"}),
        step("transfer", "TRANSFER"), step("bye", "SPEAK", metadata={"text": "Goodbye."}),
    )  # fmt: skip
    call = follow(what, {"start": AT_LISTEN[outcome], "agent": Node([AGENT, pause(30)])})
    assert went_to_bye(call, outcome), call.timeline()
    assert call.events[-1].outcome is CallOutcome.REACHED
    assert not call.of(CallBridged)


@pytest.mark.parametrize("outcome", ON_HOLD)
def test_on_hold(outcome: str) -> None:
    what = flow(
        step("hold", "HOLD", "transfer", timeout=60, conditions={f"on:{outcome}": "bye"}),
        step("transfer", "TRANSFER"), step("bye", "SPEAK", metadata={"text": "Goodbye."}),
    )  # fmt: skip
    call = follow(what, {"start": Node([pause(1), BUSY, music(12), *ON_HOLD[outcome]], hangs_up=True)})
    assert call.of(HoldStarted)
    assert went_to_bye(call, outcome), call.timeline()
    assert call.events[-1].outcome is CallOutcome.REACHED


def test_words_on_hold() -> None:
    """What was just heard is the prompt of the step it leads to, which presses without hearing it again."""
    what = flow(
        step("hold", "HOLD", "transfer", timeout=600, conditions={"heard:leave your number press 5": "number"}),
        step("number", "LISTEN", "bye", "5"), step("transfer", "TRANSFER"), step("bye", "WAIT", timeout=2),
    )  # fmt: skip
    offer = say("If you would rather leave your number, please press 5 now.")
    nodes = {"start": Node([pause(1), BUSY, music(12), offer, music(60)], keys={"5": "thanks"}), "thanks": Node([say("Thank you.")])}
    call = follow(what, nodes)
    assert call.path == ["start", "thanks"]
    assert [one.digits for one in call.of(DigitsSent)] == ["5"]


def test_words_at_a_menu_lead_to_a_step_that_answers_what_was_just_heard() -> None:
    what = flow(
        step("main", "LISTEN", "sub", "3", metadata=KNOWN, conditions={"heard:after hours menu": "night"}),
        *learned().steps[2:], step("night", "LISTEN", "hold", "4"),
    )  # fmt: skip
    night = Node(
        [pause(1), say("You have reached our after hours menu. For fraud, press 4. For hours, press 6.")], keys={"4": "hold"}, repeats=1
    )
    call = follow(what, chase(start=night))
    assert call.path == ["start", "hold", "agent"]
    assert call.events[-1].outcome is CallOutcome.BRIDGED
    assert [one.digits for one in call.of(DigitsSent)] == ["4"]


def test_a_condition_comes_before_the_next_step_and_the_first_one_that_holds_is_taken() -> None:
    what = flow(
        step("main", "LISTEN", "sub", "3", conditions={"heard:credit cards press 2": "bye", "heard:checking and savings": "sub"}),
        step("sub", "LISTEN", None, "1"), step("bye", "WAIT", timeout=1),
    )  # fmt: skip
    assert [one.next_step for one in follow(what, chase()).of(StepEnded)] == ["bye", None]


def test_an_offer_that_a_learned_flow_declines_does_not_leave_the_hold() -> None:
    """The learned answer leads back to the hold itself: the hold gives it, and its memory of what was heard stays."""
    what = flow(
        step("hold", "HOLD", "transfer", timeout=600, conditions={"on:callback_offer": "decline"}), step("transfer", "TRANSFER"),
        step("decline", "LISTEN", "hold", "2"),
    )  # fmt: skip
    queue = Node([pause(1), BUSY, music(12), OFFER, music(20), pause(0.8)], then="agent")
    call = follow(what, {"start": queue, "agent": Node([AGENT, pause(30)], hangs_up=True)})
    assert len(call.of(HoldStarted)) == 1
    assert [one.digits for one in call.of(DigitsSent)] == ["2"]
    ended = call.events[-1]
    assert isinstance(ended, CallEnded)
    assert ended.outcome is CallOutcome.BRIDGED


def test_what_a_hold_that_lasted_too_long_leads_to_is_heard_and_answered() -> None:
    what = flow(
        step("hold", "HOLD", "transfer", timeout=20, conditions={"on:timeout": "give_up"}), step("transfer", "TRANSFER"),
        step("give_up", "DTMF", "menu", "0"), step("menu", "LISTEN", "bye", "2"), step("bye", "WAIT", timeout=2),
    )  # fmt: skip
    nodes = {
        "start": Node([pause(1), BUSY, music(60)], keys={"0": "menu"}),
        "menu": Node([say("To go on waiting, press 1. To end this call, press 2.")], keys={"1": "start", "2": "thanks"}),
        "thanks": Node([say("Thank you.")]),
    }
    call = follow(what, nodes)
    assert call.path == ["start", "menu", "thanks"]
    assert [one.digits for one in call.of(DigitsSent)] == ["0", "2"]


def test_a_hold_on_a_way_that_was_looked_for_ends_by_the_step_s_time_and_not_by_its_conditions() -> None:
    """The flow was left before: where its condition leads is no place of this call."""
    what = flow(
        step("main", "LISTEN", "hold", "3", metadata=KNOWN),
        step("hold", "HOLD", "transfer", timeout=60, conditions={"on:timeout": "bye"}),
        step("transfer", "TRANSFER"), step("bye", "SPEAK", metadata={"text": "Goodbye."}),
    )  # fmt: skip
    added = Node([pause(1), say("For savings, press 5. To dispute a charge, press 6.")], keys={"6": "queue"})
    call = follow(what, {"start": Node([pause(1), say(MAIN)], keys={"3": "added"}), "added": added, "queue": Node([BUSY, music(300)])})
    assert (call.events[-1].outcome, call.events[-1].reason) == (CallOutcome.TIMED_OUT, "on hold for 60 s"), call.timeline()


def test_a_hold_is_left_once() -> None:
    """Where its time is over in the very moment in which a busy tone is believed, the step that it is left for is not left in its turn."""

    def call(timeout: float) -> ScriptedCall:
        what = flow(
            step("hold", "HOLD", "transfer", timeout=timeout, conditions={"on:busy": "bye", "on:timeout": "bye"}),
            step("transfer", "TRANSFER"), step("bye", "WAIT", timeout=3, conditions={"on:timeout": "again"}), step("again", "WAIT"),
        )  # fmt: skip
        return follow(what, {"start": Node([pause(1), BUSY, music(12), tone(Label.BUSY, 30)])})

    (ended,) = call(600).of(HoldEnded)
    both = call(ended.duration_ms / 1000)
    assert both.of(HoldEnded)[0].at_ms == ended.at_ms
    assert [(one.step_id, one.outcome) for one in both.of(StepEnded)] == [("hold", "busy"), ("bye", "done")]


def test_music_that_is_over_is_no_hold_yet() -> None:
    """A jingle before the menu: the hold behind the key begins with its own sound."""
    what = flow(
        step("main", "LISTEN", "hold", "3", metadata=KNOWN), step("hold", "HOLD", "transfer", timeout=600), step("transfer", "TRANSFER")
    )  # fmt: skip
    queue = Node([pause(4), BUSY, music(20), pause(0.8)], then="agent")
    nodes = {"start": Node([music(6), pause(0.5), say(MAIN)], keys={"3": "queue"}), "queue": queue, "agent": Node([AGENT, pause(30)])}
    call = follow(what, nodes)
    assert call.events[-1].outcome is CallOutcome.BRIDGED, call.timeline()
    assert [one.reason for one in call.of(HoldStarted)][-1] == "hold announcement"
