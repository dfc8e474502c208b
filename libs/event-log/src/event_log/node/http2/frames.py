"""Frames: RFC 9113, sections 4, 6 and 7."""

from __future__ import annotations

import struct
from enum import IntEnum

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
HEADER_BYTES = 9
WINDOW_BYTES = 65_535  # of every window, until settings or updates say otherwise
WINDOW_BYTES_MAX = (1 << 31) - 1
FRAME_BYTES_MIN = 16_384  # the largest frame any peer takes


class Kind:
    """Plain numbers, as the flags are: they are compared for every frame."""

    DATA = 0
    HEADERS = 1
    PRIORITY = 2
    RST_STREAM = 3
    SETTINGS = 4
    PUSH_PROMISE = 5
    PING = 6
    GOAWAY = 7
    WINDOW_UPDATE = 8
    CONTINUATION = 9


class Flag:
    """One bit means different things in different kinds of frames."""

    ACK = 0x1
    END_STREAM = 0x1
    END_HEADERS = 0x4
    PADDED = 0x8
    PRIORITY = 0x20


class Setting(IntEnum):
    ENABLE_PUSH = 2
    CONCURRENT_STREAMS_MAX = 3
    INITIAL_WINDOW_BYTES = 4
    FRAME_BYTES_MAX = 5
    HEADER_LIST_BYTES_MAX = 6


class ErrorCode(IntEnum):
    NO_ERROR = 0
    PROTOCOL_ERROR = 1
    FLOW_CONTROL_ERROR = 3
    STREAM_CLOSED = 5
    FRAME_SIZE_ERROR = 6
    REFUSED_STREAM = 7
    CANCEL = 8
    COMPRESSION_ERROR = 9
    ENHANCE_YOUR_CALM = 11


class ConnectionFault(Exception):
    """The peer broke a rule that leaves no way to go on."""

    def __init__(self, code: ErrorCode, text: str) -> None:
        super().__init__(text)
        self.code, self.text = code, text


def frame(kind: int, flags: int, stream_id: int, payload: bytes = b"") -> bytes:
    return struct.pack(">IBI", len(payload) << 8 | kind, flags, stream_id) + payload


def settings(values: dict[Setting, int]) -> bytes:
    return frame(Kind.SETTINGS, 0, 0, b"".join(struct.pack(">HI", name, value) for name, value in values.items()))


def window_update(stream_id: int, increment: int) -> bytes:
    return frame(Kind.WINDOW_UPDATE, 0, stream_id, struct.pack(">I", increment))


def rst_stream(stream_id: int, code: ErrorCode) -> bytes:
    return frame(Kind.RST_STREAM, 0, stream_id, struct.pack(">I", code))


def goaway(last_stream_id: int, code: ErrorCode, text: str = "") -> bytes:
    return frame(Kind.GOAWAY, 0, 0, struct.pack(">II", last_stream_id, code) + text.encode())


def content(flags: int, payload: bytes, *, priority: bool = False) -> bytes:
    """A payload without its padding, and without the priority that may stand before headers. Raises ConnectionFault."""
    begin, padding = 0, 0
    if flags & Flag.PADDED:
        begin, padding = 1, payload[0] if payload else 0
    if priority and flags & Flag.PRIORITY:
        begin += 5
    if begin + padding > len(payload):
        raise ConnectionFault(ErrorCode.PROTOCOL_ERROR, "more padding than payload")
    return payload[begin : len(payload) - padding] if begin or padding else payload


def headers(stream_id: int, block: bytes, flags: int) -> bytes:
    """A header block, in as many frames as it takes."""
    first, rest = block[:FRAME_BYTES_MIN], block[FRAME_BYTES_MIN:]
    if not rest:
        return frame(Kind.HEADERS, flags, stream_id, first)
    parts = [frame(Kind.HEADERS, flags & ~Flag.END_HEADERS, stream_id, first)]
    while rest:
        first, rest = rest[:FRAME_BYTES_MIN], rest[FRAME_BYTES_MIN:]
        parts.append(frame(Kind.CONTINUATION, 0 if rest else Flag.END_HEADERS, stream_id, first))
    return b"".join(parts)
