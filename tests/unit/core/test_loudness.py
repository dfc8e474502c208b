"""The level of the line lately: what is kept up as the line goes on is what a look at every tick tells."""

from __future__ import annotations

import random
from math import fsum

import pytest
from call_engine.core.turn_taking.loudness import UNKNOWN_DBM0, Loudness

TICK = 160


class NaiveLoudness:
    """Looks at each tick of the last half minute, each time."""

    def __init__(self) -> None:
        self._levels: list[tuple[int, float]] = []

    def feed(self, at: int, level_dbm0: float) -> None:
        self._levels = [*self._levels, (at, level_dbm0)][-1500:]

    def _between(self, start: int, end: int) -> list[float]:
        return [level for at, level in self._levels if start < at <= end]

    def quiet_ms(self, start: int, at: int) -> int:
        levels = self._between(start, at)
        loudest = max(levels, default=UNKNOWN_DBM0)
        quiet = 0
        for level in reversed(levels):
            if loudest <= UNKNOWN_DBM0 or level > loudest - 22:
                break
            quiet += 20
        return quiet

    def voice_dbm0(self, start: int, end: int) -> float | None:
        levels = self._between(start, end)
        loudest = max(levels, default=UNKNOWN_DBM0)
        loud = [level for level in levels if level > loudest - 15]
        return fsum(loud) / len(loud) if loudest > UNKNOWN_DBM0 else None

    def depth_db(self, start: int, end: int) -> float | None:
        levels = sorted(self._between(max(start, end - 16_000), end))
        if len(levels) < 20 or levels[-1] <= UNKNOWN_DBM0:
            return None
        return levels[-1 - len(levels) // 10] - levels[len(levels) // 10]

    def floor_dbm0(self, start: int, end: int) -> float | None:
        levels = sorted(self._between(start, end))
        return levels[len(levels) // 5] if len(levels) >= 10 and levels[-1] > UNKNOWN_DBM0 else None


def told(of: Loudness | NaiveLoudness, start: int, end: int) -> list[float | None]:
    return [of.quiet_ms(start, end), of.voice_dbm0(start, end), of.depth_db(start, end), of.floor_dbm0(start, end)]


@pytest.mark.parametrize("seed", range(8))
def test_it_tells_what_a_look_at_every_tick_tells(seed: int) -> None:
    chance = random.Random(seed)
    quick, naive = Loudness(), NaiveLoudness()
    starts, level = [0], -50.0
    for tick in range(1, 2600):
        at = tick * TICK
        if chance.random() < 0.02:
            level = chance.choice([-15.0, -20.0, -35.0, -50.0, UNKNOWN_DBM0])
        heard = level if level == UNKNOWN_DBM0 or chance.random() < 0.2 else level + chance.uniform(-8, 8)
        quick.feed(at, heard)
        naive.feed(at, heard)
        if chance.random() < 0.01:
            starts = [*starts[-5:], at - chance.randrange(0, 40_000)]
        if chance.random() < 0.1:
            start = chance.choice(starts)
            end = at if chance.random() < 0.8 else at - chance.randrange(20_000)
            assert told(quick, start, end) == told(naive, start, end), (tick, start, end)


def test_where_nobody_measures_nothing_is_known() -> None:
    quick = Loudness()
    assert told(quick, 0, TICK) == [0, None, None, None]
    for tick in range(1, 40):
        quick.feed(tick * TICK, UNKNOWN_DBM0)
    assert told(quick, 0, 40 * TICK) == [0, None, None, None]
