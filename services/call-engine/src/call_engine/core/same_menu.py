"""Whether two menus are one: menus of one company are often worded alike, so that the meaning of the keys decides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from call_engine.core.choice import content_words
from call_engine.core.replay import label_likeness, same_label
from call_engine.core.signature import same_prompt, signature

_MISHEARD = 0.5  #: likeness of two labels: what was misheard still looks so much alike


class Keyed(Protocol):
    @property
    def digits(self) -> str: ...

    @property
    def label(self) -> str: ...


def other_keys(heard: Sequence[Keyed], before: Sequence[Keyed]) -> bool:
    """Whether most keys that both menus have mean something else, or half of them something quite else: then the words may be alike, but
    it is another menu.
    """
    labels = {one.digits: one.label for one in before}
    common = [(one.label, labels[one.digits]) for one in heard if one.digits in labels]
    others = [pair for pair in common if not same_label(*pair)]
    if 2 * len(others) == len(common) > 0:
        return all(_nothing_alike(*pair) for pair in others)
    return 2 * len(others) > len(common)


def _nothing_alike(one: str, other: str) -> bool:
    """More than the recogniser would mishear: several words that matter, and none of them in common."""
    words, others = content_words(signature(one)), content_words(signature(other))
    return min(len(words), len(others)) >= 2 and words.isdisjoint(others) and label_likeness(one, other) < _MISHEARD


def same_menu(text: str, options: Sequence[Keyed], before: str, options_before: Sequence[Keyed]) -> bool:
    return same_prompt(text, before) and not other_keys(options, options_before)
