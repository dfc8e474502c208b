"""Chooses the option of a menu that serves an intent, without a language model, and says why.

An option's score is the log-odds that it is meant, against taking none: what its label shares with the intent in words, in concepts of
the telephone domain, in meaning and in topics, how like it is to the labels that served such wishes, and whether much else is as like to it
(through the ``Similarity`` port), weighted as learned from the phrase banks. If no option is near, a catch-all or the
operator is taken; if there is none, staying on the line; else nothing fits.
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Sequence
from typing import Any, Protocol

import msgspec

from call_engine.core.menu import Menu, Option
from call_engine.core.understanding.choice_weights import ENOUGH, WEIGHTS
from call_engine.core.vocabulary import lexicon
from call_engine.core.vocabulary.words import fold, join, tokenise

STAY = ""  #: digits of the choice to press nothing

#: The signs of kinship between a wish and a label; ``…ahead``: how far a sign is ahead of the next best option's. ``singled_out`` tells how
#: near is near: some wishes come near to many labels, and of a wish that nothing here serves better labels are known elsewhere.
SIGNS = (
    "meaning", "words", "concepts", "topics", "topics_ahead", "serving", "serving_ahead", "remembered", "remembered_ahead",
    "singled_out",
)  # fmt: skip
_RELATIVE = frozenset(name for name in SIGNS if name.endswith("ahead")) | {"singled_out"}  #: what they say of an option hangs on others
_WORDS = re.compile(r"[\w']+")
_OPERATORS_KEY = "0"  #: whatever the menu calls whom it leads to
A_PERSON = ("operator", "the operator's key")  #: reasons of a choice where nothing else is near
_WIDER = 0.5  #: from here on a label names the wider field of what is wanted, when no option names it
_NAMED = 1.5  #: odds more for the one option whose label says all that the wish says, whatever else either sounds like
_SURE = 2.0  #: a topic that is preferred to a person, though a person was asked for


class Similarity(Protocol):
    """What the core asks of a model of meaning."""

    def scores(self, text: str, candidates: Sequence[str]) -> list[float]:
        """How alike in meaning texts are, in [-1, 1]."""
        ...

    def kinds(self, text: str, cues: Sequence[float]) -> dict[str, float]:
        """Log-odds of each kind of utterance, by meaning and cues (``kind_cues.CUES``); empty where nothing was learned."""
        ...

    def topics(self, text: str, candidates: Sequence[str]) -> list[float]:
        """How far each candidate is about the same topic as the text, in [0, 1]."""
        ...

    def serving(self, text: str, candidates: Sequence[str]) -> list[float]:
        """How like each candidate, as the label of an option, is to those that serve wishes like the text, in [-1, 1]."""
        ...

    def remembered(self, text: str, candidates: Sequence[str]) -> list[float]:
        """How like each candidate is to the labels that served the wishes most like the text that are remembered, in [0, 1]."""
        ...

    def singled_out(self, text: str, candidates: Sequence[str]) -> list[float]:
        """How much nearer each candidate is to the text than known labels come to it, and known wishes to it, in about [0, 1.5]."""
        ...


class Choice(msgspec.Struct, frozen=True):
    """``digits`` None: nothing fits. Empty: stay on the line."""

    digits: str | None
    label: str = ""
    confidence: float = 0.0
    reason: str = ""
    scores: list[dict[str, Any]] = []


def choose(intent: str, menu: Menu, similarity: Similarity, *, avoid: frozenset[str] = frozenset(), language: str = "") -> Choice:
    """The best option that is not in ``avoid`` (digits tried without success)."""
    gate = _language_gate(menu, language_named(intent) or language)
    if gate and gate.digits not in avoid:
        return Choice(gate.digits, gate.label, 0.95, "language")
    options = [option for option in menu.options if option.digits not in avoid]
    rows = _scored(intent, options, similarity)
    wanted = [row for row in rows if row["role"] in ("topic", "operator", "catch_all")]
    topics = [row for row in wanted if row["role"] == "topic"]
    best = max(topics, key=lambda row: row["score"], default=None)
    if _wants_human(intent):
        best = next((row for row in wanted if row["role"] == "operator"), best if best and best["score"] > _SURE else None)
    if best is not None and (best["score"] >= 0.0 or best["role"] == "operator"):
        return Choice(best["digits"], best["label"], _certainty(best, rows), _why(best), rows)
    wider = max(topics, key=lambda row: row["wider"], default=None)
    if wider is not None and wider["wider"] >= _WIDER:
        return Choice(wider["digits"], wider["label"], 0.5, "the wider field", rows)
    return _fallback(menu, wanted, rows, avoid)


def _fallback(menu: Menu, wanted: list[dict[str, Any]], rows: list[dict[str, Any]], avoid: frozenset[str]) -> Choice:
    for role in ("catch_all", "operator"):
        found = next((row for row in wanted if row["role"] == role), None)
        if found:
            return Choice(found["digits"], found["label"], 0.5, role, rows)
    zero = next((row for row in wanted if row["digits"] == _OPERATORS_KEY), None)
    if zero:
        return Choice(zero["digits"], zero["label"], 0.45, A_PERSON[1], rows)
    if menu.stay is not None and STAY not in avoid:
        return Choice(STAY, menu.stay, 0.45, "stay on the line", rows)
    return Choice(None, "", 0.0, "nothing fits", rows)


class Kinship(msgspec.Struct, frozen=True):
    """What speaks for one option; ``signs`` in the order of ``SIGNS``, each in about [0, 1]."""

    option: Option
    role: str
    signs: tuple[float, ...]
    wider: float  #: how well the label names the wider field of the intent, in [0, 1]

    @property
    def odds(self) -> float:
        return sum(WEIGHTS[name] * sign for name, sign in zip(SIGNS, self.signs, strict=True))


def signs_of(intent: str, options: list[Option], similarity: Similarity) -> list[Kinship]:
    labels = [option.label for option in options]
    if not labels:
        return []
    meanings = [max(0.0, meaning) for meaning in similarity.scores(intent, labels)]
    topics, serving = similarity.topics(intent, labels), [max(0.0, one) for one in similarity.serving(intent, labels)]
    remembered, singled_out = similarity.remembered(intent, labels), similarity.singled_out(intent, labels)
    words, concepts = [shared_words(intent, label) for label in labels], [shared_concepts(intent, label) for label in labels]
    columns = (
        meanings, words, concepts, topics, _ahead(topics), serving, _ahead(serving), remembered, _ahead(remembered),
        singled_out,
    )  # fmt: skip
    wanted = concepts_of(intent)
    return [
        Kinship(option, role_of(option.label), signs, _by_parent(wanted, concepts_of(option.label)))
        for option, signs in zip(options, zip(*columns, strict=True), strict=True)
    ]


def _ahead(values: list[float]) -> list[float]:
    others = [max((one for place, one in enumerate(values) if place != index), default=0.0) for index in range(len(values))]
    return [max(-0.5, min(0.5, value - other)) for value, other in zip(values, others, strict=True)]


def _scored(intent: str, options: list[Option], similarity: Similarity) -> list[dict[str, Any]]:
    rows = [_row(one) for one in signs_of(intent, options, similarity)]
    wanted = content_words(intent)
    named = [row for row in rows if row["role"] == "topic" and wanted and wanted <= content_words(row["label"])]
    if len(named) == 1:
        named[0]["score"] = round(named[0]["score"] + _NAMED, 4)
    return sorted(rows, key=lambda row: -row["score"])


def _row(one: Kinship) -> dict[str, Any]:
    signs = {name: round(sign, 4) for name, sign in zip(SIGNS, one.signs, strict=True)}
    return {
        "digits": one.option.digits, "label": one.option.label, "role": one.role, "score": round(one.odds - ENOUGH, 4),
        "wider": one.wider, **signs,
    }  # fmt: skip


@functools.lru_cache(maxsize=4096)
def role_of(label: str) -> str:
    """topic, operator, catch_all, repeat, back, more or language."""
    text = fold(label)
    if _has(text, lexicon.MORE) and len(text.split()) <= 5:
        return "catch_all"
    if (before := _before(text)) is not None:
        return before
    for role, words in (("repeat", lexicon.REPEAT), ("back", lexicon.BACK), ("catch_all", lexicon.CATCH_ALL)):
        if _has(text, words) and not (role == "repeat" and _of_repeated_things(text)):
            return role
    if language_named(label):
        return "language"
    if _has(text, lexicon.OPERATOR) and len(content_words(text) - _operator_words()) == 0:
        return "operator"
    return "topic"


def _of_repeated_things(text: str) -> bool:
    """Whether it says what is repeated, and that is not what was just heard: "repeat prescriptions", "order a repeat"."""
    words = _WORDS.findall(text)
    place = next((place for place, word in enumerate(words) if word.startswith("repeat")), None)
    if place is None:
        return False
    if words[place + 1 : place + 2] == ["my"]:  # options, or a prescription
        return lexicon.HEARD.isdisjoint(words[place + 2 :])
    if place + 1 < len(words):
        return words[place + 1] not in lexicon.HEARD
    return bool(content_words(" ".join(word for word in words[:place] if word not in lexicon.HEARD)))


def _before(text: str) -> str | None:
    """The role of what leads to what was there before: "previous options", "the last message", but not "the last payment"."""
    words = set(_WORDS.findall(text))
    things = words - lexicon.BEFORE - lexicon.MOVES
    if words.isdisjoint(lexicon.BEFORE) or not things or not things <= lexicon.HEARD | lexicon.PLACES:
        return None
    if words & lexicon.PLACES:
        return "back"
    return "repeat" if any(thing.startswith(("message", "announcement", "recording", "prompt")) for thing in things) else None


def _has(text: str, beginnings: tuple[str, ...]) -> bool:
    """Whether words of the folded text begin like this; "again " is the word and not "against"."""
    words = f" {' '.join(_WORDS.findall(text))} "
    return any(f" {beginning}" in words for beginning in beginnings)


def _operator_words() -> set[str]:
    return {stem(word) for phrase in lexicon.OPERATOR for word in phrase.split()} | {
        "customer",
        "servic",
        "live",
        "our",
        "care",
        "reach",
        "connect",
        "assistanc",
        "help",
    }


@functools.lru_cache(maxsize=4096)
def language_named(label: str) -> str | None:
    words = tokenise(label)
    if len(words) > 4:
        return None
    text = join(words)
    return next((language for language, names in lexicon.LANGUAGES.items() if any(name in text for name in names)), None)


def _language_gate(menu: Menu, language: str) -> Option | None:
    """A menu that offers little but languages: take ours."""
    named = {language_named(option.label): option for option in menu.options if language_named(option.label)}
    others = [option for option in menu.options if not language_named(option.label) and role_of(option.label) == "topic"]
    return named.get(language or "en") if len(others) == 0 else None


def _wants_human(intent: str) -> bool:
    text = fold(intent)
    return role_of(text) == "operator" or not (content_words(text) - _operator_words() - {"human", "person", "real"})


@functools.lru_cache(maxsize=4096)
def stem(word: str) -> str:
    """A crude stem, enough to join charge, charges, charged and charging."""
    for ending in ("ations", "ation", "ements", "ement", "ments", "ment", "ings", "ing", "ies", "ied", "es", "ed", "s", "e", "y"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


@functools.lru_cache(maxsize=4096)
def content_words(text: str) -> frozenset[str]:
    """Stems of the words that say something."""
    return frozenset(stem(token.text) for token in tokenise(text) if token.text not in lexicon.STOP)


def shared_words(intent: str, label: str) -> float:
    wanted, offered = content_words(intent), content_words(label)
    if not wanted or not offered:
        return 0.0
    common = len(wanted & offered)
    return common / min(len(wanted), len(offered)) * (0.6 + 0.4 * common / max(len(wanted), len(offered)))


@functools.lru_cache(maxsize=4096)
def concepts_of(text: str) -> frozenset[str]:
    padded = f" {join(tokenise(text))} "
    found = {name for name, stems in lexicon.CONCEPTS.items() if any(f" {one}" in padded for one in stems)}
    return frozenset(found - {hidden for name in found for hidden in lexicon.HIDES.get(name, ())})


def shared_concepts(intent: str, label: str) -> float:
    wanted, offered = concepts_of(intent) - {"human"}, concepts_of(label) - {"human"}
    if not wanted or not offered:
        return 0.0
    direct = len(wanted & offered) / min(len(wanted), len(offered)) * (0.5 + 0.5 * len(wanted & offered) / len(wanted | offered))
    return max(float(direct), _by_parent(wanted, offered))


def _by_parent(wanted: frozenset[str], offered: frozenset[str]) -> float:
    """A label that names only the wider field of what is wanted: "account services" for a dispute, but not "account balance"."""
    lineages = [lexicon.PARENTS.get(concept, ()) for concept in wanted]
    far = (min(parents.index(parent) for parent in offered) for parents in lineages if offered and offered <= set(parents))
    return max((0.7 - 0.15 * steps for steps in far), default=0.0)


def _certainty(best: dict[str, Any], rows: list[dict[str, Any]]) -> float:
    """The share of the best option beside the other topics and beside taking none."""
    odds = [0.0, *(row["score"] for row in rows if row["role"] == "topic" and row is not best)]
    share = 1.0 / (1.0 + sum(math.exp(value - best["score"]) for value in odds))
    return float(round(min(0.99, max(0.3, share)), 3))


def _why(best: dict[str, Any]) -> str:
    parts = {name: best[name] * WEIGHTS[name] for name in SIGNS if name not in _RELATIVE}
    return "nearest by " + max(parts, key=lambda name: parts[name])
