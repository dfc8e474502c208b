"""The digits of a key, read where they begin: "one", "1", "one zero", "star nine", but not "1 800 555 0199"."""

from __future__ import annotations

from call_engine.core.vocabulary.number_words import VAGUE, key_of
from call_engine.core.vocabulary.words import Token


def read_digits(tokens: list[Token], at: int, language: str) -> tuple[str, int]:
    """The digits that begin at this token, and where they end; no digits if none do."""
    digits, end = "", at
    while end < len(tokens) and len(digits) < 3 and (end == at or not tokens[end].gap):
        key = key_of(tokens[end].text, language)
        if end > at and tokens[end].text.isdigit() and len(tokens[end].text) > 2:
            return "", at  # the number of a telephone: "dial 1 800 555 0199"
        if key is None or (digits and not _joins(tokens, end, key)):
            break
        digits += key
        end += 1
    return digits, end


def _joins(tokens: list[Token], at: int, key: str) -> bool:
    """Whether a second key right after the first belongs to it: "one zero", "star nine", but not "press 1 2 for sales"."""
    previous = tokens[at - 1].text
    if previous in ("star", "asterisk", "*", "pound", "hash", "#"):
        return key.isdigit()
    if tokens[at].text in VAGUE and tokens[at].text not in ("o", "oh"):
        return False  # "trois une panne"
    same_spelling = previous.isdigit() == tokens[at].text.isdigit()
    return same_spelling and key not in "*#" and len(key) == 1 and not (previous.isdigit() and len(previous) == 2)
