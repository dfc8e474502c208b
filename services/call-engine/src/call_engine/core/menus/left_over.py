"""What it costs to leave words over, as no part of any name: little for notices, more for what begins like an option."""

from __future__ import annotations

from call_engine.core.menus.clauses import YOU, Clauses
from call_engine.core.menus.openers import ASKING_OF, CONJUNCTIONS, NUMBERS, SAYING
from call_engine.core.vocabulary.words import word_set

_WORD_LEFT = 0.08
_NUMBER_LEFT = 0.3
_CLAUSE_LEFT = 1.5  #: a clause that begins like a label and is left over
_SAID_WITH_KEY = {"": 0.8, ",": 0.4}  #: words that follow a key in one breath
_OPENER_LEFT = 0.7
_SAID_INSTEAD = 0.2
_WHOLE_LEFT = 0.3  #: "if you are in crisis hang up and call …"
_JUST_TOLD = 6
_CONDITION_LEFT = 1.0  #: "if you are scheduled (for a study)"
_OPENER_LEFT_EARLY = 0.4  #: "you may qualify for a discount to hear more press 1"
_UNNAMED = 1.1  #: a few words right before the first key of digit-first: "repairs. Press 1 for …"
_UNNAMED_CLAUSE = 1.1  #: "for repairs. Press 1 for …"
_UNNAMED_UPTO = 6
_UNNAMED_SENTENCE_UPTO = 14

_AND = word_set("and y et und")
_OR = word_set("or o ou oder")
_SPEAKING = word_set("we we're we've i i'm you you've you'll this that there let let's here here's sorry your please it it's and")


class LeftCosts:
    """Of any stretch ``a:b`` of one text. The costs add up token by token."""

    def __init__(self, clauses: Clauses) -> None:
        self._clauses, self._tokens, self._noise = clauses, clauses.tokens, clauses.noise
        self._asks_once = sum(token.text in ASKING_OF and clauses.opens(at) for at, token in enumerate(self._tokens)) < 2
        self._left = [0.0]
        for at in range(len(self._tokens)):
            self._left.append(self._left[-1] + self._left_over(at))

    def of(self, start: int, end: int, *, after_key: bool) -> float:
        """Of words nobody takes."""
        if start >= end:
            return 0.0
        cost = self._left[end] - self._left[start]
        if after_key and self._is_said_instead(start):
            said = cost - (self._left[start + 2] - self._left[start])
            return _SAID_INSTEAD + said if end > start + 2 else _CLAUSE_LEFT
        if after_key and not self._noise[start] and not self._clauses.states[start] and not self._clauses.told_whole[start]:
            cost += _SAID_WITH_KEY.get(self._tokens[start].gap, 0.0)
            if self._clauses.opens(start, after_key=True) and not self._clauses.opens(start):
                cost += _CLAUSE_LEFT
        return cost

    def before_first_key(self, end: int) -> float:
        """Of words that stand before the first key like a label: nothing but a greeting or the name of the company does."""
        start = end
        while start > 0 and not self._noise[start - 1] and end - start <= _UNNAMED_UPTO:
            if start < end and self._tokens[start].gap == ".":
                break
            start -= 1
        follows_greeting = start > 0 and self._clauses.follows_greeting(start)
        if end - start > _UNNAMED_UPTO:
            return _UNNAMED_CLAUSE if self._goes_on_into(end) else self._sentence_before(end)
        if start == end or self._clauses.says_nothing(start, end):
            return 0.0
        instead = self._tokens[end - 1].text in CONJUNCTIONS  #: "visit us for tickets, or press 1 to …"
        unmarked = self._tokens[end].gap != "."
        begins = (at for at in range(start, end - 1) if unmarked or self._tokens[at].gap == "." or self._noise[at - 1] or at == 0)
        opened = not instead and any(self._opens(at) for at in begins)
        lost = start == 0 and self._tokens[0].text in YOU and self._clauses.lost_its_opener()
        names = not follows_greeting and (lost or self._tokens[start].text not in _SPEAKING)
        department = self._clauses.department
        names = names or (department is not None and start <= department < end)
        return _UNNAMED * names + _UNNAMED_CLAUSE * (opened or self._goes_on_into(end))

    def _goes_on_into(self, end: int) -> bool:
        """ "If you smell gas, leave the house and (press 1)"."""
        start = end - 1
        if self._tokens[start].text not in _AND:
            return False
        while start > 0 and self._tokens[start].gap != ".":
            start -= 1
        return self._clauses.opens(start) and not any(self._noise[start:end])

    def _sentence_before(self, end: int) -> float:
        """ "To make, change or cancel an appointment. Press 1 for …": longer than a name, and yet it may be a label."""
        start = end - 1
        unmarked = self._tokens[end].gap != "."
        while start > 0 and self._tokens[start].gap != "." and not self._noise[start] and end - start < _UNNAMED_SENTENCE_UPTO:
            if unmarked and self._clauses.opens(start):
                break
            start -= 1
        noticed = self._noise[start] and not self._noise[start + 1] and start + 1 < end  #: "… hang up and dial 911 if you …"
        start += noticed
        whole = self._clauses.told_whole[start] or any(self._noise[start:end]) or any(self._clauses.states[start:end])
        begins = unmarked or noticed or self._tokens[start].gap == "."
        return _UNNAMED_CLAUSE if begins and self._clauses.opens(start) and not whole else 0.0

    def _left_over(self, at: int) -> float:
        if self._noise[at]:
            return 0.0
        cost = _WORD_LEFT
        if self._opens(at) and not (self._clauses.states[at] and not self._tokens[at].gap):
            begins = self._tokens[at].gap == "." or at == 0 or self._noise[at - 1]
            early = at < self._clauses.first_key or (self._clauses.told[at] and not self._tokens[at].gap)
            told = any(self._clauses.states[max(0, at - _JUST_TOLD) : at])  #: "(we'll text you) if you would rather bank online"
            condition = (
                at < self._clauses.first_key
                and not told
                and self._tokens[at].text == "if"
                and at + 1 < len(self._tokens)
                and self._tokens[at + 1].text in YOU
            )
            opener = _CLAUSE_LEFT if begins else _CONDITION_LEFT if condition else _OPENER_LEFT_EARLY if early else _OPENER_LEFT
            cost += _WHOLE_LEFT if self._clauses.told_whole[at] else opener
        return cost + (_NUMBER_LEFT if self._tokens[at].text in NUMBERS else 0.0)

    def _opens(self, at: int) -> bool:
        """ "Is this an emergency? Press 1 for …": what the company asks may be no name, but what the keys answer."""
        asked = self._asks_once and at < self._clauses.first_key and self._tokens[at].text in ASKING_OF
        return self._clauses.opens(at) and not asked

    def _is_said_instead(self, at: int) -> bool:
        """ "… press 1 or say billing"."""
        if self._tokens[at].text not in _OR or self._tokens[at].gap or at + 2 >= len(self._tokens):
            return False
        return self._tokens[at + 1].text in SAYING
