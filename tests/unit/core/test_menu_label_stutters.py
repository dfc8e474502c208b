"""A recogniser that stutters repeats a few words without end; the name of an option is found all the same, at once."""

from __future__ import annotations

import time

import pytest
from call_engine.core.menus.labels import tidy
from call_engine.core.vocabulary.words import tokenise


@pytest.mark.parametrize("again", ["drücken Sie dann", "dann wählen Sie", "wollen Sie dann", "merci de appuyez", "please press"])
def test_endings_that_do_not_end_take_no_time(again: str) -> None:
    began = time.process_time()
    tidy(tokenise(f"invoices {f'{again} ' * 22}house"))
    assert time.process_time() - began < 1


@pytest.mark.parametrize("ending", ["drücken Sie", "wählen Sie dann", "erreichen Sie uns auch direkt", "merci de", "please press"])
def test_endings_are_no_part_of_the_name(ending: str) -> None:
    assert tidy(tokenise(f"invoices {ending}")) == "invoices"
