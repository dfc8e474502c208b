"""One vector for what a text means, made of two encoders' by what ``training/fit.py`` learned of them.

The one encoder knows sixteen languages, the other English alone, and that better. Of a text in another language the second half is what
the English encoder would say, told from the first.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from call_engine.adapters.learned import Vector, unit

KEPT = Path(__file__).with_name("meaning.npz")
HALVES = (512, 384)  #: numbers of the encoder of all languages, and of the one of English; each half of length one
SIZE = sum(HALVES)


class English(Protocol):
    """What is asked of the encoder of English."""

    def encode(self, texts: Sequence[str]) -> Vector: ...

    def pieces(self, text: str) -> int: ...


class Meaning:
    """``kept``: by name, as ``fit.py`` writes them.

    is_english [512 + 3], over ``language_signs``; told_in [512, rank] and told_out [rank, 384], which tell the vector of English from the
    one of all languages.
    """

    def __init__(self, kept: Mapping[str, Any]) -> None:
        self._is_english: Vector = kept["is_english"].astype(np.float32)
        self._told: Vector = kept["told_in"].astype(np.float32) @ kept["told_out"].astype(np.float32)

    def of(self, texts: Sequence[str], vectors: Vector, english: English) -> Vector:
        """float32[len(texts), ``SIZE``]; ``vectors`` [len(texts), 512] are those of the encoder of all languages."""
        beside = unit(vectors @ self._told)
        known = self.are_english(texts, vectors, english)
        if known.any():
            beside[known] = english.encode([text for text, well in zip(texts, known, strict=True) if well])
        return np.hstack([vectors, beside])

    def are_english(self, texts: Sequence[str], vectors: Vector, english: English) -> NDArray[np.bool_]:
        found: NDArray[np.bool_] = language_signs(texts, vectors, english) @ self._is_english > 0
        return found


def language_signs(texts: Sequence[str], vectors: Vector, english: English) -> Vector:
    """float32[len(texts), 512 + 3], what tells English from other languages: the vectors, how words fall into pieces, and accents."""
    pieces = [english.pieces(text) / max(1, len(text.split())) - 1 for text in texts]
    accents = [10 * sum(ord(one) > 127 for one in text) / len(text) for text in texts]
    return np.column_stack([vectors * 3, pieces, accents, np.ones(len(texts))]).astype(np.float32)


@functools.cache
def meaning() -> Meaning:
    with np.load(KEPT) as kept:
        return Meaning(dict(kept))
