from __future__ import annotations

import pytest
from call_engine.line.messages import LineStats
from call_engine.line.rtp_watch import TICKS_PER_S, RtpWatch


def counted(packets: int) -> LineStats:
    return LineStats(packets=packets, lost=0, discarded=0, jitter_us=0)


def gives_up_at_s(packets: list[int], *, none_s: int = 3, lost_s: int = 10, step: int = 1) -> float | None:
    """``packets`` a second after second; the last goes on for ever."""
    now = 0
    watch = RtpWatch(lambda: counted(packets[min(now // TICKS_PER_S, len(packets) - 1)]), lambda stats: None, none_s=none_s, lost_s=lost_s)
    for now in range(0, 60 * TICKS_PER_S, step):
        if watch.tick(now):
            return now / TICKS_PER_S
    return None


@pytest.mark.parametrize("step", [1, 3])
def test_no_packet_at_all(step: int) -> None:
    assert gives_up_at_s([0], step=step) == pytest.approx(3.5, abs=0.6)


@pytest.mark.parametrize("step", [1, 3])
def test_packets_that_stop(step: int) -> None:
    assert gives_up_at_s([0, 50, 100], step=step) == pytest.approx(13, abs=1)


def test_packets_that_go_on() -> None:
    assert gives_up_at_s(list(range(0, 3000, 50))) is None


def test_zero_switches_a_limit_off() -> None:
    assert gives_up_at_s([0], none_s=0) is None
    assert gives_up_at_s([50], lost_s=0) is None


def test_the_counters_are_told_every_five_seconds() -> None:
    told: list[LineStats] = []
    watch = RtpWatch(lambda: counted(1), told.append, none_s=0, lost_s=0)
    for now in range(20 * TICKS_PER_S):
        watch.tick(now)
    assert len(told) == 4
