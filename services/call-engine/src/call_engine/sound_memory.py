"""The last stretch of a line's audio, addressed by call time."""

from __future__ import annotations

import numpy as np
from line_audio.segments import SAMPLE_RATE_HZ
from numpy.typing import NDArray

DEFAULT_SECONDS = 90  #: longer than any prompt that is cut out of it; 1.4 MB a call


class SoundMemory:
    """A ring of samples. What is older than its length is gone, and a slice gives what is left of it."""

    def __init__(self, seconds: int = DEFAULT_SECONDS) -> None:
        self._ring = np.zeros(seconds * SAMPLE_RATE_HZ, dtype=np.int16)
        self.end_sample = 0

    def append(self, samples: NDArray[np.int16]) -> None:
        """At most the ring's length at once."""
        start = self.end_sample % len(self._ring)
        if start + len(samples) <= len(self._ring):
            self._ring[start : start + len(samples)] = samples
            self.end_sample += len(samples)
            return
        head = min(len(samples), len(self._ring) - start)
        self._ring[start : start + head] = samples[:head]
        self._ring[: len(samples) - head] = samples[head:]
        self.end_sample += len(samples)

    def slice(self, start_sample: int, end_sample: int) -> tuple[int, NDArray[np.int16]]:
        """Where the slice really starts, and a copy of its samples: int16[n], n ≥ 0."""
        end = min(end_sample, self.end_sample)
        start = max(start_sample, 0, self.end_sample - len(self._ring))
        if start >= end:
            return end, np.zeros(0, dtype=np.int16)
        places = np.arange(start, end) % len(self._ring)
        return start, self._ring[places]
