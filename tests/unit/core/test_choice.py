"""Which option is taken for an intent, and what is taken when none serves it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from call_engine.core.menu import parse_menu
from call_engine.core.understanding.choice import STAY, choose, role_of, shared_concepts

from tests.support.scripted_call import WordSimilarity

ALIEN = "have my piano tuned"


def digits_for(intent: str, menu: str) -> str | None:
    return choose(intent, parse_menu(menu), WordSimilarity()).digits


def test_the_words_of_an_option_choose_it() -> None:
    assert digits_for("a question about store hours", "For store hours, press 1. For returns, press 2.") == "1"


def test_what_no_option_serves_goes_to_the_catch_all_then_the_operator_then_stays() -> None:
    topics = "For store hours, press 1. For returns, press 2. "
    assert digits_for(ALIEN, topics + "For anything else, press 3. For an operator, press 0.") == "3"
    assert digits_for(ALIEN, topics + "To reach our receptionist, press 4.") == "4"
    assert digits_for(ALIEN, topics + "Otherwise, please stay on the line.") == STAY
    assert digits_for(ALIEN, topics) is None


def test_zero_is_the_operators_key_whatever_the_menu_calls_her() -> None:
    choice = choose(ALIEN, parse_menu("For store hours, press 1. For the reservations desk downstairs, press 0."), WordSimilarity())
    assert choice.digits == "0"
    assert choice.reason == "the operator's key"


def test_names_for_a_person_to_speak_to() -> None:
    for label in ("our receptionist", "a staff member", "speak to the clerk", "reach the front desk", "be connected to an associate"):
        assert role_of(label) == "operator", label
    for label in ("speak to a nurse", "fraud specialist"):
        assert role_of(label) == "topic", label


def test_what_is_repeated_may_be_something_else_than_the_menu() -> None:
    for label in (
        "repeat prescriptions",
        "order a repeat",
        "repeat medication and flea treatments",
        "repeat insulin",
        "it broke again",
        "zurückgeben oder umtauschen",
        "Wiederholungsrezept",
    ):
        assert role_of(label) == "topic", label
    for label in (
        "repeat",
        "to repeat",
        "repeat this menu",
        "repeat menu",
        "repeat your options in English",
        "repeat them",
        "hear this menu repeated",
        "have these choices repeated",
        "hear the options again",
        "wiederholen",
        "repeat my options",
        "repeat my choices",
        "the last message",
        "hear the previous message",
    ):
        assert role_of(label) == "repeat", label


def test_what_was_there_before_may_be_something_else_than_a_menu() -> None:
    for label in ("previous options", "the previous step", "last menu", "return to the last menu", "hear your previous choices"):
        assert role_of(label) == "back", label
    for label in (
        "a previous order",
        "the last payment",
        "repeat my last order",
        "my last bill",
        "previous claims",
        "last month's message",
    ):
        assert role_of(label) == "topic", label


def test_a_part_of_a_word_makes_no_role() -> None:
    for label in ("file a complaint against a professional", "vender con nosotros", "questions about reagents"):
        assert role_of(label) == "topic", label
    for label, role in (("hear these choices again.", "repeat"), ("otros asuntos", "catch_all"), ("alle anderen Fragen", "catch_all")):
        assert role_of(label) == role, label


def test_the_wider_field_is_not_taken_for_a_word_that_only_begins_alike() -> None:
    menu = "For the garden desk, press 3. To speak to an operator, press 0. For account services, press 4."
    assert digits_for("your billboard fell on my roof", menu) == "0"


@pytest.mark.parametrize(
    "intent",
    [
        "report fraud and check my balance", "make a payment and check my balance", "move house and make a payment",
        "cancel and report fraud", "my loan and my password", "make a payment on my loan",
    ],
)  # fmt: skip
def test_of_two_things_wanted_the_nearer_to_the_wider_field_counts(intent: str) -> None:
    assert shared_concepts(intent, "account services") == 0.7


class Misled(WordSimilarity):
    """Finds one label like everything, and the others less so."""

    def scores(self, text: str, candidates: Sequence[str]) -> list[float]:
        return [0.4 if one == "the spa" else 0.25 for one in candidates]


def test_the_one_option_that_names_the_whole_wish_comes_before_another_that_sounds_like_it() -> None:
    menu = parse_menu("For the spa, press 1. For weddings and banquets, press 2. For the restaurant, press 3.")
    first = {intent: choose(intent, menu, Misled()).scores[0]["digits"] for intent in ("banquets", "banquets by the lake", "jazz")}
    assert first == {"banquets": "2", "banquets by the lake": "1", "jazz": "1"}
