"""WAV files as recorders write them, to the samples of a telephone line. (The standard library reads whole-number PCM only.)"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import numpy as np
from numpy.typing import NDArray

from line_audio import g711
from line_audio.segments import SAMPLE_RATE_HZ

RATE_MIN_HZ, RATE_MAX_HZ = 4_000, 192_000
#: What is converted at once, and what is heard beside it at both ends so that no seam is left.
PIECE_S, BESIDE_S = 60, 1

_PCM, _FLOAT, _A_LAW, _MU_LAW, _EXTENSIBLE = 1, 3, 6, 7, 0xFFFE
_READ = {(_PCM, 8), (_PCM, 16), (_PCM, 24), (_PCM, 32), (_FLOAT, 32), (_FLOAT, 64), (_A_LAW, 8), (_MU_LAW, 8)}
READABLE = "PCM of 8, 16, 24 or 32 bits, floating point, µ-law or A-law"


class UnreadableAudio(ValueError):
    """No WAV file, or none of the kinds that can be read."""


class WavFile(msgspec.Struct, frozen=True, kw_only=True):
    """``data``: the samples as they stand in the file, whole frames only."""

    encoding: int
    bits: int
    channels: int
    rate_hz: int
    data: bytes

    @property
    def frames(self) -> int:
        return len(self.data) // self._frame_bytes

    @property
    def seconds(self) -> float:
        return self.frames / self.rate_hz

    @property
    def _frame_bytes(self) -> int:
        return self.channels * self.bits // 8

    def part(self, first: int, last: int) -> NDArray[np.float64]:
        """The frames from ``first`` on, before ``last``: float64[n, channels], full scale as in int16."""
        raw = self.data[first * self._frame_bytes : last * self._frame_bytes]
        return _decoded(raw, self.encoding, self.bits).reshape(-1, self.channels)


def opened(content: bytes) -> WavFile:
    """Raises UnreadableAudio. What was cut off is read as far as it goes."""
    if content[:4] != b"RIFF" or content[8:12] != b"WAVE":
        raise UnreadableAudio("not a WAV file")
    form, data = b"", None
    for name, body in _chunks(content):
        if name == b"fmt ":
            form = body
        elif name == b"data" and data is None:
            data = body
    if len(form) < 16 or data is None:
        raise UnreadableAudio("not a whole WAV file: it ends before its sound")
    encoding, channels, rate, bits = (int.from_bytes(form[at : at + size], "little") for at, size in ((0, 2), (2, 2), (4, 4), (14, 2)))
    if encoding == _EXTENSIBLE:
        encoding = int.from_bytes(form[24:26], "little")
    if (encoding, bits) not in _READ:
        raise UnreadableAudio(f"a WAV file of encoding {encoding} with {bits} bits; {READABLE} are read")
    if channels < 1:
        raise UnreadableAudio("a WAV file without channels")
    if not RATE_MIN_HZ <= rate <= RATE_MAX_HZ:
        raise UnreadableAudio(f"a rate of {rate} Hz; {RATE_MIN_HZ} to {RATE_MAX_HZ} are read")
    frame = channels * bits // 8
    return WavFile(encoding=encoding, bits=bits, channels=channels, rate_hz=rate, data=data[: len(data) // frame * frame])


def line_samples(wav: WavFile, *, mixed: bool = False) -> NDArray[np.int16]:
    """int16[n] at 8 kHz: of the first channel, or of all channels' mean."""
    pieces = [_rounded(piece) for piece in _pieces(wav, mixed)]
    return np.concatenate(pieces) if pieces else np.zeros(0, np.int16)


def at_rate(samples: NDArray[np.float64], rate_hz: int, to_hz: int = SAMPLE_RATE_HZ) -> NDArray[np.float64]:
    """Band-limited to the lower of the two rates by zeroing the bins above: one FFT over the whole."""
    if rate_hz == to_hz or not len(samples):
        return samples
    count = max(round(len(samples) * to_hz / rate_hz), 1)
    spectrum = np.fft.rfft(samples)
    wanted = np.zeros(count // 2 + 1, dtype=complex)
    kept = min(len(wanted), len(spectrum))
    wanted[:kept] = spectrum[:kept]
    return np.asarray(np.fft.irfft(wanted, count)) * (count / len(samples))


def _pieces(wav: WavFile, mixed: bool) -> Iterator[NDArray[np.float64]]:
    """At 8 kHz, one after the other: hours of sound are never held as floating point."""
    for start_s in range(0, -(-wav.frames // wav.rate_hz), PIECE_S):
        first_s = max(start_s - BESIDE_S, 0)
        part = wav.part(first_s * wav.rate_hz, min((start_s + PIECE_S + BESIDE_S) * wav.rate_hz, wav.frames))
        sound = at_rate(part.mean(axis=1) if mixed else part[:, 0], wav.rate_hz)
        lead = (start_s - first_s) * SAMPLE_RATE_HZ
        yield sound[lead : lead + PIECE_S * SAMPLE_RATE_HZ]


def _rounded(samples: NDArray[np.float64]) -> NDArray[np.int16]:
    return np.clip(np.rint(samples), -32768, 32767).astype(np.int16)


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """(name, body) of each. Sound behind the end that the header names is of a recorder that was killed: all the rest is sound."""
    at, end = 12, 8 + int.from_bytes(content[4:8], "little")
    while at + 8 <= len(content):
        length = int.from_bytes(content[at + 4 : at + 8], "little")
        if content[at : at + 4] == b"data" and length == 0 and at + 8 >= end:
            length = len(content)
        yield content[at : at + 4], content[at + 8 : at + 8 + length]
        at += 8 + length + length % 2


def _decoded(raw: bytes, encoding: int, bits: int) -> NDArray[np.float64]:
    if encoding == _FLOAT:
        return np.nan_to_num(np.frombuffer(raw, f"<f{bits // 8}").astype(np.float64) * 32768, nan=0.0, posinf=32767, neginf=-32768)
    if encoding in (_MU_LAW, _A_LAW):
        decode = g711.decode_mu_law if encoding == _MU_LAW else g711.decode_a_law
        return decode(np.frombuffer(raw, np.uint8)).astype(np.float64)
    if bits == 8:
        return (np.frombuffer(raw, np.uint8).astype(np.float64) - 128) * 256
    if bits == 24:
        upper = np.zeros((len(raw) // 3, 4), np.uint8)
        upper[:, 1:] = np.frombuffer(raw, np.uint8).reshape(-1, 3)
        return upper.view("<i4")[:, 0].astype(np.float64) / 65536
    samples: NDArray[np.float64] = np.frombuffer(raw, f"<i{bits // 8}").astype(np.float64) / 2 ** (bits - 16)
    return samples
