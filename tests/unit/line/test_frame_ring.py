from __future__ import annotations

import ctypes
import os

import numpy as np
from call_engine.line.ring import FRAME_BYTES, SLOTS, RingWriter, create_ring
from call_engine.line.ring_reader import RingReader
from hypothesis import given, settings
from hypothesis import strategies as st


class Ring:
    def __init__(self) -> None:
        descriptor = create_ring()
        self.writer, self.reader = RingWriter(descriptor), RingReader(descriptor)
        os.close(descriptor)
        self._count = 0
        self._frame = (ctypes.c_int16 * 160)()

    def write(self, frames: int) -> None:
        """Each frame begins and ends with its own number, from 1."""
        for _ in range(frames):
            self._count += 1
            self._frame[0] = self._frame[159] = self._count
            self.writer.write(self._frame)


def test_frames_come_out_as_they_went_in() -> None:
    ring = Ring()
    assert ring.reader.read().shape == (0, 160)
    ring.write(2)
    ring.writer.write(None)
    heard = ring.reader.read()
    assert heard.shape == (3, 160)
    assert heard.dtype == np.int16
    assert heard[0].nbytes == FRAME_BYTES
    assert heard[:, 0].tolist() == [1, 2, 0]


def test_a_late_reader_loses_frames_but_not_time() -> None:
    ring = Ring()
    ring.write(SLOTS + 5)
    assert ring.reader.read()[:, 159].tolist() == list(range(1, SLOTS + 1))
    assert ring.reader.lost == 0
    ring.write(2)
    assert ring.reader.read()[:, 0].tolist() == [0] * 5 + [SLOTS + 6, SLOTS + 7]
    assert ring.reader.lost == 5
    assert ring.reader.received == SLOTS + 2


def test_what_was_read_stays_as_it_was() -> None:
    ring = Ring()
    ring.write(1)
    heard = ring.reader.read()
    ring.write(SLOTS)
    assert heard[0, 0] == 1


def test_the_reader_can_ask_for_attention() -> None:
    ring = Ring()
    before = ring.writer.calls
    ring.reader.call()
    assert ring.writer.calls == before + 1


@settings(max_examples=15, deadline=None)
@given(bursts=st.lists(st.integers(0, 900), max_size=6))
def test_whatever_the_pace_every_frame_is_itself_or_counted_as_lost(bursts: list[int]) -> None:
    ring = Ring()
    heard: list[int] = []
    for burst in bursts:
        ring.write(burst)
        heard += ring.reader.read()[:, 0].tolist()
    assert all(value in (0, place) for place, value in enumerate(heard, start=1))
    assert ring.reader.lost == heard.count(0)
