"""Which words name which key.

Label-first ("for billing, press 1") and digit-first ("press 1 for billing") are properties of a whole menu. A recogniser puts its
full stops where it likes, so that a sentence alone binds keys to the wrong words; here every key takes its label from the left or
the right, and the cheapest assignment over the whole menu wins, by dynamic programming over the keys. Keys without a label, words
left over that begin like one, changes of direction, digits out of order and numbers without a verb cost; misplaced punctuation
costs a little.
"""

from __future__ import annotations

import enum

import msgspec

from call_engine.core.menus.clauses import YOU
from call_engine.core.menus.key import Key
from call_engine.core.menus.spans import Cut, Spans
from call_engine.core.vocabulary.words import Token, word_set

_TURN = 0.7
_PUNCTUATION = 0.35
_TOLD = 2.0  #: "… by pressing 2 (for repairs)"
_CLEAR_PUNCTUATION = 0.9  #: ", press 2." is rarely an accident
_PASSED_OVER = 1.15  #: a number that might have been a key, less what believing it costs
_STAYING_PASSED = 2.0
_STAYING_ANEW = 0.8  #: "For vehicles. Or stay on the line."
_AND = word_set("and y et und")  #: end no sentence, though a recogniser may put a full stop there
_OR = word_set("or o ou oder")
_IFS = word_set("if si wenn falls")
_ENDS_CONDITION = 0.6
_PASSED_UPTO = 16  #: numbers in a row that may all be no keys: a recogniser that repeats itself writes hundreds
_NEXT_PASSED = 0.6  #: the very number that was expected
_SAME_PASSED = 0.6  #: of passing a bare number, if a key of this number is reached instead
_LED_BY_KEYS = 1.0
_NOT_RISING = 0.9
_SKIPS_ONE = 0.15
_BEGINS_AGAIN = 0.2
_TRUNCATED, _TRUNCATED_LONG = 0.4, 0.75  #: what is left over at the end may be the beginning of what was cut off
_FEW = 3
_ALIKE = 3  #: so many misplaced marks have one cause


class Side(enum.Enum):
    LEFT = "label-first"
    RIGHT = "digit-first"


class Bound(msgspec.Struct, frozen=True):
    key: Key
    label: list[Token]
    side: Side


class _Path(msgspec.Struct, frozen=True):
    """The cheapest way to one key on one side. ``heading``: the direction of the last pressed key."""

    cost: float
    key: Key
    side: Side
    heading: Side | None
    digits: str  #: of the last pressed key
    before: _Path | None
    cut: Cut

    @property
    def wants_right(self) -> bool:
        return self.side is Side.RIGHT and not self.key.is_stay


def bind(tokens: list[Token], keys: list[Key], noise: list[bool], *, cut_off: bool = False) -> list[Bound]:
    """The keys that are keys, with their labels, in their order. ``noise``: for each token, whether it is part of no option;
    ``cut_off``: nothing says that the text is whole."""
    if not keys:
        return []
    spans = Spans(tokens, noise, keys)
    reached: list[dict[Side, _Path]] = []
    marks = min(1.0, _ALIKE / max(1, sum(key.spoken for key in keys)))
    for index, key in enumerate(keys):
        reached.append({side: _cheapest(index, key, side, keys, reached, tokens, spans, marks) for side in Side})
    path, last = _finish(keys, reached, tokens, spans, cut_off)
    return _bound(path, last, tokens)


def _cheapest(index: int, key: Key, side: Side, keys: list[Key], reached: list[dict[Side, _Path]], tokens: list[Token], spans: Spans,
              marks: float) -> _Path:  # fmt: skip
    wants_left = side is Side.LEFT
    own = key.cost + marks * _gap_cost(side, tokens, key)
    found: list[_Path] = []
    passed = 0.0
    for earlier in range(index - 1, max(-2, index - 1 - _PASSED_UPTO), -1):
        if earlier < 0:
            cut = spans.cut(0, key.start, right=False, left=wants_left)
            first = _NEXT_PASSED if key.digits != "1" and any(one.digits == "1" for one in keys[:index]) else 0.0
            first += _LED_BY_KEYS * (wants_left and spans.led_by_keys)
            found.append(_Path(passed + own + cut.cost + first, key, side, None if key.is_stay else side, key.digits, None, cut))
            break
        for before in reached[earlier].values():
            cut = spans.cut(before.key.end, key.start, right=before.wants_right, left=wants_left)
            missed = passed + _expected_cost(before, keys[earlier + 1 : index], key)
            cost = before.cost + missed + own + cut.cost + _step_cost(before, key, side)
            heading, digits = (before.heading, before.digits) if key.is_stay else (side, key.digits)
            found.append(_Path(cost, key, side, heading, digits, before, cut))
        if keys[earlier].spoken:
            break
        passed += _passing_cost(keys[earlier]) * (_SAME_PASSED if keys[earlier].digits == key.digits else 1.0)
    return min(found, key=lambda path: path.cost)


def _step_cost(before: _Path, key: Key, side: Side) -> float:
    if key.is_stay:
        return 0.0
    turn = _TURN if before.heading is not None and before.heading is not side else 0.0
    return turn + _rising_cost(before.digits, key.digits, _first_digits(before))


def _first_digits(path: _Path) -> str:
    while path.before is not None:
        path = path.before
    return path.key.digits


def _rising_cost(last: str, digits: str, first: str) -> float:
    if digits in "0*#" or not last.isdigit() or not digits.isdigit():
        return 0.0
    step = int(digits) - int(last)
    if step > 0:
        return 0.0 if step == 1 or digits == "9" else _SKIPS_ONE
    return _BEGINS_AGAIN if digits == first or last == "0" else _NOT_RISING


def _finish(keys: list[Key], reached: list[dict[Side, _Path]], tokens: list[Token], spans: Spans, cut_off: bool) -> tuple[_Path, Cut]:
    """The cheapest way to the end of the text, and what its last key takes of it."""
    found: list[tuple[float, _Path, Cut]] = []
    passed = 0.0
    for index in range(len(keys) - 1, max(-1, len(keys) - 1 - _PASSED_UPTO), -1):
        for path in reached[index].values():
            cut = spans.cut(path.key.end, len(tokens), right=path.wants_right, left=False)
            cost = cut.cost * (1.0 if path.wants_right else _truncation(tokens, path.key.end, cut_off))
            if path.key.is_unheard:
                cost = 0.0
            found.append((path.cost + passed + cost + _expected_cost(path, keys[index + 1 :]), path, cut))
        if keys[index].spoken:
            break
        passed += _passing_cost(keys[index])
    _, path, cut = min(found, key=lambda one: one[0])
    return path, cut


def _passing_cost(key: Key) -> float:
    return _STAYING_PASSED if key.is_stay else max(0.2, _PASSED_OVER - key.cost)


def _expected_cost(path: _Path, passed: list[Key], reached: Key | None = None) -> float:
    """Of passing the very number that was expected, unless it is reached after all: "for more time 2 pay, press 2"."""
    if not path.digits.isdigit():
        return 0.0
    expected = str(int(path.digits) + 1)
    return _NEXT_PASSED if any(key.digits == expected for key in passed) and (reached is None or reached.digits != expected) else 0.0


def _truncation(tokens: list[Token], end: int, cut_off: bool) -> float:
    if end >= len(tokens) or not (tokens[end].gap == "." or cut_off):
        return 1.0
    return _TRUNCATED if len(tokens) - end <= _FEW else _TRUNCATED_LONG


def _gap_cost(side: Side, tokens: list[Token], key: Key) -> float:
    """Punctuation right after the key speaks for label-first, right before it for digit-first."""
    answers = tokens[key.start].text in _IFS  #: "(did you buy it?) If so, press 1."
    before = tokens[key.start].gap == "." and not answers and not (key.start and tokens[key.start - 1].text in _AND)
    if key.is_stay:
        return _STAYING_ANEW if side is Side.LEFT and (before or tokens[key.start].text in _OR) else 0.0
    if key.told:
        return _TOLD if side is Side.RIGHT else 0.0
    after = key.end >= len(tokens) or tokens[key.end].gap == "."
    if answers or (tokens[key.start].gap == "," and after):
        return _CLEAR_PUNCTUATION if side is Side.RIGHT else 0.0
    if tokens[key.start].gap == "," and _ends_condition(tokens, key.start):
        return _ENDS_CONDITION if side is Side.RIGHT else 0.0
    if key.is_unheard:
        return _PUNCTUATION if side is Side.LEFT and before else 0.0
    if before == after:
        return 0.0
    return _PUNCTUATION if (side is Side.LEFT) == before else 0.0


def _ends_condition(tokens: list[Token], at: int) -> bool:
    """ "If you are unsure, (press 3 to hear it again)"."""
    start = next((index for index in range(at - 1, -1, -1) if tokens[index].gap == "."), 0)
    return tokens[start].text == "if" and tokens[start + 1].text in YOU


def _bound(path: _Path | None, after: Cut, tokens: list[Token]) -> list[Bound]:
    found: list[Bound] = []
    while path is not None:
        taken = path.cut.left if path.side is Side.LEFT else after.right if path.wants_right else None
        found.append(Bound(path.key, tokens[taken[0] : taken[1]] if taken else [], path.side))
        after, path = path.cut, path.before
    return found[::-1]
