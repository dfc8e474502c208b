"""Two small networks that bring wishes and the labels that serve them together, over sentence vectors float32[512] of length one.

A *tower* moves each vector by what a hidden layer of rectified units says, and by what is known of the words themselves, which the sentence
vector blurs; and makes it of length one again. Wishes and labels have a tower each: what callers say and what menus call it are worded
differently; what a word says is known to both. Learned by ``training/serving.py``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float32]
STRIDE = np.float32(0.18)  #: how far a hidden unit may move a vector; with ``SPREAD`` it sets how fast a tower learns
SPREAD = np.float32(512**0.5)  #: numbers of a vector of length one are as large as this makes them near one
_SCALE = "_scale"  #: of a matrix kept a byte a number
_GREATEST = 48  #: number of such a matrix: coarse, to compress better
_MATRICES, _VECTORS = ("into", "out", "by_words"), ("bias", "shift")


class Phrases(msgspec.Struct, frozen=True):
    """``vectors`` float32[n, 512] of length one; ``words`` float32[n, said], what their words say (``said_by``)."""

    vectors: Vector
    words: Vector


class Tower(msgspec.Struct, frozen=True):
    """``into`` float32[512, units], ``bias`` [units], ``out`` [units, 512], ``shift`` [512], ``by_words`` [said, 512]."""

    into: Vector
    bias: Vector
    out: Vector
    shift: Vector
    by_words: Vector

    def moved(self, phrases: Phrases) -> Vector:
        """float32[n, 512] of length one."""
        hidden = np.maximum(0.0, (phrases.vectors * SPREAD) @ self.into + self.bias)
        shifted = phrases.vectors + STRIDE * (hidden @ self.out + self.shift) + phrases.words @ self.by_words
        return unit(np.asarray(shifted, np.float32))


def said_by(words: Sequence[Sequence[int]], table: Vector) -> Vector:
    """float32[n, said]: what the words of each phrase say together; ``words``: their places in the table [places, said]."""
    said = np.zeros((len(words), table.shape[1]), np.float32)
    for row, places in enumerate(words):
        if len(places):
            said[row] = table[np.asarray(places)].sum(axis=0) / np.float32(len(places) ** 0.5)
    return said


def as_arrays(name: str, tower: Tower) -> dict[str, NDArray[Any]]:
    """To be kept: matrices a byte a number."""
    arrays: dict[str, NDArray[Any]] = {f"{name}_{part}": getattr(tower, part) for part in _VECTORS}
    for part in _MATRICES:
        arrays |= matrix_as_arrays(f"{name}_{part}", getattr(tower, part))
    return arrays


def from_arrays(name: str, kept: Mapping[str, Any]) -> Tower:
    matrices = {part: matrix_from_arrays(f"{name}_{part}", kept) for part in _MATRICES}
    return Tower(**matrices, **{part: kept[f"{name}_{part}"] for part in _VECTORS})


def matrix_as_arrays(name: str, matrix: Vector) -> dict[str, NDArray[Any]]:
    scale = np.abs(matrix).max() / _GREATEST
    return {name: np.round(matrix / scale).astype(np.int8), f"{name}{_SCALE}": np.array(scale, np.float32)}


def matrix_from_arrays(name: str, kept: Mapping[str, Any]) -> Vector:
    matrix: Vector = kept[name].astype(np.float32) * np.float32(kept[f"{name}{_SCALE}"])
    return matrix


def names(name: str) -> tuple[str, ...]:
    """Of the arrays of a tower."""
    return tuple(f"{name}_{part}" for part in _VECTORS) + tuple(one for part in _MATRICES for one in names_of_matrix(f"{name}_{part}"))


def names_of_matrix(name: str) -> tuple[str, str]:
    return name, f"{name}{_SCALE}"


def unit(vectors: Vector) -> Vector:
    lengths: Vector = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return lengths
