"""What a company still reads of a prompt behind the key that was pressed into it, and what only sounds like it."""

from __future__ import annotations

from call_engine.core.delivery import Delivery
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
    """The ear still takes for speech what is over, so the turn that is cut there begins with the key: nothing is read on."""
    behind = "Press 1 for questions for the pharmacist, Press 2 for a denied claim."
    assert since_press(asked(PHARMACY), heard(behind, first_word_at=PRESSED_AT + 6400, cut=True)) == behind
    read_on = f"questions for the pharmacist, please press 2. To speak with {behind}"
    assert since_press(asked(PHARMACY), heard(read_on, first_word_at=PRESSED_AT + 2400, cut=True)) == behind
