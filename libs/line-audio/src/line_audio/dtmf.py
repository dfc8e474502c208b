"""DTMF receiver to ITU-T Q.24 (AT&T column) in two stages.

Stage one looks at 20 ms blocks every 10 ms and only proposes; stage two measures the proposed stretch exactly: edges at half
amplitude, frequency by the spectral peak, both tones fitted by least squares, and what is left must be noise. Speech and
music that pass stage one have other partials or move, and fail stage two.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from line_audio import _kernels_digit, spectrum
from line_audio import _kernels_dtmf as kernels
from line_audio._kernels_frequencies import F_TONES
from line_audio.generate import DTMF_COLUMNS_HZ, DTMF_DIGITS, DTMF_ROWS_HZ
from line_audio.goertzel import halves, low_band, waves, weights
from line_audio.levels import PEAK_AT_0_DBM0, RMS_AT_0_DBM0
from line_audio.segments import FRAME_SAMPLES, SAMPLE_RATE_HZ

MAX_FREQUENCY_OFFSET = 0.0205  #: between ±1.5 % that must and ±3.5 % that must not be accepted (Q.24, AT&T)
MIN_DURATION_S = 0.028  #: between 40 ms, which GSM shortens, and 23 ms
MAX_INTERRUPTION_S = 0.025  #: 10 ms must be bridged and a lost packet should, a pause is 40 ms (30 ms NTT)
MAX_TWIST_HIGH_DB = 5.5  #: +4 must be accepted
MAX_TWIST_LOW_DB = 9.5  #: -8 must be accepted
MIN_LEVEL_DBM0 = -28.0  #: for each frequency; -25 must be accepted
MIN_SNR_DB = 3.5  #: of both tones together, up to 0.5 % beside their frequencies
MIN_SNR_FAR_OFF_DB = 10.0  #: from 1.5 % on; 15 must be accepted
MAX_RESIDUAL_PEAK_DB = -9.5  #: any other partial, relative to the stronger tone
MAX_LEVEL_CHANGE_DB = 3.0  #: between the thirds of a digit
MAX_FAR_PEAK_DB = -20.0  #: partials over 190 Hz from both tones; a digit without any may have been shaken by a speech codec (GSM)
MAX_CODEC_PEAK_DB = -3.0  #: partials beside the tones of such a digit, relative to the weaker one
MAX_CODEC_LEVEL_CHANGE_DB = 9.0  #: between the thirds of such a digit
MIN_CODEC_SNR_DB = 6.0
MIN_CODEC_LEVEL_DBM0 = -34.0  #: for each frequency of such a digit: GSM takes away up to 9 dB
MIN_CANDIDATE_FRACTION = 0.45


class Digit(msgspec.Struct, frozen=True, kw_only=True):
    """One received digit; samples since the receiver's first, ``end_sample`` exclusive; level of the stronger tone."""

    digit: str
    start_sample: int
    end_sample: int
    level_dbm0: float


class DtmfTables(NamedTuple):
    """What the DTMF kernel reads."""

    basis: NDArray[np.float32]
    weights: NDArray[np.float32]  #: half the squared window of a folded block
    parameters: NDArray[np.float64]
    frequencies: NDArray[np.float64]
    window: NDArray[np.float32]


@functools.cache
def tables() -> DtmfTables:
    columns = waves(DTMF_ROWS_HZ + DTMF_COLUMNS_HZ, kernels.BLOCK)
    columns /= np.linalg.norm(columns, axis=0)
    parameters = np.zeros(kernels.P_SIZE)
    parameters[kernels.P_FRACTION] = MIN_CANDIDATE_FRACTION
    parameters[kernels.P_MIN_LEVEL] = 0.375 * kernels.BLOCK * RMS_AT_0_DBM0**2 * 10 ** ((MIN_CODEC_LEVEL_DBM0 - 2) / 10)
    parameters[kernels.P_MAX_OFFSET] = MAX_FREQUENCY_OFFSET
    parameters[kernels.P_MIN_SAMPLES] = MIN_DURATION_S * SAMPLE_RATE_HZ
    parameters[kernels.P_MERGE_SAMPLES] = MAX_INTERRUPTION_S * SAMPLE_RATE_HZ
    parameters[kernels.P_TWIST_HIGH] = 10 ** (MAX_TWIST_HIGH_DB / 20)
    parameters[kernels.P_TWIST_LOW] = 10 ** (MAX_TWIST_LOW_DB / 20)
    parameters[kernels.P_MIN_SNR] = 10 ** (MIN_SNR_DB / 10)
    parameters[kernels.P_RESIDUAL_PEAK] = 10 ** (MAX_RESIDUAL_PEAK_DB / 20)
    parameters[kernels.P_MIN_AMPLITUDE] = PEAK_AT_0_DBM0 * 10 ** (MIN_LEVEL_DBM0 / 20)
    parameters[kernels.P_STEADY] = 10 ** (MAX_LEVEL_CHANGE_DB / 20)
    parameters[kernels.P_FAR_PEAK] = 10 ** (MAX_FAR_PEAK_DB / 20)
    parameters[kernels.P_CODEC_PEAK] = 10 ** (MAX_CODEC_PEAK_DB / 20)
    parameters[kernels.P_CODEC_STEADY] = 10 ** (MAX_CODEC_LEVEL_CHANGE_DB / 20)
    parameters[kernels.P_OFFSET_SNR] = 10 ** (MIN_SNR_FAR_OFF_DB / 10)
    parameters[kernels.P_CODEC_MIN_AMPLITUDE] = PEAK_AT_0_DBM0 * 10 ** (MIN_CODEC_LEVEL_DBM0 / 20)
    parameters[kernels.P_CODEC_SNR] = 10 ** (MIN_CODEC_SNR_DB / 10)
    return DtmfTables(
        basis=np.concatenate([halves(columns[:, ::2], columns[:, 1::2]), low_band(330, 490, kernels.BLOCK, 8)]),
        weights=weights(kernels.BLOCK),
        parameters=parameters,
        frequencies=np.array(DTMF_ROWS_HZ + DTMF_COLUMNS_HZ) * 2 * math.pi / SAMPLE_RATE_HZ,
        window=spectrum.tables().window,
    )


def examine(
    history: NDArray[np.float32], end: int, now: float, state: NDArray[np.float64], requests: NDArray[np.float64]
) -> list[list[float]]:
    """Stage two on what stage one asked for: event rows (see ``_kernels_dtmf.examine``), in order."""
    t = tables()
    rows: list[list[float]] = []
    for request in requests:
        events = np.zeros((4, 5))
        count = _kernels_digit.examine(
            history, end, now, state, request, t.parameters, t.frequencies, spectrum.tables().twiddles, t.window, events
        )  # fmt: skip
        rows += events[:count].tolist()
    return rows


class DtmfReceiver:
    """A DTMF receiver for one line alone. ``feed`` takes any number of samples; a digit comes once it has ended."""

    def __init__(self) -> None:
        self._pending = np.zeros(0, np.float32)
        self.reset()

    def reset(self) -> None:
        self._history = np.zeros(2 * HISTORY, np.float32)
        self._end = HISTORY
        self._now = 0
        self._state = np.zeros(kernels.RUN_SIZE)
        self._state[kernels.RUN_DIGIT] = -1
        self._work = np.zeros((3, 256), np.float32)
        self._seen = np.zeros((1, F_TONES), np.float32)
        self._requests = np.zeros((kernels.MAX_REQUESTS, 4))
        self._pending = np.zeros(0, np.float32)

    def feed(self, samples: NDArray[np.int16]) -> list[Digit]:
        """Digits that have ended by now."""
        self._pending = np.concatenate([self._pending, samples.reshape(-1).astype(np.float32)])
        frames = self._pending.size // FRAME_SAMPLES
        digits: list[Digit] = []
        for frame in self._pending[: frames * FRAME_SAMPLES].reshape(frames, FRAME_SAMPLES):
            digits += self._step(frame)
        self._pending = self._pending[frames * FRAME_SAMPLES :]
        return digits

    def _step(self, frame: NDArray[np.float32]) -> list[Digit]:
        if self._end + FRAME_SAMPLES > self._history.size:
            self._history[:HISTORY] = self._history[self._end - HISTORY : self._end]
            self._end = HISTORY
        self._history[self._end : self._end + FRAME_SAMPLES] = frame
        self._end += FRAME_SAMPLES
        self._now += FRAME_SAMPLES
        t = tables()
        now = float(self._now)
        count = kernels.receive_frame(
            self._history, self._end, now, self._state, t.weights, t.basis, t.frequencies, t.parameters, self._work, self._seen,
            self._requests,
        )  # fmt: skip
        if not count:
            return []
        rows = examine(self._history, self._end, now, self._state, self._requests[:count])
        return [as_digit(row) for row in rows if row[0] >= 2]


HISTORY = 4096  #: samples of the past that stage two can see


def as_digit(row: Sequence[float]) -> Digit:
    """An event row of the kernel as a value."""
    return Digit(
        digit=DTMF_DIGITS[int(row[1])],
        start_sample=max(0, round(row[2])),
        end_sample=round(row[3]),
        level_dbm0=round(20 * math.log10(max(row[4], 1e-3) / PEAK_AT_0_DBM0), 1),
    )


def receive(samples: NDArray[np.int16]) -> list[Digit]:
    """All digits in a recording."""
    receiver = DtmfReceiver()
    tail = np.zeros(4 * FRAME_SAMPLES + (-samples.size) % FRAME_SAMPLES, np.int16)
    return receiver.feed(np.concatenate([samples, tail]))
