"""The node's writer and the fake in memory answer alike, whatever is appended where, and leave the same streams behind."""

from __future__ import annotations

import asyncio
import itertools
import uuid
from collections.abc import Iterator

from event_log.memory import MemoryEventLog
from event_log.node import file, wire
from event_log.node.expectation import Deleted, WrongRevision
from event_log.node.log_writer import LogWriter
from event_log.node.tables import Tables
from event_log.node.writes import Append, ProposedEvent, Written
from event_log.records import ANY, NO_STREAM, NewEvent, WrongExpectedRevision
from hypothesis import given, settings
from hypothesis import strategies as st

# An append: stream, expected revision, ids. Few of each, so that repetitions and conflicts are common.
APPENDS = st.lists(
    st.tuples(st.sampled_from("ab"), st.sampled_from([ANY, NO_STREAM, 0, 1, 2, 3]), st.lists(st.integers(0, 6), min_size=1, max_size=3)),
    max_size=25,
)


def written(appends: list[tuple[str, int, list[int]]], group: int) -> tuple[list[int | str], dict[str, list[str]]]:
    store = file.open_memory()
    clock = itertools.count(1)
    writer = LogWriter(store.writer, lambda: next(clock), lambda: 0.0, lambda: str(uuid.uuid4()))
    answers: list[int | str] = []
    for first in range(0, len(appends), group):
        outcomes, _ = writer.commit([_append(*append) for append in appends[first : first + group]])
        for outcome in outcomes:
            match outcome:
                case Written(revision, _):
                    answers.append(revision)
                case WrongRevision(actual):
                    answers.append(f"wrong, it is {actual}")
                case Deleted() | _:
                    answers.append("impossible")
    tables = Tables(store.reader)
    streams = {name: list(_ids(tables, name)) for name in "ab"}
    store.close()
    return answers, streams


def _ids(tables: Tables, name: str) -> Iterator[str]:
    stream_id = tables.stream_id(name)
    for row in [] if stream_id is None else tables.forwards(stream_id, 0, 1000, 1000):
        yield wire.ReadEvent.FromString(row.read_event).event.id.string


def _append(stream: str, expected: int, ids: list[int]) -> Append:
    events = []
    for number in ids:
        event_id = str(uuid.UUID(int=number))
        events.append(ProposedEvent(event_id, "T", wire.content(event_id, stream, "T", "application/json", b"", b"{}")))
    return Append(stream, expected, tuple(events))


async def remembered(appends: list[tuple[str, int, list[int]]]) -> tuple[list[int | str], dict[str, list[str]]]:
    log, answers = MemoryEventLog(), list[int | str]()
    for stream, expected, ids in appends:
        try:
            events = [NewEvent(id=uuid.UUID(int=number), type="T", data=b"{}") for number in ids]
            answers.append((await log.append(stream, events, expected=expected)).revision)
        except WrongExpectedRevision as wrong:
            answers.append(f"wrong, it is {wrong.actual}")
    everything = [event async for event in log.read_all()]
    return answers, {name: [str(event.id) for event in everything if event.stream == name] for name in "ab"}


@settings(max_examples=60, deadline=None)
@given(APPENDS, st.integers(1, 5))
def test_they_agree(appends: list[tuple[str, int, list[int]]], group: int) -> None:
    """Also however many appends are committed together."""
    assert written(appends, group) == asyncio.run(remembered(appends))
