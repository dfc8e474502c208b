"""What a hold has been like so far, told in whatever order it becomes sure."""

from __future__ import annotations

from call_engine.core.holding.hold_memory import HoldMemory

S = 8000


def test_who_turns_out_late_to_have_been_no_human_was_not_the_last_to_speak() -> None:
    memory = HoldMemory()
    memory.announced(30 * S, known=True, over_music=False, voice_dbm0=None)
    memory.music(31 * S)
    memory.announced(27 * S, known=False, over_music=False, voice_dbm0=None, doubted=True)
    memory.music(31 * S)
    assert memory.behind_ms(40 * S) == 10_000
    assert memory.so_far.longest_return_ms == 1000
    assert (memory.so_far.announcements, memory.so_far.doubted) == (2, 1)
