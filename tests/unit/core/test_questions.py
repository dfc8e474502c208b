"""What is asked on the way and is no menu: data is never invented, what we did not say is never confirmed."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from call_contract.call_events import AudioPlayed, CallOutcome, DigitsSent, DriftFound
from call_contract.discoveries import DiscoveryType
from call_engine.core.brain import Brain
from call_engine.core.plan import Explore, Follow, Plan
from call_engine.core.understanding.choice import Similarity
from call_engine.core.vocabulary import phrases

from tests.support.chase_flow import flow, learned, prompt, step
from tests.support.chase_script import MAIN, chase, discoveries
from tests.support.scripted_call import Node, ScriptedCall, WordSimilarity, pause, say

INTENT = "dispute a charge"


def explore(nodes: dict[str, Node], *, may_speak: bool = True, similarity: Similarity | None = None) -> ScriptedCall:
    plan = Plan(goal=Explore(phone_number="+18005551234", intent=INTENT, company="Chase Bank"), may_speak=may_speak)
    return ScriptedCall(Brain(plan, call_id="c", similarity=similarity or WordSimilarity()), nodes).run()


def before_main(text: str, **how: object) -> dict[str, Node]:
    """A question between the welcome and the main menu."""
    question = Node([pause(0.6), say(text)], **how)  # type: ignore[arg-type]
    return chase(start=Node([pause(1), say("Thank you for calling Chase Bank.")], then="question"), question=question)


def pressed(call: ScriptedCall) -> str:
    return "".join(press.digits for press in call.of(DigitsSent))


CARD = "Please enter your sixteen digit card number, followed by the pound key."


def test_data_is_skipped_by_the_key_that_the_prompt_names() -> None:
    call = explore(before_main(f"{CARD} If you do not have your card, press star.", keys={"*": "main"}))
    assert (call.events[-1].outcome, pressed(call)) == (CallOutcome.BRIDGED, "*31")


def test_data_may_be_asked_for_in_the_same_breath_as_notices() -> None:
    notices = "Thanks for calling Chase Bank, This call is recorded. For emergencies, hang up and dial 911."
    asked = f"{notices} Key in your member number followed by the pound key If you do not have it, press star."
    call = explore(chase(start=Node([pause(1), say(asked)], keys={"*": "main"})))
    assert (call.events[-1].outcome, pressed(call)) == (CallOutcome.BRIDGED, "*31")


class TakesItForMenu(WordSimilarity):
    def kinds(self, text: str, cues: Sequence[float]) -> dict[str, float]:
        return {phrases.MENU: 1.0, phrases.DATA: 0.0} if "as our choices are new" in text else {}


def test_a_menu_whose_only_key_is_for_those_who_have_it_not_asks_for_data() -> None:
    """It is read three times, and the key is heard only in the sound of the third."""
    asked = "Please listen closely, as our choices are new. Key in your member number. If you do not have it, press star."
    start = Node([pause(1), say(asked)], keys={"*": "main"}, profiles=("inband",), repeats=3)
    call = explore(chase(start=start), similarity=TakesItForMenu())
    assert (call.events[-1].outcome, pressed(call)) == (CallOutcome.BRIDGED, "***31")


class SureOfAccounts(WordSimilarity):
    """The wish sounds a little like "account number"."""

    def scores(self, text: str, candidates: Sequence[str]) -> list[float]:
        return [0.95 if "number" in one else score for one, score in zip(candidates, super().scores(text, candidates), strict=True)]

    serving = remembered = topics = scores

    def kinds(self, text: str, cues: Sequence[float]) -> dict[str, float]:
        return {phrases.MENU: 1.0, phrases.DATA: 0.0} if "Northgate" in text else {}


@pytest.mark.parametrize("asked", ["enter your nine digit account number, then press pound", "key in your card number, then press pound"])
def test_the_key_that_ends_what_is_entered_is_no_option(asked: str) -> None:
    said = f"This is Northgate Bank. This call is recorded. Please {asked}. To go on without it, press zero."
    call = explore(chase(start=Node([pause(1), say(said)], keys={"0": "main"})), similarity=SureOfAccounts())
    assert (call.events[-1].outcome, pressed(call)) == (CallOutcome.BRIDGED, "031")


def test_data_is_skipped_by_silence_first_then_by_pound_then_by_zero() -> None:
    by_silence = chase(start=Node([pause(1), say(CARD), pause(5)], then="main"))
    assert pressed(explore(by_silence)) == "31"
    assert pressed(explore(before_main(CARD, keys={"#": "main"}, repeats=9))) == "#31"
    assert pressed(explore(before_main(CARD, keys={"0": "main"}, repeats=9, invalid=CARD))) == "#031"


def test_where_data_cannot_be_skipped_the_call_ends_and_says_so() -> None:
    call = explore(before_main(CARD, keys={"77": "main"}, repeats=12, invalid=CARD))
    assert call.events[-1].outcome is CallOutcome.NEEDS_DATA
    assert set(pressed(call)) <= set("#0")


def test_a_voice_bot_is_told_the_wish_and_a_person_where_that_is_not_enough() -> None:
    ask = "In a few words, please tell me why you are calling today."
    nodes = before_main(ask, keys={"0": "main"}, repeats=9)
    call = explore(nodes)
    said = [event.what for event in call.of(AudioPlayed)]
    assert said[:2] == [f"text:{INTENT}", "text:representative"]
    assert pressed(call).startswith("0")
    assert call.events[-1].outcome is CallOutcome.BRIDGED


def test_a_call_that_may_not_speak_is_silent_then_asks_for_a_person_by_zero() -> None:
    ask = "In a few words, please tell me why you are calling today."
    call = explore(before_main(ask, keys={"0": "main"}, repeats=9), may_speak=False)
    assert not call.of(AudioPlayed)
    assert (call.events[-1].outcome, pressed(call)) == (CallOutcome.BRIDGED, "031")
    deaf = explore(before_main(ask, keys={"77": "main"}, repeats=12, invalid=ask), may_speak=False)
    assert deaf.events[-1].outcome is CallOutcome.NEEDS_SPEECH
    assert set(pressed(deaf)) == {"0"}


def test_what_we_chose_is_confirmed() -> None:
    call = explore(before_main("You said disputes. Is that correct? For yes, press 1. For no, press 2.", keys={"1": "main", "2": "dead"}))
    assert (call.events[-1].outcome, pressed(call)) == (CallOutcome.BRIDGED, "131")


class TakesItForConfirmation(WordSimilarity):
    def kinds(self, text: str, cues: Sequence[float]) -> dict[str, float]:
        return {phrases.CONFIRM: 1.0, phrases.MENU: 0.0} if text == LAST_OPTION else {}


LAST_OPTION = "For store opening hours, press 2."


def test_the_last_option_of_a_menu_is_not_confirmed_before_more_was_heard() -> None:
    menu = Node([pause(4), say(LAST_OPTION), pause(6), say(MAIN)], keys={"2": "dead", "3": "agent"})
    assert pressed(explore(chase(main=menu), similarity=TakesItForConfirmation())) == "3"
    only = Node([pause(4), say(LAST_OPTION)], keys={"2": "main"}, repeats=4)
    nodes = chase(start=Node([pause(1), say("Thank you for calling Chase Bank.")], then="question"), question=only)
    assert pressed(explore(nodes, similarity=TakesItForConfirmation())) == "231"


def test_a_number_that_we_did_not_give_is_never_confirmed() -> None:
    """The number of the line we call from is not the person's."""
    ask = "I see that you are calling from 720 555 0199. Is that correct? For yes, press 1. For no, press 2."
    call = explore(before_main(ask, keys={"1": "dead", "2": "main"}))
    assert (call.events[-1].outcome, pressed(call)) == (CallOutcome.BRIDGED, "231")


@pytest.mark.parametrize(
    ("offer", "key"),
    [
        ("Would you take a short survey after this call? To take the survey, press 1. To decline the survey, press 2.", "2"),
        ("After this call there is a short survey. To take part in the survey, press 1, otherwise stay on the line.", ""),
    ],
)
def test_a_survey_is_declined_and_the_answer_is_part_of_the_way(offer: str, key: str) -> None:
    node = Node([pause(0.6), say(offer)], keys={"1": "dead", "2": "main"}) if key else Node([pause(0.6), say(offer), pause(4)], then="main")
    call = explore(chase(start=Node([pause(1), say("Thank you for calling Chase Bank.")], then="survey"), survey=node))
    assert (call.events[-1].outcome, pressed(call)) == (CallOutcome.BRIDGED, key + "31")
    found = discoveries(call)
    assert not [one for one in found if one.type is DiscoveryType.DTMF]
    if key:
        declined = next(one for one in found if one.dtmf_sent)
        assert (declined.type, declined.dtmf_sent) == (DiscoveryType.IVR_MENU, "2")
        assert "survey" in declined.transcript


def test_a_new_gate_of_languages_before_a_known_way_is_passed_in_the_language_of_the_way() -> None:
    spanish = "Para cuentas de ahorro, oprima 1. Para tarjetas de crédito, oprima 2. Para disputas de un cargo, oprima 3."
    options = {"1": "cuentas de ahorro", "2": "tarjetas de crédito", "3": "disputas de un cargo"}
    known = step("principal", "LISTEN", "hold", "3", timeout=30, metadata={**prompt(spanish, options, fingerprint=False), "language": "es"})
    what = flow(known, step("hold", "HOLD", "transfer", timeout=3600), step("transfer", "TRANSFER"))
    gate = Node([pause(1), say("For English, press 1. Para español, oprima 2.")], keys={"1": "main", "2": "principal"})
    nodes = chase(start=gate, principal=Node([pause(0.6), say(spanish)], keys={"1": "dead", "2": "dead", "3": "notice"}))
    call = ScriptedCall(Brain(Plan(goal=Follow(flow=what)), call_id="c", similarity=WordSimilarity()), nodes).run()
    assert (call.events[-1].outcome, pressed(call)) == (CallOutcome.BRIDGED, "23")


@pytest.mark.parametrize(("language", "key"), [("", "1"), ("en", "1"), ("es", "2")])
def test_of_two_languages_ours_is_taken(language: str, key: str) -> None:
    gate = Node([pause(1), say("For English, press 1. Para español, oprima 2.")], keys={"1": "main", "2": "principal"})
    spanish = "Para cuentas de ahorro, oprima 1. Para tarjetas de crédito, oprima 2. Para disputas de un cargo, oprima 3."
    nodes = chase(start=gate, principal=Node([pause(0.6), say(spanish)], keys={"1": "dead", "2": "dead", "3": "notice"}))
    intent = "disputar un cargo" if language == "es" else INTENT
    plan = Plan(goal=Explore(phone_number="+18005551234", intent=intent, language=language))
    call = ScriptedCall(Brain(plan, call_id="c", similarity=WordSimilarity()), nodes).run()
    assert call.events[-1].outcome is CallOutcome.BRIDGED
    assert pressed(call) == key + ("3" if language == "es" else "31")


def test_a_guess_that_is_refused_leaves_known_what_led_to_the_question() -> None:
    """Where the company comes back to its menu then, another option is taken."""
    menu = "To dispute a charge, press 3. For charge disputes of business cards, press 4."
    nodes = chase(
        start=Node([pause(1), say(menu)], keys={"3": "card", "4": "hold"}),
        card=Node([pause(0.6), say(CARD), pause(5)], then="card_again"),
        card_again=Node([say(CARD)], keys={"#": "refused"}),
        refused=Node([pause(0.3), say("That is not a valid option."), pause(4)], then="start"),
    )
    call = explore(nodes)
    assert (call.events[-1].outcome, pressed(call)) == (CallOutcome.BRIDGED, "3#4")


def test_a_question_that_is_asked_twice_has_a_recording_for_either_place() -> None:
    """Though both are recognised by that of the first. Where they seemed to be one recording, the learner would take them for one place."""
    nodes = chase(start=Node([pause(1), say(CARD), pause(5)], then="again"), again=Node([say(CARD)], keys={"#": "main"}))
    second = prompt(CARD, {"#": "card number"})
    second["prompt"]["fingerprint"] = "fp:as it was heard the second time"
    asked_twice = flow(
        step("first", "LISTEN", "second", timeout=30, metadata=prompt(CARD, {"#": "card number"})),
        step("second", "LISTEN", "main", "#", timeout=30, metadata=second), *learned().steps[1:],
    )  # fmt: skip
    call = ScriptedCall(Brain(Plan(goal=Follow(flow=asked_twice)), call_id="c", similarity=WordSimilarity()), nodes).run()
    assert (call.events[-1].outcome, pressed(call), call.of(DriftFound)) == (CallOutcome.BRIDGED, "#31", [])
    found = {one.step_id: one.fingerprint for one in discoveries(call) if one.type is DiscoveryType.IVR_MENU}
    assert (found["first"], found["second"]) == (f"fp:{CARD}", "fp:as it was heard the second time")
