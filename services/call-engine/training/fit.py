"""Fits what the engine has learned about words: kinds of utterances and topics, over sentence vectors.

    python services/call-engine/training/fit.py [--check] [--kinds]

Reads the development half of the labelled sets (``tests/data/understanding``: ``dev.txt`` and ``banks``) and ``topics.txt``; never the
kept-apart half. Writes ``adapters/understanding.npz``. ``--check`` fits the kinds once without each bank and prints how well that bank is
told: what to expect of phrases nobody trained on. ``--kinds`` fits the kinds alone and keeps the other weights as they are. About two
minutes on one core, nearly all of it embedding.
"""

# ruff: noqa: E402, I001

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).parents[3]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from call_engine.adapters.similarity import LEARNED, SentenceSimilarity
from call_engine.core import phrases
from call_engine.core.kind_cues import cues_of
from call_engine.core.menu import parse_menu
from call_engine.core.utterance import ANNOUNCEMENT, phrase_votes
from call_engine.core.words import tokenise
from tests.data.understanding.make import HERE, Writer
from openings import BANK, composed
from serving import learn_turn
from topics import read_topics

Floats = NDArray[np.float32]
KINDS = [*phrases.KINDS, ANNOUNCEMENT]
CRITICAL = (phrases.GREETING, phrases.HOLD, phrases.TRANSFER)  #: none may be taken for another
LANGUAGES = ("en", "en", "en", "en", "es", "en", "en", "fr", "en", "de")
MENUS = 24
VECTOR_SCALE = 4.0  #: of the sentence vector beside the cues; with one weight decay for all it sets how much meaning may say
KIND_DECAY, TOPIC_DECAY = 3e-4, 3e-5
TOPIC_SCALE = 6.0
_NOTICE = re.compile(r"record|monitor|grabad|enregistr|aufgezeichnet|emergenc|urgence|Notfall", re.IGNORECASE)  #: more than a welcome


class Said(msgspec.Struct, frozen=True):
    bank: str
    kind: str
    text: str


def banks() -> list[str]:
    return ["dev", *(f"banks/{path.stem}" for path in sorted((HERE / "banks").glob("*.txt")))]


def utterances(bank: str) -> list[Said]:
    """Every phrase of a bank, as written and as recognisers write it, and menus drawn from it."""
    writer = Writer(bank)
    found: list[Said] = []
    for section, lines in writer.bank.items():
        kind = section.removeprefix("kind ")
        if section.startswith("kind ") and lines and kind != phrases.MENU:
            drawn = [writer._utterance(writer.filled(line), kind) for line in lines]
            found += [Said(bank, kind, one[writing]) for one in drawn for writing in ("transcript", "noised")]
    welcomes = [writer.filled(line) for section, lines in writer.bank.items() if section.startswith("preambles") for line in lines]
    found += [Said(bank, ANNOUNCEMENT, text) for text in welcomes if len(text) > 1 and not _NOTICE.search(text) for _ in range(2)]
    menus = [writer.menu(LANGUAGES[index % len(LANGUAGES)], index) for index in range(MENUS)]
    return found + [Said(bank, phrases.MENU, one[writing]) for one in menus for writing in ("transcript", "noised")]


def openings() -> list[Said]:
    """Composed ones, as written and as recognisers write them; of no bank, so that they are learned from with each."""
    writer = Writer("dev")
    drawn = [writer._utterance(text, kind, "en") for kind, text in composed(writer)]
    return [Said(BANK, one["kind"], one[writing]) for one in drawn for writing in ("transcript", "noised")]


def cues(text: str) -> list[float]:
    tokens = tokenise(text)
    return cues_of(text, tokens, parse_menu(text), phrase_votes(tokens))


def fitted(features: Floats, labels: NDArray[np.int64], classes: int, decay: float, steps: int) -> Floats:
    """Multinomial logistic regression by Adam; weights float32[features, classes]."""
    weights = np.zeros((features.shape[1], classes), np.float32)
    mean, square = np.zeros_like(weights), np.zeros_like(weights)
    wanted = np.eye(classes, dtype=np.float32)[labels]
    for step in range(1, steps + 1):
        odds = features @ weights
        shares = np.exp(odds - odds.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        slope = features.T @ (shares - wanted) / len(features) + decay * weights
        mean = 0.9 * mean + 0.1 * slope
        square = 0.99 * square + 0.01 * slope * slope
        weights -= 0.05 * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
    return weights


def kind_features(said: list[Said], model: SentenceSimilarity) -> Floats:
    vectors = model.vectors([one.text for one in said])
    told = np.array([cues(one.text) for one in said], np.float32)
    return np.hstack([vectors * VECTOR_SCALE, told, np.ones((len(said), 1), np.float32)])


def without_each_bank(said: list[Said], features: Floats, labels: NDArray[np.int64]) -> dict[str, dict[str, float]]:
    """How well each bank is told by weights that were fitted without it."""
    told: dict[str, dict[str, float]] = {}
    of_bank = np.array([one.bank for one in said])
    critical = np.array([KINDS.index(kind) for kind in CRITICAL])
    for bank in banks():
        weights = fitted(features[of_bank != bank], labels[of_bank != bank], len(KINDS), KIND_DECAY, 150)
        asked = (of_bank == bank) & (labels != KINDS.index(ANNOUNCEMENT))
        found = (features[asked] @ weights).argmax(axis=1)
        right, delicate = found == labels[asked], np.isin(labels[asked], critical)
        confused = (~right & np.isin(found, critical))[delicate]
        told[bank] = {"kinds_right": round(float(right.mean()), 4), "critical_confused": round(float(confused.mean()), 4)}
    return told


def fit_kinds(model: SentenceSimilarity, *, check: bool) -> dict[str, NDArray[Any]]:
    said = [one for bank in banks() for one in utterances(bank)] + openings()
    features = kind_features(said, model)
    labels = np.array([KINDS.index(one.kind) for one in said])
    if check:
        print(json.dumps({"without_their_bank": without_each_bank(said, features, labels)}))
    weights = fitted(features, labels, len(KINDS), KIND_DECAY, 150)
    weights[:512] *= VECTOR_SCALE
    print(json.dumps({"utterances": len(said)}))
    return {"kinds": np.array("\n".join(KINDS)), "kind_weights": weights.astype(np.float16)}


def fit_topics_and_serving(model: SentenceSimilarity) -> dict[str, NDArray[Any]]:
    topics = read_topics()
    vectors = model.vectors([phrase for topic in topics for phrase in topic.phrases])
    of_topic = np.array([index for index, topic in enumerate(topics) for _ in topic.phrases])
    scaled = np.hstack([vectors * TOPIC_SCALE, np.ones((len(vectors), 1), np.float32)])
    about = fitted(scaled, of_topic, len(topics), TOPIC_DECAY, 120)
    about[:512] *= TOPIC_SCALE
    turn_in, turn_out = learn_turn(banks(), model)
    print(json.dumps({"topics": len(topics), "phrases_of_topics": len(vectors)}))
    return {
        "topic_weights": about.astype(np.float16),
        "turn_in": turn_in.astype(np.float16),
        "turn_out": turn_out.astype(np.float16),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--kinds", action="store_true")
    options = parser.parse_args()
    model = SentenceSimilarity(kept=100_000)
    with np.load(LEARNED) as kept:
        weights = dict(kept)
    weights |= fit_kinds(model, check=options.check)
    if not options.kinds:
        weights |= fit_topics_and_serving(model)
    np.savez_compressed(LEARNED, **weights)
    print(json.dumps({"bytes": LEARNED.stat().st_size}))


if __name__ == "__main__":
    main()
