"""The values that go into an event log and come out of it, and the ways it can say no."""

from __future__ import annotations

import datetime as dt
import uuid

import msgspec

NO_STREAM = -1
ANY = -2


class NewEvent(msgspec.Struct, frozen=True, kw_only=True):
    """An event to be appended. ``data`` and ``metadata`` are JSON."""

    id: uuid.UUID
    type: str
    data: bytes
    metadata: bytes = b""


class RecordedEvent(msgspec.Struct, frozen=True, kw_only=True):
    """An event as the store has it. ``position`` is the commit position in ``$all``: increasing, opaque, not dense."""

    id: uuid.UUID
    type: str
    data: bytes
    metadata: bytes
    stream: str
    revision: int
    position: int
    stored_at: dt.datetime


class Appended(msgspec.Struct, frozen=True):
    """Where the last event of an append stands."""

    revision: int
    position: int


class CaughtUp(msgspec.Struct, frozen=True):
    """A subscription has delivered all that was there and is now live."""


class Checkpoint(msgspec.Struct, frozen=True):
    """A filtered subscription has looked at everything up to this position."""

    position: int


class EventLogError(Exception):
    """Base of what an event log raises."""


class WrongExpectedRevision(EventLogError):
    """Somebody else appended first. ``actual`` is None where the store does not say."""

    def __init__(self, stream: str, expected: int, actual: int | None) -> None:
        super().__init__(f"stream {stream}: expected revision {expected}, the store has {actual}")
        self.stream, self.expected, self.actual = stream, expected, actual


class StreamNotFound(EventLogError):
    """There is no such stream."""


class StreamGone(EventLogError):
    """The stream was tombstoned."""


class AppendTooLarge(EventLogError):
    """The events of one append are together larger than the store takes (1 MiB unless it was told otherwise)."""


class StoreUnavailable(EventLogError):
    """The store cannot be reached or did not answer in time. Whether an append took effect is not known."""
