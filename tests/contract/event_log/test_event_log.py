"""What an event log is: every implementation passes this. A real cluster is tried too where EVENTSTORE_URI is set."""

from __future__ import annotations

import asyncio
import os
import random
import uuid
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from typing import cast

import pytest
import pytest_asyncio
from event_log.client import connect
from event_log.memory import MemoryEventLog
from event_log.port import EventLog
from event_log.records import ANY, NO_STREAM, CaughtUp, Checkpoint, NewEvent, RecordedEvent, StreamNotFound, WrongExpectedRevision

from tests.support.event_store import running_node

Happened = RecordedEvent | CaughtUp | Checkpoint
IMPLEMENTATIONS = ["memory", "node-in-memory", "node-on-file", "cluster"]


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=IMPLEMENTATIONS)
async def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str | None]:
    """The URI of a store, one for all tests; every test has a stream of its own."""
    match request.param:
        case "memory":
            yield None
        case "cluster":
            if not (uri := os.environ.get("EVENTSTORE_URI")):
                pytest.skip("EVENTSTORE_URI is not set")
            yield uri
        case kind:
            db = tmp_path_factory.mktemp("store") / "events.db" if kind == "node-on-file" else None
            async with running_node(db) as uri:
                yield uri


@pytest.fixture
async def log(store: str | None) -> AsyncIterator[EventLog]:
    log: EventLog = MemoryEventLog() if store is None else await connect(store)
    yield log
    await log.close()


def subscribed(events: AsyncIterator[Happened]) -> aclosing[AsyncGenerator[Happened, None]]:
    """Closed at the end of the block, as whoever leaves a subscription early has to do."""
    return aclosing(cast("AsyncGenerator[Happened, None]", events))


@pytest.fixture
def stream() -> str:
    return f"thing-{uuid.uuid4().hex}"


@pytest.fixture
def new() -> Callable[..., NewEvent]:
    def make(number: int = 0, kind: str = "Happened") -> NewEvent:
        return NewEvent(id=uuid.uuid4(), type=kind, data=b'{"n":%d}' % number, metadata=b'{"by":"test"}')

    return make


async def test_what_is_appended_is_read_back(log: EventLog, stream: str, new: Callable[..., NewEvent]) -> None:
    events = [new(number) for number in range(3)]
    appended = await log.append(stream, events, expected=NO_STREAM)
    there = await log.read(stream)
    assert [(e.id, e.type, e.data, e.metadata, e.stream) for e in there] == [(e.id, e.type, e.data, e.metadata, stream) for e in events]
    assert [e.revision for e in there] == [0, 1, 2]
    assert [e.position for e in there] == sorted({e.position for e in there})
    assert (appended.revision, appended.position) == (there[-1].revision, there[-1].position)
    assert there[0].stored_at.tzinfo is not None
    assert await log.head_position() == appended.position


async def test_windows_of_a_stream(log: EventLog, stream: str, new: Callable[..., NewEvent]) -> None:
    await log.append(stream, [new(number) for number in range(10)], expected=NO_STREAM)

    async def revisions(from_revision: int | None, backwards: bool, limit: int | None) -> list[int]:
        return [e.revision for e in await log.read(stream, from_revision=from_revision, backwards=backwards, limit=limit)]

    assert await revisions(None, False, 2) == [0, 1]
    assert await revisions(7, False, None) == [7, 8, 9]
    assert await revisions(10, False, None) == []
    assert await revisions(None, True, 2) == [9, 8]
    assert await revisions(1, True, None) == [1, 0]
    assert await revisions(99, True, 1) == [9]


async def test_a_stream_that_is_not_there(log: EventLog, stream: str) -> None:
    with pytest.raises(StreamNotFound):
        await log.read(stream)


async def test_nothing_is_not_an_append(log: EventLog, stream: str) -> None:
    with pytest.raises(ValueError, match="nothing"):
        await log.append(stream, [], expected=ANY)


@pytest.mark.parametrize(("expected", "actual"), [(NO_STREAM, 1), (0, 1), (2, 1), (99, 1)])
async def test_the_expected_revision_must_be_the_last(
    log: EventLog, stream: str, new: Callable[..., NewEvent], expected: int, actual: int
) -> None:
    await log.append(stream, [new(), new()], expected=NO_STREAM)
    with pytest.raises(WrongExpectedRevision) as wrong:
        await log.append(stream, [new()], expected=expected)
    assert (wrong.value.stream, wrong.value.expected, wrong.value.actual) == (stream, expected, actual)
    assert len(await log.read(stream)) == 2


async def test_a_revision_of_a_stream_that_is_not_there_is_wrong(log: EventLog, stream: str, new: Callable[..., NewEvent]) -> None:
    with pytest.raises(WrongExpectedRevision) as wrong:
        await log.append(stream, [new()], expected=0)
    assert wrong.value.actual in (None, NO_STREAM)


async def test_the_same_append_again_answers_as_before(log: EventLog, stream: str, new: Callable[..., NewEvent]) -> None:
    first, second = [new(1), new(2)], [new(3)]
    one = await log.append(stream, first, expected=NO_STREAM)
    two = await log.append(stream, second, expected=1)
    assert await log.append(stream, first, expected=NO_STREAM) == one
    await log.append(stream, [new(4)], expected=2)
    assert await log.append(stream, second, expected=1) == two
    assert len(await log.read(stream)) == 4


async def test_any_revision(log: EventLog, stream: str, new: Callable[..., NewEvent]) -> None:
    event = new(1)
    one = await log.append(stream, [event], expected=ANY)
    two = await log.append(stream, [new(2)], expected=ANY)
    assert (one.revision, two.revision) == (0, 1)
    assert await log.append(stream, [event], expected=ANY) == one
    assert len(await log.read(stream)) == 2


async def test_half_a_repetition_is_refused(log: EventLog, stream: str, new: Callable[..., NewEvent]) -> None:
    events = [new(number) for number in range(3)]
    await log.append(stream, events, expected=NO_STREAM)
    with pytest.raises(WrongExpectedRevision):
        await log.append(stream, [events[0], new(9)], expected=NO_STREAM)
    assert len(await log.read(stream)) == 3


async def test_of_racing_writers_one_wins(log: EventLog, stream: str, new: Callable[..., NewEvent]) -> None:
    answers = await asyncio.gather(*(log.append(stream, [new(n)], expected=NO_STREAM) for n in range(8)), return_exceptions=True)
    assert sum(not isinstance(answer, Exception) for answer in answers) == 1
    assert all(isinstance(answer, WrongExpectedRevision) for answer in answers if isinstance(answer, Exception))
    assert len(await log.read(stream)) == 1


async def test_all_streams_in_the_order_of_commits(log: EventLog, stream: str, new: Callable[..., NewEvent]) -> None:
    before = await log.head_position()
    for number in range(6):
        await log.append(f"{stream}-{number % 2}", [new(number)], expected=ANY)
    pattern = f"{stream}-.*"
    every = [e async for e in log.read_all(from_position=before, streams=pattern)]
    assert [e.data for e in every] == [b'{"n":%d}' % n for n in range(6)]
    assert [e.data async for e in log.read_all(from_position=every[2].position, streams=pattern)] == [e.data for e in every[3:]]
    assert [e.data async for e in log.read_all(from_position=before, streams=pattern, limit=2)] == [e.data for e in every[:2]]
    back = [e async for e in log.read_all(from_position=every[3].position, backwards=True, streams=pattern)]
    assert [e.data for e in back] == [e.data for e in every[2::-1]]
    odd = [e async for e in log.read_all(from_position=before, streams=f"{stream}-1")]
    assert [e.data for e in odd] == [e.data for e in every[1::2]]
    assert [e.position async for e in log.read_all(from_position=before)][:6] == [e.position for e in every]


async def test_a_name_must_match_whole(log: EventLog, stream: str, new: Callable[..., NewEvent]) -> None:
    for name in (stream, f"{stream}x", f"x{stream}"):
        await log.append(name, [new()], expected=NO_STREAM)
    found = [e.stream async for e in log.read_all(streams=f"{stream}|never")]
    assert found == [stream]


async def test_a_subscription_delivers_what_was_and_what_comes(log: EventLog, stream: str, new: Callable[..., NewEvent]) -> None:
    await log.append(stream, [new(0), new(1)], expected=NO_STREAM)
    seen: list[RecordedEvent] = []
    caught_up_after: int | None = None
    async with subscribed(log.subscribe_all(streams=stream)) as events:
        async for event in events:
            if isinstance(event, CaughtUp):
                caught_up_after = len(seen)
                await log.append(stream, [new(2), new(3)], expected=1)
            elif isinstance(event, RecordedEvent):
                seen.append(event)
                if len(seen) == 4:
                    break
    assert caught_up_after == 2
    assert [e.revision for e in seen] == [0, 1, 2, 3]


async def test_a_subscription_resumes_after_a_position(log: EventLog, stream: str, new: Callable[..., NewEvent]) -> None:
    await log.append(stream, [new(n) for n in range(3)], expected=NO_STREAM)
    first = (await log.read(stream, limit=1))[0]
    async with subscribed(log.subscribe_all(after_position=first.position, streams=stream)) as events:
        received = await anext(events)
    assert isinstance(received, RecordedEvent)
    assert received.revision == 1


async def test_a_checkpoint_says_how_far_a_filter_has_looked(log: EventLog, stream: str, new: Callable[..., NewEvent]) -> None:
    appended = await log.append(stream, [new()], expected=NO_STREAM)
    async with subscribed(log.subscribe_all(streams="nothing-like-it")) as events:
        received = await anext(events)
    assert isinstance(received, Checkpoint)
    assert received.position >= appended.position


async def test_a_subscription_to_one_stream_waits_for_it(log: EventLog, stream: str, new: Callable[..., NewEvent]) -> None:
    seen: list[int] = []
    async with subscribed(log.subscribe_stream(stream)) as events:
        assert isinstance(await anext(events), CaughtUp)
        await log.append(stream, [new(0), new(1)], expected=NO_STREAM)
        while len(seen) < 2:
            event = await anext(events)
            assert isinstance(event, RecordedEvent)
            seen.append(event.revision)
    async with subscribed(log.subscribe_stream(stream, after_revision=0)) as events:
        event = await anext(events)
    assert isinstance(event, RecordedEvent)
    assert (seen, event.revision) == ([0, 1], 1)


async def test_a_cancelled_subscriber_is_cancelled(log: EventLog, stream: str) -> None:
    live = asyncio.Event()

    async def follow() -> None:
        async for event in log.subscribe_stream(stream):
            if isinstance(event, CaughtUp):
                live.set()

    task = asyncio.create_task(follow())
    await live.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_closing_ends_subscriptions(log: EventLog, stream: str) -> None:
    live = asyncio.Event()

    async def follow() -> None:
        async for event in log.subscribe_stream(stream):
            if isinstance(event, CaughtUp):
                live.set()

    task = asyncio.create_task(follow())
    await live.wait()
    await log.close()
    async with asyncio.timeout(5):
        await task


@pytest.mark.parametrize("seed", range(3))
async def test_writers_that_reload_and_retry_lose_nothing(log: EventLog, stream: str, new: Callable[..., NewEvent], seed: int) -> None:
    """The way of every command: read, decide, append at the revision read, on conflict again."""
    chance = random.Random(seed)

    async def add(number: int) -> None:
        event = new(number)
        while True:
            try:
                last = (await log.read(stream, backwards=True, limit=1))[0].revision
            except StreamNotFound:
                last = NO_STREAM
            for _ in range(chance.randint(0, 3)):
                await asyncio.sleep(0)
            try:
                await log.append(stream, [event], expected=last)
                return
            except WrongExpectedRevision:
                continue

    await asyncio.gather(*(add(number) for number in range(10)))
    there = await log.read(stream)
    assert sorted(event.data for event in there) == [b'{"n":%d}' % number for number in range(10)]
    assert [event.revision for event in there] == list(range(10))
