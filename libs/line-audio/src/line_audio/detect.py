"""All sound segments of a recording."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from line_audio.ear import DEFAULT_PLAN, Ear
from line_audio.segments import SAMPLE_RATE_HZ, Label, Segment, SegmentClosed, SegmentOpened
from line_audio.tone_plan import TonePlan
from line_audio.wav import UnreadableAudio, line_samples, opened

TAIL_S = 2.0  #: silence fed after the end, so that what sounded last is decided
SHORTEST_SAMPLES = 160


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
    try:
        return line_samples(opened(path.read_bytes()))
    except UnreadableAudio as problem:
        raise UnreadableAudio(f"{path}: {problem}") from None
