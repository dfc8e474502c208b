"""Two small networks that bring wishes and the labels that serve them together, over sentence vectors float32[512] of length one.

A *tower* moves each vector by what a hidden layer of rectified units says, and makes it of length one again. Wishes and labels have a tower
each: what callers say and what menus call it are worded differently. Learned by ``training/serving.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float32]
STRIDE = np.float32(0.18)  #: how far a hidden unit may move a vector; with ``SPREAD`` it sets how fast a tower learns
SPREAD = np.float32(512**0.5)  #: numbers of a vector of length one are as large as this makes them near one
_SCALE = "_scale"  #: of a matrix kept a byte a number


class Tower(msgspec.Struct, frozen=True):
    """``into`` float32[512, units], ``bias`` [units], ``out`` [units, 512], ``shift`` [512]."""

    into: Vector
    bias: Vector
    out: Vector
    shift: Vector

    def moved(self, vectors: Vector) -> Vector:
        """float32[n, 512] of length one, of vectors [n, 512] of length one."""
        hidden = np.maximum(0.0, (vectors * SPREAD) @ self.into + self.bias)
        return unit(np.asarray(vectors + STRIDE * (hidden @ self.out + self.shift), np.float32))


def as_arrays(name: str, tower: Tower) -> dict[str, NDArray[Any]]:
    """To be kept: matrices a byte a number."""
    arrays: dict[str, NDArray[Any]] = {}
    for part in ("into", "out"):
        matrix = getattr(tower, part)
        scale = np.abs(matrix).max() / 127
        arrays[f"{name}_{part}"] = np.round(matrix / scale).astype(np.int8)
        arrays[f"{name}_{part}{_SCALE}"] = np.array(scale, np.float32)
    return {**arrays, f"{name}_bias": tower.bias, f"{name}_shift": tower.shift}


def from_arrays(name: str, kept: Mapping[str, Any]) -> Tower:
    into, out = (kept[f"{name}_{part}"].astype(np.float32) * np.float32(kept[f"{name}_{part}{_SCALE}"]) for part in ("into", "out"))
    return Tower(into, kept[f"{name}_bias"], out, kept[f"{name}_shift"])


def names(name: str) -> tuple[str, ...]:
    """Of the arrays of a tower."""
    return tuple(f"{name}_{part}" for part in ("into", f"into{_SCALE}", "out", f"out{_SCALE}", "bias", "shift"))


def unit(vectors: Vector) -> Vector:
    lengths: Vector = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return lengths
