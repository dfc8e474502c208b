"""The frequency bank of the ear: digits' and call-progress tones' frequencies in every frame of every line.

One pass for all lines; the decisions (``_kernels_tones``, ``_kernels_dtmf``) read its measures.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from line_audio import _kernels_dtmf, _kernels_tones
from line_audio import _kernels_frequencies as kernels
from line_audio.cadence import CadenceTables
from line_audio.dtmf import DtmfTables
from line_audio.goertzel import weights

Floats = NDArray[np.float32]


class FrequencyBank(NamedTuple):
    """What ``measure`` reads, and how many measures it makes of a frame."""

    weights: Floats
    digits: Floats
    tones: Floats
    least_energy: float
    width: int


def bank(tones: CadenceTables, digits: DtmfTables) -> FrequencyBank:
    """The frequencies of DTMF and of a tone plan."""
    return FrequencyBank(
        weights=np.concatenate([weights(_kernels_tones.BLOCK), weights(_kernels_dtmf.BLOCK)]),
        digits=digits.basis,
        tones=tones.basis,
        least_energy=min(tones.min_energy, float(digits.parameters[_kernels_dtmf.P_MIN_LEVEL])),
        width=kernels.F_TONES + kernels.GROUP * len(tones.basis),
    )


def measure(
    frames: NDArray[np.int16], slots: NDArray[np.int64], history: Floats, clock: NDArray[np.float64], bank: FrequencyBank, out: Floats
) -> None:
    """Measures of frames int16[k, n, 160], float32[k, n, ``width``] (see ``_kernels_frequencies``)."""
    kernels.measure(frames, slots, history, clock, bank.weights, bank.digits, bank.tones, bank.least_energy, out)
