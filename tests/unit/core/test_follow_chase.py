"""Following: the hand-written flow of the design document, a learned one, and what happens when the system has changed."""

from __future__ import annotations

import msgspec
import pytest
from call_contract.call_events import CallEnded, CallOutcome, DigitsSent, DriftFound, StepEnded
from call_contract.discoveries import DiscoveryType
from call_contract.flows import CallFlow
from call_engine.core.brain import Brain
from call_engine.core.kit import make_kit
from call_engine.core.menu import Menu, Option
from call_engine.core.navigation.menu_walk import MenuWalk
from call_engine.core.plan import Follow, Plan
from call_engine.core.settings import CoreSettings

from tests.support.chase_flow import SPEC_FLOW, flow, learned, step
from tests.support.chase_script import MAIN, SUB, chase, discoveries
from tests.support.scripted_call import Clip, Node, ScriptedCall, WordSimilarity, music, pause, say


def follow(what: CallFlow, nodes: dict[str, Node], **how: object) -> ScriptedCall:
    brain = Brain(Plan(goal=Follow(flow=what, intent="dispute a charge")), call_id="c2", similarity=WordSimilarity())
    return ScriptedCall(brain, nodes, **how).run()  # type: ignore[arg-type]


def ended(call: ScriptedCall) -> CallEnded:
    assert isinstance(call.events[-1], CallEnded)
    return call.events[-1]


@pytest.mark.parametrize("what", [SPEC_FLOW, learned(), learned(fingerprint=False)], ids=["by hand", "learned", "learned words"])
def test_reaches_the_human(what: CallFlow) -> None:
    call = follow(what, chase())
    assert (ended(call).outcome, ended(call).digits) == (CallOutcome.BRIDGED, "31")
    assert [event.next_step for event in call.of(StepEnded)][-1] == "transfer"
    assert not call.of(DriftFound)


def test_no_words_are_needed_where_prompts_are_recognised() -> None:
    call = follow(learned(), chase(start=Node([pause(1.5)], then="main"), notice=Node([pause(1)], then="hold")))
    assert ended(call).transcriptions_before_hold == 0
    assert [event.match for event in call.of(StepEnded) if event.match] == ["matched", "matched"]


def test_reacts_within_a_third_of_a_second() -> None:
    call = follow(learned(), chase())
    for event in call.of(DigitsSent):
        assert event.prompt_end_ms is not None
        assert event.at_ms - event.prompt_end_ms <= 300


MOVED = MAIN.replace("account services, press 3", "account services, press 5")


@pytest.mark.parametrize("fingerprint", [True, False])
def test_a_moved_key_is_found_by_its_label_and_reported(fingerprint: bool) -> None:
    nodes = chase(main=Node([pause(0.6), say(MOVED)], keys={"1": "dead", "2": "dead", "5": "sub", "9": "main"}))
    call = follow(learned(fingerprint), nodes)
    assert (ended(call).outcome, ended(call).digits) == (CallOutcome.BRIDGED, "51")
    assert len(call.of(DriftFound)) == 1


def test_a_moved_key_in_a_flow_written_by_hand() -> None:
    nodes = chase(main=Node([pause(0.6), say(MOVED)], keys={"1": "dead", "2": "dead", "5": "sub", "9": "main"}))
    assert ended(follow(SPEC_FLOW, nodes)).digits == "51"


def test_a_level_that_is_new_is_explored_and_the_flow_taken_up_again() -> None:
    gate = "For personal accounts and disputes, press 1. For business accounts, press 2."
    nodes = chase(start=Node([pause(1), say(gate)], keys={"1": "main", "2": "dead"}))
    call = follow(learned(), nodes)
    assert (ended(call).outcome, ended(call).digits) == (CallOutcome.BRIDGED, "131")
    assert call.of(DriftFound)


def test_a_new_level_is_passed_by_the_option_that_led_to_the_goal_so_far() -> None:
    """However much another option looks like the wish."""
    added = Node(
        [pause(0.5), say("For fees, charges and a dispute of a charge, press 1. For disputes, press 2.")], keys={"1": "dead", "2": "notice"}
    )
    sub = Node([pause(0.5), say(SUB)], keys={"1": "added", "2": "dead", "*": "main"})
    call = follow(learned(), chase(sub=sub, added=added))
    assert (ended(call).outcome, ended(call).digits) == (CallOutcome.BRIDGED, "312")


def test_of_two_options_that_sound_alike_on_a_new_level_the_one_that_led_to_the_goal_is_taken() -> None:
    added = Node([pause(0.5), say("For disproofs, press 1. For disputes, press 2.")], keys={"1": "dead", "2": "notice"})
    sub = Node([pause(0.5), say(SUB)], keys={"1": "added", "2": "dead", "*": "main"})
    call = follow(learned(), chase(sub=sub, added=added))
    assert (ended(call).outcome, ended(call).digits) == (CallOutcome.BRIDGED, "312")
    bags = Menu(options=(Option("1", "help with damaged bags"), Option("2", "help with delayed bags")))
    kit = make_kit(Plan(goal=Follow(flow=learned())), CoreSettings(), WordSimilarity(), "", "")
    assert MenuWalk(kit, "my bags", "", ("help with delayed bags",))._among(bags, frozenset()).digits == "2"


def test_so_is_the_only_option_that_says_all_the_words_of_that_and_more() -> None:
    """As of "press 2 for questions for the pharmacist" no more was learned than "the pharmacist"."""
    kit = make_kit(Plan(goal=Follow(flow=learned())), CoreSettings(), WordSimilarity(), "", "")
    walk = MenuWalk(kit, "refill my prescription", "", ("the pharmacist", "prescriptions"))
    more = (Option("1", "questions four the pharmacist"), Option("2", "refills"))
    assert walk._among(Menu(options=more), frozenset()).digits == "1"
    of_two = (*more, Option("3", "hours of the pharmacist"))
    assert walk._among(Menu(options=of_two), frozenset()).digits != "1"
    exactly = (*more, Option("3", "prescriptions"))
    assert walk._among(Menu(options=exactly), frozenset()).digits == "3"


@pytest.mark.parametrize("known", [SPEC_FLOW, learned()], ids=["by hand", "learned"])
def test_a_flow_that_no_longer_fits_and_cannot_be_repaired_ends_as_drifted(known: CallFlow) -> None:
    other = Node(
        [pause(0.6), say("For store hours, press 1. For directions, press 2. For events, press 4.")], keys={"1": "dead"}, repeats=9
    )
    call = follow(known, chase(main=other))
    assert ended(call).outcome is CallOutcome.DRIFTED
    assert ended(call).reason == "the flow no longer fits: no option fits the intent"
    assert call.of(DriftFound)


def test_a_level_that_is_gone_is_skipped() -> None:
    call = follow(learned(), chase(start=Node([pause(1.5)], then="sub")))
    assert (ended(call).outcome, ended(call).digits) == (CallOutcome.BRIDGED, "1")
    assert call.of(DriftFound)


def test_conditions_come_before_the_next_step() -> None:
    what = flow(
        step("main", "LISTEN", "sub", "3", conditions={"heard:currently closed": "bye", "on:timeout": "bye"}),
        step("sub", "LISTEN", "hold", "1"), step("hold", "HOLD", "transfer"), step("transfer", "TRANSFER"),
        step("bye", "SPEAK", metadata={"text": "Goodbye."}),
    )  # fmt: skip
    closed = chase(start=Node([pause(1), say("We are sorry. Our branch is currently closed today."), pause(30)], hangs_up=True))
    call = follow(what, closed)
    assert "bye" in [event.next_step for event in call.of(StepEnded)]
    assert ended(call).outcome is CallOutcome.REACHED


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("Our offices are currently closed. Please call back during business hours.", DiscoveryType.CLOSED),
        ("You have reached the voicemail of the bank. Please leave a message after the tone.", DiscoveryType.VOICEMAIL),
    ],
)
def test_who_ends_a_known_way_is_found_out_for_the_flow_to_learn_when(said: str, found: DiscoveryType) -> None:
    call = follow(learned(), chase(start=Node([pause(1), say(said), pause(30)], hangs_up=True)))
    assert ended(call).outcome.value == found.value
    assert [(one.type, one.step_id) for one in discoveries(call)] == [(found, "main")]


def test_a_queue_that_closes_says_so_in_what_was_found() -> None:
    closing = say("We are sorry. Our offices are now closed. Please call back during business hours.")
    call = follow(learned(), chase(hold=Node([music(12), say(BUSY), music(9), closing, pause(30)], hangs_up=True)))
    assert ended(call).outcome is CallOutcome.CLOSED
    assert DiscoveryType.CLOSED in [one.type for one in discoveries(call)]


def test_nothing_is_heard_at_all() -> None:
    call = follow(flow(step("main", "LISTEN", "gone", "3", timeout=6, conditions={"on:silence": "gone"}), step("gone", "DTMF", None, "0")),
                  {"start": Node([pause(60)], hangs_up=True)})  # fmt: skip
    assert [event.outcome for event in call.of(StepEnded)][:1] == ["silence"]


def test_the_same_prompt_again_means_the_key_was_lost() -> None:
    call = follow(learned(), chase(sub=Node([pause(0.5), say(SUB)], keys={"1": "notice"}, swallow=1)))
    assert (ended(call).outcome, ended(call).digits) == (CallOutcome.BRIDGED, "311")


BUSY = "All of our representatives are busy. Please stay on the line and your call will be answered."


@pytest.mark.parametrize("fingerprint", [True, False])
@pytest.mark.parametrize("waiting", [[say(BUSY), pause(3)], [say(BUSY), music(12)], [pause(2)]], ids=["announced", "music", "empty queue"])
def test_a_menu_that_the_flow_expects_behind_a_hold_is_no_drift(waiting: list[Clip], fingerprint: bool) -> None:
    known = learned(fingerprint)
    what = flow(step("queue", "HOLD", "main", timeout=600), *known.steps[1:])
    call = follow(what, chase(start=Node([pause(1), *waiting], then="main")))
    assert (ended(call).outcome, ended(call).digits) == (CallOutcome.BRIDGED, "31")
    assert not call.of(DriftFound)
    assert [event.step_id for event in call.of(StepEnded)] == ["queue", "main", "sub", "hold", "transfer"][: len(call.of(StepEnded))]


def test_a_menu_heard_on_a_hold_that_the_flow_does_not_know_of_is_answered_once() -> None:
    """What was said before it is not taken for it."""
    what = flow(step("queue", "HOLD", "transfer", timeout=600), *learned().steps[1:])
    call = follow(what, chase(start=Node([pause(1), say(BUSY), pause(3)], then="main")))
    assert (ended(call).outcome, ended(call).digits) == (CallOutcome.BRIDGED, "31")
    assert [event.step_id for event in call.of(DriftFound)] == ["queue"]


def test_a_menu_instead_of_the_human_whom_a_learned_flow_expects_at_once_is_explored() -> None:
    met = step("transfer", "TRANSFER", metadata={"evidence": ["first"]})
    known = learned()
    what = flow(known.steps[0], known.steps[1], msgspec.structs.replace(known.steps[2], next_step="transfer"), met)
    added = Node([pause(0.5), say("For a dispute of a charge, press 1. For other disputes, press 2.")], keys={"1": "agent", "2": "dead"})
    for waiting in ([], [say(BUSY), music(12)]):
        queue = Node([pause(0.5), *waiting], then="added")
        call = follow(what, chase(sub=Node([pause(0.5), say(SUB)], keys={"1": "queue"}), queue=queue, added=added))
        assert (ended(call).outcome, ended(call).digits) == (CallOutcome.BRIDGED, "311"), call.timeline()
        assert [event.step_id for event in call.of(DriftFound)] == ["transfer"]


@pytest.mark.parametrize("fingerprint", [True, False])
def test_a_key_that_is_lost_where_a_learned_flow_expects_a_human_at_once_is_pressed_again(fingerprint: bool) -> None:
    """The prompt is heard again, on a hold that began with the step."""
    met = step("transfer", "TRANSFER", metadata={"evidence": ["first"]})
    known = learned(fingerprint)
    what = flow(known.steps[0], known.steps[1], msgspec.structs.replace(known.steps[2], next_step="transfer"), met)
    call = follow(what, chase(sub=Node([pause(0.5), say(SUB)], keys={"1": "agent"}, swallow=1)))
    assert (ended(call).outcome, ended(call).digits) == (CallOutcome.BRIDGED, "311"), call.timeline()
    assert not call.of(DriftFound)
