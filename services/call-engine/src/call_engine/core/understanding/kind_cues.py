"""What of an utterance tells its kind besides its meaning: the phrases in it, the menu in it, its length."""

from __future__ import annotations

from collections.abc import Mapping

from call_engine.core.menu import Menu
from call_engine.core.vocabulary import phrases
from call_engine.core.vocabulary.words import Token

#: The names of the cues, in their order.
CUES = (*phrases.KINDS, "options", "one option", "many options", "length", "few words", "question", "stay")

_MOST_VOTES = 6.0
_FEW_WORDS = 3


def cues_of(text: str, tokens: list[Token], menu: Menu, votes: Mapping[str, float]) -> list[float]:
    """Numbers near [0, 2], in the order of ``CUES``; ``votes`` are those of the phrases alone."""
    count = len(menu.options)
    return [
        *(min(votes.get(kind, 0.0), _MOST_VOTES) / 4 for kind in phrases.KINDS),
        min(count, 4) / 2, float(count == 1), float(count >= 2),
        min(len(tokens), 40) / 20, float(len(tokens) <= _FEW_WORDS), float("?" in text), float(menu.stay is not None),
    ]  # fmt: skip
