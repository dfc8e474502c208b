"""How a stretch of words between two keys is shared: a name for the key before it, one for the key after it, and what is left over."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import msgspec

from call_engine.core.menus.clauses import Clauses
from call_engine.core.menus.departments import DEPARTMENTS
from call_engine.core.menus.key import Key
from call_engine.core.menus.label_cost import NO_LABEL, LabelCosts
from call_engine.core.menus.left_over import LeftCosts
from call_engine.core.menus.openers import CONJUNCTIONS
from call_engine.core.vocabulary.words import Token, word_set

_NOTHING_BEFORE = 4.0  #: a label that should have come first
_LOST_BEFORE = 1.0  #: … but was, before the text begins: "press 2. For sales, press 3."
_CUT_OFF = 2.0  #: a label that would have come, had the text gone on
_CUT_OFF_AT_OPENER = 0.3
_HANGS = 0.8  #: "… billing, or" waits for a key
_ANSWER = 0.8
_TURNED = 1.6
_LED_FROM = 3
_ENUMERATED = 1.6  #: of a name before its key, where the sentence says behind each of its keys what it is for
_REMARKED = 0.6  #: "(press 2) after midday only if you need a note", where all other names open
_REMARKED_IN_A_BREATH = 1.2  #: "(drücken sie die 1) unser büro ist klein für gas (drücken sie die 2)"
_TOLD_UPTO_KEY = 0.6  #: "for wildlife please contact the state (press 0)" without "and"

_BEFORE_TIMES = word_set("than on at from between until till open offered available held is are")  #: "… which is open on (weekdays)"
_HANGING = CONJUNCTIONS | _BEFORE_TIMES
_JOINING = word_set("and or then please y et und")
_ANSWERS = word_set("yes no ja nein oui non")
_OPENING = word_set("fur wenn falls mochten haben sind pour si vous")
_CALLS = word_set("call dial text")
_ERRANDS = _CALLS | word_set("have go visit see check download use halten munissez veuillez")


class Cut(msgspec.Struct, frozen=True):
    """How a span is shared: ``right`` names the key before it, ``left`` the key after it. Token ranges; None: nothing."""

    cost: float
    right: tuple[int, int] | None = None
    left: tuple[int, int] | None = None


class Spans:
    """Of any stretch ``a:b`` of one text."""

    def __init__(self, tokens: list[Token], noise: list[bool], keys: Sequence[Key] = ()) -> None:
        self._tokens, self._noise = tokens, noise
        self._clauses = Clauses(tokens, noise, keys)
        self._labels, self._left_over = LabelCosts(self._clauses), LeftCosts(self._clauses)
        #: by where a key begins, whether what stands behind it opens in the same breath: "… (or press 4) for the dispensary"
        self._leads = {
            key.start: key.end < len(tokens) and not tokens[key.end].gap and tokens[key.end].text in ("for", "to") for key in keys
        }
        behind = [self._clauses.opens(key.end) for key in keys[:-1] if key.end < len(tokens)]
        self._all_open = len(behind) >= _LED_FROM and sum(behind) >= len(behind) - 1
        self._mostly_open = len(behind) > 1 and sum(behind) * 2 >= len(behind)
        self._gaps = list(itertools.accumulate((bool(token.gap) for token in tokens), initial=0))
        self._told = list(itertools.accumulate(self._clauses.states, initial=0))
        self._departments = {at for at, token in enumerate(tokens) if token.text in DEPARTMENTS and self._clauses.told[at]}
        self._begins = [self._may_begin(at) for at in range(len(tokens))]
        self._turns = [at for at in range(2, len(tokens)) if self._is_turn(at)]
        self.led_by_keys = self._led_by(keys)
        self._enumerated = self._enumerated_by(keys)
        first = keys[0] if keys else None
        self._begins_with_key = first is not None and first.start == 0 and first.end < len(tokens) and tokens[first.end].gap == "."
        self._kept: dict[tuple[int, int, bool, bool], Cut] = {}

    def cut(self, start: int, end: int, *, right: bool, left: bool) -> Cut:
        """The cheapest way to give ``start:end`` to the key before it (``right``), the one after it (``left``), both or nobody."""
        asked = (start, end, right, left)
        if asked not in self._kept:
            self._kept[asked] = self._cut(*asked)
        return self._kept[asked]

    def _cut(self, start: int, end: int, right: bool, left: bool) -> Cut:
        after_key = start > 0
        places = [at for at in range(start, end) if at == start or self._begins[at]]
        ends = [at for at in range(start + 1, end) if self._begins[at]] + ([end] if end > start else [])
        if not right and not left:
            left_over = self._left_over.of(start, end, after_key=after_key)
            if not after_key:
                return Cut(left_over + self._left_over.before_first_key(end))
            return Cut(left_over + 2 * _ANSWER * self._answers(start, min(start + 2, end)))  # "do you have it? Press 1 (for yes)"
        if not ends:
            at_end = end == len(self._tokens) and not left
            nothing_before = _LOST_BEFORE if self._begins_with_key else _NOTHING_BEFORE
            return Cut(_CUT_OFF if at_end else NO_LABEL * right + (nothing_before if start == 0 else NO_LABEL) * left)
        if right and end == len(self._tokens) and self._clauses.says_nothing(start, end):
            return Cut(_CUT_OFF_AT_OPENER)
        if not left:
            return min((self._right(start, at, end) for at in ends), key=lambda cut: cut.cost)
        if not right:
            return min((self._to_left(start, at, end, after_key) for at in places), key=lambda cut: cut.cost)
        shared = [self._both(start, at, end, places) for at in ends if at < end]
        return min(shared, key=lambda cut: cut.cost, default=Cut(NO_LABEL, (start, end)))

    def _both(self, start: int, at: int, end: int, places: list[int]) -> Cut:
        before = self._right(start, at, at)
        after = min(
            (self._to_left(at, place, end, False) for place in places if place >= at), key=lambda cut: cut.cost, default=Cut(NO_LABEL)
        )
        return Cut(before.cost + after.cost, before.right, after.left)

    def _may_begin(self, at: int) -> bool:
        if self._tokens[at].gap or self._noise[at - 1] or self._noise[at] or at == self._clauses.department or at in self._departments:
            return True
        return self._clauses.states[at] or self._clauses.opens(at)

    def _right(self, start: int, at: int, end: int) -> Cut:
        if self._tokens[start].text == "otherwise":
            return Cut(NO_LABEL, (start, at))
        cost = self._labels.of(start, at, after_key=True) + self._labels.ending(at, end) + self._left_over.of(at, end, after_key=False)
        cost -= _ANSWER * self._answers(start, at)
        hanging = _HANGING if at < end and self._noise[at] else CONJUNCTIONS
        if self._tokens[at - 1].text in hanging:
            cost += _HANGS
        return Cut(cost, (start, at))

    def _answers(self, start: int, end: int) -> bool:
        """ "(press 1) for yes"."""
        return start < end <= start + 2 and self._tokens[end - 1].text in _ANSWERS and (end - start == 1 or self._clauses.opens(start))

    def _to_left(self, start: int, at: int, end: int, after_key: bool) -> Cut:
        if self._tokens[end - 1].text == "otherwise" and (start == 0 or end - at > 1 or self._leads.get(end)):
            return Cut(NO_LABEL, None, (at, end))  # "otherwise, press 1 for …"
        upto = self._before_notice(at, end)
        cost = self._left_over.of(start, at, after_key=after_key) + self._labels.of(at, upto, after_key=after_key and at == start)
        if after_key and at == start and self._turns_within(at, upto):
            cost += _TURNED
        in_one_breath = self._gaps[min(end + 1, len(self._tokens))] == self._gaps[at + 1]
        if in_one_breath and self._tokens[end - 1].text not in _JOINING and self._told[end] > self._told[min(at + 1, end)]:
            cost += _TOLD_UPTO_KEY
        cost += _ENUMERATED * (end in self._enumerated)
        if self._all_open and at == start and after_key and not self._clauses.opens(start, after_key=True):
            cost += _REMARKED * any(self._clauses.opens(one) for one in range(start + 1, min(upto, start + 1 + _LED_FROM)))
        if at == start and after_key and self._is_remark_and_name(start, upto):
            cost += _REMARKED_IN_A_BREATH
        cost -= 2 * _ANSWER * (at > start and self._answers(at, upto))
        return Cut(cost, None, (at, upto))

    def _is_remark_and_name(self, start: int, end: int) -> bool:
        """Whether a name opens within, where most do right behind a key: what stands before it is said beside."""
        if not self._mostly_open or self._tokens[start].gap or self._clauses.opens(start, after_key=True):
            return False
        return any(self._tokens[at].text in _OPENING and self._clauses.opens(at) for at in range(start + 2, end - 1))

    def _turns_within(self, start: int, end: int) -> bool:
        """ "(… press 1) for the emergency line to book a checkup (press 2)": the first is said of the key before."""
        if self._tokens[start].gap or self._tokens[start].text not in ("for", "to"):
            return False
        turns = [at for at in self._turns if start + 2 < at < end]
        return any(self._tokens[at].text == "if" or self._tokens[start].text == "for" for at in turns)

    def _led_by(self, keys: Sequence[Key]) -> bool:
        """ "acme motors 1 for sales 2 for service 3 for parts": each key leads a name that opens, and what stands before them does not."""
        if len(keys) < _LED_FROM or any(key.spoken for key in keys) or any(self._clauses.opens(at) for at in range(keys[0].start)):
            return False
        ends = [key.end for key in keys if not key.is_stay]
        return all(end < len(self._tokens) and not self._tokens[end].gap and self._clauses.opens(end) for end in ends)

    def _enumerated_by(self, keys: Sequence[Key]) -> frozenset[int]:
        """Where keys begin of which a sentence says one by one what they are for: "…, press 1 to book, 2 for bills, or 3 for help"."""
        sentences: list[list[Key]] = []
        for key in keys:
            anew = not sentences or any(token.gap == "." for token in self._tokens[sentences[-1][-1].end : key.start + 1])
            sentences[len(sentences) - (not anew) :] = [[key] if anew else [*sentences[-1], key]]
        return frozenset(key.start for one in sentences if len(one) >= _LED_FROM and self._is_enumeration(one) for key in one)

    def _is_enumeration(self, keys: list[Key]) -> bool:
        last = self._tokens[keys[-1].start - 1]
        listed = last.text in CONJUNCTIONS and last.gap == "," and all(self._tokens[key.start].gap == "," for key in keys[1:-1])
        return listed and all(self._leads.get(key.start) for key in keys)

    def _is_turn(self, at: int) -> bool:
        token = self._tokens[at]
        return token.text in ("to", "if") and not token.gap and self._tokens[at - 1].text not in CONJUNCTIONS and self._clauses.opens(at)

    def _before_notice(self, at: int, end: int) -> int:
        """Where a label ends before its key: "the status of a shipment, have your number ready and (press 2)"."""
        upto = end
        while upto > at + 1 and self._tokens[upto - 1].text in _JOINING:
            upto -= 1
        notice = upto
        while upto > at + 1 and self._noise[upto - 1]:
            upto -= 1
        polite = self._tokens[upto].text in ("please", "bitte")
        errands = _CALLS if self._tokens[end - 1].text == "or" and self._leads.get(end) else _ERRANDS
        return upto if notice - upto > 1 and self._tokens[upto + polite].text in errands else end
