"""What a stretch of words costs as the name of an option: how it begins, what lies within it, how it ends.

The figures here, in ``left_over`` and in ``spans`` are log-odds by feel, checked against the development half of the labelled
sets; only their differences matter.
"""

from __future__ import annotations

import itertools

from call_engine.core.menus.clauses import YOU, Clauses
from call_engine.core.menus.departments import DEPARTMENTS
from call_engine.core.menus.openers import CONJUNCTIONS, NUMBERS, SAYING, STARTERS
from call_engine.core.vocabulary.number_words import QUANTITIES
from call_engine.core.vocabulary.words import word_set

NO_LABEL = 3.0
_BARE_START = 0.35  #: a label that no "for", "to" or "if" opens
_DEPARTMENT_START = 0.6
_DEPARTMENT_AFTER = 0.8
_UNPUNCTUATED_START = 1.3
_UNGREETED_START = 0.8  #: after words that name no key, other than "thank you for calling"
_LOOSE_START = 1.2  #: and that begins in the middle of a sentence
_COMMA_START = 0.5
_CUT_START = 1.2
_STATED_START = 0.3
_STATED_LABEL = 1.6  #: a statement as a label
_LOOSE_END = 0.8
_COMMA_END = 0.6
_INNER_STOP = 2.5
_BROKEN = 0.3  #: "for account. services press 3"
_INNER_COMMA = 0.12
_INNER_REMARK = 1.0  #: "wire instructions, we do not give these over the phone"
_INNER_STATEMENT = 0.9  #: "sales we accept visa and mastercard"
_INNER_OPENER = 0.5
_INNER_TURN = 1.0  #: "(you may qualify for a discount) to hear more", "(…) if you are 65 or older"
_INNER_FIRST = 0.7  #: "(masks are required for all visitors) for sales"
_INNER_CLAUSE = 0.7  #: an opener right after a full stop begins something else
_IF_IN_IF = 0.9
_INNER_WHOLE = 0.6  #: "(assistance) if you call about a job visit our website"
_INNER_LISTED = 0.35  #: after a comma it may only list another
_INNER_CATCH_ALL = 0.8  #: "… for vehicles for all other questions" are two labels
_NOISE = 0.8
_TIME = 0.2  #: "trips on Monday", "from 2 to 4" may be part of a label
_NUMBER, _QUANTITY = 0.5, 0.1  #: "8" in a name, "8 weeks"
_LONG_FROM = 8
_LIST_UPTO = 8  #: words of one of a list
_LONG = 0.06

_BEFORE_NOUN = word_set("the our your a an of in and for on to with all new any other my this some by at from more is are")
_REMARKS = word_set("we we'll we're")
_TIMES = word_set(
    "monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays fridays saturdays sundays weekdays "
    "weekends january february march april may june july august september october november december am pm noon midnight o'clock hours "
    "hour days day years from to through until till between and open"
)
_OTHER_ONES = word_set("dia fecha hora persona day date time person")
_ANY_OTHER = word_set("all any anything everything otros otras otro otra cualquier todo toda tout toute alle anderen")


class LabelCosts:
    """Of any stretch ``a:b`` of one text. The costs within a label add up token by token."""

    def __init__(self, clauses: Clauses) -> None:
        self._clauses, self._tokens, self._noise = clauses, clauses.tokens, clauses.noise
        ifs = (token.text == "if" and not token.gap and clauses.opens(at) for at, token in enumerate(self._tokens))
        self._ifs = list(itertools.accumulate(ifs, initial=0))
        self._within = [0.0]
        for at in range(len(self._tokens)):
            self._within.append(self._within[-1] + self._inside_label(at))

    def of(self, start: int, end: int, *, after_key: bool) -> float:
        if self._clauses.says_nothing(start, end) or all(self._noise[start:end]):
            return NO_LABEL
        inner = self._within[end] - self._within[start + 1] + (self._noise_cost(start) if self._noise[start] else 0.0)
        inner += _IF_IN_IF * self._ifs_within(start, end)
        return self._start_cost(start, after_key) + inner + _LONG * max(0, end - start - _LONG_FROM)

    def _ifs_within(self, start: int, end: int) -> int:
        """ "if you know who you want say their name (if you're here about a job)": two conditions are hardly one name."""
        return self._ifs[end] - self._ifs[start + 1] if self._tokens[start].text == "if" else 0

    def _start_cost(self, at: int, after_key: bool) -> float:
        in_notice = at > 0 and self._noise[at] and self._noise[at - 1] and not self._tokens[at].gap  #: "seven (to eight)"
        if self._clauses.opens(at, after_key=after_key) and not in_notice:
            cut = self._cuts_sentence(at) or self._says_what_was_named(at)
            return _STATED_START * (self._clauses.states[at] and not self._tokens[at].gap) + _CUT_START * cut
        if at == 0 and self._clauses.lost_its_opener():
            return 0.0
        if self._clauses.states[at] or (self._tokens[at].text == "which" and self._tokens[at].gap == "," and not after_key):
            return _STATED_LABEL
        if at == self._clauses.department:
            return _DEPARTMENT_START
        if at == 0 and self._tokens[0].text == "to" and len(self._tokens) > 1 and not after_key:
            return _UNPUNCTUATED_START  # "(welcome) to acme plumbing"
        if after_key or at == 0 or self._tokens[at].gap == ".":
            return _BARE_START
        if self._tokens[at].text in QUANTITIES and not self._tokens[at].gap and self._tokens[at - 1].text.isdigit():
            return _STATED_LABEL  # "(for 2) hours dealers"
        if self._after_statement(at):
            return _DEPARTMENT_AFTER
        if self._noise[at - 1]:
            return _BARE_START if self._tokens[at].gap else _UNPUNCTUATED_START if self._clauses.follows_greeting(at) else _UNGREETED_START
        return _COMMA_START if self._tokens[at].gap == "," else _LOOSE_START

    def _after_statement(self, at: int) -> bool:
        """ "… we accept most insurance plans (sales, press 1)"."""
        begins = self._tokens[at].text in DEPARTMENTS and self._tokens[at - 1].text not in _BEFORE_NOUN | DEPARTMENTS
        return begins and self._clauses.told[at] and not self._clauses.states[at]

    def _cuts_sentence(self, at: int) -> bool:
        """ "Families seeking care (for a relative, press 1)": with its marks, the first label is the whole sentence."""
        start = self._clauses.run_start(at)
        if start == 0 < at and self._tokens[0].text not in YOU and self._clauses.lost_its_opener():
            return True
        if not self._clauses.marked:
            return False
        return start < at and self._tokens[start].gap == "." and not self._clauses.states[start]

    def _says_what_was_named(self, at: int) -> bool:
        """ "Get help with an order, (say order or press 1)"."""
        if (self._tokens[at].text not in SAYING and self._tokens[at].text != "sagen") or self._tokens[at].gap == "." or at == 0:
            return False
        if at in self._clauses.key_ends or self._noise[at - 1]:
            return False
        start = self._clauses.run_start(at - (self._tokens[at].gap == ","))
        if start > 0 and self._noise[start - 1]:  # "thank you for calling …"
            return any(self._clauses.opens(before) for before in range(start, at))
        return start < at and start not in self._clauses.key_ends

    def _inside_label(self, at: int) -> float:
        token = self._tokens[at]
        cost = 0.0
        if token.gap == ".":
            cost += _BROKEN if self._fragment_before(at) else _INNER_STOP
        elif token.gap == ",":
            cost += _INNER_REMARK if token.text in _REMARKS else _INNER_COMMA
        if self._noise[at]:
            cost += self._noise_cost(at)
        if self._clauses.states[at]:
            cost += _INNER_LISTED if token.gap == "," and self._is_listed(at) else _INNER_STATEMENT
        if self._clauses.opens(at) and not (self._noise[at] and self._noise[at - 1]):
            early = (at < self._clauses.first_key or self._clauses.told[at]) and not self._is_for_deed(at)
            inner = _INNER_TURN if early and self._turns(at) else _INNER_FIRST if early else _INNER_OPENER
            cost += {".": _INNER_CLAUSE, ",": _INNER_LISTED}.get(token.gap, inner) + _INNER_WHOLE * self._clauses.told_whole[at]
            after_all = self._tokens[at - 1].text == "else" and not token.gap and token.text not in CONJUNCTIONS
            if after_all or self._catches_all(at):
                cost += _INNER_CATCH_ALL
        if token.text in NUMBERS or token.text.isdigit():
            following = self._tokens[at + 1] if at + 1 < len(self._tokens) else None
            measures = following is not None and not following.gap and following.text in QUANTITIES
            cost += _QUANTITY if measures or self._is_price(at) else _NUMBER
        return cost

    def _catches_all(self, at: int) -> bool:
        """ "(for) all other questions", but not "(for) another day"."""
        following = [token.text for token in self._tokens[at + 1 : at + 3]]
        return following[:1] != [] and following[0] in _ANY_OTHER and _OTHER_ONES.isdisjoint(following)

    def _is_listed(self, at: int) -> bool:
        """ "if you're in labor, (your water has broken), or you have heavy bleeding"."""
        ahead = range(at + 2, min(at + _LIST_UPTO, len(self._tokens)))
        upto = next((one for one in ahead if self._tokens[one].gap), at)
        return upto > at and self._tokens[upto].gap == "," and self._tokens[upto].text in ("or", "and")

    def _is_price(self, at: int) -> bool:
        """ "a special for $39.95"."""
        first = self._tokens[start := at - (at > 1 and self._tokens[at - 1].text.isdigit())].text
        return start > 0 and self._tokens[start - 1].text == "for" and first.isdigit() and len(first) > 1

    def _is_for_deed(self, at: int) -> bool:
        """ "to enroll for next year" is one label."""
        if self._tokens[at].text != "for":
            return False
        before = range(max(0, at - 4), at)
        deed = at <= 4 and self._tokens[0].text not in YOU and self._clauses.lost_its_opener()
        return deed or any(self._tokens[back].text == "to" and self._clauses.opens(back) for back in before)

    def _turns(self, at: int) -> bool:
        """ "… to hear more", "… if you are": rarely goes on within a label, other than "for"."""
        following = self._tokens[at + 1].text if at + 1 < len(self._tokens) else ""
        word = self._tokens[at].text
        return word == "to" or (word == "if" and following in YOU)

    def _noise_cost(self, at: int) -> float:
        word = self._tokens[at].text
        return _TIME if word in _TIMES or word in NUMBERS or word[0].isdigit() else _NOISE

    def _fragment_before(self, at: int) -> bool:
        """A full stop after only one or two words of a label is the recogniser's."""
        begin = at - 1
        while begin > 0 and not self._tokens[begin].gap:
            begin -= 1
        return at - begin <= 2 and self._tokens[begin].text in STARTERS and not (begin == 0 and self._clauses.opens(at))

    def ending(self, at: int, end: int) -> float:
        if at == end or self._tokens[at].gap == "." or self._noise[at] or self._clauses.states[at] or self._clauses.opens(at):
            return 0.0
        return _COMMA_END if self._tokens[at].gap else _LOOSE_END
