"""Reads and subscriptions that are given up leave nothing behind: gRPC would keep the call, and its connection, for ever."""

from __future__ import annotations

import asyncio
from typing import Any

from esdbclient.protos.Grpc import streams_pb2
from event_log.client import connect
from event_log.node import wire
from event_log.node.http2.call import Call
from event_log.node.http2.connection import Connection
from event_log.node.http2.server import Server, unary

CONFIRMED = streams_pb2.ReadResp(confirmation=streams_pb2.ReadResp.SubscriptionConfirmation(subscription_id="s")).SerializeToString()
EVENT_ID = "00000000-0000-0000-0000-000000000001"


def event(number: int) -> bytes:
    known = wire.content(EVENT_ID, "s", "Happened", "application/json", b"", b"{}")
    return wire.read_response(wire.stored(known, number, number + 1, wire.created(0)))


class CountingServer(Server):
    """Knows when nobody is connected."""

    def __init__(self) -> None:
        super().__init__({"/event_store.client.streams.Streams/Read": unary(self.read, streams_pb2.ReadReq.FromString)})
        self.open, self.nobody = set[Connection](), asyncio.Event()

    async def read(self, request: Any, call: Call) -> None:
        if request.options.WhichOneof("count_option") == "subscription":
            await call.write(CONFIRMED)
        await call.write(*map(event, range(100)))
        await asyncio.get_running_loop().create_future()

    def connected(self) -> Connection:
        connection = Connection(self.serve, self._gone)
        self.open.add(connection)
        return connection

    def _gone(self, connection: Connection) -> None:
        self.open.discard(connection)
        if not self.open:
            self.nobody.set()


async def test_what_is_given_up_is_let_go() -> None:
    server = CountingServer()
    port = await server.listen("127.0.0.1", 0, None)
    log = await connect(f"esdb://127.0.0.1:{port}?Tls=false")
    for events in (log.subscribe_all(), log.read_all(), log.subscribe_stream("s")):
        assert [(await anext(events)).revision for _ in range(3)] == [0, 1, 2]  # type: ignore[union-attr]
        await events.aclose()  # type: ignore[attr-defined]
    assert len(server.open) == 1
    await log.close()
    async with asyncio.timeout(10):
        await server.nobody.wait()
    await server.stop(grace_s=1)
