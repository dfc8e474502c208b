"""When two hearings are one prompt, and when a phrase was heard."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from call_contract.prompts import normalise, numbers, phrase_heard, phrase_score, prompt_similarity, same_prompt

FULL = "Welcome to Example Bank. For billing, press 1. For cards, press 2. For disputes, press 3."


def test_words_are_compared_as_keys_and_lower_case() -> None:
    assert normalise("Press TWO, or the Pound key — ¡oprima dos!") == ["press", "2", "or", "the", "#", "key", "oprima", "2"]


@pytest.mark.parametrize(
    "heard",
    [
        "welcome to example bank for billing press one for cards press two for disputes press three",
        "Welcome to Example Bank. For billing. Press 1 for cards. Press 2 for disputes. Press 3.",
        "to Example Bank, for billings press 1, four cards pressed 2, for dispute press 3",
    ],
)
def test_hearings_of_one_prompt(heard: str) -> None:
    assert same_prompt(FULL, heard)


@pytest.mark.parametrize(
    "other", ["Press 3 for disputes", "Thank you for holding, an agent will be with you.", "", "For claims press 1, for cars press 2."]
)
def test_other_prompts(other: str) -> None:
    assert not same_prompt(FULL, other)


def test_the_spec_examples_prompts_differ() -> None:
    assert not same_prompt("Press 1 for billing...", "Press 3 for disputes...")


def test_a_beginning_counts_only_where_it_may() -> None:
    cut = "Welcome to Example Bank. For billing press"
    assert same_prompt(FULL, cut, partial=True)
    assert not same_prompt(FULL, cut)


def test_similarity_is_symmetric_and_bounded() -> None:
    assert prompt_similarity(FULL, FULL) == 1.0
    assert prompt_similarity("a b", FULL) == prompt_similarity(FULL, "a b")
    assert prompt_similarity("", "") == 0.0


@pytest.mark.parametrize(
    ("phrase", "transcript", "heard"),
    [
        ("our offices are closed", "Hello. Our office is currently closed today.", False),
        ("our offices are closed", "I am sorry, our offices are now closed.", True),
        ("billing", "For billings press 1", True),
        ("press 2 for disputes", "press two for dispute", True),
        ("press 2 for disputes", "press 3 for disputes", False),
        ("anything", "", False),
        ("", "anything", False),
    ],
)
def test_words_of_a_phrase_are_fuzzy_and_its_numbers_are_not(phrase: str, transcript: str, heard: bool) -> None:
    assert phrase_heard(phrase, transcript) is heard


@pytest.mark.parametrize("seed", range(200))
def test_a_phrase_is_looked_for_wherever_it_may_be(seed: int) -> None:
    random = Random(seed)
    vocabulary = ["press", "1", "2", "for", "billing", "cards", "disputes", "claims", "please"]
    transcript = random.choices([*vocabulary, "our", "office", "is", "closed"], k=random.randint(1, 30))
    phrase = random.choices(vocabulary, k=random.randint(1, 6))
    assert phrase_score(" ".join(phrase), " ".join(transcript)) == _score_in_any_window(phrase, transcript)


def _score_in_any_window(phrase: list[str], transcript: list[str]) -> float:
    width = len(phrase) + 1 + len(phrase) // 4
    windows = [transcript[start : start + width] for start in range(max(1, len(transcript) - len(phrase) + 1))]
    fitting = [window for window in windows if not Counter(numbers(phrase)) - Counter(numbers(window))]
    return max((_in_common(phrase, window) / len(phrase) for window in fitting), default=0.0)


def _in_common(left: list[str], right: list[str]) -> int:
    """The longest common subsequence by its definition's table."""
    row = [0] * (len(right) + 1)
    for word in left:
        above, row = row, [0]
        for place, other in enumerate(right):
            row.append(above[place] + 1 if word == other else max(above[place + 1], row[place]))
    return row[-1]
