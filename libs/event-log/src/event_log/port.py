"""The event log as both services see it. ``client.connect`` gives the real one, ``memory.MemoryEventLog`` a behaving fake.

``tests/contract/event_log/test_event_log.py`` is the definition: every implementation passes it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from event_log.records import Appended, CaughtUp, Checkpoint, NewEvent, RecordedEvent


class EventLog(Protocol):
    """Append-only streams of events with optimistic concurrency and catch-up subscriptions."""

    async def append(self, stream: str, events: Sequence[NewEvent], *, expected: int, timeout_s: float = 5.0) -> Appended:
        """Append all or none. ``expected`` is the revision of the last event, ``NO_STREAM`` or ``ANY``.

        Appending again what was appended (same ids, same expected revision) answers as the first time did.
        Raises WrongExpectedRevision, StreamGone, StoreUnavailable.
        """
        ...

    async def read(
        self, stream: str, *, from_revision: int | None = None, backwards: bool = False, limit: int | None = None
    ) -> list[RecordedEvent]:
        """The stream's events. Raises StreamNotFound, StreamGone, StoreUnavailable."""
        ...

    def read_all(
        self, *, from_position: int | None = None, backwards: bool = False, streams: str | None = None, limit: int | None = None
    ) -> AsyncIterator[RecordedEvent]:
        """Events of every stream whose whole name matches the regex ``streams``, after (or, backwards, before) a position."""
        ...

    def subscribe_all(
        self, *, after_position: int | None = None, streams: str | None = None
    ) -> AsyncIterator[RecordedEvent | CaughtUp | Checkpoint]:
        """As ``read_all``, and then what is appended from now on. Ends only by being closed, or with StoreUnavailable."""
        ...

    def subscribe_stream(self, stream: str, *, after_revision: int | None = None) -> AsyncIterator[RecordedEvent | CaughtUp]:
        """One stream's events and what is appended to it from now on. A stream that does not exist yet is waited for."""
        ...

    async def head_position(self) -> int:
        """The position of the last event in the log, 0 if there is none. Also the cheapest question to ask of a store."""
        ...

    async def close(self) -> None: ...
