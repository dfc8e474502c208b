"""All sound segments of a recording."""

from __future__ import annotations

import wave
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from line_audio import g711
from line_audio.ear import DEFAULT_PLAN, Ear
from line_audio.segments import SAMPLE_RATE_HZ, Label, Segment, SegmentClosed, SegmentOpened
from line_audio.tone_plan import TonePlan

TAIL_S = 2.0  #: silence fed after the end, so that what sounded last is decided
SHORTEST_SAMPLES = 160

_A_LAW_FORMAT, _MU_LAW_FORMAT = 6, 7


class UnreadableAudio(ValueError):
    """The file is no WAV that can be read: 8 kHz to 48 kHz, 16 bits, µ-law or A-law."""


class Line(msgspec.Struct, frozen=True):
    """One line of the report; seconds."""

    start: float
    end: float
    label: Label
    detail: str


def detect(samples: NDArray[np.int16], plan: TonePlan | str = DEFAULT_PLAN) -> list[Segment]:
    """Segments of a whole recording in order, without overlaps: a digit cuts what it sounds over."""
    ear = Ear(plan)
    tail = np.zeros(int(TAIL_S * SAMPLE_RATE_HZ) + (-samples.size) % 160, np.int16)
    open_parts: list[SegmentOpened] = []
    segments: list[Segment] = []
    for event in ear.feed(np.concatenate([samples, tail])):
        if isinstance(event, SegmentClosed):
            segments.append(event.segment)
            open_parts = [part for part in open_parts if part.label != event.segment.label]
        else:
            open_parts.append(event)
    for part in open_parts:
        segments.append(Segment(label=part.label, start_sample=part.start_sample, end_sample=samples.size, detail=part.detail))
    return _timeline(segments, samples.size)


def _timeline(segments: list[Segment], size: int) -> list[Segment]:
    digits = [s for s in segments if s.label is Label.DTMF]
    rest = [s for s in segments if s.label is not Label.DTMF]
    for digit in digits:
        rest = [part for segment in rest for part in _without(segment, digit)]
    clipped = (msgspec.structs.replace(s, end_sample=min(s.end_sample, size)) for s in digits + rest)
    kept = [s for s in clipped if s.end_sample - s.start_sample >= SHORTEST_SAMPLES]
    return sorted(kept, key=lambda s: s.start_sample)


def _without(segment: Segment, digit: Segment) -> list[Segment]:
    if digit.end_sample <= segment.start_sample or segment.end_sample <= digit.start_sample:
        return [segment]
    before = msgspec.structs.replace(segment, end_sample=digit.start_sample)
    after = msgspec.structs.replace(segment, start_sample=digit.end_sample)
    return [part for part in (before, after) if part.end_sample - part.start_sample >= SHORTEST_SAMPLES]


def report(segments: list[Segment]) -> list[Line]:
    return [Line(round(s.start_sample / SAMPLE_RATE_HZ, 3), round(s.end_sample / SAMPLE_RATE_HZ, 3), s.label, s.detail) for s in segments]


def read_wav(path: Path) -> NDArray[np.int16]:
    """Mono samples at 8 kHz: first channel, resampled if need be. Raises UnreadableAudio, OSError."""
    data = path.read_bytes()
    encoding, channels, rate, payload = _riff(data) if data[:4] == b"RIFF" else (0, 0, 0, b"")
    if encoding == 1 and _bits(path) == 16:
        samples = np.frombuffer(payload[: len(payload) // 2 * 2], "<i2").astype(np.int16)
    elif encoding in (_MU_LAW_FORMAT, _A_LAW_FORMAT):
        decode = g711.decode_mu_law if encoding == _MU_LAW_FORMAT else g711.decode_a_law
        samples = decode(np.frombuffer(payload, np.uint8))
    else:
        raise UnreadableAudio(f"{path}: not a WAV file of 16-bit PCM, µ-law or A-law")
    return _to_line_rate(samples[: samples.size // channels * channels].reshape(-1, channels)[:, 0], rate)


def _bits(path: Path) -> int:
    with wave.open(str(path)) as reader:
        return 8 * int(reader.getsampwidth())


def _riff(data: bytes) -> tuple[int, int, int, bytes]:
    """(encoding, channels, rate, sample bytes) of a WAV file; the standard library reads only PCM."""
    encoding, channels, rate, payload, at = 0, 1, SAMPLE_RATE_HZ, b"", 12
    while at + 8 <= len(data):
        kind, length = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        body = data[at + 8 : at + 8 + length]
        if kind == b"fmt ":
            encoding, channels = int.from_bytes(body[:2], "little"), max(int.from_bytes(body[2:4], "little"), 1)
            rate = int.from_bytes(body[4:8], "little")
        elif kind == b"data":
            payload = body
        at += 8 + length + length % 2
    return encoding, channels, rate, payload


def _to_line_rate(samples: NDArray[np.int16], rate: int) -> NDArray[np.int16]:
    """To 8 kHz by cutting the spectrum: exact for the telephone band."""
    if rate == SAMPLE_RATE_HZ:
        return samples
    if not SAMPLE_RATE_HZ <= rate <= 192_000:
        raise UnreadableAudio(f"a rate of {rate} Hz is not supported")
    size = round(samples.size * SAMPLE_RATE_HZ / rate)
    spectrum = np.fft.rfft(samples.astype(np.float64))[: size // 2 + 1]
    spectrum[int(0.98 * spectrum.size) :] = 0
    resampled = np.fft.irfft(spectrum, size) * size / max(samples.size, 1)
    return np.clip(np.rint(resampled), -32768, 32767).astype(np.int16)
