"""Words and keys of a whole menu are aligned at once: what a sentence alone would bind wrongly."""

from __future__ import annotations

import pytest
from call_engine.core.menu import parse_menu

from tests.benchmarks.understanding import options_of
from tests.data.understanding.make import Writer

ALIGNED = [
    # A list inside one label.
    ("Press 1 for sales, service, or parts. Press 2 for billing.", {"1": "sales service or parts", "2": "billing"}),
    ("To change, cancel, or confirm a visit, press 1. For refills, press 2.", {"1": "change cancel or confirm a visit", "2": "refills"}),
    # Sentences before the first option that begin like a label.
    ("If you are paying today, thank you. Billing, press 1. Cards, press 2.", {"1": "billing", "2": "cards"}),
    ("Let us find the right place for you. Option 1, roaming. Option 2, repairs.", {"1": "roaming", "2": "repairs"}),
    ("For emergencies, press 1. If this is an emergency, hang up and dial 911. For all others, press 2.",
     {"1": "emergencies", "2": "all others"}),
    # Options that sound like notices.
    ("To listen to the options again, press 9. For our office hours, press 3.",
     {"9": "listen to the options again", "3": "our office hours"}),
    # Staying on the line names no key, and is not swallowed by its neighbours.
    ("Press 1 for tracking. For all other calls, please hold. To hear this again, press star.", {"1": "tracking", "*": "hear this again"}),
    ("for tracking press 1 for pickup press 2 otherwise please stay on the line", {"1": "tracking", "2": "pickup"}),
    # Keys without a verb, in two languages and both orders.
    ("Billing, press one; cards, two; disputes, three.", {"1": "billing", "2": "cards", "3": "disputes"}),
    ("1 for billing 2 for support 3 to upgrade", {"1": "billing", "2": "support", "3": "upgrade"}),
    ("Für Befunde die 1. Für Rezepte die 2.", {"1": "befunde", "2": "rezepte"}),
    ("Die 1 drücken Sie für Umbuchungen. Die 2 drücken Sie für Gepäck.", {"1": "umbuchungen", "2": "gepack"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "options"), ALIGNED)
def test_each_key_gets_its_own_words(text: str, options: dict[str, str]) -> None:
    assert {option.digits: option.label for option in parse_menu(text).options} == options


def test_what_one_stays_on_the_line_for() -> None:
    assert parse_menu("Press 1 for tracking. For all other calls, please hold.").stay == "all other calls"
    assert parse_menu("For billing, press 1. Or stay on the line.").stay == ""
    assert parse_menu("For billing, press 1.").stay is None


@pytest.mark.parametrize(
    "text", ["You are number 3 in line.", "Your wait is between 2 and 4 minutes.", "One moment please.", "We open at 9."]
)
def test_numbers_alone_make_no_menu(text: str) -> None:
    assert parse_menu(text).options == ()


def test_menus_of_another_author_are_read_exactly() -> None:
    """What the parser was tuned on, so only a guard: ``python -m tests.benchmarks.understanding banks`` has the figures."""
    writer = Writer("banks/ferry")
    menus = [writer.by_hand(line) for line in writer.bank["by hand"]]
    exact = [options_of({"options": understood(menu["transcript"])}) == options_of(menu) for menu in menus]
    assert len(menus) > 200
    assert sum(exact) / len(exact) >= 0.98


def understood(text: str) -> list[dict[str, str]]:
    return [{"digits": option.digits, "label": option.label} for option in parse_menu(text).options]
