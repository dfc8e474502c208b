"""Which words name which key.

Label-first ("for billing, press 1") and digit-first ("press 1 for billing") are properties of a whole menu. A recogniser puts its
full stops where it likes, so that a sentence alone binds keys to the wrong words; here every key takes its label from the left or
the right, and the cheapest assignment over the whole menu wins: keys without a label, label-like words left over and changes of
direction cost, misplaced punctuation costs a little.
"""

from __future__ import annotations

import enum

import msgspec

from call_engine.core.menu_keys import Key
from call_engine.core.menu_labels import (
    first_label,
    label_after_preamble,
    last_label,
    split_two,
    starts_label,
    without_preamble,
    without_staying,
)
from call_engine.core.words import Token

_NO_LABEL = 3.0
_LEFT_OVER = 2.0
_LEFT_OVER_FIRST = 3.0
_TURN = 1.2
_FOLLOWED = 0.6
_PUNCTUATION = 0.35
_CLEAR_PUNCTUATION = 0.9  #: ", press 2." is rarely an accident


class Side(enum.Enum):
    LEFT = "label-first"
    RIGHT = "digit-first"


class Bound(msgspec.Struct, frozen=True):
    key: Key
    label: list[Token]
    side: Side


class Spans(msgspec.Struct, frozen=True):
    """The words before the first key, between keys, and after the last one."""

    words: list[list[Token]]
    preamble: bool = False


def spans_of(tokens: list[Token], keys: list[Key]) -> Spans:
    edges = [0, *(edge for key in keys for edge in (key.start, key.end)), len(tokens)]
    words = [tokens[edges[i] : edges[i + 1]] for i in range(0, len(edges), 2)]
    words = [without_staying(span) for span in words]
    words[0], dropped = without_preamble(words[0])
    return Spans(words, dropped)


def bind(tokens: list[Token], keys: list[Key], spans: Spans) -> list[Bound]:
    """The cheapest assignment of sides, by dynamic programming over the keys, and the labels that follow from it."""
    if not keys:
        return []
    followed = 0.0 if _label_like(spans) else _FOLLOWED
    best = {side: (_first_cost(side, spans, tokens, keys[0]) + _followed_cost(side, tokens, keys[0], followed), [side]) for side in Side}
    for index in range(1, len(keys)):
        best = {
            side: min(
                (
                    (
                        cost
                        + _between_cost(path[-1], side, spans.words[index])
                        + _gap_cost(side, tokens, keys[index])
                        + _followed_cost(side, tokens, keys[index], followed),
                        [*path, side],
                    )
                    for cost, path in best.values()
                ),
                key=lambda found: found[0],
            )
            for side in Side
        }
    _, path = min(((cost + _last_cost(path[-1], spans.words[-1]), path) for cost, path in best.values()), key=lambda found: found[0])
    return [Bound(key, _label(index, path, spans), path[index]) for index, key in enumerate(keys)]


def _first_cost(side: Side, spans: Spans, tokens: list[Token], key: Key) -> float:
    before = spans.words[0]
    if side is Side.RIGHT:
        return _left_over_first(spans) + _gap_cost(side, tokens, key)
    if not before:
        return _NO_LABEL
    return (0.0 if _label_like(spans) else 1.5) + _gap_cost(side, tokens, key)


def _left_over_first(spans: Spans) -> float:
    """Digit-first leaves the words before the first key over: dear if they start like a label, less so if a label is only found in them."""
    if not _label_like(spans):
        return 0.0
    return _LEFT_OVER_FIRST if spans.preamble or starts_label(last_label(spans.words[0])) else _LEFT_OVER_FIRST / 3


def _label_like(spans: Spans) -> bool:
    """Whether the words before the first key name it."""
    return starts_label(label_after_preamble(spans.words[0], spans.preamble))


def _between_cost(left: Side, right: Side, words: list[Token]) -> float:
    if left is right:
        return 0.0 if words else _NO_LABEL
    if left is Side.RIGHT:  # both keys want a label from these words
        return _TURN if split_two(words) else _TURN + _NO_LABEL
    return _TURN + (_LEFT_OVER if starts_label(words) else 0.0)  # nobody does


def _last_cost(side: Side, words: list[Token]) -> float:
    if side is Side.RIGHT:
        return _NO_LABEL if _says_nothing(words) else 0.0 if starts_label(words) else 1.0
    if not words or not starts_label(words) or words[0].gap:
        return 0.0
    return _LEFT_OVER * (0.4 if len(words) <= 3 else 0.75)  # a few words may be the beginning of what was cut off


def _says_nothing(words: list[Token]) -> bool:
    return not words or (len(words) == 1 and starts_label(words))


def _followed_cost(side: Side, tokens: list[Token], key: Key, cost: float) -> float:
    """ "press 1 for …": the words go on without a pause, which speaks for digit-first unless a label stands before the first key."""
    goes_on = key.end < len(tokens) and not tokens[key.end].gap and starts_label(tokens[key.end :])
    return cost if side is Side.LEFT and goes_on else 0.0


def _gap_cost(side: Side, tokens: list[Token], key: Key) -> float:
    """Punctuation right after the key speaks for label-first, right before it for digit-first."""
    before = tokens[key.start].gap == "."
    after = key.end >= len(tokens) or tokens[key.end].gap == "."
    if tokens[key.start].gap == "," and after:
        return _CLEAR_PUNCTUATION if side is Side.RIGHT else 0.0
    if before == after:
        return 0.0
    return _PUNCTUATION if (side is Side.LEFT) == before else 0.0


def _label(index: int, path: list[Side], spans: Spans) -> list[Token]:
    if path[index] is Side.LEFT:
        words = spans.words[index]
        if index == 0:
            return label_after_preamble(words, spans.preamble)
        if path[index - 1] is Side.RIGHT:
            both = split_two(words)
            return both[1] if both else []
        return last_label(words)
    words = spans.words[index + 1]
    if index + 1 < len(path) and path[index + 1] is Side.LEFT:
        both = split_two(words)
        return both[0] if both else words
    return first_label(words)
