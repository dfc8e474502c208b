"""Hold music, synthesised: a chord progression for pads, electric piano, bass and drums, different for every tune's name.

Ours, so free to ship. Additive synthesis at 8 kHz; the same name always gives the same samples.
"""

from __future__ import annotations

import functools
import zlib

import numpy as np
from numpy.typing import NDArray

from ivr_sim.channel import Samples, clipped, rms_of_dbm0

SAMPLE_RATE_HZ = 8000
MUSIC_LEVEL_DBM0 = -21.0
BEATS_PER_BAR = 4
BARS = 16
#: Scale degrees of the roots of four-bar phrases that please.
PROGRESSIONS = ((0, 5, 3, 4), (0, 3, 4, 3), (5, 3, 0, 4), (0, 4, 5, 3), (1, 4, 0, 5))
MAJOR = (0, 2, 4, 5, 7, 9, 11)

Sound = NDArray[np.float64]


@functools.lru_cache(maxsize=8)
def tune(name: str) -> Samples:
    """One round of the tune, to be played in a loop: about 30 s, int16[n]."""
    random = np.random.default_rng(zlib.crc32(name.encode()))
    beat = round(SAMPLE_RATE_HZ * 60 / random.uniform(84, 116))
    key_note = int(random.integers(50, 62))
    phrase = PROGRESSIONS[random.integers(len(PROGRESSIONS))]
    song = np.zeros(BARS * BEATS_PER_BAR * beat + SAMPLE_RATE_HZ)
    for bar in range(BARS):
        chord = [_degree(key_note, phrase[bar % 4] + step) for step in (0, 2, 4, 6)]
        _play_bar(song, bar * BEATS_PER_BAR * beat, beat, chord, random, drums=bar >= 2)
    length = BARS * BEATS_PER_BAR * beat
    song[: len(song) - length] += song[length:]  # the tail of the last bar sounds into the first: a loop without a seam
    song = song[:length]
    round_of_it = clipped(song * rms_of_dbm0(MUSIC_LEVEL_DBM0) / np.sqrt(np.mean(song**2)))
    round_of_it.flags.writeable = False
    return round_of_it


def _play_bar(song: Sound, start: int, beat: int, chord: list[int], random: np.random.Generator, *, drums: bool) -> None:
    for note in chord[:3]:
        _add(song, start, 0.16 * _pad(_hz(note + 12), BEATS_PER_BAR * beat))
    for beat_number in range(BEATS_PER_BAR):
        at = start + beat_number * beat
        if beat_number % 2 == 0:
            _add(song, at, 0.5 * _bass(_hz(chord[0] - 12), round(1.8 * beat)))
        for half in (0, 1):
            if random.random() < 0.8:
                _add(song, at + half * beat // 2, 0.35 * _piano(_hz(int(random.choice(chord)) + 12), beat))
        if random.random() < 0.45:
            _add(song, at, 0.3 * _flute(_hz(int(random.choice(chord)) + 24), beat, random))
        if drums:
            _add(song, at, 0.5 * _kick() if beat_number % 2 == 0 else 0.22 * _brush(random, 1200))
            _add(song, at + beat // 2, 0.08 * _brush(random, 320))


def _degree(key_note: int, degree: int) -> int:
    return key_note + 12 * (degree // 7) + MAJOR[degree % 7]


def _hz(midi_note: int) -> float:
    return float(440 * 2 ** ((midi_note - 69) / 12))


def _add(song: Sound, at: int, sound: Sound) -> None:
    end = min(at + len(sound), len(song))
    song[at:end] += sound[: end - at]


def _partials(hz: float, length: int, weights: tuple[float, ...]) -> Sound:
    time = np.arange(length) / SAMPLE_RATE_HZ
    audible = [(n, weight) for n, weight in enumerate(weights, start=1) if n * hz < 3600]
    sound: Sound = np.sum([weight * np.sin(2 * np.pi * n * hz * time) for n, weight in audible], axis=0)
    return sound


def _pad(hz: float, length: int) -> Sound:
    envelope = np.sin(np.pi * np.linspace(0, 1, length)) ** 0.5
    return envelope * (_partials(hz, length, (1, 0.5, 0.3, 0.12)) + _partials(hz * 1.006, length, (1, 0.4, 0.2)))


def _piano(hz: float, length: int) -> Sound:
    time = np.arange(length) / SAMPLE_RATE_HZ
    tremolo = 1 + 0.15 * np.sin(2 * np.pi * 5.5 * time)
    return np.minimum(time / 0.004, 1) * np.exp(-3.2 * time) * tremolo * _partials(hz, length, (1, 0.6, 0.15, 0.3, 0.05, 0.12))


def _bass(hz: float, length: int) -> Sound:
    time = np.arange(length) / SAMPLE_RATE_HZ
    return np.minimum(time / 0.008, 1) * np.exp(-2.2 * time) * _partials(hz, length, (1, 0.8, 0.45, 0.2, 0.1))


def _flute(hz: float, length: int, random: np.random.Generator) -> Sound:
    time = np.arange(length) / SAMPLE_RATE_HZ
    vibrato = 0.006 * hz * np.sin(2 * np.pi * 5 * time) / 5
    breath = 0.04 * random.normal(size=length)
    sound: Sound = np.sin(np.pi * np.linspace(0, 1, length)) ** 0.7 * (np.sin(2 * np.pi * hz * time + vibrato) + breath)
    return sound


def _kick() -> Sound:
    time = np.arange(1200) / SAMPLE_RATE_HZ
    sound: Sound = np.exp(-25 * time) * np.sin(2 * np.pi * (60 * time + 4 * (1 - np.exp(-30 * time))))
    return sound


def _brush(random: np.random.Generator, length: int) -> Sound:
    noise: Sound = np.diff(random.normal(size=length + 1))
    return noise * np.exp(-5 * np.arange(length) / length)
