"""The pointer route into a SWIG frame against the slow, official one."""

from __future__ import annotations

import ctypes

import pjsua2 as pj
from call_engine.line.sound import place_of
from hypothesis import given, settings
from hypothesis import strategies as st


@settings(max_examples=20)
@given(payload=st.binary(max_size=640))
def test_a_frames_place_is_where_its_bytes_are(payload: bytes) -> None:
    frame = pj.MediaFrame()
    frame.buf = pj.ByteVector(list(payload))
    frame.size = len(payload)
    address, length = place_of(frame)
    assert length == frame.size
    assert ctypes.string_at(address, length) == bytes(frame.buf) == payload
