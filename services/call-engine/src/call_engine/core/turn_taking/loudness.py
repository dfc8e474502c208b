"""How loud the line has been lately: the level of every tick of the last half minute, as the shell measured it.

The segments say that speech has paused only half a second later; the level says so at once, and it tells how loud the voice and how
quiet the line behind it is. Without levels (a line of words) everything here is unknown.

What goes on is asked about again and again, so that the stretches asked about last are kept sorted as the line goes on.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import deque
from collections.abc import Iterable
from math import fsum

from call_engine.core.call_time import samples

UNKNOWN_DBM0 = -89.0  #: digital silence, or nobody measures
_KEPT = 1500  #: ticks
_TICK_MS = 20
_DEPTH_OVER = samples(2000)
_BELOW_VOICE_DB = 22.0  #: of the loudest tick: a pause
_LOUD_DB = 15.0  #: below the loudest tick: still the voice
_STRETCHES = 4


class Loudness:
    """Times are samples of call time, levels dBm0."""

    def __init__(self) -> None:
        self._levels: deque[tuple[int, float]] = deque()
        self._stretches: dict[int, Stretch] = {}  #: by their start, the one asked about last at the end
        self._measured = False

    def feed(self, at: int, level_dbm0: float) -> None:
        self._measured = self._measured or level_dbm0 > UNKNOWN_DBM0
        self._levels.append((at, level_dbm0))
        for start, stretch in self._stretches.items():
            if at > start:
                stretch.add(level_dbm0)
        if len(self._levels) > _KEPT:
            self._forget(*self._levels.popleft())

    def _forget(self, at: int, level_dbm0: float) -> None:
        for start, stretch in list(self._stretches.items()):
            if at > start and stretch.remove(level_dbm0):
                del self._stretches[start]

    @property
    def measured(self) -> bool:
        """Whether there are levels at all."""
        return self._measured

    def _between(self, start: int, end: int) -> list[float]:
        """The newest first."""
        levels: list[float] = []
        for at, level in reversed(self._levels):
            if at <= start:
                break
            if at <= end:
                levels.append(level)
        return levels

    def _stretch(self, start: int, end: int) -> Stretch:
        """Kept if it goes on."""
        if not self._measured:
            return _NOTHING
        if end < self._levels[-1][0]:
            return Stretch(reversed(self._between(start, end)))
        stretch = self._stretches.pop(start, None) or Stretch(reversed(self._between(start, end)))
        self._stretches[start] = stretch
        if len(self._stretches) > _STRETCHES:
            del self._stretches[next(iter(self._stretches))]
        return stretch

    def quiet_ms(self, start: int, at: int) -> int:
        """How long nothing as loud as the voice since ``start`` has been heard; 0 where levels are unknown."""
        stretch = self._stretch(start, at)
        return _TICK_MS * stretch.quiet if stretch.loudest > UNKNOWN_DBM0 else 0

    def voice_dbm0(self, start: int, end: int) -> float | None:
        """Mean of what is loud."""
        stretch = self._stretch(start, end)
        return stretch.voice if stretch.loudest > UNKNOWN_DBM0 else None

    def depth_db(self, start: int, end: int) -> float | None:
        """How far the level falls between sounds, over the last two seconds at most. Music under a voice keeps it up."""
        if not self._measured:
            return None
        levels = sorted(self._between(max(start, end - _DEPTH_OVER), end))
        if len(levels) < 20 or levels[-1] <= UNKNOWN_DBM0:
            return None
        return levels[-1 - len(levels) // 10] - levels[len(levels) // 10]

    def floor_dbm0(self, start: int, end: int) -> float | None:
        """The quietest fifth: the noise of the line where nobody speaks."""
        levels = self._stretch(start, end).levels
        return levels[len(levels) // 5] if len(levels) >= 10 and levels[-1] > UNKNOWN_DBM0 else None


class Stretch:
    """The levels of the ticks since some moment, sorted."""

    def __init__(self, levels: Iterable[float]) -> None:
        self.levels: list[float] = []
        self.quiet = 0  #: ticks at its end that are no voice
        self._voice: float | None = None
        for level in levels:
            self.add(level)

    @property
    def loudest(self) -> float:
        return self.levels[-1] if self.levels else UNKNOWN_DBM0

    def add(self, level: float) -> None:
        insort(self.levels, level)
        self.quiet = self.quiet + 1 if level <= self.loudest - _BELOW_VOICE_DB else 0
        if level > self.loudest - _LOUD_DB:
            self._voice = None

    def remove(self, level: float) -> bool:
        """The oldest is forgotten. True if nothing can be said of the rest without looking at it anew."""
        del self.levels[bisect_left(self.levels, level)]
        if level > self.loudest - _LOUD_DB:
            self._voice = None
        return level > self.loudest or self.quiet > len(self.levels)

    @property
    def voice(self) -> float:
        """Mean of what is loud."""
        if self._voice is None:
            loud = self.levels[bisect_right(self.levels, self.loudest - _LOUD_DB) :]
            self._voice = fsum(loud) / len(loud)
        return self._voice


_NOTHING = Stretch(())
