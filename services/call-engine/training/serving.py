"""Learns which labels serve which wishes: a turn of the sentence vectors after which a wish lies by the label that serves it.

The turn is ``v + v A B`` with few columns in A, so that it starts from the model's own sense of likeness and moves away only where many
pairs agree. Contrastive: of a handful of menus drawn at random, each wish has to find its own label among all of theirs, the other options
of its own menu counting more.
"""

from __future__ import annotations

import msgspec
import numpy as np
from call_engine.adapters.learned import as_bytes, turned
from call_engine.adapters.similarity import SentenceSimilarity
from menus import TrainingMenu
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]
Turn = tuple[Floats, Floats]
RANK, STEPS, SHARPNESS, RATE, DECAY = 96, 500, 14.0, 3e-3, 3e-2
MENUS, WISHES = 48, 5  #: drawn at a time, and of each menu
RIVAL = 1.0  #: by how much the odds of the other options of the same menu are raised
ALIKE = 0.7  #: labels that are so alike serve each other's wishes
SHORT = 128  #: numbers of a wish that is remembered


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


def learn_turn(given: Embedded) -> Turn:
    draw = np.random.default_rng(0)
    size = given.wishes.shape[1]
    many = np.array([sum(map(len, options)) for options in given.wish_places], np.float64) ** 0.75
    weights = [draw.normal(0, 1 / np.sqrt(size), (size, RANK)).astype(np.float32), np.zeros((RANK, size), np.float32)]
    means, squares = [np.zeros_like(one) for one in weights], [np.zeros_like(one) for one in weights]
    for step in range(1, STEPS + 1):
        rate = RATE * min(1.0, 2 * (1 - step / STEPS) + 0.02)
        for place, slope in enumerate(_slopes(given, _draw(given, many / many.sum(), draw), weights[0], weights[1])):
            means[place] = 0.9 * means[place] + 0.1 * slope
            squares[place] = 0.99 * squares[place] + 0.01 * slope * slope
            stride = (means[place] / (1 - 0.9**step)) / (np.sqrt(squares[place] / (1 - 0.99**step)) + 1e-8)
            weights[place] = weights[place] * np.float32(1 - rate * DECAY) - np.float32(rate) * stride
    return weights[0], weights[1]


def _slopes(given: Embedded, drawn: _Drawn, into: Floats, out: Floats) -> tuple[Floats, Floats]:
    """Of the loss in both weights."""
    wishes, labels = given.wishes[drawn.wishes], given.labels[drawn.labels]
    wish, wish_length = _unit(wishes + wishes @ into @ out)
    label, label_length = _unit(labels + labels @ into @ out)
    same_menu = drawn.menu_of_wish[:, None] == drawn.menu_of_label[None]
    odds = SHARPNESS * (wish @ label.T) + np.float32(RIVAL) * same_menu
    odds[(labels @ labels.T > ALIKE)[drawn.served_by] & ~same_menu] = -1e9
    wrong = _shares(odds)
    wrong[np.arange(len(wrong)), drawn.served_by] -= 1
    wrong *= np.float32(SHARPNESS / len(wrong))
    by_wish, by_label = wrong @ label, wrong.T @ wish
    by_wish = (by_wish - wish * (by_wish * wish).sum(axis=1, keepdims=True)) / wish_length
    by_label = (by_label - label * (by_label * label).sum(axis=1, keepdims=True)) / label_length
    of_into = wishes.T @ (by_wish @ out.T) + labels.T @ (by_label @ out.T)
    return of_into, (wishes @ into).T @ by_wish + (labels @ into).T @ by_label


def memory(given: Embedded, turn: Turn) -> dict[str, NDArray[np.generic]]:
    """Every wish with the label that serves it, by the names of ``Learned``."""
    wishes, labels = turned(given.wishes, turn), turned(given.labels, turn)
    label_of = np.zeros(len(wishes), np.uint16)
    for menu_labels, menu_wishes in zip(given.label_places, given.wish_places, strict=True):
        for served_by, places in zip(menu_labels, menu_wishes, strict=True):
            label_of[places] = served_by[0]
    used, label_of = np.unique(label_of, return_inverse=True)
    _, _, axes = np.linalg.svd(np.vstack([wishes, labels])[::3], full_matrices=False)
    short = axes[:SHORT].T.astype(np.float16)
    return {
        "short": short, "wishes": as_bytes(wishes @ short.astype(np.float32)), "labels": as_bytes(labels[used] @ short.astype(np.float32)),
        "label_of": label_of.astype(np.uint16),
    }  # fmt: skip


def _unit(vectors: Floats) -> tuple[Floats, Floats]:
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / length, length


def _shares(odds: Floats) -> Floats:
    shares: Floats = np.exp(odds - odds.max(axis=1, keepdims=True))
    return shares / shares.sum(axis=1, keepdims=True)
