"""Everything that plays on hold is kept as a recording, whatever the ear calls it, so that it is known when it comes again.

Announcements are kept one by one (``Hold``); all the rest here, stretch by stretch. What may be a human is kept only when it turns
out to have been none, or has gone on for so long that it hardly is one: then it is known on this call, but learned for later ones only
once the hold goes on as before.
"""

from __future__ import annotations

from line_audio.segments import FRAME_SAMPLES

from call_engine.core.call_time import samples
from call_engine.core.kit import Kit
from call_engine.core.waking import soonest

_STRETCH = samples(20_000)  #: kept at once
_OVERLAP = samples(1000)  #: with what was known, whose end is noticed late
_LONGEST = samples(300_000)
_GAP = samples(30_000)
_LEAST, _LEAST_MORE = samples(4000), samples(1000)  #: that is worth a recording, or is added to one
_SILENT = samples(1500)  #: after this much silence the sound is over
_NO_HUMAN = samples(15_000)  #: who is a human has been met within this time


class HoldSound:
    """Times are samples. ``recordings`` are the ids of what was kept."""

    def __init__(self, kit: Kit, since: int) -> None:
        self._kit = kit
        self._from = since
        self._end = 0  #: of what was kept last
        self._human_since: int | None = None  #: words as of a human, though it hardly was one
        self._before_doubt: dict[str, str] = {}  #: recordings in which a human may be heard, and their fingerprints without that
        self.recordings: list[str] = []

    @property
    def fingerprints(self) -> dict[str, str]:
        """Of what was kept, by recording, as far as no human is heard in it."""
        known = self._kit.prompts.fingerprints
        learned = {one: self._before_doubt.get(one, known.get(one, "")) for one in self.recordings}
        return {one: fingerprint for one, fingerprint in learned.items() if fingerprint}

    def none_was_human(self) -> None:
        """The hold goes on as before."""
        self._human_since = None
        self._before_doubt.clear()

    def words_as_of_a_human(self, start: int) -> None:
        """They were hardly a human's; whether they are learned is seen when the hold goes on."""
        self._human_since = start if self._human_since is None else self._human_since

    def tick(self, candidate: int | None) -> None:
        """``candidate``: since when somebody has been speaking who may be a human."""
        now, hearing = self._kit.now, self._kit.hearing
        if hearing.known_plays or hearing.human_near:
            return
        silent_at = self._silent_at()
        if silent_at is not None and now >= silent_at:
            self.close(min(hearing.last_sound_end, self._until(candidate)), candidate)
        elif (until := self._until(candidate)) - self._begin >= _STRETCH:
            self.close(until, candidate)

    def close(self, until: int, candidate: int | None) -> None:
        """What has been heard up to here is kept, if it is worth it."""
        if self._kit.hearing.human_near:
            return
        begin = self._begin
        begin += (self._end - begin) % FRAME_SAMPLES if self._end else 0
        size = (until - begin) // FRAME_SAMPLES * FRAME_SAMPLES
        enough = size >= (_LEAST_MORE if self._end and begin - self._end <= _GAP else _LEAST)
        if enough:
            doubts = [one for one in (candidate, self._human_since) if one is not None]
            self._keep(begin, begin + size, doubtful=min(doubts, default=begin + size) < begin + size)
        self._from = max(begin, begin + size if enough else until)

    def _keep(self, begin: int, end: int, *, doubtful: bool) -> None:
        """One recording for all that plays, though announcements interrupt it: wherever it is recognised, its place is then known to
        its end."""
        last = self.recordings[-1] if self.recordings else ""
        before = self._kit.prompts.fingerprints.get(last, "")
        gap = begin - self._end
        if last and gap <= _GAP and self._kit.hearing.lengths[last] < _LONGEST:
            kept = last if self._kit.prompts.keep_on(last, begin, end, gap) else ""
        else:
            kept = self._kit.prompts.keep_stretch(begin, end, "music")
            self.recordings += [kept] if kept else []
            before = ""
        if kept and doubtful:
            self._before_doubt.setdefault(kept, before)
        self._end = end if kept else 0

    def announced(self, start: int, end: int, candidate: int | None) -> None:
        """This was no human, and kept by itself."""
        self.close(start, candidate)
        if candidate is None and self._human_since is None:
            self.none_was_human()
        self._from = max(self._from, end)

    def wake_at(self, candidate: int | None) -> int | None:
        now = self._kit.now
        if self._kit.hearing.known_plays or self._kit.hearing.human_near:
            return None
        none = candidate + _NO_HUMAN if candidate is not None else None
        return soonest(now, self._silent_at(), self._begin + _STRETCH, none)

    @property
    def _begin(self) -> int:
        """Where the next stretch begins: what was known, or silent, or may have been a human who was met, is not kept."""
        hearing = self._kit.hearing
        return max(
            self._from,
            hearing.human_near.gone_since or 0,
            hearing.known_until - _OVERLAP if hearing.known_until else 0,
            hearing.sound_since,
        )

    def _silent_at(self) -> int | None:
        """When the line will have been silent for long, if nothing is heard any more; None while something is."""
        hearing = self._kit.hearing
        return None if hearing.music or hearing.speaking else hearing.last_sound_end + _SILENT

    def _until(self, candidate: int | None) -> int:
        now = self._kit.now
        return candidate if candidate is not None and now - candidate < _NO_HUMAN else now
