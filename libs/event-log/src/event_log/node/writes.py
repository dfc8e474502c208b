"""What the committing thread is asked to do, and what it answers."""

from __future__ import annotations

import msgspec

from event_log.node.expectation import Deleted, WrongRevision


class ProposedEvent(msgspec.Struct, frozen=True):
    """``known``: the serialised part of the event that the commit does not decide (``wire.content``)."""

    id: str
    type: str
    known: bytes
    data: bytes = b""  # kept for metadata events only


class Append(msgspec.Struct, frozen=True):
    stream: str
    expected: int
    events: tuple[ProposedEvent, ...]
    deadline_s: float | None = None  # of the node's monotonic clock: too late is not written


class SoftDelete(msgspec.Struct, frozen=True):
    """The stream's events are hidden; appending brings it back."""

    stream: str
    expected: int


class Tombstone(msgspec.Struct, frozen=True):
    """The stream's name can never be used again."""

    stream: str
    expected: int


class SetSubscription(msgspec.Struct, frozen=True):
    """Keep a subscription group's settings; None forgets them."""

    source: str
    name: str
    settings: bytes | None


Write = Append | SoftDelete | Tombstone | SetSubscription


class Written(msgspec.Struct, frozen=True):
    """``position`` is None where nothing was stored."""

    revision: int
    position: int | None


class TooLate(msgspec.Struct, frozen=True):
    """The deadline passed before it was this write's turn. Nothing was written."""


class Failed(msgspec.Struct, frozen=True):
    """The disk did not take it. Nothing was written."""

    reason: str
    disk_full: bool = False


Outcome = Written | WrongRevision | Deleted | TooLate | Failed
