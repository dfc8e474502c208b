"""Events as bytes: what a client proposes becomes, once, the bytes every reader is sent.

A stored event is a serialised ``ReadEvent{event, commit_position}`` of the store's protocol. Protobuf allows fields in any
order and messages to be joined by joining their bytes, so what is known before the commit (the content) is serialised by the
caller and what the commit decides (revision, position, time) is appended by hand.
"""

from __future__ import annotations

import datetime as dt
import uuid
from functools import lru_cache
from typing import Any

from esdbclient.protos.Grpc import shared_pb2, streams_pb2

ReadEvent = streams_pb2.ReadResp.ReadEvent
RecordedEvent = ReadEvent.RecordedEvent

TICKS_PER_SECOND = 10_000_000  # the protocol's unit of time: 100 ns since the Unix epoch
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


_SHORT = [bytes((low,)) for low in range(0x80)] + [bytes((low | 0x80, high)) for high in range(1, 0x80) for low in range(0x80)]


def varint(value: int) -> bytes:
    """An unsigned integer in protobuf's base-128 form."""
    if value < len(_SHORT):
        return _SHORT[value]
    parts = bytearray()
    while value > 0x7F:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    parts.append(value)
    return bytes(parts)


def field(number: int, payload: bytes) -> bytes:
    """A length-delimited field."""
    return varint(number << 3 | 2) + varint(len(payload)) + payload


def uuid_of(message: Any) -> uuid.UUID:
    """An id in either form of the protocol. Raises ValueError if it is none."""
    if message.WhichOneof("value") == "structured":
        high, low = message.structured.most_significant_bits, message.structured.least_significant_bits
        return uuid.UUID(int=(high & (1 << 64) - 1) << 64 | low & (1 << 64) - 1)
    return uuid.UUID(message.string)


def structured(event_id: str) -> Any:
    """The id in the form that clients other than Python's ask for: two signed 64-bit halves."""
    number = uuid.UUID(event_id).int
    halves = [(number >> shift & (1 << 64) - 1) for shift in (64, 0)]
    high, low = (half - (1 << 64) if half >> 63 else half for half in halves)
    return shared_pb2.UUID(structured=shared_pb2.UUID.Structured(most_significant_bits=high, least_significant_bits=low))


def content(event_id: str, stream: str, event_type: str, content_type: str, custom_metadata: bytes, data: bytes) -> bytes:
    """The part of a RecordedEvent that is known before it is committed. By hand: it is a large part of what an append costs."""
    return b"%b\x0a%b%b%b%b" % (
        _of_stream(stream),
        _sized(b"\x12" + _sized(event_id.encode())),
        _of_type(event_type, content_type),
        b"\x3a" + _sized(custom_metadata) if custom_metadata else b"",
        b"\x42" + _sized(data) if data else b"",
    )


@lru_cache(1024)
def _of_stream(stream: str) -> bytes:
    return b"\x12" + _sized(b"\x1a" + _sized(stream.encode()))


@lru_cache(1024)
def _of_type(event_type: str, content_type: str) -> bytes:
    return _entry(b"type", event_type.encode()) + _entry(b"content-type", content_type.encode())


def created(ticks: int) -> bytes:
    """When an event was committed: what ``stored`` adds, the same for all events of an append."""
    return _entry(b"created", str(ticks).encode())


def _entry(key: bytes, value: bytes) -> bytes:
    """Of the map ``RecordedEvent.metadata``."""
    return b"\x32" + _sized(b"\x0a" + _sized(key) + b"\x12" + _sized(value))


def _sized(payload: bytes) -> bytes:
    return varint(len(payload)) + payload


def stored(known: bytes, revision: int, position: int, created: bytes) -> bytes:
    """A ReadEvent: the known part, with what the commit decided."""
    at = varint(position)
    event = b"%b\x18%b\x20%b\x28%b%b" % (known, varint(revision), at, at, created)
    return b"\x0a%b%b\x18%b" % (varint(len(event)), event, at)


def read_response(read_event: bytes) -> bytes:
    """A ReadResp with one event in it."""
    return b"\x0a%b%b" % (varint(len(read_event)), read_event)


def with_structured_ids(read_event: bytes) -> bytes:
    message = ReadEvent.FromString(read_event)
    for part in ("event", "link"):
        if message.HasField(part):
            event = getattr(message, part)
            event.id.CopyFrom(structured(event.id.string))
    changed: bytes = message.SerializeToString()
    return changed


def ticks(at: dt.datetime) -> int:
    since = at - _EPOCH
    return (since.days * 86_400 + since.seconds) * TICKS_PER_SECOND + since.microseconds * 10
