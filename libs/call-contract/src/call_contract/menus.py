"""When two menus are two: the one rule shared by learner and executor, each with its own ear for labels."""

from __future__ import annotations

from collections.abc import Callable, Sequence

Labels = tuple[str, str]  #: of one key in both menus


def stand_for_others(keys: Sequence[Labels], *, same: Callable[[str, str], bool], nothing_alike: Callable[[str, str], bool]) -> bool:
    """Whether of the keys that two menus have in common most stand for something else, or half of them for something quite different.

    Menus of one company are worded alike, and one label may be misheard: the meaning of the keys decides. ``same``: two hearings of one
    label; ``nothing_alike``: of labels that are not the same, that no mishearing explains it. False of no keys.
    """
    other = [pair for pair in keys if not same(*pair)]
    quite = [pair for pair in other if nothing_alike(*pair)]
    return 2 * len(other) > len(keys) or (bool(quite) and 2 * len(quite) >= len(keys))
