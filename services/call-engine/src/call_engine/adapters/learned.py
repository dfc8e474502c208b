"""What was learned about words by ``training/fit.py``: weights over sentence vectors, float32[512] of length one."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from call_engine.adapters import towers
from call_engine.adapters.towers import Vector, unit

WISH, LABEL = "wish", "label"  #: the towers
#: What each file keeps of ``Learned``.
FILES: dict[str, tuple[str, ...]] = {
    "understanding.npz": ("kinds", "kind_weights", "topic_weights", "short"),
    "serving.npz": (*towers.names(WISH), *towers.names(LABEL)),
    "remembered_wishes.npz": ("wishes",),
    "remembered_labels.npz": ("labels",),
}
NEAREST = 20  #: options that are remembered at once
_FOCUS = 0.08  #: how much nearer the wishes of one have to be to count e times as much


class Learned:
    """``kept``: by name, as ``fit.py`` writes them.

    kinds and kind_weights [512 + cues + 1, kinds]; topic_weights [512 + 1, topics]; a tower of wishes and one of labels (``towers.py``); of
    the options remembered the middle of their wishes and their labels, int8[options, short], and short [512, short], which makes short
    vectors of those that the towers moved.
    """

    def __init__(self, kept: Mapping[str, Any]) -> None:
        self.kinds = str(kept["kinds"]).split("\n") if "kinds" in kept else []
        self.kind_weights: Vector = _floats(kept["kind_weights"]) if self.kinds else np.zeros((0, 0), np.float32)
        self._topic_weights = _floats(kept["topic_weights"])
        self._wish, self._label = (towers.from_arrays(name, kept) for name in (WISH, LABEL))
        self._short = _floats(kept["short"])
        self._wishes, self._labels = unit(_floats(kept["wishes"])), unit(_floats(kept["labels"]))

    def topics(self, wish: Vector, labels: Vector) -> Vector:
        """Bhattacharyya coefficients of the topics of a wish [512] and of labels [labels, 512], in [0, 1]."""
        return _shared(wish, labels, self._topic_weights)

    def serving(self, wish: Vector, labels: Vector) -> Vector:
        """Cosines of a wish [512] and labels [labels, 512], moved so that wishes lie by the labels that serve them."""
        cosines: Vector = self._label.moved(labels) @ self._wish.moved(wish[None])[0]
        return cosines

    def remembered(self, wish: Vector, labels: Vector) -> Vector:
        """How like labels [labels, 512] are to those of the options that served wishes most like this one [512], in [0, 1]."""
        asked, offered = unit(self._wish.moved(wish[None]) @ self._short)[0], unit(self._label.moved(labels) @ self._short)
        near = self._wishes @ asked
        nearest = np.argpartition(-near, NEAREST)[:NEAREST]
        weights = np.exp((near[nearest] - near[nearest].max()) / _FOCUS) * np.maximum(near[nearest], 1e-6)
        alike = np.maximum(0.0, offered @ self._labels[nearest].T) ** 2
        served: Vector = np.asarray(alike @ (weights / weights.sum()), np.float32)
        return served


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
        of_file: dict[str, Any] = {name: arrays[name] for name in FILES[path.name]}
        np.savez_compressed(path, **of_file)
    return sum(path.stat().st_size for path in paths())


def paths() -> list[Path]:
    return [Path(__file__).with_name(name) for name in FILES]


def as_bytes(vectors: Vector) -> NDArray[np.int8]:
    """Vectors whose length does not matter, a byte a number."""
    whole: NDArray[np.int8] = np.round(vectors / np.abs(vectors).max() * 127).astype(np.int8)
    return whole


def _shared(wish: Vector, labels: Vector, weights: Vector) -> Vector:
    odds = np.vstack([wish[None], labels]) @ weights[:-1] + weights[-1]
    roots = unit(np.exp((odds - odds.max(axis=1, keepdims=True)) / 2))
    shared: Vector = roots[1:] @ roots[0]
    return shared


def _floats(kept: NDArray[Any]) -> Vector:
    return kept.astype(np.float32)
