"""What the towers learn from: menus as vectors and words, of which a handful is drawn at a time."""

from __future__ import annotations

import msgspec
import numpy as np
from call_engine.adapters.similarity import SentenceSimilarity
from call_engine.adapters.word_places import word_places
from menus import TrainingMenu
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]
MENUS, WISHES, UNSERVED = 48, 5, 2  #: drawn at a time, and of each menu
NOTHING = -1  #: in place of a label that serves a wish, or of a menu


class Spoken(msgspec.Struct, frozen=True):
    """Phrases: their ``vectors`` float32[n, 512] and, of each, the places of its words (``word_places``)."""

    vectors: Floats
    words: list[Numbers]


class Embedded(msgspec.Struct, frozen=True):
    """Menus as phrases: of each menu, of each option, the places of its labels and wishes; and of each the wishes that nothing serves."""

    labels: Spoken
    wishes: Spoken
    label_places: list[list[list[int]]]
    wish_places: list[list[list[int]]]
    unserved_places: list[list[int]]
    languages: list[str]


def embedded(menus: list[TrainingMenu], model: SentenceSimilarity) -> Embedded:
    labels: list[str] = []
    wishes: list[str] = []
    label_places, wish_places, unserved_places = [], [], []
    for menu in menus:
        label_places.append([_placed(option.labels, labels) for option in menu.options])
        wish_places.append([_placed(option.wishes, wishes) for option in menu.options])
        unserved_places.append(_placed(menu.others, wishes))
    languages = [menu.language for menu in menus]
    return Embedded(_spoken(labels, model), _spoken(wishes, model), label_places, wish_places, unserved_places, languages)


def _placed(phrases: tuple[str, ...], among: list[str]) -> list[int]:
    among.extend(phrases)
    return list(range(len(among) - len(phrases), len(among)))


def _spoken(phrases: list[str], model: SentenceSimilarity) -> Spoken:
    return Spoken(model.vectors(phrases), [np.array(word_places(phrase), np.int64) for phrase in phrases])


class Drawn(msgspec.Struct, frozen=True):
    """Some wishes and the labels of their menus: places, which label serves each wish (``NOTHING``: none), the menus of both, and for some
    wishes another menu of their language, whose caller they are not."""

    wishes: Numbers
    labels: Numbers
    served_by: Numbers
    menu_of_wish: Numbers
    menu_of_label: Numbers
    elsewhere: Numbers


def draw_menus(given: Embedded, share: NDArray[np.float64], draw: np.random.Generator) -> Drawn:
    wishes, labels, served_by, menu_of_wish, menu_of_label = [], [], [], [], []
    menus = draw.choice(len(share), MENUS, replace=False, p=share)
    for menu in menus:
        first = len(labels)
        labels += [places[draw.integers(len(places))] for places in given.label_places[menu]]
        menu_of_label += [menu] * (len(labels) - first)
        asked = [(first + option, wish) for option, places in enumerate(given.wish_places[menu]) for wish in places]
        chosen = [asked[place] for place in draw.choice(len(asked), min(WISHES, len(asked)), replace=False)]
        unserved = given.unserved_places[menu]
        chosen += [(NOTHING, unserved[place]) for place in draw.choice(len(unserved), min(UNSERVED, len(unserved)), replace=False)]
        served_by += [label for label, _ in chosen]
        wishes += [wish for _, wish in chosen]
        menu_of_wish += [menu] * len(chosen)
    elsewhere = _elsewhere(given, menus, menu_of_wish, draw)
    return Drawn(*(np.array(each, np.int64) for each in (wishes, labels, served_by, menu_of_wish, menu_of_label, elsewhere)))


def _elsewhere(given: Embedded, menus: Numbers, menu_of_wish: list[int], draw: np.random.Generator) -> list[int]:
    """Of each wish some other menu of its language among those drawn; ``NOTHING`` for what is known of no menu."""
    alike: dict[str, list[int]] = {}
    for menu in menus:
        if len(given.label_places[menu]) > 1:
            alike.setdefault(given.languages[menu], []).append(int(menu))
    found = []
    for own in menu_of_wish:
        others = alike.get(given.languages[own], []) if given.languages[own] else []
        other = others[draw.integers(len(others))] if others else NOTHING
        found.append(NOTHING if other == own else other)
    return found
