"""A meaning has two halves: what the encoder of all languages says, and what the one of English says or would say."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from call_engine.adapters.meaning import HALVES, Meaning, meaning
from numpy.typing import NDArray

Vector = NDArray[np.float32]
VECTORS = np.eye(2, HALVES[0], dtype=np.float32)


class FakeEnglish:
    """Says the last direction of every text; a piece a letter."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vector:
        self.asked += texts
        return np.tile(np.eye(HALVES[1], dtype=np.float32)[-1], (len(texts), 1))

    def pieces(self, text: str) -> int:
        return len(text)


def made() -> Meaning:
    """English is what has no accents; the encoder of English would say the first direction of everything."""
    is_english = np.zeros(HALVES[0] + 3)
    is_english[-2:] = -1, 0.5
    return Meaning({"is_english": is_english, "told_in": np.ones((HALVES[0], 1)), "told_out": np.eye(1, HALVES[1])})


def test_the_encoder_of_english_is_asked_about_english_alone() -> None:
    english = FakeEnglish()
    plain, accented = made().of(["a bill", "señal"], VECTORS, english)
    assert english.asked == ["a bill"]
    assert (plain[: HALVES[0]] == VECTORS[0]).all()
    assert (plain[HALVES[0] :] == np.eye(HALVES[1])[-1]).all()
    assert (accented[HALVES[0] :] == np.eye(HALVES[1])[0]).all()


def test_nothing_is_asked_where_no_text_is_english() -> None:
    english = FakeEnglish()
    halves = made().of(["él", "señal"], VECTORS, english)
    assert english.asked == []
    assert np.linalg.norm(halves[:, HALVES[0] :], axis=1).tolist() == [1.0, 1.0]


def test_what_was_learned_fits_the_halves() -> None:
    halves = meaning().of(["a bill", "señal"], VECTORS, FakeEnglish())
    assert halves.shape == (2, sum(HALVES))
    assert np.abs(np.linalg.norm(halves[:, HALVES[0] :], axis=1) - 1).max() < 1e-5
