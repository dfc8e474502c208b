"""Which events of ``$all`` a reader wants, decided once per stream name or event type and then remembered."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

PATTERN_LENGTH_MAX = 4096
REMEMBERED_MAX = 50_000

# Never shown in $all, filter or not: the bookkeeping of subscriptions to $all would feed on itself.
_HIDDEN_STREAM = re.compile(r"\$persistentsubscription-\$all::.*-(?:checkpoint|parked)\Z")


class InvalidFilter(ValueError):
    """The expression is no regular expression, or too long."""


class Filter:
    """``wanted(stream, event_type)``. Expressions are searched for, unanchored, or compared as prefixes."""

    def __init__(self, matches: Callable[[str], bool] | None = None, *, by_stream: bool = False) -> None:
        self._matches, self._by_stream = matches, by_stream
        self._known: dict[str, bool] = {}
        self._hidden: dict[str, bool] = {}

    def wanted(self, stream: str, event_type: str) -> bool:
        if stream[:1] == "$" and self._remember(self._hidden, stream, lambda name: bool(_HIDDEN_STREAM.match(name))):
            return False
        if self._matches is None:
            return True
        return self._remember(self._known, stream if self._by_stream else event_type, self._matches)

    @staticmethod
    def _remember(known: dict[str, bool], name: str, matches: Callable[[str], bool]) -> bool:
        answer = known.get(name)
        if answer is None:
            if len(known) >= REMEMBERED_MAX:
                known.clear()
            answer = known[name] = matches(name)
        return answer


def from_options(options: Any) -> Filter:
    """The filter of a request, or one that lets everything pass. Raises InvalidFilter."""
    kind = options.WhichOneof("filter")
    if kind is None:
        return Filter()
    expression = getattr(options, kind)
    return Filter(matcher(expression.regex, tuple(expression.prefix)), by_stream=kind == "stream_identifier")


def matcher(pattern: str, prefixes: tuple[str, ...]) -> Callable[[str], bool]:
    if prefixes:
        return lambda name: name.startswith(prefixes)
    if len(pattern) > PATTERN_LENGTH_MAX:
        raise InvalidFilter(f"The filter is longer than {PATTERN_LENGTH_MAX} characters.")
    try:
        found = re.compile(pattern).search
    except re.error as error:
        raise InvalidFilter(f"The filter is not a regular expression: {error}.") from None
    return lambda name: found(name) is not None
