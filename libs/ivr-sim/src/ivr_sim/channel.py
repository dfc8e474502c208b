"""The telephone channel as arithmetic on samples: G.711, gain, noise, lost packets. Seeded, numpy only.

G.711 here is written from ITU-T G.711 apart from ``line_audio``'s tables, so that neither side can hide an error of the other.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

FRAME_SAMPLES = 160
#: A full-scale sine is +3.17 dBm0 in µ-law (ITU-T G.711 table 2): its RMS is 32768 / √2.
RMS_AT_0_DBM0 = 32768 / np.sqrt(2) / 10 ** (3.17 / 20)
MULAW_BIAS = 132
MULAW_CLIP = 32635

Samples = NDArray[np.int16]


def rms_of_dbm0(level_dbm0: float) -> float:
    return float(RMS_AT_0_DBM0 * 10 ** (level_dbm0 / 20))


def dbm0_of(samples: Samples) -> float:
    """Level of the whole stretch; −90 for silence."""
    power = float(np.mean(samples.astype(np.float64) ** 2)) if len(samples) else 0.0
    return max(-90.0, 10 * np.log10(power / RMS_AT_0_DBM0**2)) if power > 0 else -90.0


def clipped(samples: NDArray[np.floating]) -> Samples:
    whole: Samples = np.clip(np.rint(samples), -32768, 32767).astype(np.int16)
    return whole


def mulaw_encode(samples: Samples) -> NDArray[np.uint8]:
    """Eight bits a sample: sign, segment, step; all bits inverted."""
    linear = samples.astype(np.int32)
    sign = np.where(linear < 0, 0x80, 0)
    magnitude = np.minimum(np.abs(linear), MULAW_CLIP) + MULAW_BIAS
    segment = np.floor(np.log2(magnitude)).astype(np.int32) - 7
    step = (magnitude >> (segment + 3)) & 0x0F
    codes: NDArray[np.uint8] = (~(sign | (segment << 4) | step) & 0xFF).astype(np.uint8)
    return codes


def mulaw_decode(codes: NDArray[np.uint8]) -> Samples:
    bits = ~codes.astype(np.int32) & 0xFF
    segment = (bits >> 4) & 0x07
    magnitude = (((bits & 0x0F) << 3) + MULAW_BIAS << segment) - MULAW_BIAS
    return np.where(bits & 0x80, -magnitude, magnitude).astype(np.int16)


def alaw_encode(samples: Samples) -> NDArray[np.uint8]:
    """Eight bits a sample: sign, segment, step; every other bit inverted."""
    linear = samples.astype(np.int32) >> 3  # 13 bits
    sign = np.where(linear >= 0, 0x80, 0)
    magnitude = np.where(linear >= 0, linear, -linear - 1)
    segment = np.maximum(np.floor(np.log2(np.maximum(magnitude, 1))).astype(np.int32) - 4, 0)
    step = np.where(segment < 2, magnitude >> 1, magnitude >> segment) & 0x0F
    codes: NDArray[np.uint8] = ((sign | (segment << 4) | step) ^ 0x55).astype(np.uint8)
    return codes


def alaw_decode(codes: NDArray[np.uint8]) -> Samples:
    bits = codes.astype(np.int32) ^ 0x55
    segment = (bits >> 4) & 0x07
    step = ((bits & 0x0F) << 4) + 8
    magnitude = np.where(segment == 0, step, (step + 0x100) << np.maximum(segment - 1, 0))
    return np.where(bits & 0x80, magnitude, -magnitude).astype(np.int16)


class ChannelKind(msgspec.Struct, frozen=True, kw_only=True):
    """What a channel does to sound. ``loss``: the share of 20 ms packets that never arrive (replaced by the fading last one)."""

    codec: str = "mulaw"
    gain_db: float = 0.0
    noise_dbm0: float | None = None
    loss: float = 0.0


class ChannelMemory(msgspec.Struct, frozen=True):
    """Where a channel stands: what it must know to go on from there."""

    random: tuple[Mapping[str, Any], Mapping[str, Any]]
    last: Samples
    lost_in_a_row: int


class Channel:
    """Frames in, frames out; the same seed gives the same noise and losses, however the frames are put together."""

    def __init__(self, kind: ChannelKind, seed: int = 0) -> None:
        self._kind = kind
        self._losses, self._noise = (np.random.default_rng(part) for part in np.random.SeedSequence(seed).spawn(2))
        self._last = np.zeros(FRAME_SAMPLES, np.int16)
        self._lost_in_a_row = 0

    def pass_frame(self, frame: Samples) -> Samples:
        """``frame``: int16[160]."""
        passed: Samples = self.pass_frames(frame.reshape(1, FRAME_SAMPLES))[0]
        return passed

    def pass_frames(self, frames: Samples) -> Samples:
        """``frames``: int16[n, 160]."""
        kind = self._kind
        sound = frames.astype(np.float64) * 10 ** (kind.gain_db / 20)
        if kind.noise_dbm0 is not None:
            sound += self._noise.normal(0.0, rms_of_dbm0(kind.noise_dbm0), sound.shape)
        passed = through_codec(clipped(sound), kind.codec)
        lost = self._losses.random(len(frames)) < kind.loss if kind.loss else np.zeros(len(frames), bool)
        before = 0  #: frames that are done with
        for place in np.flatnonzero(lost).tolist():
            if place > before:
                self._last, self._lost_in_a_row = passed[place - 1].copy(), 0
            self._lost_in_a_row += 1
            passed[place] = clipped(self._last * 0.6**self._lost_in_a_row)
            before = place + 1
        if before < len(frames):
            self._last, self._lost_in_a_row = passed[-1].copy(), 0
        return passed

    def remember(self) -> ChannelMemory:
        return ChannelMemory((self._losses.bit_generator.state, self._noise.bit_generator.state), self._last, self._lost_in_a_row)

    def recall(self, memory: ChannelMemory) -> None:
        """As it was then."""
        self._losses.bit_generator.state, self._noise.bit_generator.state = memory.random
        self._last, self._lost_in_a_row = memory.last, memory.lost_in_a_row


def through_codec(samples: Samples, codec: str) -> Samples:
    """What is left of the samples after coding and decoding. ``codec``: mulaw, alaw or none."""
    if codec == "none":
        return samples
    left: Samples = _left_of_each(codec)[samples.astype(np.int32) + 32768]
    return left


@functools.cache
def _left_of_each(codec: str) -> Samples:
    """For every 16-bit value what the codec makes of it."""
    every = np.arange(-32768, 32768).astype(np.int16)
    match codec:
        case "mulaw":
            return mulaw_decode(mulaw_encode(every))
        case "alaw":
            return alaw_decode(alaw_encode(every))
    raise ValueError(f"no such codec: {codec!r}")
