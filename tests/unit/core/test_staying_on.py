"""Which keys keep us waiting is told in one way wherever it is asked."""

from __future__ import annotations

import pytest
from call_engine.core.understanding.staying_on import keeps_place, waits, waits_or_declines

WAITING = [
    "continue to hold",
    "continue holding",
    "keep waiting",
    "stay on the line",
    "remain in the queue",
    "seguir esperando",
    "patienter",
]
LOOSELY = ["stay", "remain", "hold for an agent", "wait for the next agent", "no thank you"]
NEITHER = ["change your stay at the hotel", "billing", "remainders of an order", "be called back"]


@pytest.mark.parametrize("label", WAITING)
def test_these_wait_on_in_any_menu(label: str) -> None:
    assert waits(label)
    assert waits_or_declines(label)


@pytest.mark.parametrize("label", LOOSELY)
def test_these_do_where_there_is_something_to_decline(label: str) -> None:
    assert not waits(label)
    assert waits_or_declines(label)


@pytest.mark.parametrize("label", NEITHER)
def test_these_are_about_something_else(label: str) -> None:
    assert not waits(label)
    assert not keeps_place(label)


def test_a_place_is_kept_with_or_without_the_line() -> None:
    assert keeps_place("keep your place in line")
