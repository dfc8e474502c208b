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

SET_WIDTH = 2  #: at most so many frequencies in a set


def hann(length: int) -> NDArray[np.float64]:
    return 0.5 - 0.5 * np.cos(2 * np.pi * (np.arange(length) + 0.5) / length)


def weights(length: int) -> Floats:
    """Half the squared window of a folded block: ``folded_energy`` is then the windowed block's energy."""
    return (0.5 * hann(length)[: length // 2] ** 2).astype(np.float32)


def waves(frequencies_hz: Sequence[float], length: int) -> NDArray[np.float64]:
    """Hann-windowed cosines and sines, float64[length, 2·n]."""
    phase = 2 * np.pi * np.outer(np.arange(length) - (length - 1) / 2, frequencies_hz) / SAMPLE_RATE_HZ
    both = np.stack([np.cos(phase), np.sin(phase)], axis=2).reshape(length, -1)
    return both * hann(length)[:, None]


def halves(even: NDArray[np.float64], odd: NDArray[np.float64]) -> Floats:
    """Vectors that are even or odd about the middle, float64[length, n] each, for ``project_folded``: float32[groups, 2, 8, length / 2]."""
    half = even.shape[0] // 2
    groups = -(-max(even.shape[1], odd.shape[1]) // 8)
    folded = np.zeros((groups, 2, 8, half), np.float32)
    for parity, columns in enumerate((even, odd)):
        for j in range(columns.shape[1]):
            folded[j // 8, parity, j % 8] = columns[:half, j]
    return folded


def bank(sets: Sequence[Sequence[float]], length: int) -> tuple[Floats, Floats]:
    """Orthonormal basis of each set of one or two frequencies and the matrices that turn projections into amplitudes.

    Returns ``halves`` with two even and two odd vectors for each set, and float32[K, 2, 2, 2]: set, parity, frequency, vector.
    """
    vectors = np.zeros((2, length, SET_WIDTH * len(sets)))
    amplitudes = np.zeros((len(sets), 2, SET_WIDTH, SET_WIDTH))
    for k, frequencies in enumerate(sets):
        columns = waves(frequencies, length)
        width = len(frequencies)
        for parity in range(2):
            q, r = np.linalg.qr(columns[:, parity::2])
            vectors[parity, :, SET_WIDTH * k : SET_WIDTH * k + width] = q
            amplitudes[k, parity, :width, :width] = np.linalg.inv(r)
    return halves(vectors[0], vectors[1]), amplitudes.astype(np.float32)


def low_band(low_hz: float, high_hz: float, length: int, vectors: int) -> Floats:
    """Orthonormal vectors that span a narrow band of a Hann-windowed block best (by singular values), as many even as odd ones."""
    columns = waves([float(hz) for hz in np.arange(low_hz, high_hz + 1, 10.0)], length)
    even, odd = (np.linalg.svd(columns[:, parity::2], full_matrices=False)[0][:, : vectors // 2] for parity in range(2))
    return halves(even, odd)


def projections(samples: NDArray[np.generic], basis: Floats) -> Floats:
    """Dot products of one block, float32[length], with each column."""
    out = np.zeros(basis.shape[1], np.float32)
    project(np.ascontiguousarray(samples, dtype=np.float32), basis, out)
    return out
