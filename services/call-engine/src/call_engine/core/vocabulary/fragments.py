"""What a pattern cannot match without: most patterns need not be tried on most texts."""

from __future__ import annotations

from collections.abc import Iterable
from re import _parser  # type: ignore[attr-defined]  # public until Python 3.10, and the only thing that knows what a pattern says
from typing import Any

_ANY = frozenset(("",))


def fragments(pattern: str) -> frozenset[str]:
    """Every text in which the pattern, which must be one without flags, is found holds at least one of these."""
    return _of_sequence(_parser.parse(pattern))


def _of_sequence(parts: Iterable[tuple[Any, Any]]) -> frozenset[str]:
    """The most telling of what its parts cannot do without."""
    found, letters = [_ANY], ""
    for what, details in parts:
        if what is _parser.LITERAL:
            letters += chr(details)
        elif what is not _parser.AT:  # which takes no room: the letters go on
            found += [frozenset((letters,)), _of_part(what, details)]
            letters = ""
    return max([*found, frozenset((letters,))], key=lambda ones: (min(map(len, ones)), -len(ones)))


def _of_part(what: Any, details: Any) -> frozenset[str]:
    if what is _parser.SUBPATTERN:
        return _of_sequence(details[-1])
    if what is _parser.BRANCH:
        return frozenset[str]().union(*(_of_sequence(choice) for choice in details[1]))
    if what in (_parser.MAX_REPEAT, _parser.MIN_REPEAT) and details[0]:
        return _of_sequence(details[-1])
    return _ANY
