"""Call-progress tones by frequency and cadence: tables of a tone plan for the kernels."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from line_audio import _kernels_tones as kernels
from line_audio.goertzel import bank
from line_audio.levels import RMS_AT_0_DBM0
from line_audio.segments import FRAME_SAMPLES, SAMPLE_RATE_HZ, Label
from line_audio.tone_plan import Tone, TonePlan

MIN_LEVEL_DBM0 = -43.0  #: weaker tones are not looked for
LABEL_CODES = {
    Label.SILENCE: 0, Label.SPEECH: 1, Label.MUSIC: 2, Label.SPEECH_OVER_MUSIC: 3,
    Label.DIAL: 10, Label.RINGBACK: 11, Label.CALL_WAITING: 12, Label.BUSY: 13, Label.REORDER: 14,
    Label.DTMF: 20, Label.SIT: 21, Label.FAX: 22, Label.BEEP: 23,
}  # fmt: skip


class CadenceTables(NamedTuple):
    """What the tone kernels read."""

    basis: NDArray[np.float32]  #: [groups, 2, 8, 160]
    to_amplitudes: NDArray[np.float32]  #: [sets, 2, 2, 2]
    set_widths: NDArray[np.int64]
    turns: NDArray[np.float64]  #: [sets, 2], radians that each frequency turns in a frame
    tones: NDArray[np.float64]  #: [tones, C_SIZE]
    min_energy: float


def tables(plan: TonePlan) -> CadenceTables:
    """Tables for every tone of the plan. Raises ValueError for a tone of more than two frequencies or too long a cadence."""
    sets = sorted({tone.frequencies_hz for tone in plan.tones})
    if any(len(frequencies) not in (1, 2) for frequencies in sets):
        raise ValueError(f"plan {plan.name!r}: a tone has one or two frequencies")
    basis, to_amplitudes = bank(sets, kernels.BLOCK)
    return CadenceTables(
        basis=basis,
        to_amplitudes=to_amplitudes,
        set_widths=np.array([len(frequencies) for frequencies in sets], np.int64),
        turns=np.array([[*frequencies, 0.0][:2] for frequencies in sets]) * 2 * np.pi * FRAME_SAMPLES / SAMPLE_RATE_HZ,
        tones=np.stack([_row(tone, plan, sets) for tone in plan.tones]),
        min_energy=float(0.375 * kernels.BLOCK * RMS_AT_0_DBM0**2 * 10 ** (MIN_LEVEL_DBM0 / 10)),
    )


def _row(tone: Tone, plan: TonePlan, sets: list[tuple[float, ...]]) -> NDArray[np.float64]:
    if len(tone.cadence_s) > kernels.MAX_CADENCE or len(tone.cadence_s) % 2:
        raise ValueError(f"plan {plan.name!r}: the cadence of {tone.label} needs an even number of times, at most {kernels.MAX_CADENCE}")
    row = np.zeros(kernels.C_SIZE)
    row[kernels.C_LABEL] = LABEL_CODES[tone.label]
    row[kernels.C_SET] = sets.index(tone.frequencies_hz)
    row[kernels.C_LENGTH] = len(tone.cadence_s)
    row[kernels.C_DUAL] = len(tone.frequencies_hz) == 2
    row[kernels.C_OTHER_ON] = SAMPLE_RATE_HZ * max(_other_on_times(tone, plan), default=0.0)
    row[kernels.C_CADENCE : kernels.C_CADENCE + len(tone.cadence_s)] = np.array(tone.cadence_s) * SAMPLE_RATE_HZ
    return row


def _other_on_times(tone: Tone, plan: TonePlan) -> list[float]:
    """On times of tones with the same frequencies and another meaning."""
    alike = (t for t in plan.tones if t.frequencies_hz == tone.frequencies_hz and t.label != tone.label)
    return [on for other in alike for on in other.cadence_s[::2]]
