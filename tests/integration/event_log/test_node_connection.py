"""What goes over one connection of a real gRPC client: large events, long answers, many calls at once."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator

import pytest
from event_log.client import EsdbEventLog, connect
from event_log.records import ANY, NO_STREAM, NewEvent

LARGE = b'"' + b"x" * 900_000 + b'"'


@pytest.fixture
async def log(node_uri: str) -> AsyncIterator[EsdbEventLog]:
    log = await connect(node_uri)
    yield log
    await log.close()


def new(data: bytes = b"{}") -> NewEvent:
    return NewEvent(id=uuid.uuid4(), type="Happened", data=data)


async def test_answers_larger_than_any_window(log: EsdbEventLog) -> None:
    for number in range(8):
        await log.append("large", [new(LARGE)], expected=number - 1)
    there, again, small = await asyncio.gather(log.read("large"), log.read("large", backwards=True), log.head_position())
    assert [len(event.data) for event in there] == [len(LARGE)] * 8
    assert there == again[::-1]
    assert small == there[-1].position


async def test_a_reader_that_takes_its_time_holds_up_nobody(log: EsdbEventLog) -> None:
    for number in range(8):
        await log.append("slowly", [new(LARGE)], expected=number - 1)
    slow = log.read_all(streams="slowly")
    first = await anext(slow)
    for number in range(20):
        await log.append("meanwhile", [new()], expected=number - 1)
    assert [first.stream] + [event.stream async for event in slow] == ["slowly"] * 8


async def test_many_calls_at_once(log: EsdbEventLog) -> None:
    await asyncio.gather(*(log.append(f"many-{number}", [new()], expected=NO_STREAM) for number in range(200)))
    await asyncio.gather(*(log.append("many", [new()], expected=ANY) for _ in range(100)))
    there = await asyncio.gather(*(log.read(f"many-{number}") for number in range(200)), log.read("many"))
    assert [len(events) for events in there] == [1] * 200 + [100]
