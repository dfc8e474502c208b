"""Statistics of durations over calls: exact count and mean, quantiles of a bounded sample."""

from __future__ import annotations

import msgspec
from call_contract.step_metadata import Timing

from flow_api.domain.learning.sampling import call_key, quantile

MAX_SAMPLES = 64


def with_sample(timing: Timing | None, ms: int, call_id: str | None) -> Timing:
    """The timing after one more call took ``ms``."""
    timing = timing or Timing()
    total_ms = (timing.total_ms or round(timing.mean_ms * timing.n)) + ms
    n = timing.n + 1
    samples = sorted([*timing.samples, (call_key(call_id, n), ms)])[:MAX_SAMPLES]
    ordered = sorted(value for _, value in samples)
    return msgspec.structs.replace(
        timing, n=n, total_ms=total_ms, mean_ms=round(total_ms / n, 1), p50_ms=quantile(ordered, 0.5), p95_ms=quantile(ordered, 0.95),
        samples=samples,
    )  # fmt: skip


def with_accepted_press(timing: Timing | None, ms: int) -> Timing:
    """``ms`` after the prompt's start a press was seen to work."""
    timing = timing or Timing()
    earliest = ms if timing.earliest_press_ms is None else min(ms, timing.earliest_press_ms)
    return msgspec.structs.replace(timing, earliest_press_ms=earliest)
