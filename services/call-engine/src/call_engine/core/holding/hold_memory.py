"""What this hold has been like so far: how its announcements came and went, so that what comes otherwise stands out."""

from __future__ import annotations

import msgspec

from call_engine.core.call_time import ms


class HoldSoFar(msgspec.Struct, frozen=True, kw_only=True):
    """``again``: recordings recognised since the last new one."""

    learned: int = 0  #: recordings known from earlier calls
    announcements: int = 0  #: heard on this hold, new or known
    new: int = 0
    again: int = 0
    over_music: int = 0
    longest_return_ms: int = 0  #: from the end of an announcement to the music
    voice_dbm0: float | None = None  #: of the announcements
    doubted: int = 0  #: those that might have been a human
    foreign: bool = False  #: most of them were in a language that the recogniser does not understand


class HoldMemory:
    def __init__(self, learned: int = 0) -> None:
        self.so_far = HoldSoFar(learned=learned)
        self._ended_at: int | None = None
        self._last_end: int | None = None
        self._foreign = 0  #: announcements that were not understood, less those that were

    def behind_ms(self, start: int) -> int | None:
        """How long after the last announcement this begins."""
        return None if self._last_end is None else max(0, ms(start - self._last_end))

    def announced(
        self, end: int, *, known: bool, over_music: bool, voice_dbm0: float | None, doubted: bool = False, foreign: bool | None = None
    ) -> None:  # fmt: skip
        """An announcement is over, or one before the last is sure only now. ``known``: it was recognised; ``foreign``: its words were
        not understood."""
        if foreign is not None:
            self._foreign += 1 if foreign else -1
        was = self.so_far
        both = [level for level in (was.voice_dbm0, voice_dbm0) if level is not None]
        self._ended_at = self._last_end = max(end, self._last_end or 0)
        self.so_far = msgspec.structs.replace(
            was, announcements=was.announcements + 1, new=was.new + (not known), again=was.again + 1 if known else 0,
            doubted=was.doubted + doubted, foreign=self._foreign > 0,
            over_music=was.over_music + over_music, voice_dbm0=sum(both) / len(both) if both else None,
        )  # fmt: skip

    def music(self, start: int) -> None:
        """Music began at this sample."""
        if self._ended_at is None:
            return
        late = ms(start - self._ended_at)
        self._ended_at = None
        if 0 <= late <= 5000:
            self.so_far = msgspec.structs.replace(self.so_far, longest_return_ms=max(self.so_far.longest_return_ms, late))
