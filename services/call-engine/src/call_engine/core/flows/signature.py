"""The signature of a prompt: its words without case, punctuation and numbers that change from call to call; and how alike two are."""

from __future__ import annotations

import functools
import re

from call_contract.prompts import normalise
from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

#: At or above: the same prompt. Two renderings of one recording by the recogniser rarely fall below it.
SAME = 0.78
#: Below: another prompt. In between nothing is certain.
OTHER = 0.55

_LOST = (0, 2, 4)  #: letters of a short word ("the") that the recogniser may not have heard
_PRESSED = re.compile(r"\bpressed\b")  #: as the recogniser often hears "press"
_VOLATILE = re.compile(r"\b(\d+|eleven|twelve|fifteen|twenty|thirty)\b (minutes?|hours?|callers?|people)")


@functools.lru_cache(maxsize=4096)
def signature(text: str) -> str:
    """Words to compare, as learned prompts keep them: "Press one for Billing, or star." → "press 1 for billing or *"."""
    return _VOLATILE.sub(r"# \2", " ".join(normalise(text)))


def similarity(one: str, other: str, *, at_least: float = 0.0) -> float:
    """How alike two texts are in [0, 1], by words in order, with room for the recogniser's misspellings. 0 below ``at_least``."""
    left, right = signature(one), signature(other)
    if not left or not right:
        return 0.0
    cutoff = 100.0 * at_least
    return max(fuzz.ratio(left, right, score_cutoff=cutoff), fuzz.token_sort_ratio(left, right, score_cutoff=cutoff)) / 100.0


def contained(part: str, whole: str, *, at_least: float = 0.0) -> float:
    """How well ``part`` occurs somewhere in ``whole``, in [0, 1]: a prompt heard from the middle is still that prompt. 0 below
    ``at_least``."""
    left, right = signature(part), signature(whole)
    if not left or not right:
        return 0.0
    if len(left) > len(right):
        left, right = right, left
    if len(left) < 12:
        return fuzz.ratio(left, right, score_cutoff=100.0 * at_least) / 100.0
    return fuzz.partial_ratio(left, right, score_cutoff=100.0 * at_least) / 100.0


def ends_with(whole: str, part: str) -> bool:
    """Whether ``part``, which may be a word or two, is what ``whole`` ends with."""
    left, right = (_PRESSED.sub("press", signature(text)) for text in (part, whole))
    if len(left) < 3:  # "press star" heard from its last word on
        return bool(left) and right.split()[-len(left.split()) :] == left.split()
    return len(left) < len(right) and any(fuzz.ratio(left, right[-len(left) - lost :]) >= 90 for lost in _LOST)


def to_the_word(one: str, other: str) -> bool:
    """Whether two texts may be two hearings of one recording: a word in twelve misheard, lost or invented, and at least one.

    ``one`` may lack the beginning (the greeting) of ``other``.
    """
    left, right = signature(one).split(), signature(other).split()
    right = right[-len(left) :] if len(left) < len(right) else right
    return Levenshtein.distance(left, right) <= max(1, max(len(left), len(right)) // 12)


def same_prompt(one: str, other: str) -> bool:
    return similarity(one, other) >= SAME or (len(one) > 24 and len(other) > 24 and contained(one, other) >= 0.9)
