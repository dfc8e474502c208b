"""Everything that plays on hold is kept as a recording, whatever the ear calls it, so that it is known when it comes again.

Announcements are kept one by one (``Hold``); all the rest here, in stretches that overlap a little, so that the next is recognised
before the last is over. What may be a human is kept only when it turns out to have been none.
"""

from __future__ import annotations

from call_engine.core.call_time import samples
from call_engine.core.kit import Kit
from call_engine.core.waking import soonest

_STRETCH = samples(20_000)
_OVERLAP = samples(1000)
_LEAST = samples(4000)
_SILENT = samples(1500)  #: after this much silence the sound is over
_NO_HUMAN = samples(15_000)  #: who is a human has been met within this time


class HoldSound:
    """Times are samples. ``recordings`` are the ids of what was kept."""

    def __init__(self, kit: Kit, since: int) -> None:
        self._kit = kit
        self._from = since
        self.recordings: list[str] = []

    def tick(self, candidate: int | None) -> None:
        """``candidate``: since when somebody has been speaking who may be a human."""
        now, hearing = self._kit.now, self._kit.hearing
        if hearing.known_plays:
            return
        if now >= self._silent_at():
            self.close(hearing.last_sound_end)
        elif (until := self._until(candidate)) - self._begin >= _STRETCH:
            self.close(until)
            self._from = until - _OVERLAP

    def close(self, until: int) -> None:
        """What has been heard up to here is kept, if it is worth it."""
        begin = self._begin
        if until - begin >= _LEAST:
            kept = self._kit.prompts.keep_stretch(begin, until, "music")
            if kept:
                self.recordings.append(kept)
        self._from = max(begin, until)

    def announced(self, start: int, end: int) -> None:
        """This was kept by itself."""
        self.close(start)
        self._from = max(self._from, end)

    def wake_at(self, candidate: int | None) -> int | None:
        now = self._kit.now
        if self._kit.hearing.known_plays:
            return None
        none = candidate + _NO_HUMAN if candidate is not None else None
        return soonest(now, self._silent_at(), self._begin + _STRETCH, none)

    @property
    def _begin(self) -> int:
        """Where the next stretch begins: what was known, or silent, is not kept."""
        hearing = self._kit.hearing
        return max(self._from, hearing.known_until - _OVERLAP if hearing.known_until else 0, hearing.sound_since)

    def _silent_at(self) -> int:
        """When the line will have been silent for long, if nothing is heard any more."""
        hearing, now = self._kit.hearing, self._kit.now
        return (now if hearing.music or hearing.speaking else hearing.last_sound_end) + _SILENT

    def _until(self, candidate: int | None) -> int:
        now = self._kit.now
        return candidate if candidate is not None and now - candidate < _NO_HUMAN else now
