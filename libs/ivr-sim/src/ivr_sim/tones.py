"""Call-progress tones of the North American plan, as a company's own switch makes them (ITU-T E.180, Bellcore for SIT)."""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray

from ivr_sim.channel import Samples, clipped, rms_of_dbm0

SAMPLE_RATE_HZ = 8000
LEVEL_EACH_DBM0 = -19.0
#: name → one round of (frequencies in Hz, milliseconds); no frequency is silence.
CADENCES: dict[str, tuple[tuple[tuple[float, ...], int], ...]] = {
    "ringback": (((440, 480), 2000), ((), 4000)),
    "busy": (((480, 620), 500), ((), 500)),
    "reorder": (((480, 620), 250), ((), 250)),
    "sit_intercept": (((913.8,), 274), ((1370.6,), 274), ((1776.7,), 380), ((), 1000)),
    "sit_vacant_code": (((985.2,), 380), ((1370.6,), 274), ((1776.7,), 380), ((), 1000)),
    "sit_no_circuit": (((985.2,), 380), ((1428.5,), 380), ((1776.7,), 380), ((), 1000)),
    "sit_reorder": (((913.8,), 274), ((1428.5,), 380), ((1776.7,), 380), ((), 1000)),
    "fax": (((2100,), 3000), ((), 1000)),
    "beep": (((1400,), 400), ((), 15000)),
}


@functools.lru_cache(maxsize=16)
def tone(name: str) -> Samples:
    """One round of the tone, to be played in a loop. Raises ``KeyError`` for an unknown name."""
    parts = [_sines(frequencies, round(ms * SAMPLE_RATE_HZ / 1000)) for frequencies, ms in CADENCES[name]]
    samples = clipped(np.concatenate(parts))
    samples.flags.writeable = False
    return samples


def _sines(frequencies_hz: tuple[float, ...], length: int) -> NDArray[np.float64]:
    time = np.arange(length) / SAMPLE_RATE_HZ
    amplitude = np.sqrt(2) * rms_of_dbm0(LEVEL_EACH_DBM0)
    sound = np.zeros(length)
    for hz in frequencies_hz:
        sound += amplitude * np.sin(2 * np.pi * hz * time)
    return sound
