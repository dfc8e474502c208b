"""The simulated recogniser errs in its words, not in when they were said."""

from __future__ import annotations

import pytest
from ivr_sim.words import HeardWord

from tests.support.virtual_call import timed

SAID = "For the frequent flyer program, please press three. To"


def said() -> list[HeardWord]:
    return [HeardWord(word, 1000 * place, 1000 * place + 900) for place, word in enumerate(SAID.split())]


@pytest.mark.parametrize(
    "heard", ["For frequent flyer program, please press three To", "four the frequent flyer program please press 3 to"]
)
def test_a_word_left_out_or_misheard_moves_no_other(heard: str) -> None:
    words = list(timed(heard, said()))
    assert [word.text for word in words] == heard.split()
    assert words[-1].start_sample == 8000
    assert words[-2].start_sample == 7000
    assert next(word for word in words if word.text == "flyer").start_sample == 3000


def test_more_words_than_were_said_stay_in_order() -> None:
    starts = [word.start_sample for word in timed("for the free quent flyer program please press three to", said())]
    assert starts == sorted(starts)
    assert starts[-1] == 8000


def test_nothing_said_has_no_words() -> None:
    assert list(timed("", [])) == []
