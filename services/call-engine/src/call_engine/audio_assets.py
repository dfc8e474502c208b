"""Audio files that come with a plan: WAV bytes to 8 kHz mono PCM."""

from __future__ import annotations

import io
import wave

import numpy as np
from line_audio.segments import SAMPLE_RATE_HZ
from numpy.typing import NDArray

ASSET_S_MAX = 300


class BadAsset(Exception):
    """Not a WAV file this can read, or too long."""


def pcm_of_wav(content: bytes) -> NDArray[np.int16]:
    """int16[n] at 8 kHz from 8 or 16 bit PCM of any rate and number of channels. Raises BadAsset."""
    try:
        with wave.open(io.BytesIO(content)) as wav:
            width, channels, rate, frames = wav.getsampwidth(), wav.getnchannels(), wav.getframerate(), wav.getnframes()
            if frames > ASSET_S_MAX * rate:
                raise BadAsset(f"longer than {ASSET_S_MAX} s")
            raw = wav.readframes(frames)
    except (wave.Error, EOFError) as problem:
        raise BadAsset(f"not a PCM WAV file: {str(problem) or 'it ends too early'}") from problem
    if rate < 1:
        raise BadAsset(f"a rate of {rate} Hz")
    raw = raw[: len(raw) // (width * channels) * (width * channels)]  # the last sample of a file that was cut off
    match width:
        case 2:
            samples = np.frombuffer(raw, dtype="<i2").astype(np.float64)
        case 1:
            samples = (np.frombuffer(raw, dtype=np.uint8).astype(np.float64) - 128) * 256
        case _:
            raise BadAsset(f"{width * 8} bits a sample; 8 or 16 are read")
    mono = samples.reshape(-1, channels).mean(axis=1)
    return resample(mono, rate)


def resample(samples: NDArray[np.float64], rate_hz: int, to_hz: int = SAMPLE_RATE_HZ) -> NDArray[np.int16]:
    """Band-limited to the lower of the two rates by zeroing the bins above (one FFT over the whole), then rounded to int16."""
    if not len(samples):
        return np.zeros(0, dtype=np.int16)
    if rate_hz != to_hz:
        count = max(round(len(samples) * to_hz / rate_hz), 1)
        spectrum = np.fft.rfft(samples)
        wanted = np.zeros(count // 2 + 1, dtype=complex)
        kept = min(len(wanted), len(spectrum))
        wanted[:kept] = spectrum[:kept]
        samples = np.fft.irfft(wanted, count) * (count / len(samples))
    return np.clip(np.rint(samples), -32768, 32767).astype(np.int16)
