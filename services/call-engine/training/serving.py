"""Learns which labels serve which wishes: two towers (``adapters/towers.py``) after which a wish lies by the label that serves it.

Both begin from the model's own sense of likeness. Contrastive: of a handful of menus drawn at random, each wish has to find its own label
among all of theirs, the other options of its own menu counting more. Half of the units and some of the numbers are left out at random
each time: without that the towers learn the wishes by heart.
"""

from __future__ import annotations

import msgspec
import numpy as np
from call_engine.adapters.learned import as_bytes
from call_engine.adapters.similarity import SentenceSimilarity
from call_engine.adapters.towers import SPREAD, STRIDE, Tower, unit
from menus import TrainingMenu
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]
UNITS, UNITS_LEFT_OUT, LEFT_OUT = 384, 0.55, 0.15
STEPS, RISING, SHARPNESS, RATE, DECAY = 1200, 100, 14.0, 2e-3, 3e-2
MENUS, WISHES = 48, 5  #: drawn at a time, and of each menu
RIVAL = 1.0  #: by how much the odds of the other options of the same menu are raised
ALIKE = 0.7  #: labels that are so alike serve each other's wishes
SHORT = 96  #: numbers of what is remembered of an option


class Embedded(msgspec.Struct, frozen=True):
    """Menus as vectors: ``labels`` and ``wishes`` float32[n, 512]; of each menu, of each option, the places of its labels and wishes."""

    labels: Floats
    wishes: Floats
    label_places: list[list[list[int]]]
    wish_places: list[list[list[int]]]


def embedded(menus: list[TrainingMenu], model: SentenceSimilarity) -> Embedded:
    labels: list[str] = []
    wishes: list[str] = []
    label_places, wish_places = [], []
    for menu in menus:
        label_places.append([_placed(option.labels, labels) for option in menu.options])
        wish_places.append([_placed(option.wishes, wishes) for option in menu.options])
    return Embedded(model.vectors(labels), model.vectors(wishes), label_places, wish_places)


def _placed(phrases: tuple[str, ...], among: list[str]) -> list[int]:
    among.extend(phrases)
    return list(range(len(among) - len(phrases), len(among)))


class _Drawn(msgspec.Struct, frozen=True):
    """Some wishes and the labels of their menus: places, which label serves each wish, and the menus of both."""

    wishes: Numbers
    labels: Numbers
    served_by: Numbers
    menu_of_wish: Numbers
    menu_of_label: Numbers


def _draw(given: Embedded, share: NDArray[np.float64], draw: np.random.Generator) -> _Drawn:
    wishes, labels, served_by, menu_of_wish, menu_of_label = [], [], [], [], []
    for menu in draw.choice(len(share), MENUS, replace=False, p=share):
        first = len(labels)
        labels += [places[draw.integers(len(places))] for places in given.label_places[menu]]
        menu_of_label += [menu] * (len(labels) - first)
        asked = [(option, wish) for option, places in enumerate(given.wish_places[menu]) for wish in places]
        for place in draw.choice(len(asked), min(WISHES, len(asked)), replace=False):
            option, wish = asked[place]
            wishes.append(wish)
            served_by.append(first + option)
            menu_of_wish.append(menu)
    return _Drawn(*(np.array(each, np.int64) for each in (wishes, labels, served_by, menu_of_wish, menu_of_label)))


def learn_towers(given: Embedded) -> tuple[Tower, Tower]:
    """Of wishes and of labels."""
    draw = np.random.default_rng(0)
    size = given.wishes.shape[1]
    many = np.array([sum(map(len, options)) for options in given.wish_places], np.float64) ** 0.75
    weights = [_untrained(size, draw) for _ in range(2)]
    means, squares = ([[np.zeros_like(one) for one in tower] for tower in weights] for _ in range(2))
    for step in range(1, STEPS + 1):
        rate = np.float32(RATE * min(1.0, step / RISING, 2 * (1 - step / STEPS) + 0.02))
        slopes = _slopes(given, _draw(given, many / many.sum(), draw), weights, draw)
        for own, mean, square, slope in zip(weights, means, squares, slopes, strict=True):
            for place, down in enumerate(slope):
                mean[place] = 0.9 * mean[place] + 0.1 * down
                square[place] = 0.999 * square[place] + 0.001 * down * down
                stride = (mean[place] / (1 - 0.9**step)) / (np.sqrt(square[place] / (1 - 0.999**step)) + np.float32(1e-8))
                own[place] = np.asarray(own[place] * (1 - rate * np.float32(DECAY)) - rate * stride, np.float32)
    wish, label = (Tower(*tower) for tower in weights)
    return wish, label


def _untrained(size: int, draw: np.random.Generator) -> list[Floats]:
    """The parts of a tower that moves nothing yet."""
    into = draw.normal(0, (1 / 3 / size) ** 0.5, (size, UNITS)).astype(np.float32)
    return [into, np.zeros(UNITS, np.float32), np.zeros((UNITS, size), np.float32), np.zeros(size, np.float32)]


class _Pass:
    """Vectors through a tower, of whose inputs and units some are left out at random; and the way back."""

    def __init__(self, vectors: Floats, tower: list[Floats], draw: np.random.Generator) -> None:
        self._tower = tower
        self._given = vectors * SPREAD * _kept(vectors.shape, LEFT_OUT, draw)
        reached = self._given @ tower[0] + tower[1]
        self._open = (reached > 0) * _kept(reached.shape, UNITS_LEFT_OUT, draw)
        self._hidden = reached * self._open
        moved = vectors + STRIDE * (self._hidden @ tower[2] + tower[3])
        self._lengths = np.linalg.norm(moved, axis=1, keepdims=True)
        self.moved: Floats = moved / self._lengths

    def slopes(self, by_moved: Floats) -> list[Floats]:
        """Of the loss in each part of the tower."""
        by_shift = STRIDE * (by_moved - self.moved * (by_moved * self.moved).sum(axis=1, keepdims=True)) / self._lengths
        by_reached = (by_shift @ self._tower[2].T) * self._open
        return [self._given.T @ by_reached, by_reached.sum(axis=0), self._hidden.T @ by_shift, by_shift.sum(axis=0)]


def _kept(shape: tuple[int, ...], left_out: float, draw: np.random.Generator) -> Floats:
    return (draw.random(shape, np.float32) >= left_out).astype(np.float32) / np.float32(1 - left_out)


def _slopes(given: Embedded, drawn: _Drawn, towers: list[list[Floats]], draw: np.random.Generator) -> list[list[Floats]]:
    """Of the loss in the weights of both towers."""
    labels = given.labels[drawn.labels]
    of_wishes, of_labels = _Pass(given.wishes[drawn.wishes], towers[0], draw), _Pass(labels, towers[1], draw)
    same_menu = drawn.menu_of_wish[:, None] == drawn.menu_of_label[None]
    odds = SHARPNESS * (of_wishes.moved @ of_labels.moved.T) + np.float32(RIVAL) * same_menu
    odds[(labels @ labels.T > ALIKE)[drawn.served_by] & ~same_menu] = -1e9
    wrong = _shares(odds)
    wrong[np.arange(len(wrong)), drawn.served_by] -= 1
    wrong *= np.float32(SHARPNESS / len(wrong))
    return [of_wishes.slopes(wrong @ of_labels.moved), of_labels.slopes(wrong.T @ of_wishes.moved)]


def memory(given: Embedded, wish: Tower, label: Tower) -> dict[str, NDArray[np.generic]]:
    """Of every option the middle of the wishes that it serves, and its label, by the names of ``Learned``."""
    wishes, of_labels = wish.moved(given.wishes), label.moved(given.labels)
    options = [
        (named[0], places)
        for menu_labels, menu_wishes in zip(given.label_places, given.wish_places, strict=True)
        for named, places in zip(menu_labels, menu_wishes, strict=True)
        if places
    ]
    middles = unit(np.array([wishes[places].mean(axis=0) for _, places in options], np.float32))
    _, _, axes = np.linalg.svd(np.vstack([wishes, of_labels])[::3], full_matrices=False)
    short = axes[:SHORT].T.astype(np.float16)
    served_by = of_labels[[place for place, _ in options]]
    return {
        "short": short, "wishes": as_bytes(middles @ short.astype(np.float32)), "labels": as_bytes(served_by @ short.astype(np.float32)),
    }  # fmt: skip


def _shares(odds: Floats) -> Floats:
    shares: Floats = np.exp(odds - odds.max(axis=1, keepdims=True))
    return shares / shares.sum(axis=1, keepdims=True)
