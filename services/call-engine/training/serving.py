"""Learns which labels serve which wishes: two towers (``adapters/towers.py``) after which a wish lies by the label that serves it.

Both begin from the model's own sense of likeness. Contrastive: of a handful of menus drawn at random, each wish has to find its own label
among all of theirs, the other options of its own menu counting more. Beside that it has to find its label in its own menu nearer than
``NEAR``, what no option there serves none so near, and a wish of another company's caller none in this menu. Half of the units, some of the
numbers and a third of the words are left out at random each time: without that the towers learn the wishes by heart.
"""

from __future__ import annotations

import msgspec
import numpy as np
from call_engine.adapters.learned import as_bytes
from call_engine.adapters.towers import SPREAD, STRIDE, Phrases, Tower, said_by, unit
from call_engine.adapters.word_places import PLACES
from drawn import NOTHING, Drawn, Embedded, Spoken, draw_menus
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]
UNITS, UNITS_LEFT_OUT, LEFT_OUT = 384, 0.55, 0.15
SAID, WORDS_LEFT_OUT = 64, 0.3
STEPS, RISING, SHARPNESS, RATE, DECAY = 1200, 100, 14.0, 2e-3, 3e-2
RIVAL = 1.0  #: by how much the odds of the other options of the same menu are raised
ALIKE = 0.7  #: labels that are so alike serve each other's wishes
NEAR = 7.0  #: odds of taking none of a menu: as of a label at half the greatest cosine
OWN_MENU, ELSEWHERE = 0.5, 0.5  #: how much it counts to tell what the own menu serves, and that another one does not
MAY_SERVE = 0.45  #: a menu with a label so like a wish's own may serve it, too
SHORT = 80  #: numbers of what is remembered of an option


class Learnt(msgspec.Struct, frozen=True):
    """Towers of wishes and of labels, and the table of what words say, float32[PLACES, SAID]."""

    wish: Tower
    label: Tower
    table: Floats

    def wishes_moved(self, wishes: Spoken) -> Floats:
        return self.wish.moved(Phrases(wishes.vectors, said_by(wishes.words, self.table)))

    def labels_moved(self, labels: Spoken) -> Floats:
        return self.label.moved(Phrases(labels.vectors, said_by(labels.words, self.table)))


def learn_towers(given: Embedded) -> Learnt:
    draw = np.random.default_rng(0)
    size = given.wishes.vectors.shape[1]
    many = np.array([sum(map(len, options)) for options in given.wish_places], np.float64) ** 0.75
    towers = [_untrained(size, draw) for _ in range(2)]
    weights = [*towers[0], *towers[1], draw.normal(0, 0.01, (PLACES, SAID)).astype(np.float32)]
    means, squares = ([np.zeros_like(one) for one in weights] for _ in range(2))
    for step in range(1, STEPS + 1):
        rate = np.float32(RATE * min(1.0, step / RISING, 2 * (1 - step / STEPS) + 0.02))
        for own, mean, square, slope in zip(
            weights, means, squares, _slopes(given, draw_menus(given, many / many.sum(), draw), weights, draw), strict=True
        ):
            mean += np.float32(0.1) * (slope - mean)
            square += np.float32(0.001) * (slope * slope - square)
            stride = mean / np.float32(1 - 0.9**step) / (np.sqrt(square / np.float32(1 - 0.999**step)) + np.float32(1e-8))
            own *= 1 - rate * np.float32(DECAY)
            own -= rate * stride
    parts = len(towers[0])
    return Learnt(Tower(*weights[:parts]), Tower(*weights[parts:-1]), weights[-1])


def _untrained(size: int, draw: np.random.Generator) -> list[Floats]:
    """The parts of a tower that moves nothing yet, in the order of ``Tower``."""
    into = draw.normal(0, (1 / 3 / size) ** 0.5, (size, UNITS)).astype(np.float32)
    by_words = draw.normal(0, size**-0.5, (SAID, size)).astype(np.float32)
    return [into, np.zeros(UNITS, np.float32), np.zeros((UNITS, size), np.float32), np.zeros(size, np.float32), by_words]


class _Pass:
    """Phrases through a tower, of whose inputs, units and words some are left out at random; and the way back."""

    def __init__(self, spoken: Spoken, places: Numbers, tower: list[Floats], table: Floats, draw: np.random.Generator) -> None:
        self._tower = tower
        vectors = spoken.vectors[places]
        self._given = vectors * SPREAD * _kept(vectors.shape, LEFT_OUT, draw)
        reached = self._given @ tower[0] + tower[1]
        self._open = (reached > 0) * _kept(reached.shape, UNITS_LEFT_OUT, draw)
        self._hidden = reached * self._open
        words = [spoken.words[place] for place in places]
        many = np.array([max(1, len(one)) for one in words], np.float32)
        self._row = np.repeat(np.arange(len(words)), [len(one) for one in words])
        self._word = np.concatenate(words)
        self._share = _kept((len(self._word), 1), WORDS_LEFT_OUT, draw) / np.sqrt(many)[self._row, None]
        self._said = np.zeros((len(words), SAID), np.float32)
        np.add.at(self._said, self._row, table[self._word] * self._share)
        moved = vectors + STRIDE * (self._hidden @ tower[2] + tower[3]) + self._said @ tower[4]
        self._lengths = np.linalg.norm(moved, axis=1, keepdims=True)
        self.moved: Floats = moved / self._lengths

    def slopes(self, by_moved: Floats, by_table: Floats) -> list[Floats]:
        """Of the loss in each part of the tower; what it is in the table is added to ``by_table``."""
        by_raw = (by_moved - self.moved * (by_moved * self.moved).sum(axis=1, keepdims=True)) / self._lengths
        np.add.at(by_table, self._word, (by_raw @ self._tower[4].T)[self._row] * self._share)
        by_shift = STRIDE * by_raw
        by_reached = (by_shift @ self._tower[2].T) * self._open
        return [
            self._given.T @ by_reached, by_reached.sum(axis=0), self._hidden.T @ by_shift, by_shift.sum(axis=0), self._said.T @ by_raw,
        ]  # fmt: skip


def _kept(shape: tuple[int, ...], left_out: float, draw: np.random.Generator) -> Floats:
    return (draw.random(shape, np.float32) >= left_out).astype(np.float32) / np.float32(1 - left_out)


def _slopes(given: Embedded, drawn: Drawn, weights: list[Floats], draw: np.random.Generator) -> list[Floats]:
    """Of the loss in the weights of both towers and in the table."""
    parts, table = len(weights) // 2, weights[-1]
    of_wishes = _Pass(given.wishes, drawn.wishes, weights[:parts], table, draw)
    of_labels = _Pass(given.labels, drawn.labels, weights[parts:-1], table, draw)
    labels = given.labels.vectors[drawn.labels]
    wrong = np.float32(SHARPNESS) * _wrong(np.float32(SHARPNESS) * (of_wishes.moved @ of_labels.moved.T), labels @ labels.T, drawn)
    by_table = np.zeros_like(table)
    by_towers = [*of_wishes.slopes(wrong @ of_labels.moved, by_table), *of_labels.slopes(wrong.T @ of_wishes.moved, by_table)]
    return [*by_towers, by_table]


def _wrong(odds: Floats, kinship: Floats, drawn: Drawn) -> Floats:
    """Slope of the loss in the odds float32[wishes, labels]; ``kinship``: cosines of the labels."""
    wrong = np.zeros_like(odds)
    same = drawn.menu_of_wish[:, None] == drawn.menu_of_label[None]
    served = np.flatnonzero(drawn.served_by != NOTHING)
    own = drawn.served_by[served]
    among = odds[served] + np.float32(RIVAL) * same[served]
    among[(kinship > ALIKE)[own] & ~same[served]] = -1e9
    wrong[served] += _against(among, own) / np.float32(len(served))
    several = np.flatnonzero(same.sum(axis=1) > 1)
    wrong[several] += OWN_MENU * _or_none(odds[several], same[several], drawn.served_by[several]) / np.float32(len(several))
    other = drawn.elsewhere[:, None] == drawn.menu_of_label[None]
    likest = np.where(other[served], kinship[own], -1.0).max(axis=1)
    strange = served[(drawn.elsewhere[served] != NOTHING) & (likest < MAY_SERVE)]
    wrong[strange] += ELSEWHERE * _or_none(odds[strange], other[strange], np.full(len(strange), NOTHING)) / np.float32(len(odds))
    return wrong


def _against(odds: Floats, wanted: Numbers) -> Floats:
    """Shares less what they should be; ``wanted``: a column, or ``NOTHING`` for the last."""
    wrong = _shares(odds)
    wrong[np.arange(len(wrong)), wanted] -= 1
    return wrong


def _or_none(odds: Floats, offered: NDArray[np.bool_], wanted: Numbers) -> Floats:
    """The same among those offered, and none of them."""
    none = np.full((len(odds), 1), NEAR, np.float32)
    return _against(np.hstack([np.where(offered, odds, np.float32(-1e9)), none]), wanted)[:, :-1]


def memory(given: Embedded, learnt: Learnt) -> dict[str, NDArray[np.generic]]:
    """Of every option the middle of the wishes that it serves, and its label, by the names of ``Learned``."""
    wishes, of_labels = learnt.wishes_moved(given.wishes), learnt.labels_moved(given.labels)
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
