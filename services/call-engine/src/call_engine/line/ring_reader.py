"""The engine's end of the frame ring."""

from __future__ import annotations

import mmap

import numpy as np
from numpy.typing import NDArray

from call_engine.line.ring import CALLS_AT, RING_BYTES, SLOTS, SLOTS_AT, TAKEN_AT, WRITTEN_AT

SLOT = np.dtype([("number", "u8"), ("pcm", "i2", 160)])
NOTHING: NDArray[np.int16] = np.zeros((0, 160), dtype=np.int16)


class RingReader:
    """``read`` gives what has come since the last time. ``lost`` counts frames the writer had to drop: they come back as silence."""

    def __init__(self, descriptor: int) -> None:
        memory = mmap.mmap(descriptor, RING_BYTES)
        self._written = np.frombuffer(memory, dtype=np.uint64, count=1, offset=WRITTEN_AT)
        self._taken = np.frombuffer(memory, dtype=np.uint64, count=1, offset=TAKEN_AT)
        self._calls = np.frombuffer(memory, dtype=np.uint64, count=1, offset=CALLS_AT)
        slots = np.frombuffer(memory, dtype=SLOT, count=SLOTS, offset=SLOTS_AT)
        self._numbers, self._pcm = slots["number"], slots["pcm"]
        self._next_number = 0
        self.lost = 0
        self.received = 0

    def call(self) -> None:
        """Ask the writer's side to look at its socket."""
        self._calls[0] += 1

    def read(self) -> NDArray[np.int16]:
        """int16[n, 160], n ≥ 0; a frame that was lost is a row of zeros."""
        taken, written = int(self._taken[0]), int(self._written[0])
        if taken == written:
            return NOTHING
        first, count = taken % SLOTS, written - taken
        slots = slice(first, first + count) if first + count <= SLOTS else np.arange(taken, written) % SLOTS
        pcm, numbers = self._pcm[slots].copy(), self._numbers[slots]
        first_number, last_number = self._next_number, int(numbers[-1])
        self._next_number = last_number + 1
        span = last_number + 1 - first_number
        heard = pcm if span == count else _spread(pcm, numbers.astype(np.int64) - first_number, span)
        self._taken[0] = written
        self.received += count
        self.lost += span - count
        return heard


def _spread(pcm: NDArray[np.int16], places: NDArray[np.int64], span: int) -> NDArray[np.int16]:
    """Each frame in its place, silence where frames were lost."""
    frames = np.zeros((span, 160), dtype=np.int16)
    frames[places] = pcm
    return frames
