"""Fits how much each sign of kinship between a wish and a label counts, and how much is enough (``core/understanding/choice_weights.py``).

    python services/call-engine/training/fit_choice.py [--check]

A conditional logistic regression over the options of menus (``cases.py``), with taking none of them as one more choice. What a choice
builds on (``learning.py``) is learned without the part of the banks and sectors that a menu comes from, as it will be for phrases that
nobody trained on. ``--check`` also fits the weights without each part, and prints how often the right option of it is taken, or rightly
none, and how one is traded for the other. About twenty minutes on one core: the towers are learned anew for each part.
"""

# ruff: noqa: E402

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).parents[3]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from call_engine.adapters.learned import Learned
from call_engine.adapters.similarity import SentenceSimilarity
from call_engine.core.understanding import choice_weights
from call_engine.core.understanding.choice import SIGNS
from cases import NO_OPTION, Case, cases_of_bank, cases_of_sectors
from learning import Arrays, learn_serving, learn_topics
from menus import FOLDS, bank_names, fold_of_bank, known_without, sectors_of

Floats = NDArray[np.float64]
DECAY = 1e-3
STEPS = 400


class Vectors(SentenceSimilarity):
    """The vectors of another one, and something else learned."""

    def __init__(self, other: SentenceSimilarity, known: Arrays) -> None:
        super().__init__(kept=other._kept, known=Learned(known))
        self._vectors = other._vectors


def cases_without(fold: int, topics: Arrays, model: SentenceSimilarity) -> list[Case]:
    """Of one part of the banks and sectors, by what is learned from the others."""
    other = Vectors(model, {**topics, **learn_serving(known_without(fold), model)})
    of_banks = [case for bank in bank_names() if fold_of_bank(bank) == fold for case in cases_of_bank(bank, other)]
    return of_banks + cases_of_sectors(sectors_of(fold), other)


def stacked(given: list[Case]) -> tuple[Floats, Floats, Floats]:
    """Signs float64[cases, options + 1, signs + 1] (the last option is none of them, the last sign its constant), which of the options
    are there, and which is wanted, both float64[cases, options + 1]."""
    most = max(len(case.signs) for case in given)
    signs = np.zeros((len(given), most + 1, len(SIGNS) + 1))
    there, wanted = np.zeros((len(given), most + 1)), np.zeros((len(given), most + 1))
    for index, case in enumerate(given):
        signs[index, : len(case.signs), :-1] = case.signs
        there[index, : len(case.signs)] = 1.0
        wanted[index, case.wanted] = 1.0
    signs[:, -1, -1] = 1.0
    there[:, -1] = 1.0
    return signs, there, wanted


def fitted(given: list[Case]) -> Floats:
    signs, there, wanted = stacked(given)
    share = np.array([case.weight for case in given])
    share /= share.sum()
    weights = np.zeros(len(SIGNS) + 1)
    mean, square = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, STEPS + 1):
        odds = np.where(there > 0, signs @ weights, -np.inf)
        shares = np.exp(odds - odds.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        slope = np.tensordot((shares - wanted) * share[:, None], signs, 2) + DECAY * weights
        mean = 0.9 * mean + 0.1 * slope
        square = 0.99 * square + 0.01 * slope * slope
        rate = 0.15 * min(1.0, 2 * (1 - step / STEPS) + 0.02)
        weights -= rate * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
    return weights


def right(weights: Floats, given: list[Case]) -> list[bool]:
    signs, there, wanted = stacked(given)
    odds = np.where(there > 0, signs @ weights, -np.inf)
    return [bool(one) for one in odds.argmax(axis=1) == wanted.argmax(axis=1)]


def by_wording(parts: list[list[Case]], weights: list[Floats]) -> dict[str, dict[str, float]]:
    """Share of right choices; ``weights`` of each part."""
    found: defaultdict[str, list[bool]] = defaultdict(list)
    for part, own in zip(parts, weights, strict=True):
        for case, well in zip(part, right(own, part), strict=True):
            found[case.wording].append(well)
    return {wording: {"right": round(sum(each) / len(each), 4), "n": len(each)} for wording, each in sorted(found.items())}


def traded(parts: list[list[Case]], weights: list[Floats]) -> dict[str, dict[str, float]]:
    """How many wishes are served rightly when so many that nothing serves are told so, as the odds that are enough go up: the area between
    that and how often the right option comes first tells whether the order or the threshold is at fault."""
    near: defaultdict[str, list[float]] = defaultdict(
        list
    )  #: of the best option, beside taking none; of a wrong one as if it were never taken
    first: defaultdict[str, list[bool]] = defaultdict(list)
    for part, own in zip(parts, weights, strict=True):
        signs, there, wanted = stacked(part)
        odds = np.where(there > 0, signs @ own, -np.inf)
        best = odds[:, :-1].max(axis=1) - odds[:, -1]
        well = odds[:, :-1].argmax(axis=1) == wanted.argmax(axis=1)
        for case, one, right_one in zip(part, best, well, strict=True):
            near[case.wording].append(float(one) if right_one or case.wanted == NO_OPTION else -np.inf)
            first[case.wording].append(bool(right_one))
    found = {}
    for served, unserved in (("own_words", "elsewhere"), ("said", "unserved"), ("said", "stranger")):
        limits = {share: np.quantile(near[unserved], share) for share in (0.85, 0.90, 0.93, 0.95)}
        curve = {f"{share:.0%}": round(float(np.mean(np.array(near[served]) > limit)), 4) for share, limit in limits.items()}
        found[f"{served} when {unserved}"] = {**curve, "first": round(float(np.mean(first[served])), 4)}
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    model = SentenceSimilarity(kept=100_000)
    topics = learn_topics(model)
    parts = [cases_without(fold, topics, model) for fold in range(FOLDS)]
    if check:
        others = [fitted([case for place, part in enumerate(parts) if place != fold for case in part]) for fold in range(FOLDS)]
        print(json.dumps({"left_out": by_wording(parts, others), "traded": traded(parts, others)}))
    weights = fitted([case for part in parts for case in part])
    head = Path(choice_weights.__file__).read_text(encoding="utf-8").partition("WEIGHTS")[0]
    rows = "".join(f'    "{name}": {weight:.2f},\n' for name, weight in zip(SIGNS, weights[:-1], strict=True))
    text = f"{head}WEIGHTS = {{\n{rows}}}\n#: The odds of an option have to be higher for it to be taken.\nENOUGH = {weights[-1]:.2f}\n"
    Path(choice_weights.__file__).write_text(text, encoding="utf-8")
    print(json.dumps({"cases": sum(map(len, parts)), "fitted": by_wording(parts, [weights] * FOLDS)}))


if __name__ == "__main__":
    main()
