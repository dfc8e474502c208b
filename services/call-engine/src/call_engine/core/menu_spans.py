"""What a stretch of words between two keys costs as a label, and what it costs to leave it over. All costs add up token by token.

The figures are log-odds by feel, checked against the development half of the labelled sets; only their differences matter.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import msgspec

from call_engine.core.menu_key import Key
from call_engine.core.menu_openers import CONJUNCTIONS, OPENING_VERBS, SAYING, STARTERS, Openers
from call_engine.core.menu_statements import states
from call_engine.core.number_words import KEYS
from call_engine.core.words import Token, word_set

NO_LABEL = 3.0

_NOTHING_BEFORE = 4.0  #: a label that should have come first
_CUT_OFF = 2.0  #: a label that would have come, had the text gone on
_CUT_OFF_AT_OPENER = 0.3
_BARE_START = 0.35  #: a label that no "for", "to" or "if" opens
_UNPUNCTUATED_START = 1.3
_UNGREETED_START = 0.8  #: after words that name no key, other than "thank you for calling"
_LOOSE_START = 1.2  #: and that begins in the middle of a sentence
_COMMA_START = 0.5
_LOOSE_END = 0.8
_COMMA_END = 0.6
_HANGS = 0.8  #: "… billing, or" waits for a key
_INNER_STOP = 2.5
_BROKEN = 0.3  #: "for account. services press 3"
_INNER_COMMA = 0.12
_INNER_REMARK = 1.0  #: "wire instructions, we do not give these over the phone"
_INNER_STATEMENT = 0.9  #: "sales we accept visa and mastercard"
_INNER_OPENER = 0.5
_INNER_TURN = 1.0  #: "(you may qualify for a discount) to hear more", "(…) if you are 65 or older"
_INNER_FIRST = 0.7  #: "(masks are required for all visitors) for sales"
_INNER_CLAUSE = 0.7  #: an opener right after a full stop begins something else
_INNER_LISTED = 0.35  #: after a comma it may only list another
_NOISE = 0.8
_TIME = 0.2  #: "trips on Monday", "from 2 to 4" may be part of a label
_NUMBER = 0.5
_LONG_FROM = 8
_LONG = 0.06
_WORD_LEFT = 0.08
_CLAUSE_LEFT = 1.5  #: a clause that begins like a label and is left over
_SAID_WITH_KEY = {"": 0.8, ",": 0.4}  #: words that follow a key in one breath
_OPENER_LEFT = 0.7
_SAID_INSTEAD = 0.2
_WHOLE_LEFT = 0.3  #: "if you are in crisis hang up and call …"
_OPENER_LEFT_EARLY = 0.4  #: "you may qualify for a discount to hear more press 1"
_UNNAMED = 1.1  #: a few words right before the first key of digit-first: "repairs. Press 1 for …"
_UNNAMED_CLAUSE = 1.1  #: "for repairs. Press 1 for …"
_UNNAMED_UPTO = 6
_UNNAMED_SENTENCE_UPTO = 14
_CUT_START = 1.2
_STATED_START = 0.3
_STATED_LABEL = 1.6  #: a statement as a label
_STATED = 12  #: words of a statement
_ANSWER = 0.8
_INNER_CATCH_ALL = 0.8  #: "… for vehicles for all other questions" are two labels

_BEFORE_TIMES = word_set("than on at from between until till open offered available held is are")  #: "… which is open on (weekdays)"
_EMPTY = word_set("for to if or and please you just also then o y ou et oder und para pour fur si the a sie bitte s'il vous plait")
_REMARKS = word_set("we we'll we're")
_OR = word_set("or o ou oder")
_JOINING = word_set("and then please y et und")
_TIMES = word_set(
    "monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays fridays saturdays sundays weekdays "
    "weekends january february march april may june july august september october november december am pm noon midnight o'clock hours "
    "hour days day years from to through until till between and open"
)
_SPEAKING = word_set("we we're we've i i'm you you've you'll this that there let let's here here's sorry your please it it's and")
_GREETING = word_set(
    "to calling reached called choosing contacting reaching phoning with trusting the for at us a con al llamar por en chez la au elegir "
    "preferir de bei der dem beim im in anruf appeler appele choisi verbunden dass"
)  #: last words before the name of the company
_YOU = word_set("you your you're you've you'd you'll")
_MAY = word_set("can may will could might must should pouvez")
_ANSWERS = word_set("yes no")
_ANY_OTHER = word_set("all any anything everything otros otras otro otra cualquier todo toda tout toute alle anderen")
_NUMBERS = frozenset(itertools.chain.from_iterable(KEYS.values())) - word_set("o oh un una une ein")


class Cut(msgspec.Struct, frozen=True):
    """How a span is shared: ``right`` names the key before it, ``left`` the key after it. Token ranges; None: nothing."""

    cost: float
    right: tuple[int, int] | None = None
    left: tuple[int, int] | None = None


class Spans:
    """Costs of any stretch ``a:b`` of one text."""

    def __init__(self, tokens: list[Token], noise: list[bool], keys: Sequence[Key] = ()) -> None:
        self.tokens, self.noise, self.first_key = tokens, noise, keys[0].start if keys else 0
        first_key = self.first_key
        self.marked = bool(tokens) and tokens[first_key].gap == ","
        self.states = [states(tokens, at) for at in range(len(tokens))]
        self._told = [any(self.states[max(0, at - _STATED) : at + 1]) for at in range(len(tokens))]
        self._key_ends = frozenset(key.end for key in keys)
        self._openers = Openers(tokens, noise, self._key_ends, marked=self.marked)
        self._opened = [self._openers.at(at) for at in range(len(tokens))]
        self._told_whole = self._clauses(frozenset(key.start for key in keys if key.spoken or key.is_stay))
        self._label, self._left = [0.0], [0.0]
        for at in range(len(tokens)):
            self._label.append(self._label[-1] + self._inside_label(at))
            self._left.append(self._left[-1] + self._left_over(at))
        self._begins = [self._may_begin(at) for at in range(len(tokens))]
        self._kept: dict[tuple[int, int, bool, bool], Cut] = {}

    def _clauses(self, keyed: frozenset[int]) -> list[bool]:
        """For each token, whether it opens a sentence that is whole without a key: "if you are in crisis hang up and call …"."""
        whole = [False] * len(self.tokens)
        stated = False
        for at in range(len(self.tokens) - 1, -1, -1):
            if self.opens(at):
                whole[at] = stated
                stated = False
            if at in keyed or self.tokens[at].gap == ".":
                stated = False
            elif self.states[at]:
                stated = True
        return whole

    def opens(self, at: int, *, after_key: bool = False) -> bool:
        """Whether a label may open here: "for …", "or if …", and "to …" where it is no part of "would like to …"."""
        return self._opened[at] or (after_key and self._openers.at(at, after_key=True))

    def _inside_label(self, at: int) -> float:
        token = self.tokens[at]
        cost = 0.0
        if token.gap == ".":
            cost += _BROKEN if self._fragment_before(at) else _INNER_STOP
        elif token.gap == ",":
            cost += _INNER_REMARK if token.text in _REMARKS else _INNER_COMMA
        if self.noise[at]:
            cost += self._noise_cost(at)
        if self.states[at]:
            cost += _INNER_STATEMENT
        if self.opens(at):
            early = (at < self.first_key or self._told[at]) and not self._is_for_deed(at)
            inner = _INNER_TURN if early and self._turns(at) else _INNER_FIRST if early else _INNER_OPENER
            cost += {".": _INNER_CLAUSE, ",": _INNER_LISTED}.get(token.gap, inner)
            if at + 1 < len(self.tokens) and self.tokens[at + 1].text in _ANY_OTHER:
                cost += _INNER_CATCH_ALL
        return cost + (_NUMBER if token.text in _NUMBERS or token.text.isdigit() else 0.0)

    def _is_for_deed(self, at: int) -> bool:
        """ "to enroll for next year" is one label."""
        if self.tokens[at].text != "for":
            return False
        before = range(max(0, at - 4), at)
        deed = at <= 4 and self.tokens[0].text not in _YOU and self._lost_its_opener()
        return deed or any(self.tokens[back].text == "to" and self.opens(back) for back in before)

    def _turns(self, at: int) -> bool:
        """ "… to hear more", "… if you are": rarely goes on within a label, other than "for"."""
        following = self.tokens[at + 1].text if at + 1 < len(self.tokens) else ""
        word = self.tokens[at].text
        return word == "to" or (word == "if" and following in _YOU)

    def _noise_cost(self, at: int) -> float:
        word = self.tokens[at].text
        return _TIME if word in _TIMES or word in _NUMBERS or word[0].isdigit() else _NOISE

    def _fragment_before(self, at: int) -> bool:
        """A full stop after only one or two words of a label is the recogniser's."""
        begin = at - 1
        while begin > 0 and not self.tokens[begin].gap:
            begin -= 1
        return at - begin <= 2 and self.tokens[begin].text in STARTERS

    def _left_over(self, at: int) -> float:
        if self.noise[at]:
            return 0.0
        cost = _WORD_LEFT
        if self.opens(at) and not (self.states[at] and not self.tokens[at].gap):
            begins = self.tokens[at].gap == "." or at == 0 or self.noise[at - 1]
            early = at < self.first_key or (self._told[at] and not self.tokens[at].gap)
            cost += _WHOLE_LEFT if self._told_whole[at] else _CLAUSE_LEFT if begins else _OPENER_LEFT_EARLY if early else _OPENER_LEFT
        return cost + (_NUMBER * 0.6 if self.tokens[at].text in _NUMBERS else 0.0)

    def says_nothing(self, start: int, end: int) -> bool:
        return all(token.text in _EMPTY for token in self.tokens[start:end])

    def _label_cost(self, start: int, end: int, *, after_key: bool) -> float:
        if self.says_nothing(start, end) or all(self.noise[start:end]):
            return NO_LABEL
        inner = self._label[end] - self._label[start + 1] + (self._noise_cost(start) if self.noise[start] else 0.0)
        return self._start_cost(start, after_key) + inner + _LONG * max(0, end - start - _LONG_FROM)

    def _start_cost(self, at: int, after_key: bool) -> float:
        if self.opens(at, after_key=after_key):
            cut = self._cuts_sentence(at) or self._says_what_was_named(at)
            return _STATED_START * (self.states[at] and not self.tokens[at].gap) + _CUT_START * cut
        if at == 0 and self._lost_its_opener():
            return 0.0
        if self.states[at]:
            return _STATED_LABEL
        if after_key or at == 0 or self.tokens[at].gap == ".":
            return _BARE_START
        if self.noise[at - 1]:
            return _BARE_START if self.tokens[at].gap else _UNPUNCTUATED_START if self._follows_greeting(at) else _UNGREETED_START
        return _COMMA_START if self.tokens[at].gap == "," else _LOOSE_START

    def _lost_its_opener(self) -> bool:
        """ "(to) book a table, press 1", "(if) you are a patient, press 1": of a text that was heard from its second word on."""
        first = self.tokens[0].text
        following = self.tokens[1].text if len(self.tokens) > 1 else ""
        if self.noise[0] or (self.states[0] and following != "need"):
            return False
        if first in _YOU or first == "vous":
            return following not in _MAY
        return first in OPENING_VERBS and first not in ("have", "go", "let", "be")

    def _cuts_sentence(self, at: int) -> bool:
        """ "Families seeking care (for a relative, press 1)": with its marks, the first label is the whole sentence."""
        start = self._run_start(at)
        if start == 0 < at and self.tokens[0].text not in _YOU and self._lost_its_opener():
            return True
        if not self.marked:
            return False
        return start < at and self.tokens[start].gap == "." and not self.states[start]

    def _says_what_was_named(self, at: int) -> bool:
        """ "Get help with an order, (say order or press 1)"."""
        if self.tokens[at].text not in SAYING or self.tokens[at].gap == "." or at == 0:
            return False
        if at in self._key_ends or self.noise[at - 1]:
            return False
        start = self._run_start(at - (self.tokens[at].gap == ","))
        return start < at and start not in self._key_ends and not (start > 0 and self.noise[start - 1])

    def _run_start(self, at: int) -> int:
        """Where the words begin that stand before ``at`` in one breath, without a key, a notice or a statement among them."""
        while at > 0 and not self.tokens[at].gap and not self.noise[at - 1] and not self.states[at] and at not in self._key_ends:
            at -= 1
        return at

    def _follows_greeting(self, at: int) -> bool:
        """Whether the name of the company follows here: "thank you for calling …"."""
        return self.noise[at - 1] and not self.tokens[at].gap and self.tokens[at - 1].text in _GREETING

    def _rest_cost(self, start: int, end: int, *, after_key: bool) -> float:
        """Of words nobody takes."""
        if start >= end:
            return 0.0
        cost = self._left[end] - self._left[start]
        if after_key and self._is_said_instead(start):
            said = cost - (self._left[start + 2] - self._left[start])
            return _SAID_INSTEAD + said if end > start + 2 else _CLAUSE_LEFT
        if after_key and not self.noise[start] and not self.states[start] and not self._told_whole[start]:
            cost += _SAID_WITH_KEY.get(self.tokens[start].gap, 0.0)
            if self.opens(start, after_key=True) and not self.opens(start):
                cost += _CLAUSE_LEFT
        return cost

    def _is_said_instead(self, at: int) -> bool:
        """ "… press 1 or say billing"."""
        return self.tokens[at].text in _OR and not self.tokens[at].gap and at + 2 < len(self.tokens) and self.tokens[at + 1].text in SAYING

    def _end_cost(self, at: int, end: int) -> float:
        if at == end or self.tokens[at].gap == "." or self.noise[at] or self.states[at] or self.opens(at):
            return 0.0
        return _COMMA_END if self.tokens[at].gap else _LOOSE_END

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
            return Cut(self._rest_cost(start, end, after_key=after_key) + (0.0 if after_key else self._unnamed_cost(end)))
        if not ends:
            at_end = end == len(self.tokens) and not left
            return Cut(_CUT_OFF if at_end else NO_LABEL * right + (_NOTHING_BEFORE if start == 0 else NO_LABEL) * left)
        if right and end == len(self.tokens) and self.says_nothing(start, end):
            return Cut(_CUT_OFF_AT_OPENER)
        if not left:
            return min((self._right(start, at, end) for at in ends), key=lambda cut: cut.cost)
        if not right:
            return min((self._to_left(start, at, end, after_key) for at in places), key=lambda cut: cut.cost)
        shared = [self._both(start, at, end, places) for at in ends if at < end]
        return min(shared, key=lambda cut: cut.cost, default=Cut(NO_LABEL, (start, end)))

    def _unnamed_cost(self, end: int) -> float:
        """Of words that stand before the first key like a label: nothing but a greeting or the name of the company does."""
        start = end
        while start > 0 and not self.noise[start - 1] and (start == end or self.tokens[start].gap != ".") and end - start <= _UNNAMED_UPTO:
            start -= 1
        follows_greeting = start > 0 and self._follows_greeting(start)
        if end - start > _UNNAMED_UPTO:
            return self._unnamed_sentence_cost(end)
        if start == end or self.says_nothing(start, end):
            return 0.0
        instead = self.tokens[end - 1].text in CONJUNCTIONS  #: "visit us for tickets, or press 1 to …"
        unmarked = self.tokens[end].gap != "."
        begins = (at for at in range(start, end - 1) if unmarked or self.tokens[at].gap == "." or self.noise[at - 1] or at == 0)
        opened = not instead and any(self.opens(at) for at in begins)
        lost = start == 0 and self.tokens[0].text in _YOU and self._lost_its_opener()
        names = not follows_greeting and (lost or self.tokens[start].text not in _SPEAKING)
        return _UNNAMED * names + _UNNAMED_CLAUSE * opened

    def _unnamed_sentence_cost(self, end: int) -> float:
        """ "To make, change or cancel an appointment. Press 1 for …": longer than a name, and yet it may be a label."""
        start = end - 1
        unmarked = self.tokens[end].gap != "."
        while start > 0 and self.tokens[start].gap != "." and not self.noise[start] and end - start < _UNNAMED_SENTENCE_UPTO:
            if unmarked and self.opens(start):
                break
            start -= 1
        whole = self._told_whole[start] or any(self.noise[start:end]) or any(self.states[start:end])
        return _UNNAMED_CLAUSE if (unmarked or self.tokens[start].gap == ".") and self.opens(start) and not whole else 0.0

    def _both(self, start: int, at: int, end: int, places: list[int]) -> Cut:
        before = self._right(start, at, at)
        after = min(
            (self._to_left(at, place, end, False) for place in places if place >= at), key=lambda cut: cut.cost, default=Cut(NO_LABEL)
        )
        return Cut(before.cost + after.cost, before.right, after.left)

    def _may_begin(self, at: int) -> bool:
        return bool(self.tokens[at].gap) or self.noise[at - 1] or self.noise[at] or self.states[at] or self.opens(at)

    def _right(self, start: int, at: int, end: int) -> Cut:
        if self.tokens[start].text == "otherwise":
            return Cut(NO_LABEL, (start, at))
        cost = self._label_cost(start, at, after_key=True) + self._end_cost(at, end) + self._rest_cost(at, end, after_key=False)
        cost -= _ANSWER * self._answers(start, at)
        hanging = CONJUNCTIONS | _BEFORE_TIMES if at < end and self.noise[at] else CONJUNCTIONS
        if self.tokens[at - 1].text in hanging:
            cost += _HANGS
        return Cut(cost, (start, at))

    def _answers(self, start: int, end: int) -> bool:
        """ "(press 1) for yes"."""
        return start < end <= start + 2 and self.tokens[end - 1].text in _ANSWERS and (end - start == 1 or self.opens(start))

    def _to_left(self, start: int, at: int, end: int, after_key: bool) -> Cut:
        if self.tokens[end - 1].text == "otherwise" and (start == 0 or end - at > 1):
            return Cut(NO_LABEL, None, (at, end))  # "otherwise, press 1 for …"
        upto = self._before_notice(at, end)
        cost = self._rest_cost(start, at, after_key=after_key) + self._label_cost(at, upto, after_key=after_key and at == start)
        cost -= 2 * _ANSWER * (at > start and self._answers(at, upto))
        return Cut(cost, None, (at, upto))

    def _before_notice(self, at: int, end: int) -> int:
        """Where a label ends before its key: "the status of a shipment, have your number ready and (press 2)"."""
        upto = end
        while upto > at + 1 and self.tokens[upto - 1].text in _JOINING:
            upto -= 1
        notice = upto
        while upto > at + 1 and self.noise[upto - 1]:
            upto -= 1
        polite = self.tokens[upto].text == "please"
        return upto if notice - upto > 1 and self.tokens[upto + polite].text == "have" else end
