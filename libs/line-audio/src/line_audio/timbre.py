"""What a stretch of speech sounds like apart from its words: the mean spectrum of its loud frames, which is the voice through its channel.

The announcements of a company are spoken by one voice through one channel; whoever picks up has another voice, another microphone and
another line. Level and length do not matter.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from line_audio import spectrum

Floats = NDArray[np.float32]
LEAST_SAMPLES = 2400  #: less says nothing of a voice
_STEP = 128
_LOUD = 10**-1.5  #: of the loudest frame's power


def timbre(samples: NDArray[np.int16]) -> Floats:
    """Decibels of each band of ``spectrum.band_edges`` around their mean, float32[bands]; empty if there is too little sound."""
    if samples.size < LEAST_SAMPLES:
        return np.zeros(0, np.float32)
    tables = spectrum.tables()
    frames = np.lib.stride_tricks.sliding_window_view(samples.astype(np.float32), tables.window.size)[::_STEP] * tables.window
    power = np.abs(np.fft.rfft(frames, axis=1)) ** 2
    edges = tables.band_edges
    bands = np.add.reduceat(power[:, : edges[-1]], edges[:-1], axis=1) / np.diff(edges)
    total = bands.sum(axis=1)
    if total.max() <= 0.0:
        return np.zeros(0, np.float32)
    decibels = 10 * np.log10(bands[total >= total.max() * _LOUD] + 1.0).mean(axis=0)
    return np.asarray(decibels - decibels.mean(), np.float32)
