"""Speech or music: what frames sound like, and a small recurrent network that follows it, one probability each.

Two frames (40 ms) are judged together: band shape, level, peakiness of the spectrum, how its fine structure changes (music holds its
partials, speech glides) and how clear and steady the pitch is. Two gated recurrent layers follow that over seconds. The network's
weights are data (``hearing.npz``), made by ``libs/line-audio/training``.
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
FEATURES = kernels.FEATURES


class Network(NamedTuple):
    """Weights of the classifier; inputs are standardised by the first layer itself. Gates: update, reset, candidate."""

    w_in: Floats
    b_in: Floats
    w1: Floats
    r1: Floats
    b1: Floats
    c1: Floats
    w2: Floats
    r2: Floats
    b2: Floats
    c2: Floats
    w_out: Floats
    b_out: Floats


@functools.cache
def network() -> Network:
    """The weights that ship with the package."""
    with resources.as_file(resources.files("line_audio") / WEIGHTS_FILE) as path, np.load(path) as arrays:
        return Network(*(np.ascontiguousarray(arrays[name], dtype=np.float32) for name in Network._fields))


def features(samples: NDArray[np.generic]) -> Floats:
    """Feature vectors of a recording, one for each whole 40 ms: float32[n, FEATURES]. Causal."""
    pairs = samples.size // FRAME_SAMPLES // kernels.PAIR
    spectra = np.zeros((pairs * kernels.PAIR, 129), np.float32)
    out = np.zeros((pairs, FEATURES), np.float32)
    kernels.spectra_of(np.ascontiguousarray(samples, dtype=np.float32), spectrum.tables(), spectra)
    kernels.describe_all(spectra, spectrum.tables(), out)
    return out


def probabilities(samples: NDArray[np.generic], weights: Network | None = None) -> Floats:
    """Probability of speech and of music after each 40 ms, float32[n, 2]."""
    vectors = features(samples)
    out = np.zeros((len(vectors), 2), np.float32)
    kernels.judge_all(vectors, weights or network(), out)
    return out
