"""Appends share one call: against stores that answer late, in another form, or not at all."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import pytest
from esdbclient.protos.Grpc import shared_pb2, streams_pb2
from event_log.client import EsdbEventLog, connect
from event_log.node import wire
from event_log.node.http2.call import Call
from event_log.node.http2.server import Server, streaming
from event_log.records import ANY, Appended, NewEvent, StoreUnavailable

Append = Callable[[Any, Call], Coroutine[Any, Any, None]]


@asynccontextmanager
async def client_of(append: Append) -> AsyncIterator[EsdbEventLog]:
    """Our client to a store that knows one method."""
    server = Server({"/event_store.client.streams.Streams/BatchAppend": streaming(append, streams_pb2.BatchAppendReq.FromString)})
    port = await server.listen("127.0.0.1", 0, None)
    log = await connect(f"esdb://127.0.0.1:{port}?Tls=false")
    try:
        yield log
    finally:
        await log.close()
        await server.stop(grace_s=1)


def event() -> NewEvent:
    return NewEvent(id=uuid.uuid4(), type="Happened", data=b"{}")


def success(request: Any, revision: int) -> bytes:
    answer = streams_pb2.BatchAppendResp(correlation_id=request.correlation_id)
    answer.success.current_revision, answer.success.position.commit_position = revision, revision * 100
    serialized: bytes = answer.SerializeToString()
    return serialized


async def test_answers_find_whom_they_are_for() -> None:
    """Also in another order, and with the id in the form of two halves, which EventStoreDB may choose."""
    calls = 0

    async def append(messages: Any, call: Call) -> None:
        nonlocal calls
        calls += 1
        requests = [await anext(messages) for _ in range(5)]
        for request in reversed(requests):
            stream = request.options.stream_identifier.stream_name.decode()
            halves: Any = wire.structured(request.correlation_id.string)
            answer = streams_pb2.BatchAppendResp.FromString(success(request, int(stream)))
            answer.correlation_id.CopyFrom(shared_pb2.UUID(structured=halves.structured))
            await call.write(answer.SerializeToString())
        await anext(messages, None)

    async with client_of(append) as log:
        appended = await asyncio.gather(*(log.append(str(number), [event()], expected=ANY) for number in range(1, 6)))
    assert appended == [Appended(number, number * 100) for number in range(1, 6)]
    assert calls == 1


async def test_a_store_that_does_not_answer_is_given_up_and_tried_anew() -> None:
    calls = 0

    async def append(messages: Any, call: Call) -> None:
        nonlocal calls
        calls += 1
        mute = calls == 1
        async for request in messages:
            if not mute:
                await call.write(success(request, 1))

    async with client_of(append) as log:
        with pytest.raises(StoreUnavailable, match="no answer"):
            await log.append("s", [event()], expected=ANY, timeout_s=0.05)
        assert (await log.append("s", [event()], expected=ANY)).revision == 1
    assert calls == 2


async def test_a_call_that_ends_is_replaced() -> None:
    async def append(messages: Any, call: Call) -> None:
        await call.write(success(await anext(messages), 1))

    async with client_of(append) as log:
        for _ in range(3):
            assert (await log.append("s", [event()], expected=ANY)).revision == 1
