"""Whether two menus are one: menus of one company are often worded alike, so that the meaning of the keys decides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from call_engine.core.replay import same_label
from call_engine.core.signature import same_prompt


class Keyed(Protocol):
    @property
    def digits(self) -> str: ...

    @property
    def label(self) -> str: ...


def other_keys(heard: Sequence[Keyed], before: Sequence[Keyed]) -> bool:
    """Whether most keys that both menus have mean something else: then the words may be alike, but it is another menu."""
    labels = {one.digits: one.label for one in before}
    common = [one for one in heard if one.digits in labels]
    return bool(common) and 2 * sum(not same_label(one.label, labels[one.digits]) for one in common) > len(common)


def same_menu(text: str, options: Sequence[Keyed], before: str, options_before: Sequence[Keyed]) -> bool:
    return same_prompt(text, before) and not other_keys(options, options_before)
