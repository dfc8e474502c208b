"""Whether two menus are one: menus of one company are often worded alike, so that the meaning of the keys decides."""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import Protocol

from call_contract.menus import stand_for_others

from call_engine.core.flows.replay import label_likeness, same_label
from call_engine.core.flows.signature import same_prompt, signature
from call_engine.core.understanding.choice import content_words, role_of

_ANOTHER_THING = 0.6  #: likeness of labels: below, they are not two hearings of one
_MANY = 2  #: topics of one menu that the other does not have; one may have been lost


class Keyed(Protocol):
    @property
    def digits(self) -> str: ...

    @property
    def label(self) -> str: ...


def other_keys(heard: Sequence[Keyed], before: Sequence[Keyed]) -> bool:
    """Whether the keys that both menus have stand for others, or none of their topics have a key in common: then the words may be alike,
    but it is another menu. Keys that lead to the operator or back, as in every menu of the company, tell only where there are no others.
    """
    labels = {one.digits: one.label for one in before}
    common = [(one.label, labels[one.digits]) for one in heard if one.digits in labels]
    topics = [pair for pair in common if not (same_label(*pair) and _in_every_menu(*pair))]
    if not topics and _many_topics(heard, but=labels) and _many_topics(before, but={one.digits for one in heard}):
        return True
    return stand_for_others(topics or common, same=same_label, nothing_alike=_nothing_alike)


def _in_every_menu(*labels: str) -> bool:
    """Two hearings of one label, either of which may have lost the word that tells."""
    return any(role_of(label) != "topic" for label in labels)


def _many_topics(options: Sequence[Keyed], but: Container[str]) -> bool:
    return sum(one.digits not in but and not _in_every_menu(one.label) for one in options) >= _MANY


def _nothing_alike(one: str, other: str) -> bool:
    """More than the recogniser would mishear: none of the words that matter in common, nor their letters."""
    words, others = content_words(signature(one)), content_words(signature(other))
    return bool(words) and words.isdisjoint(others) and label_likeness(one, other) < _ANOTHER_THING


def has_own_topic(heard: Sequence[Keyed], before: Sequence[Keyed], text_before: str) -> bool:
    """Whether a menu names something for which nothing of the one before, wherever its keys were bound, may have been misheard."""
    said = content_words(signature(text_before))
    return any(
        content_words(signature(one.label)).isdisjoint(said) and all(_nothing_alike(one.label, other.label) for other in before)
        for one in heard
        if not _in_every_menu(one.label)
    )


def same_menu(text: str, options: Sequence[Keyed], before: str, options_before: Sequence[Keyed]) -> bool:
    return same_prompt(text, before) and not other_keys(options, options_before)


def same_keys(heard: Sequence[Keyed], before: Sequence[Keyed]) -> bool:
    """Whether two menus have all keys in common, each for the same, whatever is said around them."""
    labels = {one.digits: one.label for one in before}
    return {one.digits for one in heard} == labels.keys() and all(same_label(one.label, labels[one.digits]) for one in heard)
