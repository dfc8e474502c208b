"""How the line has sounded to the ear: the mean of the ticks within a stretch, as far back as they are remembered."""

from __future__ import annotations

import random

import pytest
from call_engine.core.voicing import Judged, Voicing

TICK = 160


@pytest.mark.parametrize("seed", range(4))
def test_it_tells_what_a_look_at_every_tick_tells(seed: int) -> None:
    chance = random.Random(seed)
    voicing, ticks = Voicing(), list[tuple[int, Judged]]()
    at = 0
    for _ in range(3200):
        at += TICK * chance.choice([1, 1, 1, 4])
        ticks.append((at, Judged(chance.random(), chance.random())))
        voicing.feed(*ticks[-1])
    for _ in range(200):
        end = at - TICK * chance.randrange(700)
        start = end - TICK * chance.randrange(1, 700)
        within = [judged for when, judged in ticks if start < when <= end]
        mean = voicing.mean(start, end)
        assert (mean is None) == (not within)
        if mean is not None:
            assert mean.speech == pytest.approx(sum(one.speech for one in within) / len(within))
            assert mean.music == pytest.approx(sum(one.music for one in within) / len(within))


def test_where_nobody_judges_nothing_is_known() -> None:
    voicing = Voicing()
    assert voicing.mean(0, 8000) is None
    voicing.feed(TICK, None)
    assert voicing.mean(0, 8000) is None
    voicing.feed(2 * TICK, Judged(0.9, 0.1))
    assert voicing.mean(0, TICK) is None
    assert voicing.mean(0, 8000) == pytest.approx(Judged(0.9, 0.1))
