"""A call costs the same however long it waits: nothing grows while the queue plays its announcement over and over."""

from __future__ import annotations

from pathlib import Path

from tests.support.long_hold import hold


async def test_nothing_grows_while_a_call_is_on_hold(tmp_path: Path) -> None:
    before, after = await hold(tmp_path, [2, 5])
    assert (before.state, after.state) == ("holding", "holding")
    assert after.events - before.events <= 3 * 6  # announcements, a few facts each
    assert after.objects - before.objects <= 3 * 40  # what those events are kept as
