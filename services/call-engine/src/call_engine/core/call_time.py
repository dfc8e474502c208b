"""Call time is a sample count (8 kHz); events and limits speak milliseconds and seconds."""

from __future__ import annotations

SAMPLES_PER_MS = 8


def ms(samples: int) -> int:
    return samples // SAMPLES_PER_MS


def samples(milliseconds: float) -> int:
    return int(milliseconds * SAMPLES_PER_MS)
