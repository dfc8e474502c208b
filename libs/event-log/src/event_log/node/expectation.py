"""May these events be appended? The rules of EventStoreDB for expected revisions and repeated event ids, as a function.

Source: the store's IndexWriter.CheckCommit, the same in v24 as in its successors.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

NO_STREAM = -1
ANY = -2
EXISTS = -4
TOMBSTONE = (1 << 63) - 1  # the revision of a tombstone, and the $tb of a soft deletion


class StreamState(msgspec.Struct, frozen=True):
    """``last`` is the last revision ever written (a soft deletion does not reset it), -1 if there is none."""

    last: int = -1
    soft_deleted: bool = False
    has_metadata: bool = False

    @property
    def tombstoned(self) -> bool:
        return self.last == TOMBSTONE


class Proceed(msgspec.Struct, frozen=True):
    """Append after ``last``. ``undelete``: the stream comes back, its old events stay hidden."""

    undelete: bool = False


class Repeated(msgspec.Struct, frozen=True):
    """Appended before: answer as then."""

    revision: int
    position: int


class WrongRevision(msgspec.Struct, frozen=True):
    actual: int


class Deleted(msgspec.Struct, frozen=True):
    """The stream is tombstoned, or deleted where it was expected to exist."""


Verdict = Proceed | Repeated | WrongRevision | Deleted
IdAt = Callable[[int], "tuple[str, int] | None"]
Recent = Callable[[str], "tuple[int, int] | None"]


def check(state: StreamState, expected: int, ids: Sequence[str], id_at: IdAt, recent: Recent) -> Verdict:
    """Judge an append.

    ``id_at(revision)`` gives (event id, position) of what is stored there, ``recent(event id)`` gives (revision, position) if
    that id was lately appended to this stream.
    """
    if state.tombstoned:
        return Deleted()
    if expected in (ANY, EXISTS):
        if expected == EXISTS and state.soft_deleted:
            return Deleted()
        if expected == EXISTS and state.last < 0 and not state.has_metadata:
            return WrongRevision(state.last)
        return _lately_appended(state, ids, recent)
    if expected == state.last or (expected == NO_STREAM and state.soft_deleted):
        return Proceed(undelete=state.soft_deleted)
    if expected > state.last or state.soft_deleted:
        return WrongRevision(state.last)
    return _stored_from(state, expected + 1, ids, id_at)


def _stored_from(state: StreamState, first: int, ids: Sequence[str], id_at: IdAt) -> Verdict:
    """The same ids at the same revisions: a repetition. Anything else: somebody else's events."""
    position = -1
    for revision, event_id in enumerate(ids, first):
        there = id_at(revision)
        if there is None or there[0] != event_id:
            return WrongRevision(state.last)
        position = there[1]
    return Repeated(first + len(ids) - 1, position) if ids else WrongRevision(state.last)


def _lately_appended(state: StreamState, ids: Sequence[str], recent: Recent) -> Verdict:
    if not ids or (there := recent(ids[0])) is None:
        return Proceed(undelete=state.soft_deleted)
    for event_id in ids[1:]:
        if (there := recent(event_id)) is None:
            return WrongRevision(state.last)
    return Repeated(*there)
