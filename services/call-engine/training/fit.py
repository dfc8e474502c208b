"""Fits what the engine has learned about words over sentence vectors: kinds of utterances, and what serves a wish (``learning.py``).

    python services/call-engine/training/fit.py [--check] [--kinds]

Reads the development half of the labelled sets (``tests/data/understanding``: ``dev.txt`` and ``banks``), the composed openings, the topics
and ``sectors``; never the kept-apart half. Writes ``adapters/*.npz`` (``learned.py``). ``--check`` fits the kinds once without each bank
and prints how well that bank is told: what to expect of phrases nobody trained on. ``--kinds`` fits the kinds alone and keeps the rest.
About five minutes on one core, most of it the towers.
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

from call_engine.adapters.learned import keep, kept
from call_engine.adapters.similarity import SentenceSimilarity
from call_engine.core.vocabulary import phrases
from call_engine.core.understanding.kind_cues import cues_of
from call_engine.core.menu import parse_menu
from call_engine.core.utterance import ANNOUNCEMENT, phrase_votes
from call_engine.core.vocabulary.words import tokenise
from tests.data.understanding.make import Writer
from learning import learn_serving, learn_topics
from menus import bank_names, known_without
from openings import BANK, composed
from regression import fitted

Floats = NDArray[np.float32]
KINDS = [*phrases.KINDS, ANNOUNCEMENT]
CRITICAL = (phrases.GREETING, phrases.HOLD, phrases.TRANSFER)  #: none may be taken for another
LANGUAGES = ("en", "en", "en", "en", "es", "en", "en", "fr", "en", "de")
MENUS = 24
VECTOR_SCALE = 4.0  #: of the sentence vector beside the cues; with one weight decay for all it sets how much meaning may say
KIND_DECAY = 3e-4
_NOTICE = re.compile(r"record|monitor|grabad|enregistr|aufgezeichnet|emergenc|urgence|Notfall", re.IGNORECASE)  #: more than a welcome


class Said(msgspec.Struct, frozen=True):
    bank: str
    kind: str
    text: str


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


def kind_features(said: list[Said], model: SentenceSimilarity) -> Floats:
    vectors = model.vectors([one.text for one in said])
    told = np.array([cues(one.text) for one in said], np.float32)
    return np.hstack([vectors * VECTOR_SCALE, told, np.ones((len(said), 1), np.float32)])


def without_each_bank(said: list[Said], features: Floats, labels: NDArray[np.int64]) -> dict[str, dict[str, float]]:
    """How well each bank is told by weights that were fitted without it."""
    told: dict[str, dict[str, float]] = {}
    of_bank = np.array([one.bank for one in said])
    critical = np.array([KINDS.index(kind) for kind in CRITICAL])
    for bank in bank_names():
        weights = fitted(features[of_bank != bank], labels[of_bank != bank], len(KINDS), KIND_DECAY)
        asked = (of_bank == bank) & (labels != KINDS.index(ANNOUNCEMENT))
        found = (features[asked] @ weights).argmax(axis=1)
        right, delicate = found == labels[asked], np.isin(labels[asked], critical)
        confused = (~right & np.isin(found, critical))[delicate]
        told[bank] = {"kinds_right": round(float(right.mean()), 4), "critical_confused": round(float(confused.mean()), 4)}
    return told


def fit_kinds(model: SentenceSimilarity, *, check: bool) -> dict[str, NDArray[Any]]:
    said = [one for bank in bank_names() for one in utterances(bank)] + openings()
    features = kind_features(said, model)
    labels = np.array([KINDS.index(one.kind) for one in said])
    if check:
        print(json.dumps({"without_their_bank": without_each_bank(said, features, labels)}))
    weights = fitted(features, labels, len(KINDS), KIND_DECAY)
    weights[:512] *= VECTOR_SCALE
    print(json.dumps({"utterances": len(said)}))
    return {"kinds": np.array("\n".join(KINDS)), "kind_weights": weights.astype(np.float16)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--kinds", action="store_true")
    options = parser.parse_args()
    model = SentenceSimilarity(kept=100_000)
    kinds = fit_kinds(model, check=options.check)
    about = kept() if options.kinds else {**learn_topics(model), **learn_serving(known_without(None), model)}
    size = keep({**about, **kinds})
    print(json.dumps({"learned": {name: list(each.shape) for name, each in about.items()}, "bytes": size}))


if __name__ == "__main__":
    main()
