"""What a company still reads of a prompt behind the key that was pressed into it, and what only sounds like it."""

from __future__ import annotations

import pytest
from call_engine.core.dtmf import cut_turn
from call_engine.core.dtmf.delivery import Delivery, Reaction
from call_engine.core.dtmf.read_on import PlayedPrompt
from call_engine.core.facts import Turn
from call_engine.core.happenings import Word
from call_engine.core.outbox import Outbox
from call_engine.core.utterance import understand

A_WORD = 3000  #: samples, with the pause behind it
PRESSED_AT = 240_000

PHARMACY = "For refills, please press 1. For questions for the pharmacist, please press 2. To speak with a representative, press 0."


def asked(text: str) -> Turn:
    """A prompt that was over as the key was pressed."""
    return Turn(number=1, start=80_000, end=PRESSED_AT - 2000, text=text, utterance=understand(text))


def heard(text: str, *, began: int = PRESSED_AT, first_word_at: int, cut: bool) -> Turn:
    at = [first_word_at + number * A_WORD for number in range(len(text.split()))]
    words = tuple(Word(word, start, start + A_WORD - 600, 0.9) for word, start in zip(text.split(), at, strict=True))
    return Turn(number=2, start=began, end=at[-1] + A_WORD, text=text, words=words, cut=cut, utterance=understand(text))


def since_press(prompt: Turn, later: Turn) -> str:
    outbox = Outbox()
    delivery = Delivery(outbox)
    outbox.now = PRESSED_AT
    delivery.press("2", prompt=prompt)
    return delivery.since_press(later).text


def test_a_prompt_that_seems_to_begin_anew_as_the_key_is_pressed_begins_with_its_first_word() -> None:
    """The ear still takes for speech what is over, so the turn that is cut there begins with the key: nothing is read on.
    And who begins a prompt anew does not begin in the middle of a sentence.
    """
    behind = "Press 1 for questions for the pharmacist, Press 2 for a denied claim."
    assert since_press(asked(PHARMACY), heard(behind, first_word_at=PRESSED_AT + 6400, cut=True)) == behind
    assert since_press(asked(PHARMACY), heard(behind, first_word_at=PRESSED_AT + 3200, cut=True)) == behind
    read_on = f"For questions for the pharmacist, please press 2. To speak with {behind}"
    assert since_press(asked(PHARMACY), heard(read_on, first_word_at=PRESSED_AT + 2400, cut=True)) == behind


CLINIC = (
    "You have reached Riverview Clinic. For help with prescriptions, press 1. For scheduling a visit, press 2. To hear the menu once more, "
    "press star."
)
VISITS = "For cancelling an appointment, press 1. For making a new appointment, press 2."
CANCELLATIONS = "Press 2 for appointment cancellations. Press 9 for new appointments."


@pytest.mark.parametrize(("begun", "read_on", "behind"), [
    ("For", "help", VISITS), ("For", "help with", VISITS), ("visit,", "press 2.", VISITS),
    ("visit,", "", CANCELLATIONS), ("visit,", "", CANCELLATIONS.replace("9 for", "9 For")), ("For", "", VISITS.removeprefix("For ")),
])  # fmt: skip
def test_a_sentence_begun_anew_is_told_from_the_next_menu_by_the_word_before_the_key_where_that_is_whole(
    begun: str, read_on: str, behind: str
) -> None:
    """ "For | help For cancelling an appointment, press 1": with "help" the menu says no more. Without "Press 2" another would say less."""
    text = " ".join((begun, read_on, behind)).strip()
    later = heard(text, first_word_at=PRESSED_AT - 1000, cut=True)
    prompt = PlayedPrompt(CLINIC, PRESSED_AT - 1500, PRESSED_AT + 120_000, again=True, from_a_beginning=begun == "For")
    assert cut_turn.since_press(later, PRESSED_AT, prompt).text == behind


@pytest.mark.parametrize(("read_on", "behind"), [
    ("press 2.", VISITS), ("press 2", VISITS), ("press 2", "For your security this call is recorded."), ("", CANCELLATIONS),
])  # fmt: skip
def test_the_rest_of_a_sentence_is_no_option_of_the_next_menu_that_begins_with_the_same_words(read_on: str, behind: str) -> None:
    later = heard(f"visit, {read_on} {behind}", first_word_at=PRESSED_AT - 1000, cut=True)
    began = PRESSED_AT - 1000 - CLINIC.find("visit") * 570
    prompt = PlayedPrompt(CLINIC, began, began + len(CLINIC) * 570)
    assert cut_turn.since_press(later, PRESSED_AT, prompt).text == behind


TRIPS = "Press 1 for miles and rewards. Press 2 for baggage. Press 3 for changes to a trip you already booked."


@pytest.mark.parametrize(("text", "left_ms", "reacted"), [
    ("Press 3 for changes to a trip you", 1250, Reaction.CHANGED), ("press three for changes to a trip", 1400, Reaction.CHANGED),
    ("Press 3 for changes to a trip you", 300, Reaction.UNCHANGED), ("Press 3 for changes", 1250, Reaction.UNCHANGED),
    ("Press 3 for changes to a trip you already booked.", 1250, Reaction.UNCHANGED),
])  # fmt: skip
def test_a_prompt_whose_last_words_and_their_time_are_missing_was_broken_off(text: str, left_ms: int, reacted: Reaction) -> None:
    """Either alone may be the recogniser's fault, or the ear's."""
    lasts = 8650 * 8
    outbox = Outbox()
    delivery = Delivery(outbox)
    outbox.now = PRESSED_AT
    prompt = Turn(
        number=1, start=PRESSED_AT - lasts // 2, end=PRESSED_AT + lasts // 2, text=TRIPS, utterance=understand(TRIPS),
        recording_id="step:trips",
    )  # fmt: skip
    delivery.press("2", prompt=prompt, into=True)
    end = prompt.end - left_ms * 8
    behind = Turn(number=2, start=PRESSED_AT, end=end, text=text, cut=True, utterance=understand(text))
    assert delivery.judge(behind) is reacted


ADDRESS = "if this is about updating a mailing address press 1 now if this is about transferring service press 2 now"


@pytest.mark.parametrize(("text", "behind"), [
    (f"press two {ADDRESS}", ADDRESS), (f"for billing press two {ADDRESS}", ADDRESS), (ADDRESS, ADDRESS),
    ("press two for claims press 1 for refunds", "press two for claims press 1 for refunds"),
    ("press two to speak to us press 1 to hear more", "press two to speak to us press 1 to hear more"),
])  # fmt: skip
def test_a_key_read_on_without_a_stop_is_told_by_its_being_named_again_in_a_menu_that_is_whole(text: str, behind: str) -> None:
    asked = "Thanks for calling. Press one for billing, Press two for a change of address. Press three for technical problems."
    prompt = PlayedPrompt(asked, PRESSED_AT - 12_000, PRESSED_AT + 120_000, again=True)
    assert cut_turn.since_press(heard(text, first_word_at=PRESSED_AT + 2000, cut=True), PRESSED_AT, prompt).text == behind
