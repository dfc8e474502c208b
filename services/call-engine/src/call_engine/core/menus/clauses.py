"""What the words of a menu are to one another: where a name may open, where a statement stands, which clauses are whole without a key."""

from __future__ import annotations

from collections.abc import Sequence

from call_engine.core.menus.departments import DEPARTMENTS
from call_engine.core.menus.key import Key
from call_engine.core.menus.openers import OPENING_VERBS, Openers
from call_engine.core.menus.statements import states
from call_engine.core.vocabulary.words import Token, word_set

_STATED = 16  #: words of a statement
_EMPTY = word_set("for to if or and please you i'll just also then o y ou et oder und para pour fur si the a sie bitte s'il vous plait")
_GREETING = word_set(
    "to calling reached called choosing contacting reaching phoning with trusting the for at us a con al llamar por en chez la au elegir "
    "preferir de bei der dem beim im in anruf appeler appele choisi verbunden dass"
)  #: last words before the name of the company
_MAY = word_set("can may will could might must should pouvez")
_ARTICLES = word_set("the our your el los las su nos les der das")
_BEFORE_ARTICLES = word_set("of at for and in on by to with de del en por y du et pour von bei und in im an auf")
YOU = word_set("you your you're you've you'd you'll")


class Clauses:
    """Of one text and its keys. ``states``: for each token, whether a statement begins there; ``told_whole``: whether a sentence that is
    whole without a key opens there; ``told``: whether a statement began shortly before; ``marked``: a comma stands before the first key."""

    def __init__(self, tokens: list[Token], noise: list[bool], keys: Sequence[Key] = ()) -> None:
        self.tokens, self.noise, self.first_key = tokens, noise, keys[0].start if keys else 0
        self.marked = bool(tokens) and tokens[self.first_key].gap == ","
        self.states = [states(tokens, at) for at in range(len(tokens))]
        self.told = self._told()
        self.key_ends = frozenset(key.end for key in keys)
        self._openers = Openers(tokens, noise, self.key_ends, marked=self.marked)
        self._opened = [self._openers.at(at) for at in range(len(tokens))]
        self.department = self._department()
        self.told_whole = self._whole(frozenset(key.start for key in keys if key.spoken or key.is_stay))

    def _told(self) -> list[bool]:
        """Whether a statement began shortly before; what "if you …" opens is none of its words any more."""
        told = [False] * len(self.tokens)
        left = 0
        for at, states_here in enumerate(self.states):
            condition = self.tokens[at].text == "if" and at + 1 < len(self.tokens) and self.tokens[at + 1].text in YOU
            left = _STATED + 1 if states_here else 0 if condition else max(0, left - 1)
            told[at] = left > 0
        return told

    def _whole(self, keyed: frozenset[int]) -> list[bool]:
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

    def _department(self) -> int | None:
        """Where the first name begins behind the name of the company, if neither a mark nor "for" tells: "… calling big yellow trucks
        (reservations, press 1)"."""
        start = self.run_start(self.first_key)
        if start == 0 or not self.follows_greeting(start):
            return None
        named = range(start + 1, self.first_key)
        if any(self._opened[at] for at in named):
            return None
        return next((at for at in named if self._is_department(at)), None)

    def _is_department(self, at: int) -> bool:
        word = self.tokens[at].text
        return word in DEPARTMENTS or (word in _ARTICLES and self.tokens[at - 1].text not in _BEFORE_ARTICLES)

    def opens(self, at: int, *, after_key: bool = False) -> bool:
        """Whether a label may open here: "for …", "or if …", and "to …" where it is no part of "would like to …"."""
        return self._opened[at] or (after_key and self._openers.at(at, after_key=True))

    def says_nothing(self, start: int, end: int) -> bool:
        return all(token.text in _EMPTY for token in self.tokens[start:end])

    def lost_its_opener(self) -> bool:
        """ "(to) book a table, press 1", "(if) you are a patient, press 1": of a text that was heard from its second word on."""
        first = self.tokens[0].text
        following = self.tokens[1].text if len(self.tokens) > 1 else ""
        if self.noise[0] or (self.states[0] and following != "need"):
            return False
        if first in YOU or first == "vous":
            return following not in _MAY
        return first in OPENING_VERBS and first not in ("have", "go", "let", "be")

    def run_start(self, at: int) -> int:
        """Where the words begin that stand before ``at`` in one breath, without a key, a notice or a statement among them."""
        while at > 0 and not self.tokens[at].gap and not self.noise[at - 1] and not self.states[at] and at not in self.key_ends:
            at -= 1
        return at

    def follows_greeting(self, at: int) -> bool:
        """Whether the name of the company follows here: "thank you for calling …"."""
        return self.noise[at - 1] and not self.tokens[at].gap and self.tokens[at - 1].text in _GREETING
