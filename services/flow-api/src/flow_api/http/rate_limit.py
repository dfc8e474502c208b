"""A token bucket for each actor."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

from flow_api.domain.errors import LimitReached

MOST_ACTORS = 10_000


class RateLimit:
    """``rate_per_s`` sustained, ``burst`` at once."""

    def __init__(self, rate_per_s: float, burst: int, monotonic_s: Callable[[], float]) -> None:
        self._rate, self._burst, self._now = rate_per_s, burst, monotonic_s
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, actor: str) -> None:
        """Raises LimitReached where the actor's bucket is empty."""
        now = self._now()
        left, then = self._buckets.get(actor, (float(self._burst), now))
        left = min(float(self._burst), left + (now - then) * self._rate)
        if left < 1.0:
            raise LimitReached("Too many requests; slow down.", retry_after_s=max(1, round((1.0 - left) / self._rate)))
        self._buckets[actor] = (left - 1.0, now)
        self._buckets.move_to_end(actor)
        if len(self._buckets) > MOST_ACTORS:
            self._buckets.popitem(last=False)
