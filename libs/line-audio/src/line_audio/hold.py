"""Speech or music: features over the last seconds and a small trained network, one probability each.

Band shape, flux, harmonicity, their means and deviations over 80 ms to 3 s, and the share of low frames: speech pauses about four
times a second and its pitch glides, music holds (after Scheirer & Slaney 1997). The network's weights are data
(``hearing.npz``), made by ``libs/line-audio/training``.
"""

from __future__ import annotations

import functools
from importlib import resources
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from line_audio import _kernels_hold as kernels
from line_audio import spectrum
from line_audio.segments import FRAME_SAMPLES

Floats = NDArray[np.float32]

WEIGHTS_FILE = "hearing.npz"


class Network(NamedTuple):
    """Weights of the classifier; inputs are standardised by the first layer itself."""

    w1: Floats
    b1: Floats
    w2: Floats
    b2: Floats
    w3: Floats
    b3: Floats


@functools.cache
def network() -> Network:
    """The weights that ship with the package."""
    with resources.as_file(resources.files("line_audio") / WEIGHTS_FILE) as path, np.load(path) as arrays:
        return Network(*(np.ascontiguousarray(arrays[name], dtype=np.float32) for name in Network._fields))


def features(samples: NDArray[np.generic]) -> Floats:
    """Feature vectors of a recording, one for each whole 20 ms frame: float32[n, FEATURES]. Causal."""
    frames = samples.size // FRAME_SAMPLES
    spectra = np.zeros((frames, 129), np.float32)
    out = np.zeros((frames, kernels.FEATURES), np.float32)
    statistics = np.zeros((kernels.STATISTICS, kernels.BASE), np.float32)
    kernels.spectra_of(np.ascontiguousarray(samples, dtype=np.float32), spectrum.tables(), spectra)
    kernels.describe_all(spectra, spectrum.tables(), statistics, out)
    return out


def probabilities(samples: NDArray[np.generic], weights: Network | None = None) -> Floats:
    """Probability of speech and of music at each frame, float32[n, 2]."""
    net = weights or network()
    first = np.maximum(features(samples) @ net.w1 + net.b1, 0)
    logits = np.maximum(first @ net.w2 + net.b2, 0) @ net.w3 + net.b3
    return np.asarray(1 / (1 + np.exp(-logits)), np.float32)
