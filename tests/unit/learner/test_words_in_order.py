"""The common subsequence of two prompts, by bits, against the table it stands for."""

from __future__ import annotations

from call_contract.prompts import _in_order, _same_word
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
            row[j] = diagonal + 1 if _same_word(a, b) else max(above, row[j - 1])
            diagonal = above
    return row[-1]


@given(WORDS, WORDS)
def test_the_bits_count_what_the_table_counts(left: list[str], right: list[str]) -> None:
    assert _in_order(left, right) == naive(left, right)
