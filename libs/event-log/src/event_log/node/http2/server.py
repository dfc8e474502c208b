"""The listening side: which method serves which path, who is let in, how long a call may take, and an orderly end."""

from __future__ import annotations

import asyncio
import os
import re
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

import grpc
from google.protobuf.message import DecodeError

from event_log.node.http2.call import Call, Refused
from event_log.node.http2.connection import Connection, Serve

LetIn = Callable[[Call], bool]
_TIMEOUT = re.compile(rb"(\d{1,8})([HMSmun])\Z")
_UNIT_S = {b"H": 3600.0, b"M": 60.0, b"S": 1.0, b"m": 1e-3, b"u": 1e-6, b"n": 1e-9}
KEEPALIVE_IDLE_S = 60
TIMEOUT_S_MAX = 86_400.0  # a longer one is none


class Server:
    """``methods`` by path. ``let_in`` decides about every call by its headers."""

    def __init__(self, methods: Mapping[str, Serve], let_in: LetIn = lambda _: True) -> None:
        self._methods, self._let_in = methods, let_in
        self._connections: set[Connection] = set()

    async def listen(self, host: str, port: int, tls: ssl.SSLContext | None) -> int:
        """The port it is. Raises OSError."""
        self._listening = await asyncio.get_running_loop().create_server(self.connected, host, port, ssl=tls)
        for listening in self._listening.sockets:
            _notice_dead_clients(listening.fileno())
        return int(self._listening.sockets[0].getsockname()[1])

    async def stop(self, grace_s: float) -> None:
        """No new calls; running ones have ``grace_s`` to end."""
        self._listening.close()
        for connection in self._connections:
            connection.refuse_calls()
        running = [task for connection in self._connections for task in connection.tasks]
        if running:
            await asyncio.wait(running, timeout=grace_s)
        for connection in list(self._connections):
            connection.close()

    def connected(self) -> Connection:
        connection = Connection(self.serve, self._connections.discard)
        self._connections.add(connection)
        return connection

    async def serve(self, call: Call) -> None:
        method = self._methods.get(call.path)
        try:
            if not call.headers.get(b"content-type", b"").startswith(b"application/grpc"):
                raise Refused(grpc.StatusCode.INVALID_ARGUMENT, "This is a gRPC server.")
            if not self._let_in(call):
                raise Refused(grpc.StatusCode.UNAUTHENTICATED, "The name or the password is wrong.", [("exception", "access-denied")])
            if method is None:
                raise Refused(grpc.StatusCode.UNIMPLEMENTED, f"{call.path} is not implemented.")
            if (allowed_s := timeout_s(call)) is None:
                await method(call)
            else:
                async with asyncio.timeout(allowed_s):
                    await method(call)
        except Refused as refusal:
            call.finish(refusal.code, refusal.text, refusal.trailing)
        except TimeoutError:
            call.finish(grpc.StatusCode.DEADLINE_EXCEEDED, "The deadline passed.")
        else:
            call.finish()


def timeout_s(call: Call) -> float | None:
    """What the client allows."""
    found = _TIMEOUT.match(call.headers.get(b"grpc-timeout", b""))
    if found is None:
        return None
    allowed = int(found[1]) * _UNIT_S[found[2]]
    return None if allowed > TIMEOUT_S_MAX else allowed


def _notice_dead_clients(listening: int) -> None:
    """A client whose machine went away says no goodbye. Connections inherit the setting of the socket they come in by."""
    with socket.socket(fileno=os.dup(listening)) as same:
        same.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        if hasattr(socket, "TCP_KEEPIDLE"):
            same.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, KEEPALIVE_IDLE_S)


Decode = Callable[[bytes], Any]


def unary(answer: Callable[[Any, Call], Awaitable[Any]], decode: Decode = bytes) -> Serve:
    """A method that is asked with one message; what it returns is sent, unless that is None."""

    async def serve(call: Call) -> None:
        message = await call.receive()
        if message is None:
            raise Refused(grpc.StatusCode.INTERNAL, "There is no request.")
        await _send(call, await answer(_decoded(decode, message), call))

    return serve


def streaming(answer: Callable[[Any, Call], Awaitable[Any]], decode: Decode) -> Serve:
    """A method that is sent any number of messages."""

    async def serve(call: Call) -> None:
        await _send(call, await answer(Messages(call, decode), call))

    return serve


class Messages(AsyncIterator[Any]):
    """The messages of a call, decoded."""

    def __init__(self, call: Call, decode: Decode) -> None:
        self._call, self._decode = call, decode

    async def __anext__(self) -> Any:
        message = await self._call.receive()
        if message is None:
            raise StopAsyncIteration
        return _decoded(self._decode, message)


async def _send(call: Call, answer: Any) -> None:
    if answer is not None:
        await call.write(answer if isinstance(answer, bytes) else answer.SerializeToString())


def _decoded(decode: Decode, message: bytes) -> Any:
    try:
        return decode(message)
    except DecodeError:
        raise Refused(grpc.StatusCode.INTERNAL, "The request cannot be decoded.") from None
