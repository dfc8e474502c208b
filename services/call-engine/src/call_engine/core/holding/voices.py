"""Whose voice is it? The timbre of what speaks on hold beside that of the announcements so far: one voice through one channel. And
may it be a known recording that has not been recognised yet?

Timbres are measured outside, over stretches that are asked for here. What was said counts as an announcement's voice once it is sure
not to have been a human's: recognised, followed by music, or long over.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Collection
from typing import NamedTuple

from call_engine.core.call_time import ms, samples
from call_engine.core.effects import DescribeVoice
from call_engine.core.happenings import VoiceDescribed
from call_engine.core.outbox import Outbox

_LOOKS_MS = (700, 1100, 1700, 2600, 4500)  #: after so much speech its timbre is measured
_REFERENCE = samples(1200)  #: a shorter announcement is a poor model of its voice …
_REFERENCE_MAX = samples(12_000)  #: … and a longer one no better
_LONG_OVER = samples(8000)
_MOST_VOICES = 60  #: the last of them; what repeats is recognised and measured no more

Timbre = tuple[float, ...]


class Strange(NamedTuple):
    """``wrong_part``: of the bits of its fingerprint, beside the known recording it is most like; ``wrong_in_place``: beside where those
    that have played should be by now; None: not compared."""

    wrong_part: float | None = None
    wrong_in_place: float | None = None
    length_ms: int = 0  #: of what was compared
    until: int = 0


class Voices:
    """Times are samples of call time."""

    def __init__(self, outbox: Outbox, *, learned: bool = False) -> None:
        """``learned``: recordings of earlier calls are known."""
        self._out = outbox
        self._known = learned
        self._turn = 0
        self._looks = 0
        self._heard: Timbre = ()
        self._heard_until = 0
        self._strange = Strange()
        self._waiting: deque[tuple[int, int]] = deque(maxlen=_MOST_VOICES)  #: stretches that may have been an announcement
        self._announcers: deque[Timbre] = deque(maxlen=_MOST_VOICES)

    def speaks(self, turn: int, start: int, at: int, length_ms: int) -> None:
        """This turn has lasted for so long."""
        if turn != self._turn:
            self._turn, self._looks, self._heard, self._heard_until, self._strange = turn, 0, (), 0, Strange()
        due = sum(length_ms >= look for look in _LOOKS_MS)
        if (self._known or self._announcers) and due > self._looks:
            self._looks = due
            self._out.do(DescribeVoice(turn=turn, start_sample=start, end_sample=at))

    def announced(self, start: int, end: int, *, sure: bool) -> None:
        self._later(start)
        self._waiting.append((start, min(end, start + _REFERENCE_MAX)))
        if sure:
            self.followed_by_music()

    def followed_by_music(self) -> None:
        for start, end in self._waiting:
            if end - start >= _REFERENCE:
                self._out.do(DescribeVoice(turn=0, start_sample=start, end_sample=end))
        self._waiting.clear()

    def _later(self, start: int) -> None:
        """Who is silent for so long is no human either."""
        if self._waiting and start - self._waiting[-1][1] >= _LONG_OVER:
            self.followed_by_music()

    def described(self, voice: VoiceDescribed) -> None:
        compared = (voice.wrong_part, voice.wrong_in_place) != (None, None)
        if compared and voice.turn == self._turn and voice.end_sample >= self._strange.until:
            self._strange = Strange(voice.wrong_part, voice.wrong_in_place, ms(voice.end_sample - voice.start_sample), voice.end_sample)
        if not voice.timbre:
            return
        if voice.turn == 0:
            self._announcers.append(voice.timbre)
        elif voice.turn == self._turn and voice.end_sample >= self._heard_until:
            self._heard, self._heard_until = voice.timbre, voice.end_sample

    def strange(self, turn: int) -> Strange:
        """How far what this turn says is from every known recording."""
        return self._strange if turn == self._turn else Strange()

    def unlike_db(self, turn: int) -> float | None:
        """How far the voice of this turn is from the announcements'; None while either is not known."""
        if turn != self._turn or not self._heard or not self._announcers:
            return None
        return _distance(self._heard, _mean(self._announcers))

    def nearest_db(self, turn: int) -> float | None:
        """How far it is from the one of them that is most like it: not every one of them was a voice."""
        if turn != self._turn or not self._heard or not self._announcers:
            return None
        return min(_distance(self._heard, one) for one in self._announcers)


def _mean(timbres: Collection[Timbre]) -> Timbre:
    return tuple(sum(band) / len(timbres) for band in zip(*timbres, strict=True))


def _distance(one: Timbre, other: Timbre) -> float:
    return math.sqrt(sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) / len(one))
