"""Fits ``core/holding/hold_ratios.py``: what each cue of speech on hold is worth. ``python -m tests.benchmarks.fit_human --companies 60``.

Composed calls of the training side go through the real ear and fingerprints (without words, whose worth is set in
``core/holding/human.py``); every tenth of a second in which something new is spoken is one observation of all cues. A logistic regression
with a Gaussian prior on each value's ratio gives log-likelihood ratios that add up although the cues are not independent.

Each company is called three times: knowing nothing, knowing its recordings, and knowing all but one of its announcements, for companies
record new ones, and what agrees with nothing known is not always a human.

Who may have been a human is kept as a recording later, so that what is heard of a hold depends a little on the ratios. The calls are heard
twice: of a third of the companies as if nobody ever might be a human, and of all of them with the ratios that those gave. The result
depends on the code, the ear and the audio, and not on the ratios that were there before.

Half of the companies are composed of one half of the packages, the others of the other half. What was fitted on one half is first
measured on the other: a cross-validation by voices, announcements and music, from which the thresholds are chosen.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
from call_engine.core.holding import hold_cues, hold_ratios
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize

from tests.benchmarks import composed_calls, composed_hearing, composed_voices
from tests.benchmarks.composed_scores import Outcome, Watched, outcome, said, scores, watched, weighed_once

RATIOS = Path(__file__).parents[2] / "services" / "call-engine" / "src" / "call_engine" / "core" / "holding" / "hold_ratios.py"
SEEDS = (101, 102)  #: of the two halves
SWEEP = (0.3, 0.4, 0.5, 0.6, 0.65, 0.7, 0.8, 0.9, 0.95)
RIDGE = 3.0  #: of the Gaussian prior: a value needs some turns to get a ratio
#: Few values, and each agrees or does not for a reason that no company changes.
RIDGE_OF = {"strangeness": 0.3, "in_place": 0.1, "voice": 0.05}
#: What is not known of a line whose sound nobody measures. Such lines are a part of all, so that what is left weighs right alone, too.
MEASURED = frozenset(("voice_level", "noise_floor", "pauses", "timbre", "likeness", "strangeness", "voice", "in_place"))
UNMEASURED_SHARE = 0.2
HUMAN_S = 6.0  #: what a human says later than this after the pick-up no longer decides anything
FIRST, KNOWN, ANEW = LATER = (0, 1, 2)  #: calls to a company: the first, one that knows its recordings, and one to which one of them is new
_CALLED = {FIRST: "first", KNOWN: "later", ANEW: "anew "}


Halves = tuple[list[Watched], list[Watched]]


class Observation(NamedTuple):
    """``given``: what is known besides, such as a recording that plays; it is taken as said. Every turn weighs alike."""

    cues: dict[str, str]
    live: bool
    given: float
    weight: float


class Fitted(NamedTuple):
    prior: float
    ratios: dict[str, dict[str, float]]


_UNFITTED = Fitted(-10.0, {})  #: nobody is suspected
_FIRST_ROUND = 3  #: one in so many companies


async def watch(half: int, companies: int) -> list[Watched]:
    """Companies of the training side, composed of one half of its packages."""
    pools = composed_voices.pools("train", half)
    found = []
    for number in range(companies):
        firm = composed_calls.company(pools, SEEDS[half], number)
        learned: dict[str, str] = {}
        for later in LATER:
            call = composed_calls.call(firm, SEEDS[half], later)
            new = next((one for one in learned if one.startswith("hold:")), "") if later == ANEW else ""
            flow = composed_hearing.flow_of([learned[one] for one in learned if one != new]) if later else None
            heard = await composed_hearing.hear(call, composed_hearing.NoWords(), flow)
            found.append(watched(firm, call, later, heard.glances))
            learned = heard.learned if later == FIRST else learned
    return found


def watched_half(half: int, companies: int, ratios: Fitted) -> list[Watched]:
    """As ``watch`` gives them, heard with these ratios; for a process of its own."""
    with weighing(ratios):
        return asyncio.run(watch(half, companies))


def watch_twice(companies: int) -> Halves:
    """So many companies, half of them of each half of the packages, with the ratios that fewer of them give. A process each half."""
    with ProcessPoolExecutor(2) as pool:

        def both(each: int, ratios: Fitted) -> Halves:
            one, other = pool.map(watched_half, (0, 1), (each, each), (ratios, ratios))
            return one, other

        fewer = both(max(1, companies // 2 // _FIRST_ROUND), _UNFITTED)
        return both(companies // 2, fit(observations([*fewer[0], *fewer[1]])))


@contextlib.contextmanager
def weighing(fitted: Fitted) -> Iterator[None]:
    """With these ratios."""
    kept = hold_ratios.PRIOR, hold_ratios.RATIOS
    hold_ratios.PRIOR, hold_ratios.RATIOS = fitted
    try:
        yield
    finally:
        hold_ratios.PRIOR, hold_ratios.RATIOS = kept


def cross_validated(halves: Halves) -> Iterator[str]:
    """What each half says of the other, at every threshold."""
    outcomes: dict[tuple[int, float], list[Outcome]] = {}
    for fitted, measured in (halves, halves[::-1]):
        with weighing(fit(observations(fitted))):
            for call in measured:
                weigh = weighed_once(call)
                for threshold in SWEEP:
                    outcomes.setdefault((call.later, threshold), []).append(outcome(call, weigh, threshold))
    for (later, threshold), some in sorted(outcomes.items()):
        one = scores(some)
        yield (
            f"{_CALLED[later]} {threshold:.2f}: found {100 * one.found:.0f} %, right {100 * one.right:.0f} %, swapped "
            f"{100 * one.right_swapped:.0f} %, {one.latency_median_s:.1f} s, 95 % {one.latency_p95_s:.1f} s, {one.false_an_hour:.1f} false "
            f"an hour, at most {one.false_an_hour_at_most:.1f} ({one.calls} calls, {one.hours:.1f} h)"
        )


def observations(calls: list[Watched]) -> list[Observation]:
    found: list[Observation] = []
    for call in calls:
        turns: dict[int, list[tuple[dict[str, str], bool, float]]] = {}
        for glance in call.glances:
            if not hold_cues.telling(glance.sound) or glance.at > call.picked_up + HUMAN_S * 8000:
                continue
            spoken = said(call.spoken, glance.start, glance.at)
            live = spoken is not None and spoken.recording < 0
            turns.setdefault(glance.turn, []).append((hold_cues.cues(glance.sound, glance.hold), live, sum(glance.other.values())))
        for turn in turns.values():
            for cues, live, given in turn:
                left = {cue: value for cue, value in cues.items() if cue not in MEASURED}
                found.append(Observation(cues, live, given, (1 - UNMEASURED_SHARE) * len(turn) ** -0.5))
                found.append(Observation(left, live, given, UNMEASURED_SHARE * len(turn) ** -0.5))
    return found


def fit(seen: list[Observation]) -> Fitted:
    names = sorted({(cue, value) for one in seen for cue, value in one.cues.items() if value not in ("none", "unknown")})
    column = {name: i for i, name in enumerate(names)}
    rows = [[column[pair] for pair in one.cues.items() if pair in column] for one in seen]
    matrix = sparse.csr_matrix(
        (np.ones(sum(map(len, rows))), np.concatenate([np.asarray(r, int) for r in rows]), np.cumsum([0, *map(len, rows)])),
        shape=(len(rows), len(names)),
    )
    live = np.array([one.live for one in seen], float)
    given = np.array([one.given for one in seen])
    weight = np.array([one.weight for one in seen])
    ridge = np.array([RIDGE_OF.get(cue, RIDGE) for cue, _ in names])

    def loss(values: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        logit = given + values[0] + matrix @ values[1:]
        error = weight * (1 / (1 + np.exp(-logit)) - live)
        total = float(np.sum(weight * (np.logaddexp(0, logit) - live * logit)) + 0.5 * np.sum(ridge * values[1:] ** 2))
        return total, np.concatenate([[error.sum()], matrix.T @ error + ridge * values[1:]])

    found = minimize(loss, np.zeros(len(names) + 1), jac=True, method="L-BFGS-B").x
    ratios: dict[str, dict[str, float]] = {}
    for (cue, value), ratio in zip(names, found[1:], strict=True):
        if abs(ratio) >= 0.05:
            ratios.setdefault(cue, {})[value] = round(float(ratio), 2)
    return Fitted(round(float(found[0]), 2), ratios)


def written(fitted: Fitted, companies: int) -> str:
    lines = [
        '"""What each value of a hold cue is worth: natural logarithms of likelihood ratios, human over recording.',
        "",
        f"Made by ``python -m tests.benchmarks.fit_human --companies {companies}``; do not edit. A value that is missing says nothing.",
        '"""', "", "from __future__ import annotations", "", f"PRIOR = {fitted.prior}", "RATIOS: dict[str, dict[str, float]] = {",
    ]  # fmt: skip
    for cue, values in fitted.ratios.items():
        lines += [f'    "{cue}": {{', *(f'        "{value}": {ratio},' for value, ratio in values.items()), "    },"]
    return "\n".join([*lines, "}", ""])


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.fit_human", description=__doc__)
    parser.add_argument("--companies", type=int, default=60, help="each is called three times")
    parser.add_argument("--watched", type=Path, help="keep the watched calls here, or take them from here")
    args = parser.parse_args()
    if args.watched and args.watched.exists():
        halves = msgspec.msgpack.decode(args.watched.read_bytes(), type=Halves)
    else:
        halves = watch_twice(args.companies)
        if args.watched:
            args.watched.write_bytes(msgspec.msgpack.encode(halves))
    print(*cross_validated(halves), sep="\n")
    calls = [*halves[0], *halves[1]]
    RATIOS.write_text(written(fit(observations(calls)), len(calls) // len(LATER)), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
