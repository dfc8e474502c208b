"""The rules of appending, against the table of EventStoreDB and by their laws."""

from __future__ import annotations

import pytest
from event_log.node.expectation import (
    ANY,
    EXISTS,
    NO_STREAM,
    TOMBSTONE,
    Deleted,
    Proceed,
    Repeated,
    StreamState,
    Verdict,
    WrongRevision,
    check,
)
from hypothesis import given
from hypothesis import strategies as st

NEVER, LAST_3 = StreamState(), StreamState(last=3)
SOFT = StreamState(last=3, soft_deleted=True, has_metadata=True)
GONE = StreamState(last=TOMBSTONE)
ONLY_METADATA = StreamState(has_metadata=True)


def judge(state: StreamState, expected: int, ids: list[str], stored: list[str] | None = None, recent: tuple[str, ...] = ()) -> Verdict:
    there = stored if stored is not None else ["a", "b", "c", "d"]

    def id_at(revision: int) -> tuple[str, int] | None:
        return (there[revision], revision * 100) if 0 <= revision < len(there) else None

    return check(state, expected, ids, id_at, lambda event_id: (there.index(event_id), 0) if event_id in recent else None)


@pytest.mark.parametrize(
    ("state", "expected", "verdict"),
    [
        (NEVER, ANY, Proceed()),
        (NEVER, NO_STREAM, Proceed()),
        (NEVER, EXISTS, WrongRevision(-1)),
        (NEVER, 0, WrongRevision(-1)),
        (LAST_3, ANY, Proceed()),
        (LAST_3, NO_STREAM, WrongRevision(3)),
        (LAST_3, EXISTS, Proceed()),
        (LAST_3, 3, Proceed()),
        (LAST_3, 2, WrongRevision(3)),
        (LAST_3, 4, WrongRevision(3)),
        (SOFT, ANY, Proceed(undelete=True)),
        (SOFT, NO_STREAM, Proceed(undelete=True)),
        (SOFT, EXISTS, Deleted()),
        (SOFT, 3, Proceed(undelete=True)),
        (SOFT, 2, WrongRevision(3)),
        (GONE, ANY, Deleted()),
        (GONE, NO_STREAM, Deleted()),
        (GONE, EXISTS, Deleted()),
        (GONE, 3, Deleted()),
        (ONLY_METADATA, ANY, Proceed()),
        (ONLY_METADATA, NO_STREAM, Proceed()),
        (ONLY_METADATA, EXISTS, Proceed()),
        (ONLY_METADATA, 0, WrongRevision(-1)),
    ],
)
def test_the_table(state: StreamState, expected: int, verdict: Verdict) -> None:
    assert judge(state, expected, ["new"]) == verdict


@pytest.mark.parametrize(
    ("expected", "ids", "verdict"),
    [
        (NO_STREAM, ["a", "b"], Repeated(1, 100)),
        (1, ["c", "d"], Repeated(3, 300)),
        (1, ["c", "x"], WrongRevision(3)),
        (0, ["b", "c", "d", "e"], WrongRevision(3)),
        (3, ["d"], Proceed()),  # at the last revision ids are not looked at
        (NO_STREAM, [], WrongRevision(3)),
    ],
)
def test_the_same_ids_at_the_same_place_are_a_repetition(expected: int, ids: list[str], verdict: Verdict) -> None:
    assert judge(LAST_3, expected, ids) == verdict


def test_without_a_revision_recent_ids_are_a_repetition() -> None:
    assert judge(LAST_3, ANY, ["b", "c"], recent=("b", "c")) == Repeated(2, 0)
    assert judge(LAST_3, ANY, ["x", "b"], recent=("b",)) == Proceed()
    assert judge(LAST_3, ANY, ["b", "x"], recent=("b",)) == WrongRevision(3)


@given(st.lists(st.lists(st.integers(), min_size=1, max_size=3), min_size=1, max_size=6), st.data())
def test_any_earlier_append_can_be_repeated(batches: list[list[int]], data: st.DataObject) -> None:
    """Law: whatever was appended at a revision that is no longer the last is recognised, and answered as it was."""
    stored: list[str] = []
    appends = []
    for number, batch in enumerate(batches):
        ids = [f"{number}-{place}" for place in range(len(batch))]
        appends.append((len(stored) - 1, ids))
        stored += ids
    expected, ids = data.draw(st.sampled_from(appends))
    verdict = judge(StreamState(last=len(stored) - 1), expected, ids, stored)
    assert verdict == Repeated(expected + len(ids), (expected + len(ids)) * 100)
