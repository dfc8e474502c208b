"""What the core counts on from any Similarity: the sentence model, and the one that remembers its answers for simulations."""

from __future__ import annotations

from pathlib import Path

import pytest
from call_engine.adapters.similarity import SentenceSimilarity
from call_engine.ports import Similarity

from tests.support.kept_similarity import KeptSimilarity

WISH = "I want to dispute a charge"
LABELS = ["report a transaction you don't recognize", "store hours", ""]


@pytest.fixture(scope="module")
def model() -> SentenceSimilarity:
    return SentenceSimilarity()


@pytest.fixture(params=["model", "kept"])
def similarity(request: pytest.FixtureRequest, model: SentenceSimilarity, tmp_path: Path) -> Similarity:
    return model if request.param == "model" else KeptSimilarity(tmp_path, model)


def test_one_score_a_candidate_in_order_the_nearest_is_the_highest_and_nothing_is_like_nothing(similarity: Similarity) -> None:
    near, far, empty = similarity.scores(WISH, LABELS)
    assert -1 <= far < near <= 1
    assert empty == 0
    assert similarity.scores(WISH, LABELS[::-1]) == pytest.approx([empty, far, near], abs=1e-5)
    assert similarity.scores(WISH, [WISH]) == pytest.approx([1.0], abs=1e-3)
    assert similarity.scores(WISH, []) == []
    assert similarity.scores("", LABELS) == [0.0, 0.0, 0.0]


def test_the_label_that_serves_a_wish_is_nearer_than_others(similarity: Similarity) -> None:
    serves, other, empty = similarity.serving("my wallet was snatched on the train", ["report a lost or stolen card", "branch hours", ""])
    assert -1 <= other < serves <= 1
    assert empty == 0
    assert similarity.serving(WISH, []) == []
    assert similarity.serving("", LABELS) == [0.0, 0.0, 0.0]


def test_a_label_like_those_that_served_such_wishes_is_remembered(similarity: Similarity) -> None:
    served, other, empty = similarity.remembered("somebody stole my purse on the bus", ["report a lost card", "interest rates", ""])
    assert 0 <= other < served <= 1
    assert empty == 0
    assert similarity.remembered(WISH, []) == []
    assert similarity.remembered("", LABELS) == [0.0, 0.0, 0.0]


def test_the_label_that_serves_a_wish_is_singled_out_and_a_menu_of_which_none_does_has_none(similarity: Similarity) -> None:
    served, other, empty = similarity.singled_out("somebody stole my purse on the bus", ["report a lost card", "interest rates", ""])
    assert 0 <= other < served <= 1.5
    assert empty == 0
    nearest = max(similarity.singled_out("somebody stole my purse on the bus", ["book a table", "swimming lessons"]))
    assert nearest < served
    assert similarity.singled_out(WISH, []) == []
    assert similarity.singled_out("", LABELS) == [0.0, 0.0, 0.0]


def test_what_is_said_of_a_label_does_not_hang_on_its_menu(model: SentenceSimilarity) -> None:
    for compare in (model.serving, model.remembered, model.singled_out):
        alone = [compare(WISH, [label])[0] for label in LABELS]
        assert compare(WISH, LABELS) == pytest.approx(alone, abs=1e-5)
        assert compare(WISH, LABELS[::-1]) == pytest.approx(alone[::-1], abs=1e-5)


def test_what_was_prepared_is_not_embedded_again(model: SentenceSimilarity, monkeypatch: pytest.MonkeyPatch) -> None:
    model.prepare(["somebody broke my window", "glass repair", ""])
    monkeypatch.setattr(model, "_model", None)
    (score,) = model.scores("somebody broke my window", ["glass repair"])
    assert score > 0.2
