"""Fits how much each sign of kinship between a wish and a label counts, and how much is enough (``core/choice_weights.py``).

    python services/call-engine/training/fit_choice.py [--check]

A conditional logistic regression over the options of menus drawn from the development half (``dev.txt`` and ``banks``), with taking none of
them as one more choice. ``--check`` fits once without each bank and prints how often the right option of that bank is taken.
"""

# ruff: noqa: E402, I001

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).parents[3]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from call_engine.adapters.similarity import SentenceSimilarity
from call_engine.core import choice_weights
from call_engine.core.choice import SIGNS, signs_of
from call_engine.core.menu import Option
from fit import banks
from serving import learn_turn
from tests.data.understanding.make import Writer

Floats = NDArray[np.float64]
COUNTS = {"en": 90, "es": 18, "fr": 10, "de": 10}
DECAY = 2e-3
NO_OPTION = -1


class Case(msgspec.Struct, frozen=True):
    signs: list[tuple[float, ...]]  #: of each option
    wanted: int  #: index of the option; ``NO_OPTION``: none of them


def cases(bank: str, model: SentenceSimilarity) -> list[Case]:
    writer = Writer(bank)
    menus = [writer.menu(language, index) for language, count in COUNTS.items() for index in range(count)]
    found: list[Case] = []
    for menu in [*menus, *map(writer.by_hand, writer.bank["by hand"])]:
        options = [Option(one["digits"], one["label"]) for one in menu["options"]]
        rows = [row for row in signs_of(menu["intent"], options, model) if row.role == "topic"]
        digits = [row.option.digits for row in rows]
        wanted = digits.index(menu["choice"]) if menu["choice"] in digits and menu["wording"] != "elsewhere" else NO_OPTION
        if rows and (wanted != NO_OPTION or menu["wording"] in ("elsewhere", "by_hand")):
            found.append(Case([row.signs for row in rows], wanted))
    return found


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
    weights = np.zeros(len(SIGNS) + 1)
    mean, square = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, 401):
        odds = np.where(there > 0, signs @ weights, -np.inf)
        shares = np.exp(odds - odds.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        slope = np.einsum("co,cos->s", shares - wanted, signs) / len(given) + DECAY * weights
        mean = 0.9 * mean + 0.1 * slope
        square = 0.99 * square + 0.01 * slope * slope
        weights -= 0.1 * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
    return weights


def right(weights: Floats, given: list[Case]) -> float:
    signs, there, wanted = stacked(given)
    odds = np.where(there > 0, signs @ weights, -np.inf)
    return round(float((odds.argmax(axis=1) == wanted.argmax(axis=1)).mean()), 4)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    model = SentenceSimilarity(kept=100_000)
    # What serves a bank's wishes is learned without the bank, as it will be for phrases that nobody trained on.
    turns = {bank: learn_turn([other for other in banks() if other != bank], model) for bank in banks()}
    by_bank = {bank: cases(bank, SentenceSimilarity(kept=100_000, turn=turns[bank])) for bank in banks()}
    if check:
        left_out = {bank: fitted([case for other, many in by_bank.items() if other != bank for case in many]) for bank in by_bank}
        print(json.dumps({"choice_right_without_their_bank": {bank: right(left_out[bank], by_bank[bank]) for bank in by_bank}}))
    weights = fitted([case for many in by_bank.values() for case in many])
    head = Path(choice_weights.__file__).read_text(encoding="utf-8").partition("WEIGHTS")[0]
    rows = "".join(f'    "{name}": {weight:.2f},\n' for name, weight in zip(SIGNS, weights[:-1], strict=True))
    text = f"{head}WEIGHTS = {{\n{rows}}}\n#: The odds of an option have to be higher for it to be taken.\nENOUGH = {weights[-1]:.2f}\n"
    Path(choice_weights.__file__).write_text(text, encoding="utf-8")
    print(json.dumps({"cases": sum(map(len, by_bank.values())), "right": {bank: right(weights, many) for bank, many in by_bank.items()}}))


if __name__ == "__main__":
    main()
