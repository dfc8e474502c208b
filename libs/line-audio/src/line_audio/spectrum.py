"""Tables of the spectrum kernels: Hann window, twiddles, band edges; and one convenient spectrum function."""

from __future__ import annotations

import functools
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from line_audio._kernels_spectrum import BANDS, FFT_SIZE, HALF, power_spectrum
from line_audio.levels import RMS_AT_0_DBM0
from line_audio.segments import SAMPLE_RATE_HZ

Floats = NDArray[np.float32]

BIN_HZ = SAMPLE_RATE_HZ / FFT_SIZE
LOWEST_HZ, HIGHEST_HZ = 150.0, 3800.0


class SpectrumTables(NamedTuple):
    """What the spectrum kernels read. A named tuple of arrays, as numba takes it."""

    window: Floats
    twiddles: Floats
    band_edges: NDArray[np.int64]
    pitch_weights: Floats  #: undo what the window does to the squared autocorrelation
    ones: Floats
    scale: float  #: power × scale = mean square relative to 0 dBm0


@functools.cache
def tables() -> SpectrumTables:
    window = 0.5 - 0.5 * np.cos(2 * np.pi * (np.arange(FFT_SIZE) + 0.5) / FFT_SIZE)
    turns = np.concatenate([np.arange(FFT_SIZE), *(np.arange(HALF // 4) * 2 * power for power in (1, 2, 3))])
    angle = -2 * np.pi * turns / FFT_SIZE
    spectrum = np.abs(np.fft.fft(window)) ** 2
    correlation = np.fft.ifft(spectrum).real
    return SpectrumTables(
        window=window.astype(np.float32),
        twiddles=np.stack([np.cos(angle), np.sin(angle)]).astype(np.float32),
        band_edges=band_edges(),
        pitch_weights=(1 / np.maximum(correlation / correlation[0], 0.05) ** 2).astype(np.float32)[: HALF + 1],
        ones=np.ones(FFT_SIZE, np.float32),
        scale=float(2.0 / (FFT_SIZE * np.sum(window**2)) / RMS_AT_0_DBM0**2),
    )


def band_edges() -> NDArray[np.int64]:
    """First bin of each of ``BANDS`` mel-spaced bands and the end of the last, at least two bins a band."""
    low, high = (1127 * np.log1p(hz / 700) for hz in (LOWEST_HZ, HIGHEST_HZ))
    hertz = 700 * np.expm1(np.linspace(low, high, BANDS + 1) / 1127)
    edges = np.rint(hertz / BIN_HZ).astype(np.int64)
    for i in range(1, edges.size):
        edges[i] = max(edges[i], edges[i - 1] + 2)
    return np.minimum(edges, HALF)


def power(samples: NDArray[np.generic]) -> Floats:
    """Power spectrum of the last 256 samples, float32[129], in the kernels' units."""
    t = tables()
    out = np.zeros(HALF + 1, np.float32)
    work = np.zeros((4, HALF), np.float32)
    power_spectrum(np.ascontiguousarray(samples[-FFT_SIZE:], dtype=np.float32), t.window, t.twiddles, work, out)
    return out
