"""What was learned about words by ``training/fit.py``: weights over sentence vectors, float32[512] of length one."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from call_engine.adapters import towers
from call_engine.adapters.towers import Phrases, Vector, unit
from call_engine.adapters.word_places import word_places

WISH, LABEL = "wish", "label"  #: the towers
TABLE = "said"  #: what words say
#: What each file keeps of ``Learned``.
FILES: dict[str, tuple[str, ...]] = {
    "understanding.npz": ("kinds", "kind_weights", "topic_weights", "short"),
    "serving.npz": (*towers.names(WISH), *towers.names(LABEL), *towers.names_of_matrix(TABLE)),
    "remembered_wishes.npz": ("wishes",),
    "remembered_labels.npz": ("labels",),
}
NEAREST = 20  #: options that are remembered at once
_BEST = 12  #: remembered labels of a wish, or wishes of a label, that show how near such a one comes at best
_SOME = 3  #: every so many wishes remembered show it of a label: a menu has several of them, and this is what takes longest
_GREATEST = 20  #: number of those kept a byte each; so coarse a vector is 0.99 like itself
_FOCUS = 0.08  #: how much nearer the wishes of one have to be to count e times as much


class Served(msgspec.Struct, frozen=True):
    """How labels serve a wish, float32[labels] each.

    ``serving``: cosines of both, moved so that wishes lie by the labels that serve them. ``remembered``: how like labels are to those of
    the options that served wishes most like this one, in [0, 1]. ``singled_out``: how much nearer labels are to the wish than the labels
    remembered that are nearest to it, and the wishes remembered that are nearest to each label, plus one: some come near to much. In about
    [0, 1.5].
    """

    serving: Vector
    remembered: Vector
    singled_out: Vector


class Learned:
    """``kept``: by name, as ``fit.py`` writes them.

    kinds and kind_weights [512 + cues + 1, kinds]; topic_weights [512 + 1, topics]; a tower of wishes and one of labels (``towers.py``) and
    the table of what words say, int8[places, said]; of the options remembered the middle of their wishes and their labels, int8[options,
    short], and short [512, short], which makes short vectors of those that the towers moved.
    """

    def __init__(self, kept: Mapping[str, Any]) -> None:
        self.kinds = str(kept["kinds"]).split("\n") if "kinds" in kept else []
        self.kind_weights: Vector = _floats(kept["kind_weights"]) if self.kinds else np.zeros((0, 0), np.float32)
        self._topic_weights = _floats(kept["topic_weights"])
        self._wish, self._label = (towers.from_arrays(name, kept) for name in (WISH, LABEL))
        self._table = towers.matrix_from_arrays(TABLE, kept)
        self._short = _floats(kept["short"])
        self._wishes, self._labels = unit(_floats(kept["wishes"])), unit(_floats(kept["labels"]))
        self._some_wishes = np.ascontiguousarray(self._wishes[::_SOME].T)

    def topics(self, wish: Vector, labels: Vector) -> Vector:
        """Bhattacharyya coefficients of the topics of a wish [512] and of labels [labels, 512], in [0, 1]."""
        return _shared(wish, labels, self._topic_weights)

    def phrases(self, texts: Sequence[str], vectors: Vector) -> Phrases:
        """Texts, whose vectors [texts, 512] are known, as the towers take them."""
        return Phrases(vectors, towers.said_by([word_places(text) for text in texts], self._table))

    def served(self, wish: Phrases, labels: Phrases) -> Served:
        """How labels serve one wish."""
        asked, offered = self._wish.moved(wish), self._label.moved(labels)
        cosines: Vector = offered @ asked[0]
        short_asked, short_offered = unit(asked @ self._short)[0], unit(offered @ self._short)
        near = self._wishes @ short_asked
        return Served(cosines, self._remembered(near, short_offered), self._singled_out(short_asked, short_offered))

    def _remembered(self, near: Vector, offered: Vector) -> Vector:
        """``near``: how near the wishes remembered are."""
        nearest = np.argpartition(-near, NEAREST)[:NEAREST]
        weights = np.exp((near[nearest] - near[nearest].max()) / _FOCUS) * np.maximum(near[nearest], 1e-6)
        alike = np.maximum(0.0, offered @ self._labels[nearest].T) ** 2
        remembered: Vector = np.asarray(alike @ (weights / weights.sum()), np.float32)
        return remembered

    def _singled_out(self, asked: Vector, offered: Vector) -> Vector:
        usual = _best(self._labels @ asked, _BEST) + _best(offered @ self._some_wishes, _BEST // _SOME)
        singled_out: Vector = np.asarray(np.maximum(0.0, 1.0 + offered @ asked - usual / 2), np.float32)
        return singled_out


@functools.cache
def learned() -> Learned:
    return Learned(kept())


def kept() -> dict[str, NDArray[Any]]:
    """What ``keep`` wrote."""
    arrays: dict[str, NDArray[Any]] = {}
    for path in paths():
        with np.load(path) as part:
            arrays.update(part)
    return arrays


def keep(arrays: Mapping[str, NDArray[Any]]) -> int:
    """Writes what was learned; how many bytes it takes."""
    for path in paths():
        # Column by column: numbers of one kind lie together and compress better.
        of_file: dict[str, Any] = {name: arrays[name].copy(order="F") for name in FILES[path.name]}
        np.savez_compressed(path, **of_file)
    return sum(path.stat().st_size for path in paths())


def paths() -> list[Path]:
    return [Path(__file__).with_name(name) for name in FILES]


def as_bytes(vectors: Vector) -> NDArray[np.int8]:
    """Vectors whose length does not matter, a byte a number, of so few values that they compress to half."""
    whole: NDArray[np.int8] = np.round(vectors / np.abs(vectors).max() * _GREATEST).astype(np.int8)
    return whole


def _best(cosines: Vector, many: int) -> Vector:
    """Mean of the greatest ones along the last axis."""
    mean: Vector = np.partition(cosines, -many, axis=-1)[..., -many:].mean(axis=-1)
    return mean


def _shared(wish: Vector, labels: Vector, weights: Vector) -> Vector:
    odds = np.vstack([wish[None], labels]) @ weights[:-1] + weights[-1]
    roots = unit(np.exp((odds - odds.max(axis=1, keepdims=True)) / 2))
    shared: Vector = roots[1:] @ roots[0]
    return shared


def _floats(kept: NDArray[Any]) -> Vector:
    return kept.astype(np.float32)
