"""Turns a machine's actions into samples: 20 ms frames on an exact timeline, and the machine's own ``PlaybackEnded``.

Speech is queued and never overlaps itself; music or a tone runs behind it, paused or ducked while something is said.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import Any, Protocol

import msgspec
import numpy as np

from ivr_sim import music, tones
from ivr_sim.actions import Action, PlayMusic, PlayTone, Quiet, RoomNoise, Say
from ivr_sim.channel import FRAME_SAMPLES, Samples, clipped, rms_of_dbm0
from ivr_sim.happenings import PlaybackEnded

#: How much quieter the music gets under an announcement.
DUCKED = 10 ** (-14 / 20)


class Said(msgspec.Struct):
    """What was said when, in samples since the first frame. ``cut_end`` is where it was stopped, or its end."""

    start: int
    full_end: int
    cut_end: int
    text: str


class PlayoutMemory(msgspec.Struct, frozen=True):
    """Where a playout stands between two frames."""

    position: int
    background_position: int
    now: int
    logged: int
    random: Mapping[str, Any]


class Speaks(Protocol):
    def say(self, voice: str, text: str) -> Samples: ...


class Playout:
    """``perform`` an action at any time; take ``next_frame`` for every 20 ms of the call, or many by ``next_frames`` while all is calm."""

    def __init__(self, voices: Speaks, seed: int = 0) -> None:
        self._voices = voices
        self._random = np.random.default_rng(seed)
        self._queue: deque[tuple[Say, Samples]] = deque()
        self._position = 0
        self._background: Samples | None = None
        self._background_position = 0
        self._room_rms = 0.0
        self._now = 0
        self.log: list[Said] = []  #: everything said so far

    def perform(self, action: Action) -> None:
        match action:
            case Say():
                pause = np.zeros(action.pause_after_ms * 8, np.int16)
                self._queue.append((action, np.concatenate([self._voices.say(action.voice, action.text), pause])))
            case PlayMusic(tune=name):
                self._background, self._background_position = music.tune(name), 0
            case PlayTone(tone=name):
                self._background, self._background_position = tones.tone(name), 0
            case RoomNoise(level_dbm0=level):
                self._room_rms = 0.0 if level is None else rms_of_dbm0(level)
            case Quiet():
                if self._queue and self._position and self.log:
                    self.log[-1].cut_end = min(self.log[-1].cut_end, self._now)
                self._queue.clear()
                self._position = 0
                self._background = None

    @property
    def calm_frames(self) -> int | None:
        """In so many frames nothing comes to its end; None: nothing is being said."""
        return (len(self._queue[0][1]) - self._position - 1) // FRAME_SAMPLES if self._queue else None

    def next_frame(self) -> tuple[Samples, list[PlaybackEnded]]:
        """The next int16[160], and what came to its end in it."""
        frames, ended = self.next_frames(1)
        return frames[0], ended

    def next_frames(self, count: int) -> tuple[Samples, list[PlaybackEnded]]:
        """The next int16[count, 160], one or no more than are calm, and what came to its end in them."""
        over_music = bool(self._queue) and self._queue[0][0].over_music
        silent_music = bool(self._queue) and not over_music
        spoken, ended = self._speech(count * FRAME_SAMPLES)
        sound = spoken.astype(np.float64)
        if self._background is not None and not silent_music:
            sound += self._next_background(self._background, len(sound)) * (DUCKED if over_music else 1.0)
        if self._room_rms:
            sound += self._random.normal(0.0, self._room_rms, len(sound))
        self._now += len(sound)
        return clipped(sound).reshape(count, FRAME_SAMPLES), ended

    def remember(self) -> PlayoutMemory:
        return PlayoutMemory(self._position, self._background_position, self._now, len(self.log), self._random.bit_generator.state)

    def recall(self, memory: PlayoutMemory) -> None:
        """As it was then; since then only calm frames may have been taken and nothing performed."""
        self._position, self._background_position, self._now = memory.position, memory.background_position, memory.now
        self._random.bit_generator.state = memory.random
        del self.log[memory.logged :]

    def _speech(self, size: int) -> tuple[Samples, list[PlaybackEnded]]:
        sound = np.zeros(size, np.int16)
        ended: list[PlaybackEnded] = []
        filled = 0
        while self._queue and filled < size:
            say, samples = self._queue[0]
            if self._position == 0:
                start, end = self._now + filled, self._now + filled + len(samples) - say.pause_after_ms * 8
                self.log.append(Said(start, end, end, say.text))
            taken = samples[self._position : self._position + size - filled]
            sound[filled : filled + len(taken)] = taken
            filled += len(taken)
            self._position += len(taken)
            if self._position >= len(samples):
                self._queue.popleft()
                self._position = 0
                ended.append(PlaybackEnded(say.playback_id))
        return sound, ended

    def _next_background(self, loop: Samples, size: int) -> Samples:
        positions = (self._background_position + np.arange(size)) % len(loop)
        self._background_position = int(positions[-1]) + 1
        return loop[positions]
