"""What the towers are given of a phrase beside its sentence vector, and that they can be kept."""

from __future__ import annotations

import numpy as np
import pytest
from call_engine.adapters.towers import Phrases, Tower, as_arrays, from_arrays, names, said_by
from call_engine.adapters.word_places import PLACES, word_places


def test_a_word_has_its_place_however_it_is_written_and_inflected() -> None:
    assert word_places("Charges") == word_places("charging") == word_places("CHARGED")
    assert word_places("Störung") == word_places("storung")
    assert set(word_places("cancel")) < set(word_places("cancel my booking"))
    assert word_places("the the the") == word_places("the")
    assert word_places("...") == []


def test_what_begins_alike_shares_a_place() -> None:
    assert set(word_places("Rechnungsstelle")) & set(word_places("Rechnung"))


def test_places_are_in_the_table_ascending() -> None:
    places = word_places("my neighbour's hedge has grown across the footpath again")
    assert places == sorted(set(places))
    assert all(0 <= place < PLACES for place in places)


def test_words_say_together_what_each_says_and_nothing_says_nothing() -> None:
    table = np.arange(12, dtype=np.float32).reshape(4, 3)
    said = said_by([[1], [0, 1, 2, 3], []], table)
    assert said == pytest.approx(np.array([table[1], table.sum(axis=0) / 2, np.zeros(3)]))


def test_a_tower_moves_by_words_too_and_is_what_was_kept_of_it() -> None:
    draw = np.random.default_rng(1)
    into, out, by_words = (draw.normal(0, 0.05, shape).astype(np.float32) for shape in ((512, 8), (8, 512), (3, 512)))
    tower = Tower(into, np.zeros(8, np.float32), out, np.zeros(512, np.float32), by_words)
    vectors = draw.normal(0, 512**-0.5, (2, 512)).astype(np.float32)
    plain, told = (Phrases(vectors, np.full((2, 3), value, np.float32)) for value in (0.0, 1.0))
    assert np.linalg.norm(tower.moved(told), axis=1) == pytest.approx([1.0, 1.0], abs=1e-5)
    assert np.abs(tower.moved(told) - tower.moved(plain)).max() > 0.01
    kept = as_arrays("wish", tower)
    assert sorted(kept) == sorted(names("wish"))
    cosines = (from_arrays("wish", kept).moved(told) * tower.moved(told)).sum(axis=1)
    assert cosines.min() > 0.99
