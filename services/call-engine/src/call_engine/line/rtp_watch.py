"""Whether sound still arrives on an answered call."""

from __future__ import annotations

from collections.abc import Callable

from call_engine.line.digits import TICK_MS
from call_engine.line.messages import LineStats

TICKS_PER_S = 1000 // TICK_MS
STATS_EVERY_S = 5


class RtpWatch:
    """Looks at the counters once a second from the answer on. ``tick`` is true when patience is at its end."""

    def __init__(self, counters: Callable[[], LineStats | None], tell: Callable[[LineStats], None], *, none_s: int, lost_s: int) -> None:
        self._counters, self._tell = counters, tell
        self._none_s, self._lost_s = none_s, lost_s
        self._packets = 0
        self._looks = 0
        self._look_at: int | None = None
        self._moved_at = 0

    def tick(self, now: int) -> bool:
        if self._look_at is None:
            self._look_at = self._moved_at = now
        if now < self._look_at:
            return False
        self._look_at = now + TICKS_PER_S
        counters = self._counters()
        return counters is not None and self._look(counters, now)

    def _look(self, counters: LineStats, now: int) -> bool:
        if counters.packets != self._packets:
            self._moved_at, self._packets = now, counters.packets
        self._looks += 1
        if self._looks % STATS_EVERY_S == 0:
            self._tell(counters)
        patience_s = self._lost_s if self._packets else self._none_s
        return patience_s > 0 and now - self._moved_at > patience_s * TICKS_PER_S
