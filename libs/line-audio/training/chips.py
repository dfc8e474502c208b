"""Tunes as the sound chips of home computers played them: what comes closest to a voice without being one.

One to three voices of pulses whose width swells, saws, triangles and noise; notes slide, tremble and jump through the keys of a chord fifty
times a second, and a resonant filter sweeps over them like the formants of a vowel.
"""

from __future__ import annotations

import corpus
import numpy as np
from numpy.typing import NDArray
from scipy import signal

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

NAME = "chips"
CLIPS, CLIP_S = 96, 24.0
RATE_HZ = 32_000  #: the waves have sharp edges: made at four times the line's rate
TICK = RATE_HZ // 50  #: such chips are told what to play fifty times a second
SCALES = ((0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10), (0, 3, 5, 7, 10))
CHORDS = ((0, 4, 7), (0, 3, 7), (0, 5, 9), (0, 12), (0, 3, 6, 9))


def packages() -> list[str]:
    """The name under which ``clips`` has them, as if they were one package."""
    return [NAME]


def clips(name: str) -> list[Floats]:
    """All tunes, 8 kHz; made once, then read from the cache."""
    return corpus.stored(name, "music", lambda: [tune(np.random.default_rng([7, clip])) for clip in range(CLIPS)])


def tune(rng: np.random.Generator) -> Floats:
    """float32[samples], ``CLIP_S`` at 8 kHz, with a peak of one half."""
    ticks = int(CLIP_S * 50)
    tick_count = int(rng.choice([4, 5, 6, 7, 8, 10]))  # of the shortest note
    root, scale = int(rng.integers(36, 48)), SCALES[rng.integers(len(SCALES))]
    voices = int(rng.choice([1, 2, 3], p=[0.2, 0.3, 0.5]))
    mixed = np.zeros(ticks * TICK)
    for voice in range(voices):
        mixed += rng.uniform(0.5, 1.0) * _voice(rng, ticks, tick_count, root + 12 * (2 - voice), scale)
    if rng.random() < 0.6:
        mixed = _swept(rng, mixed)
    if rng.random() < 0.6:
        mixed += rng.uniform(0.2, 0.8) * _drums(rng, ticks, tick_count)
    made = signal.resample_poly(mixed, 1, RATE_HZ // corpus.RATE_HZ)
    return (made / (np.max(np.abs(made)) + 1e-9) * 0.5).astype(np.float32)


def _voice(rng: np.random.Generator, ticks: int, tick_count: int, root: int, scale: tuple[int, ...]) -> Doubles:
    """A melody note by note, with what the player does to pitch and loudness in each tick."""
    keys, loud = np.zeros(ticks), np.zeros(ticks)
    chord = CHORDS[rng.integers(len(CHORDS))] if rng.random() < 0.4 else (0,)
    tremble, tremble_ticks, delay = rng.choice([0.0, 0.15, 0.4]), rng.uniform(6, 12), int(rng.integers(0, 20))
    slide = rng.random() < 0.3
    fall, attack, held = rng.choice([4.0, 12.0, 40.0, 400.0]), int(rng.choice([1, 1, 3, 8])), rng.uniform(0.5, 1.0)
    rest, leap, lengths = rng.uniform(0, 0.25), int(rng.integers(1, 5)), rng.choice([1, 1, 2, 2, 4, 8], 4)
    at, step, last = 0, 0, float(root)
    while at < ticks:
        length = min(tick_count * int(rng.choice(lengths)), ticks - at)
        since = np.arange(length)
        if rng.random() > rest:
            step = int(np.clip(step + rng.integers(-leap, leap + 1), -3, 9))
            key = root + scale[step % len(scale)] + 12 * (step // len(scale))
            line = key + np.asarray(chord)[since % len(chord)] + tremble * (since > delay) * np.sin(2 * np.pi * since / tremble_ticks)
            if slide:
                line = line + (last - key) * np.exp(-since / 3.0)
            keys[at : at + length] = line
            loud[at : at + length] = np.minimum((since + 1) / attack, 1) * np.exp(-since / fall) * (since < held * length + 1)
            last = float(key)
        else:
            keys[at : at + length] = last
        at += length
    pitch_hz = np.repeat(440 * 2 ** ((keys - 69) / 12), TICK)
    phase = np.cumsum(pitch_hz) / RATE_HZ % 1.0
    gain = np.interp(np.arange(ticks * TICK), np.arange(ticks) * TICK + TICK // 2, loud)
    return _wave(rng, phase) * gain


def _wave(rng: np.random.Generator, phase: Doubles) -> Doubles:
    kind = rng.choice(["pulse", "saw", "triangle", "both"], p=[0.5, 0.2, 0.2, 0.1])
    if kind == "saw":
        return 2 * phase - 1
    if kind == "triangle":
        return 4 * np.abs(phase - 0.5) - 1
    at_s = np.arange(phase.size) / RATE_HZ
    width = rng.uniform(0.15, 0.5) + rng.uniform(0, 0.35) * np.sin(2 * np.pi * rng.uniform(0.1, 4) * at_s)
    pulse = np.where(phase < np.clip(width, 0.05, 0.95), 1.0, -1.0)
    return pulse if kind == "pulse" else pulse * (2 * phase - 1)


def _swept(rng: np.random.Generator, sound: Doubles) -> Doubles:
    """A resonance that moves between three places, as fast as syllables or slower."""
    centres_hz = np.sort(rng.uniform(250, 3000, 3))
    bands = [signal.sosfilt(signal.butter(2, [c * 0.8, c * 1.25], "bandpass", fs=RATE_HZ, output="sos"), sound) for c in centres_hz]
    place = 1 + np.sin(2 * np.pi * rng.uniform(0.2, 5) * np.arange(sound.size) / RATE_HZ + rng.uniform(0, 6))
    swept = sum(np.maximum(1 - np.abs(place - n), 0) * band for n, band in enumerate(bands))
    return rng.uniform(0.0, 0.4) * sound + 1.5 * np.asarray(swept)


def _drums(rng: np.random.Generator, ticks: int, tick_count: int) -> Doubles:
    """Bursts of noise and falling tones in a pattern that goes round."""
    out = np.zeros(ticks * TICK)
    pattern = rng.choice([0, 1, 2], 16, p=[0.6, 0.25, 0.15])
    for number in range(ticks // tick_count):
        kind, size, at = pattern[number % 16], int(rng.uniform(0.03, 0.12) * RATE_HZ), number * tick_count * TICK
        size = min(size, out.size - at)
        fading = np.exp(-np.arange(size) / (0.3 * size + 1))
        if kind == 1:
            out[at : at + size] += fading * np.repeat(rng.uniform(-1, 1, size // 4 + 1), 4)[:size]
        elif kind == 2:
            out[at : at + size] += fading * np.sign(np.sin(2 * np.pi * np.cumsum(np.geomspace(220, 50, size)) / RATE_HZ)) if size else 0
    return out
