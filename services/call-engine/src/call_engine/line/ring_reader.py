"""The engine's end of the frame ring."""

from __future__ import annotations

import mmap

import numpy as np
from numpy.typing import NDArray

from call_engine.line.ring import RING_BYTES, SLOTS, SLOTS_AT, TAKEN_AT, WRITTEN_AT

SLOT = np.dtype([("number", "u8"), ("pcm", "i2", 160)])
NOTHING: NDArray[np.int16] = np.zeros((0, 160), dtype=np.int16)


class RingReader:
    """``read`` gives what has come since the last time. ``lost`` counts frames the writer had to drop: they come back as silence."""

    def __init__(self, descriptor: int) -> None:
        memory = mmap.mmap(descriptor, RING_BYTES)
        self._written = np.frombuffer(memory, dtype=np.uint64, count=1, offset=WRITTEN_AT)
        self._taken = np.frombuffer(memory, dtype=np.uint64, count=1, offset=TAKEN_AT)
        self._slots = np.frombuffer(memory, dtype=SLOT, count=SLOTS, offset=SLOTS_AT)
        self._next_number = 0
        self.lost = 0
        self.received = 0

    def read(self) -> NDArray[np.int16]:
        """int16[n, 160], n ≥ 0; a frame that was lost is a row of zeros."""
        taken, written = int(self._taken[0]), int(self._written[0])
        if taken == written:
            return NOTHING
        records = self._slots[np.arange(taken, written) % SLOTS]
        self._taken[0] = written
        self.received += written - taken
        return self._in_time(records["number"].astype(np.int64), np.ascontiguousarray(records["pcm"]))

    def _in_time(self, numbers: NDArray[np.int64], pcm: NDArray[np.int16]) -> NDArray[np.int16]:
        first, self._next_number = self._next_number, int(numbers[-1]) + 1
        span = self._next_number - first
        if span == len(pcm):
            return pcm
        self.lost += span - len(pcm)
        frames = np.zeros((span, 160), dtype=np.int16)
        frames[numbers - first] = pcm
        return frames
