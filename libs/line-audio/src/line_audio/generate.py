"""Test sounds and line impairments: tones, DTMF, cadences, SIT, fax, noise, codecs, packet loss.

Generators give float64 in 16-bit units so that they can be mixed; ``to_pcm`` rounds and clips. Everything is deterministic:
what looks random takes a seed.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from line_audio import g711
from line_audio.levels import RMS_AT_0_DBM0, sine_peak
from line_audio.segments import FRAME_SAMPLES, SAMPLE_RATE_HZ, Label
from line_audio.tone_plan import Tone

Samples = NDArray[np.float64]

DTMF_ROWS_HZ = (697.0, 770.0, 852.0, 941.0)
DTMF_COLUMNS_HZ = (1209.0, 1336.0, 1477.0, 1633.0)
DTMF_DIGITS = "123A456B789C*0#D"  #: row by row

#: Bellcore SIT: cause → ((hz, ms), …). Tone 3 is always 1776.7 Hz, 380 ms.
SIT_TONES: dict[str, tuple[tuple[float, float], ...]] = {
    "reorder": ((913.8, 274), (1428.5, 380), (1776.7, 380)),
    "vacant_code": ((985.2, 380), (1370.6, 274), (1776.7, 380)),
    "no_circuit": ((985.2, 380), (1428.5, 380), (1776.7, 380)),
    "intercept": ((913.8, 274), (1370.6, 274), (1776.7, 380)),
}


def to_pcm(samples: Samples) -> NDArray[np.int16]:
    """Round and clip to 16 bits."""
    return np.clip(np.rint(samples), -32768, 32767).astype(np.int16)


def silence(duration_s: float) -> Samples:
    return np.zeros(_count(duration_s))


def sines(frequencies_hz: Sequence[float], duration_s: float, level_dbm0: float = -16.0, phase: float = 0.0) -> Samples:
    """Steady sines, each at ``level_dbm0``."""
    t = np.arange(_count(duration_s)) / SAMPLE_RATE_HZ
    total = np.zeros(t.size)
    for index, frequency in enumerate(frequencies_hz):
        total += sine_peak(level_dbm0) * np.sin(2 * np.pi * frequency * t + phase * (index + 1))
    return total


def tone(spec: Tone, duration_s: float, level_dbm0: float | None = None) -> Samples:
    """``duration_s`` of a call-progress tone with its cadence, beginning with its first on time."""
    level = spec.level_dbm0 if level_dbm0 is None else level_dbm0
    steady = sines(spec.frequencies_hz, duration_s, level)
    if not spec.cadence_s:
        return steady
    edges = np.cumsum(spec.cadence_s)
    at = (np.arange(steady.size) / SAMPLE_RATE_HZ) % edges[-1]
    phase_index = np.searchsorted(edges, at, side="right")
    return np.where(phase_index % 2 == 0, steady, 0.0)


def dtmf(
    digits: str,
    *,
    on_ms: float = 100.0,
    off_ms: float = 100.0,
    level_dbm0: float = -10.0,
    twist_db: float = 0.0,
    row_error: float = 0.0,
    column_error: float = 0.0,
    phase: float = 0.0,
) -> Samples:
    """Digits with a pause after each.

    ``level_dbm0`` is that of the stronger frequency; ``twist_db`` > 0 means the high group is stronger. Frequency errors are
    relative (0.015 is +1.5 %). Raises ValueError for an unknown digit.
    """
    row_level = level_dbm0 - max(twist_db, 0.0)
    column_level = level_dbm0 + min(twist_db, 0.0)
    parts = []
    for digit in digits:
        row, column = divmod(DTMF_DIGITS.index(digit), 4)
        low = sines([DTMF_ROWS_HZ[row] * (1 + row_error)], on_ms / 1000, row_level, phase)
        high = sines([DTMF_COLUMNS_HZ[column] * (1 + column_error)], on_ms / 1000, column_level, 2 * phase)
        parts += [low + high, silence(off_ms / 1000)]
    return np.concatenate(parts) if parts else silence(0)


def special_information(cause: str, level_dbm0: float = -24.0, gap_ms: float = 4.0) -> Samples:
    """The three SIT tones of ``SIT_TONES``. Raises KeyError for an unknown cause."""
    parts: list[Samples] = []
    for frequency, duration_ms in SIT_TONES[cause]:
        parts += [sines([frequency], duration_ms / 1000, level_dbm0), silence(gap_ms / 1000)]
    return np.concatenate(parts)


def fax(kind: str, duration_s: float, level_dbm0: float = -15.0) -> Samples:
    """``cng`` 1100 Hz 0.5 s on 3 s off · ``ced`` 2100 Hz · ``ansam`` 2100 Hz, 15 Hz AM, phase reversals each 450 ms (ITU-T T.30, V.8)."""
    if kind == "cng":
        return tone(Tone(label=Label.FAX, frequencies_hz=(1100.0,), cadence_s=(0.5, 3.0)), duration_s, level_dbm0)
    steady = sines([2100.0], duration_s, level_dbm0)
    if kind == "ced":
        return steady
    if kind != "ansam":
        raise KeyError(f"no fax tone {kind!r}")
    t = np.arange(steady.size) / SAMPLE_RATE_HZ
    answer: Samples = steady * (1 + 0.2 * np.sin(2 * np.pi * 15 * t)) * np.where((t // 0.45) % 2 == 0, 1.0, -1.0)
    return answer


def white_noise(duration_s: float, level_dbm0: float, seed: int = 0) -> Samples:
    """Gaussian noise over the whole band, RMS at ``level_dbm0``."""
    rng = np.random.default_rng(seed)
    noise: Samples = rng.standard_normal(_count(duration_s)) * (RMS_AT_0_DBM0 * 10.0 ** (level_dbm0 / 20.0))
    return noise


def through_mu_law(samples: NDArray[np.int16]) -> NDArray[np.int16]:
    return g711.decode_mu_law(g711.encode_mu_law(samples))


def through_a_law(samples: NDArray[np.int16]) -> NDArray[np.int16]:
    return g711.decode_a_law(g711.encode_a_law(samples))


def lose_packets(samples: NDArray[np.int16], rate: float, seed: int = 0) -> NDArray[np.int16]:
    """Lose 20 ms packets at random; each lost one is replaced by the one before it at half level (simple concealment)."""
    rng = np.random.default_rng(seed)
    heard = samples.copy()
    for start in range(FRAME_SAMPLES, heard.size - FRAME_SAMPLES + 1, FRAME_SAMPLES):
        if rng.random() < rate:
            heard[start : start + FRAME_SAMPLES] = heard[start - FRAME_SAMPLES : start] // 2
    return heard


def _count(duration_s: float) -> int:
    return round(duration_s * SAMPLE_RATE_HZ)
