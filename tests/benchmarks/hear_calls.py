"""Is a human noticed, and nobody else? Composed calls of kept-apart real audio through the whole hearing (``composed_calls``).

Every company is called twice: first knowing nothing, then with the recordings of the first call known. ``HEARING_CALLS`` (default 12)
is the number of companies, and ``HEARING_SEED`` (default 7) composes others of the same sources; with ``HEARING_WORDS=0`` nothing is
transcribed, which shows what the sound alone tells and is much faster.
The peers are a voice detector (the same ear) and the turn rule of answering-machine detectors.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

from call_engine.core.holding.human import THRESHOLDS_ON_HOLD

from tests.benchmarks import watched_calls
from tests.benchmarks.composed_hearing import Glance
from tests.benchmarks.composed_scores import Scores, Watched, any_speech, outcome, scores, turn_rule, weighed

WORDS = os.environ.get("HEARING_WORDS", "1") != "0"
COMPANIES = int(os.environ.get("HEARING_CALLS", "12"))
SEED = int(os.environ.get("HEARING_SEED", watched_calls.SEED))
Figure = dict[str, Any]


def told(calls: list[Watched], weigh: Callable[[Glance], float], threshold: float) -> Scores:
    return scores([outcome(call, weigh, threshold) for call in calls])


def figures(which: str, ours: Scores, rule: Scores, voice: Scores) -> Iterator[Figure]:
    over = f"over {ours.calls} calls, {ours.hours:.1f} h of hold"
    at_most = f"{ours.false} in all, at most {ours.false_an_hour_at_most:.2f} at 95 % confidence; voice detector {voice.false_an_hour:.0f}"
    for name, unit, value, peer in (
        ("pick_ups_found", f"% {over}", 100 * ours.found, 100 * rule.found),
        ("first_alarm_right", f"%; a voice detector {100 * voice.right:.0f}", 100 * ours.right, 100 * rule.right),
        ("first_alarm_right_swapped", "% of calls with the voices swapped", 100 * ours.right_swapped, 100 * rule.right_swapped),
        ("latency_median", "s from the first human sound", ours.latency_median_s, rule.latency_median_s),
        ("latency_p95", "s from the first human sound", ours.latency_p95_s, rule.latency_p95_s),
        ("false_an_hour", f"alarms an hour of hold; {at_most}", ours.false_an_hour, rule.false_an_hour),
    ):
        ratio = round(value / peer, 3) if peer else None
        yield {
            "name": f"hearing.calls.{which}.{name}", "value": round(value, 3), "unit": unit, "peer": "turn rule",
            "peer_value": round(peer, 3), "ratio": ratio,
        }  # fmt: skip


def run() -> Iterator[Figure]:
    calls = watched_calls.watch(COMPANIES, words=WORDS, seeds=[SEED])
    for later, name in ((0, "first"), (1, "later")):
        some = [call for call in calls if call.later == later]
        for setting, threshold in THRESHOLDS_ON_HOLD.items():
            ours, rule, voice = told(some, weighed, threshold), told(some, turn_rule, 0.5), told(some, any_speech, 0.5)
            yield from figures(f"{name}.{setting}", ours, rule, voice)
