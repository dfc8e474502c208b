"""Patterns are tried only on texts that hold a fragment which they cannot match without."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from call_engine.core.utterance import phrase_votes
from call_engine.core.vocabulary import phrases
from call_engine.core.vocabulary.fragments import fragments
from call_engine.core.vocabulary.words import join, tokenise

DATA = Path(__file__).parents[2] / "data" / "understanding"


@pytest.mark.parametrize(
    ("pattern", "needed"),
    [
        (r"\bfor calling\b", {"for calling"}),
        (r"\b(survey|questionnaire)\b", {"survey", "questionnaire"}),
        (r"\bcalls? (will be|is being) answered in the order", {" answered in the order"}),
        (r"^(hello|morning)( there)?$", {"hello", "morning"}),
        (r"abc|[a-z]+ defg?|x(yz)+", {"abc", " def", "yz"}),
        (r"(abc)?", {""}),
        (r"abc|.*", {""}),
        (r"(?!abc)(?<=def)[0-9]", {""}),
    ],
)  # fmt: skip
def test_what_a_pattern_needs(pattern: str, needed: set[str]) -> None:
    assert fragments(pattern) == needed


def test_the_phrases_vote_as_if_all_were_tried() -> None:
    texts = [line for name in ("dev.txt", "spoken8.txt") for line in (DATA / name).read_text(encoding="utf-8").splitlines()]
    for text in texts:
        tokens = tokenise(text)
        assert phrase_votes(tokens) == _votes_of_all(join(tokens)), text


def _votes_of_all(words: str) -> dict[str, float]:
    votes = {}
    for kind, rows in phrases.PATTERNS.items():
        hits = sorted((weight for pattern, weight in rows if re.search(pattern, words)), reverse=True)
        if hits:
            votes[kind] = sum(weight * 0.6**rank for rank, weight in enumerate(hits))
    return votes
