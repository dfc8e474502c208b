"""What kind of thing was said: a menu, an announcement, a transfer notice, a human …

Patterns vote for kinds with weights. With a model of meaning (the ``Similarity`` port) the votes, the parsed menu and the length are
cues beside the meaning of the sentence, and weights learned from the phrase banks decide. Without one, or where it is not sure, the votes
decide: the softmax of the votes is the confidence, and three facts change them: a parsed menu, the length (announcements and voice mail
are long, openers are short), and a live opener at the *end* of an announcement.
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

import msgspec

from call_engine.core.menu import Menu, parse_menu
from call_engine.core.understanding.choice import Similarity
from call_engine.core.understanding.kind_cues import cues_of
from call_engine.core.vocabulary import examples, phrases
from call_engine.core.vocabulary.fragments import fragments
from call_engine.core.vocabulary.languages import language_of
from call_engine.core.vocabulary.words import Token, join, tokenise

ANNOUNCEMENT = "announcement"  #: nothing of the kinds: a welcome, an advertisement; outside CLI called recording_notice

#: Kinds that only a recording says.
RECORDED = frozenset(phrases.KINDS) - {phrases.GREETING, phrases.HUMAN, phrases.TRANSFER}
HUMAN_KINDS = frozenset((phrases.GREETING, phrases.HUMAN))
_WELL_KNOWN = 4.0  #: votes from here on need no comparison
_FAR = 0.42  #: of an example: it says nothing
_SURE = 0.62  #: share of the likeliest kind from which the learned weights decide
_TEMPERATURE = 1.0
_FLOOR = 1.0  #: the vote of "none of these"


class Utterance(msgspec.Struct, frozen=True):
    kind: str
    confidence: float
    menu: Menu
    votes: dict[str, float] = {}

    @property
    def is_human(self) -> bool:
        return self.kind in HUMAN_KINDS

    def share_of(self, kinds: Iterable[str]) -> float:
        """How sure the votes are of any of these kinds together."""
        shares = {kind: math.exp(vote / _TEMPERATURE) for kind, vote in self.votes.items()}
        return sum(shares.get(kind, 0.0) for kind in kinds) / (sum(shares.values()) + math.exp(_FLOOR))


#: ``understand``, or the same with a memory.
Understanding = Callable[[str, str, Similarity | None], Utterance]


class _Phrase(NamedTuple):
    kind: str
    pattern: re.Pattern[str]
    weight: float


@functools.cache
def _phrases() -> list[_Phrase]:
    return [_Phrase(kind, re.compile(text), weight) for kind, rows in phrases.PATTERNS.items() for text, weight in rows]


@functools.cache
def _needed() -> dict[str, list[tuple[str, int]]]:
    """What the phrases cannot be found without, each with the number of its phrase, by the first letters; "": what has no more than two."""
    needed: dict[str, list[tuple[str, int]]] = {}
    for number, phrase in enumerate(_phrases()):
        for fragment in fragments(phrase.pattern.pattern):
            needed.setdefault(fragment[:3] if len(fragment) > 2 else "", []).append((fragment, number))
    return needed


def _worth_trying(words: str) -> list[_Phrase]:
    needed = _needed()
    begun = {words[at : at + 3] for at in range(len(words) - 2)} | {""}
    numbers = {number for letters in begun & needed.keys() for fragment, number in needed[letters] if fragment in words}
    return [_phrases()[number] for number in sorted(numbers)]


def understand(text: str, language: str = "", similarity: Similarity | None = None) -> Utterance:
    """With ``similarity``, a text that the patterns do not know well is also compared with examples of every kind."""
    tokens = tokenise(text)
    menu = parse_menu(text, language or language_of([token.text for token in tokens]))
    votes = phrase_votes(tokens)
    learned, share = _learned(text, cues_of(text, tokens, menu, votes), similarity) if tokens else ("", 0.0)
    if _contradicted(learned, tokens, menu, votes):
        learned, share = "", 0.0
    if share >= _SURE:
        return Utterance(learned, share, menu, {name: round(vote, 2) for name, vote in votes.items() if vote > 0})
    told = _by_votes(text, tokens, menu, votes, similarity)
    agreed = told.kind == learned
    return msgspec.structs.replace(told, confidence=max(told.confidence, share)) if agreed else told


def _by_votes(text: str, tokens: list[Token], menu: Menu, votes: dict[str, float], similarity: Similarity | None) -> Utterance:
    words = join(tokens)
    if similarity is not None and len(tokens) >= 2 and max(votes.values(), default=0.0) < _WELL_KNOWN:
        for kind, vote in _by_example(text, similarity).items():
            votes[kind] = votes.get(kind, 0.0) + vote
    _weigh(votes, menu, words, text)
    if _always_open(words, votes):
        votes.pop(phrases.CLOSED, None)
    kind = max(votes, key=lambda name: votes[name]) if votes else ANNOUNCEMENT
    if not votes or votes[kind] < _FLOOR:
        kind = ANNOUNCEMENT
    total = sum(math.exp(vote / _TEMPERATURE) for vote in votes.values()) + math.exp(_FLOOR)
    top = math.exp(votes.get(kind, _FLOOR) / _TEMPERATURE)
    return Utterance(kind, round(top / total, 3), menu, {name: round(vote, 2) for name, vote in votes.items() if vote > 0})


_ALWAYS = re.compile(
    r"\b(around (the )?clock|(24|twenty.four) ?hours|24 ?7|twenty.four seven|always open|day or night|at any hour"
    r"|las (24|veinticuatro) horas|24 heures sur 24|jour et nuit|rund um die uhr)\b"
)
_SURELY_CLOSED = 3.0


def _contradicted(learned: str, tokens: list[Token], menu: Menu, votes: dict[str, float]) -> bool:
    """What the words plainly say counts for more than what they are like."""
    if learned == phrases.CLOSED:
        return _always_open(join(tokens), votes)
    if learned in HUMAN_KINDS and _ONLY_BOTS.search(join(tokens)):
        return True
    if learned in _DELICATE and _outvoted(learned, votes):
        return True
    offered = [option for option in menu.options if option.digits and option.label]
    if votes.get(learned) or not offered:
        return False
    if len(offered) == 1:  # and another begins
        return menu.cut_off and learned in {*_OFFERS_OF_ONE, phrases.CALLBACK}
    return learned in _OFFERS_OF_ONE


def _outvoted(learned: str, votes: dict[str, float]) -> bool:
    """Whether the phrases speak for another of the kinds of which none may be taken for another, and clearly more."""
    others = max(votes.get(kind, 0.0) for kind in _DELICATE if kind != learned)
    return others - votes.get(learned, 0.0) >= _CLEARLY


_DELICATE = (phrases.GREETING, phrases.HOLD, phrases.TRANSFER)  #: a mistake among them bridges nobody, or at the wrong moment
_CLEARLY = 2.0

#: Nobody of flesh and blood says what one may say.
_ONLY_BOTS = re.compile(r"\byou (can|could|may) (also )?say (things|something|phrases) like\b|\bfor example,? (you can )?say\b")

#: What a menu with keys for two things can be taken for by its sense alone.
_OFFERS_OF_ONE = frozenset((phrases.SURVEY, phrases.DATA, phrases.CONFIRM, phrases.HOLD, phrases.NOTICE, phrases.TRANSFER, *HUMAN_KINDS))


def _always_open(words: str, votes: dict[str, float]) -> bool:
    """Whoever names the hours in which one can call, and these are all, does not say that it is closed."""
    return votes.get(phrases.CLOSED, 0.0) < _SURELY_CLOSED and _ALWAYS.search(words) is not None


def _learned(text: str, cues: list[float], similarity: Similarity | None) -> tuple[str, float]:
    """The kind that the learned weights find likeliest, and how likely."""
    odds = similarity.kinds(text, cues) if similarity is not None else {}
    if not odds:
        return "", 0.0
    top = max(odds, key=lambda kind: odds[kind])
    share = 1.0 / sum(math.exp(value - odds[top]) for value in odds.values())
    return top, round(share, 3)


def _by_example(text: str, similarity: Similarity) -> dict[str, float]:
    """Votes by the nearest example of each kind; only the nearest kinds count."""
    kinds = [kind for kind, many in examples.KINDS.items() for _ in many]
    near: dict[str, float] = {}
    sentences = [one for many in examples.KINDS.values() for one in many]
    for kind, nearness in zip(kinds, similarity.scores(text, sentences), strict=True):
        near[kind] = max(near.get(kind, 0.0), nearness)
    top = max(near.values())
    return {kind: (nearness - _FAR) * 8.0 for kind, nearness in near.items() if nearness > _FAR and nearness >= top - 0.1}


def phrase_votes(tokens: list[Token]) -> dict[str, float]:
    """Votes of the phrases that are typical of each kind."""
    words = join(tokens)
    hits: dict[str, list[float]] = {}
    for phrase in _worth_trying(words):
        if phrase.pattern.search(words):
            hits.setdefault(phrase.kind, []).append(phrase.weight)
    # further hits of the same kind add less and less
    return {kind: sum(weight * 0.6**rank for rank, weight in enumerate(sorted(weights, reverse=True))) for kind, weights in hits.items()}


def _weigh(votes: dict[str, float], menu: Menu, words: str, text: str) -> None:
    count = len(words.split())
    options = [option for option in menu.options if option.label or option.digits]
    _weigh_menu(votes, menu, len(options))
    _weigh_question(votes, words)
    if votes.get(phrases.GREETING, 0) or votes.get(phrases.HUMAN, 0):
        _weigh_human(votes, count, text)
    if count <= 2 and not votes:
        votes[phrases.HUMAN] = 0.8
    if votes.get(phrases.VOICEMAIL, 0) >= 3:
        votes.pop(phrases.CLOSED, None)
        votes[phrases.GREETING] = votes.get(phrases.GREETING, 0) - 3
        votes[phrases.HUMAN] = votes.get(phrases.HUMAN, 0) - 2
    if votes.get(phrases.SURVEY, 0) >= 4:
        votes[phrases.SURVEY] += 1.0


def _weigh_menu(votes: dict[str, float], menu: Menu, count: int) -> None:
    if count == 0:
        return
    specific = max(
        (votes.get(kind, 0) for kind in (phrases.CALLBACK, phrases.CONFIRM, phrases.SURVEY, phrases.DATA, phrases.VOICEMAIL)), default=0
    )
    votes[phrases.MENU] = 2.4 + 1.6 * min(count, 4)
    if count <= 2 and specific >= 2.6:  # "press 1 to be called back" is an offer, not a menu
        votes[phrases.MENU] = min(votes[phrases.MENU], specific - 0.8)
    if count >= 2 and specific < 6:
        for kind in (phrases.HOLD, phrases.NOTICE, phrases.GREETING, phrases.HUMAN, phrases.TRANSFER, phrases.OPEN):
            votes[kind] = votes.get(kind, 0) * 0.5
    if menu.options and (votes.get(phrases.GREETING) or votes.get(phrases.HUMAN)):
        votes[phrases.GREETING] = votes.get(phrases.GREETING, 0) - 2.0
        votes[phrases.HUMAN] = votes.get(phrases.HUMAN, 0) - 2.0


_HELP = re.compile(
    r"\b(how (can|may|could) (i|we) (help|assist)|what can i (do|help)|(en que|como) (le |te )?puedo ayudar|(que|comment|en quoi) puis.je"
    r"|(was|wie) kann ich)"
)
_INTRODUCED = re.compile(
    r"\b(this is|my name|speaking|hi|hello|hey|thank you for|thanks for|good (morning|afternoon|evening)|you're (through|speaking)|hola"
    r"|bueno|buenos|buenas|le (habla|atiende|saluda)|soy|bonjour|bonsoir|allo|guten|hallo|mein name|gracias por|merci)\b"
)


def _weigh_question(votes: dict[str, float], words: str) -> None:
    """ "How can I help you?" without a greeting or a name is what a voice bot asks."""
    if _HELP.search(words) and not _INTRODUCED.search(words):
        votes[phrases.OPEN] = votes.get(phrases.OPEN, 0) + 3.0
        votes[phrases.GREETING] = votes.get(phrases.GREETING, 0) - 1.6
    if votes.get(phrases.OPEN, 0) >= 4.0 and re.search(rf"\b(virtual|automated|digital) (assistant|agent|system)|{phrases.BOT}", words):
        votes[phrases.GREETING] = votes.get(phrases.GREETING, 0) - 3.0


def _weigh_human(votes: dict[str, float], count: int, text: str) -> None:
    machine = max((votes.get(kind, 0) for kind in (phrases.HOLD, phrases.NOTICE, phrases.DATA, phrases.OPEN, phrases.CLOSED)), default=0)
    if machine >= 3.0 and not _ends_live(text):
        votes[phrases.GREETING] = votes.get(phrases.GREETING, 0) * 0.5
        votes[phrases.HUMAN] = votes.get(phrases.HUMAN, 0) * 0.5
    if count > 45:
        votes[phrases.GREETING] = votes.get(phrases.GREETING, 0) * 0.7
    if votes.get(phrases.GREETING, 0) > 0 and votes.get(phrases.HUMAN, 0) > 0:
        votes[phrases.HUMAN] *= 0.6


_LIVE_END = re.compile(
    r"(?:hi|hello|good (?:morning|afternoon|evening)|thank you for (?:calling|holding|waiting))\b.{0,60}"
    r"(?:this is \w+|my name is \w+|\w+ speaking|how (?:can|may) i (?:help|assist)).{0,50}$"
)


def _ends_live(text: str) -> bool:
    """An announcement whose tail is an agent's greeting ("… will take your call. Hi, this is Mary …")."""
    return bool(_LIVE_END.search(join(tokenise(text))[-140:]))
