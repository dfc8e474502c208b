"""What the engine counts on from its clock, its waiting and its chance."""

from __future__ import annotations

import datetime as dt

from call_engine.adapters.system import SystemClock, new_id, random_bytes


async def test_the_clocks_agree_and_never_go_back() -> None:
    clock = SystemClock()
    before = clock.monotonic_s()
    stamp = dt.datetime.fromisoformat(clock.now_iso())
    await clock.sleep(0)
    assert stamp.utcoffset() == dt.timedelta(0)
    assert clock.now_iso().endswith("Z")  # sorts as text, which leases rely on
    assert abs(stamp.timestamp() - clock.epoch_s()) < 60
    assert clock.monotonic_s() >= before


def test_ids_and_nonces_are_never_the_same_twice() -> None:
    assert len({new_id() for _ in range(100)}) == 100
    assert len({random_bytes(12) for _ in range(100)}) == 100
    assert all(len(random_bytes(n)) == n for n in (0, 1, 32))
