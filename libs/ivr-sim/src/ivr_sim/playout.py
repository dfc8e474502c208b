"""Turns a machine's actions into samples: 20 ms frames on an exact timeline, and the machine's own ``PlaybackEnded``.

Speech is queued and never overlaps itself; music or a tone runs behind it, paused or ducked while something is said.
"""

from __future__ import annotations

from collections import deque
from typing import Protocol

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


class Speaks(Protocol):
    def say(self, voice: str, text: str) -> Samples: ...


class Playout:
    """``perform`` an action at any time; take ``next_frame`` for every 20 ms of the call."""

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

    def next_frame(self) -> tuple[Samples, list[PlaybackEnded]]:
        """The next int16[160], and what came to its end in it."""
        over_music = bool(self._queue) and self._queue[0][0].over_music
        silent_music = bool(self._queue) and not over_music
        spoken, ended = self._speech_frame()
        sound = spoken.astype(np.float64)
        if self._background is not None and not silent_music:
            sound += self._background_frame(self._background) * (DUCKED if over_music else 1.0)
        if self._room_rms:
            sound += self._random.normal(0.0, self._room_rms, FRAME_SAMPLES)
        self._now += FRAME_SAMPLES
        return clipped(sound), ended

    def _speech_frame(self) -> tuple[Samples, list[PlaybackEnded]]:
        frame = np.zeros(FRAME_SAMPLES, np.int16)
        ended: list[PlaybackEnded] = []
        filled = 0
        while self._queue and filled < FRAME_SAMPLES:
            say, samples = self._queue[0]
            if self._position == 0:
                start, end = self._now + filled, self._now + filled + len(samples) - say.pause_after_ms * 8
                self.log.append(Said(start, end, end, say.text))
            taken = samples[self._position : self._position + FRAME_SAMPLES - filled]
            frame[filled : filled + len(taken)] = taken
            filled += len(taken)
            self._position += len(taken)
            if self._position >= len(samples):
                self._queue.popleft()
                self._position = 0
                ended.append(PlaybackEnded(say.playback_id))
        return frame, ended

    def _background_frame(self, loop: Samples) -> Samples:
        positions = (self._background_position + np.arange(FRAME_SAMPLES)) % len(loop)
        self._background_position = int(positions[-1]) + 1
        return loop[positions]
