"""The common subsequence of two prompts, by bits, against the table it stands for."""

from __future__ import annotations

from difflib import SequenceMatcher

from call_contract.prompts import SAME_WORD, _in_order, _same_word
from hypothesis import given
from hypothesis import strategies as st

WORDS = st.lists(
    st.sampled_from(["for", "billing", "billings", "press", "1", "2", "dispute", "disputes", "disputed", "the", "card"]), max_size=14
)


def naive(left: list[str], right: list[str]) -> int:
    row = [0] * (len(right) + 1)
    for a in left:
        diagonal = 0
        for j, b in enumerate(right, start=1):
            above = row[j]
            row[j] = diagonal + 1 if naive_same_word(a, b) else max(above, row[j - 1])
            diagonal = above
    return row[-1]


def naive_same_word(a: str, b: str) -> bool:
    if a == b:
        return True
    if len(a) < 4 or len(b) < 4 or a.isdigit() or b.isdigit():
        return False
    return SequenceMatcher(None, a, b, autojunk=False).ratio() >= SAME_WORD


SPELLED = st.text("abcde1", min_size=1, max_size=9)


@given(SPELLED, SPELLED)
def test_no_pair_of_words_is_passed_over_that_their_spelling_makes_one(a: str, b: str) -> None:
    assert _same_word(a, b) == naive_same_word(a, b)


@given(st.lists(SPELLED, max_size=8), st.lists(SPELLED, max_size=8))
def test_the_bits_count_what_the_table_counts_whatever_the_words(left: list[str], right: list[str]) -> None:
    assert _in_order(left, right) == naive(left, right)


@given(WORDS, WORDS)
def test_the_bits_count_what_the_table_counts(left: list[str], right: list[str]) -> None:
    assert _in_order(left, right) == naive(left, right)
