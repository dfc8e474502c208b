"""ITU-T G.711: µ-law and A-law to 16-bit PCM and back, by table. Arrays of any shape; the same shape comes back."""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray

MU_LAW_BIAS = 132  #: G.711 bias of 33, in 16-bit units
MU_LAW_CLIP = 32635
SILENCE_MU_LAW = 0xFF
SILENCE_A_LAW = 0xD5


@functools.cache
def _mu_law_decoding() -> NDArray[np.int16]:
    code = ~np.arange(256, dtype=np.int32) & 0xFF
    exponent = (code >> 4) & 7
    magnitude = ((((code & 15) << 3) + MU_LAW_BIAS) << exponent) - MU_LAW_BIAS
    return np.where(code & 0x80, -magnitude, magnitude).astype(np.int16)


@functools.cache
def _a_law_decoding() -> NDArray[np.int16]:
    code = np.arange(256, dtype=np.int32) ^ 0x55
    exponent = (code >> 4) & 7
    mantissa = ((code & 15) << 4) + 8
    magnitude = np.where(exponent == 0, mantissa, (mantissa + 256) << np.maximum(exponent - 1, 0))
    return np.where(code & 0x80, magnitude, -magnitude).astype(np.int16)


@functools.cache
def _mu_law_encoding() -> NDArray[np.uint8]:
    pcm = np.arange(-32768, 32768, dtype=np.int32)
    magnitude = np.minimum(np.abs(pcm), MU_LAW_CLIP) + MU_LAW_BIAS
    exponent = np.floor(np.log2(magnitude)).astype(np.int32) - 7
    code = (exponent << 4) | ((magnitude >> (exponent + 3)) & 15)
    codes: NDArray[np.uint8] = (~np.where(pcm < 0, code | 0x80, code) & 0xFF).astype(np.uint8)
    return codes


@functools.cache
def _a_law_encoding() -> NDArray[np.uint8]:
    pcm = np.arange(-32768, 32768, dtype=np.int32) >> 3
    magnitude = np.where(pcm < 0, -pcm - 1, pcm)
    exponent = np.maximum(np.floor(np.log2(np.maximum(magnitude, 1))).astype(np.int32) - 4, 0)
    mantissa = np.where(exponent == 0, magnitude >> 1, magnitude >> exponent) & 15
    code = ((exponent << 4) | mantissa) ^ 0x55
    return np.where(pcm < 0, code, code | 0x80).astype(np.uint8)


def decode_mu_law(codes: NDArray[np.uint8]) -> NDArray[np.int16]:
    """µ-law bytes → 16-bit PCM."""
    return _mu_law_decoding()[codes]


def encode_mu_law(samples: NDArray[np.int16]) -> NDArray[np.uint8]:
    """16-bit PCM → µ-law bytes."""
    return _mu_law_encoding()[samples.astype(np.int32) + 32768]


def decode_a_law(codes: NDArray[np.uint8]) -> NDArray[np.int16]:
    """A-law bytes → 16-bit PCM."""
    return _a_law_decoding()[codes]


def encode_a_law(samples: NDArray[np.int16]) -> NDArray[np.uint8]:
    """16-bit PCM → A-law bytes."""
    return _a_law_encoding()[samples.astype(np.int32) + 32768]
