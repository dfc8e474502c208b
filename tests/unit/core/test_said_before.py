"""What recordings of this call have said is remembered, as far back as matters."""

from __future__ import annotations

from random import Random

import pytest
from call_engine.core.facts import Turn
from call_engine.core.flows import prompts as said_before
from call_engine.core.flows.prompts import Prompts
from call_engine.core.hearing import Hearing
from call_engine.core.outbox import Outbox
from call_engine.core.utterance import understand


def announcement(number: int) -> str:
    """No two of them are alike."""
    random = Random(number)
    return " ".join("".join(random.choices("abcdefghijklmnopqrstuvwxyz", k=7)) for _ in range(9))


def say(prompts: Prompts, number: int) -> None:
    text = announcement(number)
    prompts.keep(Turn(number=number, start=0, end=8000, text=text, utterance=understand(text)), "hold")


def prompts() -> Prompts:
    outbox = Outbox()
    return Prompts(outbox, Hearing(outbox))


def test_on_a_hold_of_hours_the_first_announcements_are_forgotten() -> None:
    known = prompts()
    for number in range(1000):
        say(known, number)
    assert known.heard_before(announcement(999))
    assert not known.heard_before(announcement(0))
    assert len(known._said) <= 200


def test_what_is_said_again_and_again_is_remembered_however_long_ago_it_was_said_first() -> None:
    known = prompts()
    for number in range(1000):
        say(known, 7)
        say(known, number)
    assert known.heard_before(announcement(7))


def test_what_goes_on_is_compared_once_with_all_that_was_said(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[str] = []
    similarity = said_before.similarity

    def counted(one: str, other: str, *, at_least: float = 0.0) -> float:
        compared.append(other)
        return similarity(one, other, at_least=at_least)

    monkeypatch.setattr(said_before, "similarity", counted)
    known = prompts()
    for number in range(5):
        say(known, number)
    asked = [known.heard_before(announcement(9)) for _ in range(50)]
    assert len(compared) == 5
    say(known, 9)
    assert known.heard_before(announcement(9))
    assert not any(asked)
