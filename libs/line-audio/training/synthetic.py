"""Sounds that the packages lack: sung voices (made of spoken ones) and plain tunes of single instruments."""

from __future__ import annotations

import numpy as np
from line_audio._kernels_jit import kernel
from numpy.typing import NDArray
from scipy import signal

Floats = NDArray[np.float32]
RATE_HZ = 8000
HOP, WINDOW, ORDER = 160, 320, 12
SCALE = (0, 2, 4, 5, 7, 9, 11, 12)  #: semitones


def melody(rng: np.random.Generator, size: int, low_hz: float, high_hz: float) -> NDArray[np.float64]:
    """A pitch for each sample: notes of a scale, held and then changed, with some vibrato."""
    pitch = np.zeros(size)
    root = rng.uniform(np.log2(low_hz), np.log2(high_hz))
    beat = rng.uniform(0.18, 0.5)
    depth = rng.choice([0.0, 0.004, 0.012])
    at = 0
    step = int(rng.integers(len(SCALE)))
    while at < size:
        end = min(size, at + int(RATE_HZ * beat * rng.choice([1, 1, 2, 4])))
        step = int(np.clip(step + rng.integers(-3, 4), 0, len(SCALE) - 1))
        t = np.arange(end - at) / RATE_HZ
        pitch[at:end] = 2 ** (root + SCALE[step] / 12) * (1 + depth * np.sin(2 * np.pi * 5.5 * t))
        at = end
    return pitch


def sung(rng: np.random.Generator, spoken: Floats) -> Floats:
    """The words of ``spoken`` on a melody: linear prediction, stretched, driven by pulses whose pitch stays on notes."""
    stretch = rng.uniform(1.5, 3.5)
    count = int((spoken.size - WINDOW) / HOP * stretch)
    if count < 5:
        return np.zeros(0, np.float32)
    pitch = melody(rng, count * HOP, 110, 330)
    pulses = np.diff(np.floor(np.cumsum(pitch) / RATE_HZ), prepend=0.0)
    drive = signal.lfilter([1.0], [1.0, -0.6], pulses) + 0.02 * rng.standard_normal(pulses.size)
    begins = (np.arange(count) / stretch * HOP).astype(np.int64)
    frames = np.lib.stride_tricks.sliding_window_view(spoken, WINDOW)[begins] * np.hanning(WINDOW)
    correlation = np.fft.irfft(np.square(np.abs(np.fft.rfft(frames, 2 * WINDOW, axis=1))), axis=1)[:, : ORDER + 1]
    heard = correlation[:, 0] >= 1e-6
    correlation[:, 0] = np.maximum(correlation[:, 0] * 1.001, 1e-6)
    lags = np.abs(np.subtract.outer(np.arange(ORDER), np.arange(ORDER)))
    predictors = np.linalg.solve(correlation[:, lags], correlation[:, 1:, None])[..., 0]
    left = np.maximum(correlation[:, 0] - np.sum(predictors * correlation[:, 1:], axis=1), 1e-12)
    pieces = drive.reshape(count, HOP)
    noisy = np.count_nonzero(np.diff(np.signbit(frames), axis=1), axis=1) > 0.35 * WINDOW
    pieces[noisy] = rng.standard_normal((np.count_nonzero(noisy), HOP))
    pieces *= (np.sqrt(left / WINDOW) / (np.std(pieces, axis=1) + 1e-9))[:, None]
    out = np.zeros((count, HOP))
    resound(pieces, predictors, heard, out)
    return (out.reshape(-1) / (np.max(np.abs(out)) + 1e-9) * 0.5).astype(np.float32)


@kernel
def resound(pieces, predictors, heard, out):  # type: ignore[no-untyped-def]
    """Each piece float64[n, HOP] through its all-pole filter; the past goes on from piece to piece. What is not ``heard`` stays 0."""
    past = np.zeros(ORDER)
    for n in range(pieces.shape[0]):
        if not heard[n]:
            continue
        for i in range(pieces.shape[1]):
            value = pieces[n, i]
            for k in range(ORDER):
                value += predictors[n, k] * past[k]
            for k in range(ORDER - 1, 0, -1):
                past[k] = past[k - 1]
            past[0] = value
            out[n, i] = value


def tune(rng: np.random.Generator, duration_s: float) -> Floats:
    """One or two instruments playing notes of a scale: struck or blown, dull or bright."""
    size = int(duration_s * RATE_HZ)
    out = np.zeros(size)
    for _ in range(int(rng.integers(1, 4))):
        pitch = melody(rng, size, *rng.choice([[65, 130], [130, 260], [260, 520], [520, 900]]))
        starts = np.flatnonzero(np.abs(np.diff(pitch, prepend=0.0)) > 0.02 * pitch)
        since = np.arange(size) - np.maximum.accumulate(np.where(np.isin(np.arange(size), starts), np.arange(size), 0))
        fall = rng.choice([0.15, 0.4, 1.0, 20.0])
        shape = np.minimum(since / (RATE_HZ * rng.choice([0.002, 0.02, 0.08])), 1.0) * np.exp(-since / (RATE_HZ * fall))
        phase = 2 * np.pi * np.cumsum(pitch) / RATE_HZ
        bright = rng.uniform(0.8, 2.5)
        odd_only = rng.random() < 0.25
        for harmonic in range(1, 12, 2 if odd_only else 1):
            audible = harmonic * pitch < 3800
            out += shape * audible * np.sin(harmonic * phase) / harmonic**bright
    return (out / (np.max(np.abs(out)) + 1e-9) * 0.5).astype(np.float32)
