"""The pointer route into a SWIG frame against the slow, official one."""

from __future__ import annotations

import pjsua2 as pj
from call_engine.line.ring import FRAME_BYTES
from call_engine.line.sound import FrameMemory
from hypothesis import given, settings
from hypothesis import strategies as st


@settings(max_examples=20)
@given(payloads=st.lists(st.binary(min_size=FRAME_BYTES, max_size=FRAME_BYTES) | st.binary(max_size=400), min_size=1, max_size=4))
def test_a_frames_bytes_are_read_in_place(payloads: list[bytes]) -> None:
    memory, frames = FrameMemory(), []
    for payload in payloads:
        frame = pj.MediaFrame()
        frame.buf = pj.ByteVector(list(payload))
        frame.size = len(payload)
        frames.append(frame)
        found = memory.of(frame)
        assert (bytes(found) if found is not None else None) == (bytes(frame.buf) if len(payload) == FRAME_BYTES else None)


def test_the_same_frame_with_other_bytes() -> None:
    memory, frame = FrameMemory(), pj.MediaFrame()
    for value in range(1, 40):
        frame.buf = pj.ByteVector([value] * FRAME_BYTES)
        found = memory.of(frame)
        assert found is not None
        assert set(found) == {value}
