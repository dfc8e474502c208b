"""Levels on a digital telephone line. 0 dBm0 is fixed by G.711: a full-scale µ-law sine is +3.17 dBm0."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

FULL_SCALE_SINE_DBM0 = 3.17  #: ITU-T G.711, µ-law
PEAK_AT_0_DBM0 = 32124.0 / 10.0 ** (FULL_SCALE_SINE_DBM0 / 20.0)
RMS_AT_0_DBM0 = PEAK_AT_0_DBM0 / math.sqrt(2.0)
SILENT_DBM0 = -90.0


def level_dbm0(samples: NDArray[np.int16]) -> float:
    """Mean level of PCM samples; ``SILENT_DBM0`` at least."""
    if samples.size == 0:
        return SILENT_DBM0
    power = float(np.mean(np.square(samples.astype(np.float64))))
    return max(SILENT_DBM0, 10.0 * math.log10(power / RMS_AT_0_DBM0**2)) if power > 0.0 else SILENT_DBM0


def sine_peak(level: float) -> float:
    """Peak amplitude, in 16-bit units, of one sine at this level in dBm0."""
    return float(PEAK_AT_0_DBM0 * 10.0 ** (level / 20.0))
