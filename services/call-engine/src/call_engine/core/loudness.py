"""How loud the line has been lately: the level of every tick of the last half minute, as the shell measured it.

The segments say that speech has paused only half a second later; the level says so at once, and it tells how loud the voice and how
quiet the line behind it is. Without levels (a line of words) everything here is unknown.
"""

from __future__ import annotations

from collections import deque
from itertools import islice

from call_engine.core.call_time import samples

UNKNOWN_DBM0 = -89.0  #: digital silence, or nobody measures
_KEPT = 1500  #: ticks
_DEPTH_OVER = samples(2000)
_BELOW_VOICE_DB = 22.0  #: of the loudest tick: a pause


class Loudness:
    """Times are samples of call time, levels dBm0."""

    def __init__(self) -> None:
        self._levels: deque[tuple[int, float]] = deque(maxlen=_KEPT)
        self._measured = False

    def feed(self, at: int, level_dbm0: float) -> None:
        self._measured = self._measured or level_dbm0 > UNKNOWN_DBM0
        self._levels.append((at, level_dbm0))

    @property
    def measured(self) -> bool:
        """Whether there are levels at all."""
        return self._measured

    def _between(self, start: int, end: int) -> list[float]:
        if not self._measured:
            return []
        newest = self._levels[-1][0]
        ticks = min(len(self._levels), max(0, newest - start) // samples(20) + 2)
        return [level for at, level in islice(self._levels, len(self._levels) - ticks, None) if start < at <= end]

    def quiet_ms(self, start: int, at: int) -> int:
        """How long nothing as loud as the voice since ``start`` has been heard; 0 where levels are unknown."""
        levels = self._between(start, at)
        loudest = max(levels, default=UNKNOWN_DBM0)
        if loudest <= UNKNOWN_DBM0:
            return 0
        quiet = 0
        for level in reversed(levels):
            if level > loudest - _BELOW_VOICE_DB:
                break
            quiet += 20
        return quiet

    def voice_dbm0(self, start: int, end: int) -> float | None:
        """Mean of what is loud."""
        levels = self._between(start, end)
        loudest = max(levels, default=UNKNOWN_DBM0)
        loud = [level for level in levels if level > loudest - 15.0]
        return sum(loud) / len(loud) if loudest > UNKNOWN_DBM0 else None

    def depth_db(self, start: int, end: int) -> float | None:
        """How far the level falls between sounds, over the last two seconds at most. Music under a voice keeps it up."""
        levels = sorted(self._between(max(start, end - _DEPTH_OVER), end))
        if len(levels) < 20 or levels[-1] <= UNKNOWN_DBM0:
            return None
        return levels[-1 - len(levels) // 10] - levels[len(levels) // 10]

    def floor_dbm0(self, start: int, end: int) -> float | None:
        """The quietest fifth: the noise of the line where nobody speaks."""
        levels = sorted(self._between(start, end))
        return levels[len(levels) // 5] if len(levels) >= 10 and levels[-1] > UNKNOWN_DBM0 else None
