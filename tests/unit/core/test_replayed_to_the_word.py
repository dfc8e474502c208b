"""A learned prompt that is heard to the word within more: its keys are for what they were, however the labels are cut there."""

from __future__ import annotations

import msgspec
import pytest
from call_contract.step_metadata import StepMetadata
from call_engine.core.facts import Turn
from call_engine.core.flows.replay import Match, compare
from call_engine.core.menu import Menu, Option
from call_engine.core.menus.binding import Side
from call_engine.core.utterance import understand

from tests.support.chase_flow import prompt

LEARNED = "press 1 for refills press 2 for questions for the pharmacist press * to repeat these choices"
OPTIONS = {"1": "refills", "2": "the pharmacist", "*": "repeat these choices"}
GREETING = "You have reached Riverview Clinic. "


def heard(text: str, labels: dict[str, str]) -> Turn:
    menu = Menu(options=tuple(Option(digits, label) for digits, label in labels.items()), complete=True, direction=Side.RIGHT.value)
    return Turn(number=1, start=0, end=80_000, text=text, utterance=msgspec.structs.replace(understand(text), menu=menu))


@pytest.mark.parametrize(("text", "labels", "match", "digits"), [
    (f"{GREETING}{LEARNED}", {"1": "refills", "2": "questions", "*": "repeat these choices"}, Match.MATCHED, "2"),
    (f"{GREETING}{LEARNED} press 3 for claims", {"1": "refills", "2": "questions", "*": "repeat", "3": "claims"}, Match.DRIFTED, "2"),
    (f"Press 2 for claims. {LEARNED.replace('2', '3')}", {"1": "refills", "2": "claims", "3": "questions"}, Match.DRIFTED, None),
    (LEARNED.replace("questions for", "shots from"), {"1": "refills", "2": "questions", "*": "repeat these choices"}, Match.DRIFTED, None),
])  # fmt: skip
def test_its_keys_are_for_what_they_were_though_a_label_is_cut_otherwise(
    text: str, labels: dict[str, str], match: Match, digits: str | None
) -> None:
    metadata = msgspec.convert(prompt(LEARNED, OPTIONS), StepMetadata)
    verdict = compare(metadata, heard(text, labels), "2", "the pharmacist")
    assert (verdict.match, verdict.digits) == (match, digits)


@pytest.mark.parametrize("labels", [
    {"1": "our mailing address", "2": "refills", "3": "questions for the pharmacist", "*": "repeat these choices"},
    {"1": "our mailing address", "2": "refill", "3": "questions for a pharmacist", "*": "repeat"},
])  # fmt: skip
def test_unless_they_are_now_said_behind_what_they_are_for(labels: dict[str, str]) -> None:
    text = "for our mailing address press 1 for refills press 2 for questions for the pharmacist press 3 to repeat these choices press *"
    learned = "press 1 for refills press 2 for questions for the pharmacist press 3"
    metadata = msgspec.convert(prompt(learned, {"1": "refills", "2": "questions for the pharmacist"}), StepMetadata)
    turn = heard(text, labels)
    behind = msgspec.structs.replace(turn.utterance.menu, direction=Side.LEFT.value)
    turn = msgspec.structs.replace(turn, utterance=msgspec.structs.replace(turn.utterance, menu=behind))
    verdict = compare(metadata, turn, "2", "questions for the pharmacist")
    assert (verdict.match, verdict.digits) == (Match.DRIFTED, "3")
