"""The pointer route into a SWIG vector against the slow, official one."""

from __future__ import annotations

import ctypes

import pjsua2 as pj
from call_engine.line.sound import first_byte
from hypothesis import given, settings
from hypothesis import strategies as st


@settings(max_examples=20)
@given(payload=st.binary(min_size=1, max_size=640))
def test_first_byte_points_at_what_bytes_would_copy(payload: bytes) -> None:
    frame = pj.MediaFrame()
    frame.buf = pj.ByteVector(list(payload))
    assert ctypes.string_at(first_byte(frame.buf), len(payload)) == bytes(frame.buf) == payload
