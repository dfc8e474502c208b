"""Energy at chosen frequencies: windowed dot products, the same result as Goertzel's recurrence but free of its serial dependency.

A *bank* is a table of orthonormal vectors for each set of frequencies; the kernel projects a block onto all of them at once.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from line_audio._kernels_goertzel import project
from line_audio.segments import SAMPLE_RATE_HZ

Floats = NDArray[np.float32]

SET_WIDTH = 4  #: columns of a bank for each set: cosine and sine of at most two frequencies


def hann(length: int) -> NDArray[np.float64]:
    return 0.5 - 0.5 * np.cos(2 * np.pi * (np.arange(length) + 0.5) / length)


def waves(frequencies_hz: Sequence[float], length: int) -> NDArray[np.float64]:
    """Hann-windowed cosines and sines, float64[length, 2·n]."""
    phase = 2 * np.pi * np.outer(np.arange(length) - (length - 1) / 2, frequencies_hz) / SAMPLE_RATE_HZ
    both = np.stack([np.cos(phase), np.sin(phase)], axis=2).reshape(length, -1)
    return both * hann(length)[:, None]


def bank(sets: Sequence[Sequence[float]], length: int) -> tuple[Floats, Floats]:
    """Orthonormal basis of each set of one or two frequencies and the matrices that turn projections into amplitudes.

    Returns float32[length, 4·K] and float32[K, 4, 4].
    """
    basis = np.zeros((length, SET_WIDTH * len(sets)))
    amplitudes = np.zeros((len(sets), SET_WIDTH, SET_WIDTH))
    for k, frequencies in enumerate(sets):
        columns = waves(frequencies, length)
        q, r = np.linalg.qr(columns)
        width = columns.shape[1]
        basis[:, SET_WIDTH * k : SET_WIDTH * k + width] = q
        amplitudes[k, :width, :width] = np.linalg.inv(r)
    return basis.astype(np.float32), amplitudes.astype(np.float32)


def low_band(low_hz: float, high_hz: float, length: int, vectors: int) -> Floats:
    """Orthonormal vectors that span a narrow band of a Hann-windowed block best (by singular values), float32[length, vectors]."""
    columns = waves([float(hz) for hz in np.arange(low_hz, high_hz + 1, 10.0)], length)
    return np.linalg.svd(columns, full_matrices=False)[0][:, :vectors].astype(np.float32)


def projections(samples: NDArray[np.generic], basis: Floats) -> Floats:
    """Dot products of one block, float32[length], with each column."""
    out = np.zeros(basis.shape[1], np.float32)
    project(np.ascontiguousarray(samples, dtype=np.float32), basis, out)
    return out
