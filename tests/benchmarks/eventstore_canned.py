"""A store that does nothing: every append succeeds, every read yields the same events, all made beforehand.

What a client reaches against this one it cannot exceed against any other. Argument: how many events a read yields. Prints its URI.
"""

from __future__ import annotations

import asyncio
import sys
import uuid
from typing import Any

import uvloop
from esdbclient.protos.Grpc import streams_pb2
from event_log.node import wire
from event_log.node.http2.call import Call
from event_log.node.http2.server import Server, streaming, unary

from tests.benchmarks.eventstore_workloads import DATA, METADATA

PAGE = 256


def answers(count: int) -> list[bytes]:
    created = wire.created(17_000_000_000_000_000)
    return [
        wire.read_response(
            wire.stored(wire.content(str(uuid.UUID(int=n)), "canned", "Happened", "application/json", METADATA, DATA), n, n * 500, created)
        )
        for n in range(count)
    ]


async def main() -> None:
    canned = answers(int(sys.argv[1]))

    async def read(request: bytes, call: Call) -> None:
        for first in range(0, len(canned), PAGE):
            await call.write(*canned[first : first + PAGE])
            await asyncio.sleep(0)

    async def append(messages: Any, call: Call) -> None:
        async for request in messages:
            answer = streams_pb2.BatchAppendResp(correlation_id=request.correlation_id)
            answer.success.current_revision = answer.success.position.commit_position = 1
            await call.write(answer.SerializeToString())

    streams = "/event_store.client.streams.Streams"
    methods = {f"{streams}/Read": unary(read), f"{streams}/BatchAppend": streaming(append, streams_pb2.BatchAppendReq.FromString)}
    port = await Server(methods).listen("127.0.0.1", 0, None)
    print(f"esdb://127.0.0.1:{port}?Tls=false", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(main())
