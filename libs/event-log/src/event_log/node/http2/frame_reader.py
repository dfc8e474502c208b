"""Frames cut out of the bytes of a connection, whichever way these are cut."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

from event_log.node.http2 import frames, hpack
from event_log.node.http2.frames import ConnectionFault, ErrorCode, Flag, Kind

FRAME_BYTES_MAX = 1 << 20


class Frame(NamedTuple):
    kind: int
    flags: int
    stream_id: int
    payload: bytes


class FrameReader:
    """``feed`` yields what is whole. A header block comes as one frame, without padding, however many it took."""

    def __init__(self) -> None:
        self._received, self._greeted = bytearray(), False
        self._block: tuple[int, int, bytearray] | None = None  # headers that are not whole: stream, flags, so far

    def feed(self, data: bytes) -> Iterator[Frame]:
        """Raises ConnectionFault."""
        self._received += data
        if not self._greeted and not self._greeting():
            return
        at, received = 0, self._received
        try:
            while len(received) - at >= frames.HEADER_BYTES:
                length_kind, flags, stream_id = struct.unpack_from(">IBI", received, at)
                begin = at + frames.HEADER_BYTES
                end = begin + (length_kind >> 8)
                if end - begin > FRAME_BYTES_MAX:
                    raise ConnectionFault(ErrorCode.FRAME_SIZE_ERROR, "a frame is too large")
                if end > len(received):
                    break
                at = end
                frame = Frame(length_kind & 0xFF, flags, stream_id & 0x7FFF_FFFF, bytes(received[begin:end]))
                if self._block is not None or frame.kind in (Kind.HEADERS, Kind.CONTINUATION):
                    yield from self._headers(frame)
                else:
                    yield frame
        finally:
            del received[:at]

    def _greeting(self) -> bool:
        if not frames.PREFACE.startswith(self._received[: len(frames.PREFACE)]):
            raise ConnectionFault(ErrorCode.PROTOCOL_ERROR, "this is a gRPC server: HTTP/2 only")
        if len(self._received) < len(frames.PREFACE):
            return False
        self._greeted = True
        del self._received[: len(frames.PREFACE)]
        return True

    def _headers(self, frame: Frame) -> Iterator[Frame]:
        if self._block is None:
            if frame.kind == Kind.CONTINUATION:
                raise ConnectionFault(ErrorCode.PROTOCOL_ERROR, "a continuation of nothing")
            self._block = frame.stream_id, frame.flags, bytearray(frames.content(frame.flags, frame.payload, priority=True))
        else:
            self._continue(frame, self._block)
        if frame.flags & Flag.END_HEADERS:
            stream_id, flags, block = self._block
            self._block = None
            yield Frame(Kind.HEADERS, flags | Flag.END_HEADERS, stream_id, bytes(block))

    def _continue(self, frame: Frame, before: tuple[int, int, bytearray]) -> None:
        stream_id, _, block = before
        if frame.kind != Kind.CONTINUATION or frame.stream_id != stream_id:
            raise ConnectionFault(ErrorCode.PROTOCOL_ERROR, "headers are interrupted")
        block += frame.payload
        if len(block) > hpack.LIST_BYTES_MAX or not frame.payload:
            raise ConnectionFault(ErrorCode.ENHANCE_YOUR_CALM, "too many headers")
