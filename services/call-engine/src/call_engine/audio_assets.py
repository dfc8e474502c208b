"""Audio files that come with a plan: WAV bytes to 8 kHz mono PCM."""

from __future__ import annotations

import numpy as np
from line_audio.segments import SAMPLE_RATE_HZ
from line_audio.wav import UnreadableAudio, at_rate, line_samples, opened
from numpy.typing import NDArray

ASSET_S_MAX = 300


class BadAsset(Exception):
    """Not a WAV file this can read, or too long."""


def pcm_of_wav(content: bytes) -> NDArray[np.int16]:
    """int16[n] at 8 kHz, the mean of all channels, of a WAV file that is not too long. Raises BadAsset."""
    try:
        wav = opened(content)
    except UnreadableAudio as problem:
        raise BadAsset(str(problem)) from problem
    if wav.seconds > ASSET_S_MAX:
        raise BadAsset(f"longer than {ASSET_S_MAX} s")
    return line_samples(wav, mixed=True)


def resample(samples: NDArray[np.float64], rate_hz: int, to_hz: int = SAMPLE_RATE_HZ) -> NDArray[np.int16]:
    """Band-limited to the lower of the two rates, then rounded to int16."""
    return np.clip(np.rint(at_rate(samples, rate_hz, to_hz)), -32768, 32767).astype(np.int16)
