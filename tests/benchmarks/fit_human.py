"""Fits ``core/hold_ratios.py``: what each cue of speech on hold is worth. ``python -m tests.benchmarks.fit_human --calls 260``.

Composed calls of the training side go through the real ear and fingerprints (without words, whose worth is set in ``core/human.py``);
every tenth of a second in which something new is spoken is one observation of all cues. A logistic regression with a Gaussian prior
on each value's ratio gives log-likelihood ratios that add up although the cues are not independent.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

import msgspec
import numpy as np
from call_engine.core import hold_cues
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize

from tests.benchmarks import composed_calls, composed_hearing, composed_voices
from tests.benchmarks.composed_scores import Watched, said, watched

RATIOS = Path(__file__).parents[2] / "services" / "call-engine" / "src" / "call_engine" / "core" / "hold_ratios.py"
SEED = 1
RIDGE = 1.0  #: of the Gaussian prior: a value needs some turns to get a ratio
HUMAN_S = 6.0  #: what a human says later than this after the pick-up no longer decides anything
Observation = tuple[dict[str, str], bool, float]


async def watch(side: str, calls: int, seed: int = SEED) -> list[Watched]:
    pools = composed_voices.pools(side)
    found = []
    for number in range(calls):
        firm = composed_calls.company(pools, seed, number)
        call = composed_calls.call(firm, seed, 0)
        heard = await composed_hearing.hear(call, composed_hearing.NoWords())
        found.append(watched(firm, call, 0, heard.glances))
    return found


def observations(calls: list[Watched]) -> list[Observation]:
    """Cues, whether a human spoke, and the weight: every turn counts alike, however long it was."""
    found: list[Observation] = []
    for call in calls:
        turns: dict[int, list[tuple[dict[str, str], bool]]] = {}
        for glance in call.glances:
            if not hold_cues.telling(glance.sound) or glance.at > call.picked_up + HUMAN_S * 8000:
                continue
            spoken = said(call.spoken, glance.start, glance.at)
            live = spoken is not None and spoken.recording < 0
            turns.setdefault(glance.turn, []).append((hold_cues.cues(glance.sound, glance.hold), live))
        found += [(cues, live, len(turn) ** -0.5) for turn in turns.values() for cues, live in turn]
    return found


def fit(seen: list[Observation]) -> tuple[float, dict[str, dict[str, float]]]:
    names = sorted({(cue, value) for cues, _, _ in seen for cue, value in cues.items() if value not in ("none", "unknown")})
    column = {name: i for i, name in enumerate(names)}
    rows = [[column[pair] for pair in cues.items() if pair in column] for cues, _, _ in seen]
    matrix = sparse.csr_matrix(
        (np.ones(sum(map(len, rows))), np.concatenate([np.asarray(r, int) for r in rows]), np.cumsum([0, *map(len, rows)])),
        shape=(len(rows), len(names)),
    )
    live = np.array([label for _, label, _ in seen], float)
    weight = np.array([w for _, _, w in seen])

    def loss(values: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        logit = values[0] + matrix @ values[1:]
        error = weight * (1 / (1 + np.exp(-logit)) - live)
        total = float(np.sum(weight * (np.logaddexp(0, logit) - live * logit)) + 0.5 * RIDGE * np.sum(values[1:] ** 2))
        return total, np.concatenate([[error.sum()], matrix.T @ error + RIDGE * values[1:]])

    found = minimize(loss, np.zeros(len(names) + 1), jac=True, method="L-BFGS-B").x
    ratios: dict[str, dict[str, float]] = {}
    for (cue, value), ratio in zip(names, found[1:], strict=True):
        if abs(ratio) >= 0.05:
            ratios.setdefault(cue, {})[value] = round(float(ratio), 2)
    return round(float(found[0]), 2), ratios


def written(prior: float, ratios: dict[str, dict[str, float]], calls: int) -> str:
    lines = [
        '"""What each value of a hold cue is worth: natural logarithms of likelihood ratios, human over recording.',
        "",
        f"Made by ``python -m tests.benchmarks.fit_human --calls {calls}``; do not edit. A value that is missing says nothing.",
        '"""', "", "from __future__ import annotations", "", f"PRIOR = {prior}", "RATIOS: dict[str, dict[str, float]] = {",
    ]  # fmt: skip
    for cue, values in ratios.items():
        lines += [f'    "{cue}": {{', *(f'        "{value}": {ratio},' for value, ratio in values.items()), "    },"]
    return "\n".join([*lines, "}", ""])


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.fit_human", description=__doc__)
    parser.add_argument("--calls", type=int, default=260)
    parser.add_argument("--watched", type=Path, help="keep the watched calls here, or take them from here")
    args = parser.parse_args()
    if args.watched and args.watched.exists():
        calls = msgspec.msgpack.decode(args.watched.read_bytes(), type=list[Watched])
    else:
        calls = asyncio.run(watch("train", args.calls))
        if args.watched:
            args.watched.write_bytes(msgspec.msgpack.encode(calls))
    prior, ratios = fit(observations(calls))
    RATIOS.write_text(written(prior, ratios, len(calls)), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
