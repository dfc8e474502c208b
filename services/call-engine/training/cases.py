"""Choices with a known answer: wishes before menus of the banks and of ``sectors``."""

from __future__ import annotations

import random

import msgspec
from call_engine.adapters.similarity import SentenceSimilarity
from call_engine.core.menu import Option
from call_engine.core.understanding.choice import role_of, signs_of
from menus import TrainingMenu

from tests.data.understanding.make import Writer

COUNTS = {"en": 90, "es": 18, "fr": 10, "de": 10}
NO_OPTION = -1
SENTENCE_WORDS = 4  #: fewer words seldom say what is wanted without the menu
SENTENCES, UNSERVED, STRANGERS = 1, 3, 2  #: of each option of ``sectors``; and of each menu, of its own kind of company and of others
NEAR_LABEL, NEAR_TOPIC, NEAR_WISH = 0.45, 0.3, 0.45  #: from here on a label may serve a stranger's wish, too


class Case(msgspec.Struct, frozen=True):
    """``wording``: direct, own_words, elsewhere or by_hand from a bank; said, unserved or stranger from ``sectors``."""

    signs: list[tuple[float, ...]]  #: of each option
    wanted: int  #: index of the option; ``NO_OPTION``: none of them
    wording: str

    @property
    def weight(self) -> float:
        """The banks ask as people do; of ``sectors``, which are terser, there are many more."""
        return {"said": 0.1, "stranger": 0.16, "unserved": 0.045}.get(self.wording, 1.0)


def cases_of_bank(bank: str, model: SentenceSimilarity) -> list[Case]:
    writer = Writer(bank)
    menus = [writer.menu(language, index) for language, count in COUNTS.items() for index in range(count)]
    found: list[Case] = []
    for menu in [*menus, *map(writer.by_hand, writer.bank["by hand"])]:
        options = [Option(one["digits"], one["label"]) for one in menu["options"]]
        rows = [row for row in signs_of(menu["intent"], options, model) if row.role == "topic"]
        digits = [row.option.digits for row in rows]
        wanted = digits.index(menu["choice"]) if menu["choice"] in digits and menu["wording"] != "elsewhere" else NO_OPTION
        if rows and (wanted != NO_OPTION or menu["wording"] in ("elsewhere", "by_hand")):
            found.append(Case([row.signs for row in rows], wanted, menu["wording"]))
    return found


def cases_of_sectors(menus: list[TrainingMenu], model: SentenceSimilarity) -> list[Case]:
    draw = random.Random(1)
    found: list[Case] = []
    for menu in menus:
        labels = [option.name for option in menu.options if role_of(option.name) == "topic"]
        for option in menu.options:
            sentences = [wish for wish in option.wishes if option.name in labels and len(wish.split()) >= SENTENCE_WORDS]
            for wish in draw.sample(sentences, min(SENTENCES, len(sentences))):
                offered = _some(labels, option.name, draw)
                found.append(Case(_signs(wish, offered, model), offered.index(option.name), "said"))
        unserved = draw.sample(menu.others, min(UNSERVED, len(menu.others)))
        found += [Case(_signs(wish, _some(labels, "", draw), model), NO_OPTION, "unserved") for wish in unserved]
        found += [Case(_signs(wish, labels, model), NO_OPTION, "stranger") for wish in _strangers(menu, labels, menus, model, draw)]
    return found


def _some(labels: list[str], kept: str, draw: random.Random) -> list[str]:
    """At least three of the labels where there are so many, in any order, ``kept`` among them."""
    others = [label for label in labels if label != kept]
    chosen = draw.sample(others, draw.randint(min(2, len(others)), len(others))) + ([kept] if kept else [])
    draw.shuffle(chosen)
    return chosen


def _strangers(
    menu: TrainingMenu, labels: list[str], menus: list[TrainingMenu], model: SentenceSimilarity, draw: random.Random
) -> list[str]:
    """Wishes of callers of other companies that nothing here seems to serve."""
    found: list[str] = []
    others = [one for one in menus if one.language == menu.language and one is not menu]
    for other in draw.sample(others, min(len(others), 2 * STRANGERS)):
        option = draw.choice(other.options)
        wish = draw.choice(option.wishes)
        alike = max(model.scores(option.name, labels)) > NEAR_LABEL or max(model.topics(option.name, labels)) > NEAR_TOPIC
        if len(wish.split()) >= SENTENCE_WORDS and not alike and max(model.topics(wish, labels)) <= NEAR_WISH:
            found.append(wish)
    return found[:STRANGERS]


def _signs(wish: str, labels: list[str], model: SentenceSimilarity) -> list[tuple[float, ...]]:
    return [one.signs for one in signs_of(wish, [Option(str(place), label) for place, label in enumerate(labels)], model)]
