"""The rules of HTTP/2 as a peer sees them: what is sent in, in whatever pieces, and what comes out."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Callable, Coroutine
from itertools import pairwise
from typing import Any, cast

import grpc
import pytest
from event_log.node.http2 import frames, hpack, inbox
from event_log.node.http2.call import Call
from event_log.node.http2.connection import Connection
from event_log.node.http2.frame_reader import FRAME_BYTES_MAX
from event_log.node.http2.frames import ErrorCode, Flag, Kind, Setting, frame
from event_log.node.http2.server import Server, streaming, unary
from hypothesis import given, settings
from hypothesis import strategies as st

REQUEST = hpack.encode([(b":path", b"/echo"), (b"content-type", b"application/grpc")])
HELLO = frames.PREFACE + frames.settings({})
Frame = tuple[int, int, int, bytes]


class Peer(asyncio.Transport):
    """The other side, at the place of the socket."""

    def __init__(self) -> None:
        super().__init__()
        self.written, self.closed, self.reading = bytearray(), False, True

    def write(self, data: Any) -> None:
        self.written += data

    def close(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed

    def pause_reading(self) -> None:
        self.reading = False

    def resume_reading(self) -> None:
        self.reading = True

    def frames(self) -> list[Frame]:
        found, at = list[Frame](), 0
        while at < len(self.written):
            length_kind, flags, stream_id = struct.unpack_from(">IBI", self.written, at)
            end = at + frames.HEADER_BYTES + (length_kind >> 8)
            found.append((length_kind & 0xFF, flags, stream_id, bytes(self.written[at + frames.HEADER_BYTES : end])))
            at = end
        return found

    def data(self, stream_id: int) -> bytes:
        return b"".join(payload for kind, _, stream, payload in self.frames() if (kind, stream) == (Kind.DATA, stream_id))

    def status(self, stream_id: int) -> bytes | None:
        """grpc-status, if the call has ended."""
        for kind, flags, stream, payload in self.frames():
            if (kind, stream) == (Kind.HEADERS, stream_id) and flags & Flag.END_STREAM:
                return hpack.HeaderDecoder().decode(payload)[b"grpc-status"]
        return None

    def goodbye(self) -> int | None:
        """The error code of the end of the connection."""
        codes = [struct.unpack(">I", payload[4:8])[0] for kind, _, _, payload in self.frames() if kind == Kind.GOAWAY]
        return codes[-1] if codes else None


def message(text: bytes) -> bytes:
    return b"\0" + len(text).to_bytes(4) + text


def call(stream_id: int, *texts: bytes, path: bytes = b"/echo", end: bool = True) -> bytes:
    block = hpack.encode([(b":path", path), (b"content-type", b"application/grpc")])
    body = b"".join(map(message, texts))
    data = b"".join(
        frame(Kind.DATA, Flag.END_STREAM if end and at + 16_000 >= len(body) else 0, stream_id, body[at : at + 16_000])
        for at in range(0, len(body), 16_000)
    )
    return frames.headers(stream_id, block, Flag.END_HEADERS | (0 if body or not end else Flag.END_STREAM)) + data


async def echo(messages: Any, call: Call) -> None:
    async for text in messages:
        await call.write(text)


async def fail(request: bytes, call: Call) -> None:
    await call.abort(grpc.StatusCode.NOT_FOUND, "Nothing is called 'é' %", [("exception", "missing")])


async def wait(request: bytes, call: Call) -> None:
    await asyncio.get_running_loop().create_future()


async def break_down(request: bytes, call: Call) -> None:
    raise ZeroDivisionError


def server() -> Server:
    return Server(
        {"/echo": streaming(echo, bytes), "/fail": unary(fail), "/wait": unary(wait), "/broken": unary(break_down)},
    )


async def settle() -> None:
    """Let everything run that can."""
    for _ in range(20):
        await asyncio.sleep(0)


async def spoken(*pieces: bytes, then: Callable[[Connection, Peer], Coroutine[Any, Any, None]] | None = None) -> Peer:
    """A peer that has sent these pieces."""
    connection, peer = server().connected(), Peer()
    connection.connection_made(peer)
    for piece in pieces:
        connection.data_received(piece)
        await settle()
    if then is not None:
        await then(connection, peer)
        await settle()
    connection.connection_lost(None)
    await settle()
    return peer


async def test_many_calls_at_once() -> None:
    peer = await spoken(HELLO + b"".join(call(stream_id, b"n%d" % stream_id) for stream_id in range(1, 200, 2)))
    for stream_id in range(1, 200, 2):
        assert peer.data(stream_id) == message(b"n%d" % stream_id)
        assert peer.status(stream_id) == b"0"


CONVERSATION = (
    HELLO
    + call(1, b"one", b"", b"three" * 1000)
    + frame(Kind.PING, 0, 0, b"12345678")
    + frame(Kind.PRIORITY, 0, 3, b"\0\0\0\0\x10")
    + frame(Kind.HEADERS, Flag.PADDED | Flag.PRIORITY, 3, b"\x03\0\0\0\0\x10" + REQUEST[:10] + b"\0\0\0")
    + frame(Kind.CONTINUATION, 0, 3, REQUEST[10:15])
    + frame(Kind.CONTINUATION, Flag.END_HEADERS, 3, REQUEST[15:])
    + frame(Kind.DATA, Flag.PADDED, 3, b"\x02" + message(b"padded") + b"\0\0")
    + frame(0x77, 0, 0, b"an extension")
    + frame(Kind.HEADERS, Flag.END_HEADERS | Flag.END_STREAM, 3, hpack.encode([(b"trailer", b"x")]))
)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, len(CONVERSATION)), max_size=12))
def test_how_it_is_cut_does_not_matter(cuts: list[int]) -> None:
    places = [0, *sorted(cuts), len(CONVERSATION)]
    peer = asyncio.run(spoken(*(CONVERSATION[begin:end] for begin, end in pairwise(places))))
    assert peer.data(1) == message(b"one") + message(b"") + message(b"three" * 1000)
    assert peer.data(3) == message(b"padded")
    assert (peer.status(1), peer.status(3)) == (b"0", b"0")
    assert (Kind.PING, Flag.ACK, 0, b"12345678") in peer.frames()
    assert peer.goodbye() is None


async def test_the_windows_are_kept() -> None:
    text = b"x" * 100_000
    narrow = frames.PREFACE + frames.settings({Setting.INITIAL_WINDOW_BYTES: 10})

    async def widen(connection: Connection, peer: Peer) -> None:
        assert len(peer.data(1)) == 10
        connection.data_received(frames.settings({Setting.INITIAL_WINDOW_BYTES: 30}))
        await settle()
        assert len(peer.data(1)) == 30
        connection.data_received(frames.window_update(1, 1_000_000))
        await settle()
        assert len(peer.data(1)) == frames.WINDOW_BYTES  # now the connection's window is used up
        assert peer.status(1) is None
        connection.data_received(frames.window_update(0, 1_000_000))
        await settle()

    peer = await spoken(narrow + call(1, text), then=widen)
    assert peer.data(1) == message(text)
    assert peer.status(1) == b"0"
    assert max(len(payload) for _, _, _, payload in peer.frames()) <= frames.FRAME_BYTES_MIN


async def test_a_long_answer_does_not_keep_a_short_one_waiting() -> None:
    async def widen(connection: Connection, peer: Peer) -> None:
        connection.data_received(call(3, b"short"))
        await settle()
        assert peer.data(3) == b""
        connection.data_received(frames.window_update(0, 20_000))

    peer = await spoken(HELLO + call(1, b"x" * 500_000) + frames.window_update(1, 1 << 20), then=widen)
    assert peer.data(3) == message(b"short")


async def test_a_client_that_does_not_read_is_not_read() -> None:
    async def stop_reading(connection: Connection, peer: Peer) -> None:
        connection.pause_writing()
        assert not peer.reading
        connection.data_received(call(1, b"a", b"b"))
        await settle()
        assert peer.data(1) == message(b"a")  # the second has to wait
        connection.resume_writing()
        await settle()
        assert peer.reading
        assert peer.data(1) == message(b"a") + message(b"b")

    await spoken(HELLO, then=stop_reading)


async def test_a_client_may_send_more_when_it_has_been_taken() -> None:
    big = b"x" * inbox.WINDOW_BYTES
    peer = await spoken(HELLO + call(1, big, end=False))
    granted = [payload for kind, _, stream, payload in peer.frames() if (kind, stream) == (Kind.WINDOW_UPDATE, 1)]
    assert sum(map(int.from_bytes, granted)) >= inbox.WINDOW_BYTES // 2
    waiting = await spoken(HELLO + call(1, b"first", big, end=False, path=b"/wait"))
    assert not any((kind, stream) == (Kind.WINDOW_UPDATE, 1) and int.from_bytes(p) > 600_000 for kind, _, stream, p in waiting.frames())


async def test_how_a_call_can_end() -> None:
    peer = await spoken(
        HELLO
        + call(1, b"x", path=b"/fail")
        + call(3, b"x", path=b"/nowhere")
        + call(5, path=b"/fail")
        + frames.headers(7, hpack.encode([(b":path", b"/echo")]), Flag.END_HEADERS | Flag.END_STREAM)
        + frames.headers(
            9,
            hpack.encode([(b":path", b"/wait"), (b"content-type", b"application/grpc+proto"), (b"grpc-timeout", b"1n")]),
            Flag.END_HEADERS,
        )
        + call(11, b"compressed", end=False).replace(message(b"compressed"), b"\x01" + message(b"compressed")[1:])
    )
    ended = {stream: hpack.HeaderDecoder().decode(p) for kind, flags, stream, p in peer.frames() if kind == Kind.HEADERS and flags & 1}
    assert ended[1][b"grpc-status"] == b"5"
    assert ended[1][b"grpc-message"] == b"Nothing is called '%C3%A9' %25"
    assert ended[1][b"exception"] == b"missing"
    assert [ended[stream][b"grpc-status"] for stream in (3, 5, 7, 9, 11)] == [b"12", b"13", b"3", b"4", b"8"]


async def test_a_fault_in_a_service_ends_one_call_only() -> None:
    told = list[str]()
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: told.append(str(context["message"])))
    peer = await spoken(HELLO + call(1, b"x", path=b"/broken") + call(3, b"after"))
    assert (peer.status(1), peer.status(3)) == (b"2", b"0")
    assert told == ["/broken failed"]


async def test_a_call_that_is_cancelled_is_over() -> None:
    async def cancel(connection: Connection, peer: Peer) -> None:
        assert len(connection.tasks) == 1
        connection.data_received(frames.rst_stream(1, ErrorCode.CANCEL))
        await settle()
        assert connection.tasks == []
        connection.data_received(frame(Kind.DATA, 0, 1, b"late") + frames.window_update(1, 5))  # under way when it was cancelled

    peer = await spoken(HELLO + call(1, b"x", path=b"/wait"), then=cancel)
    assert peer.status(1) is None
    assert peer.goodbye() is None


async def test_the_end_is_orderly() -> None:
    async def end(connection: Connection, peer: Peer) -> None:
        connection.refuse_calls()
        connection.data_received(call(3, b"too late"))
        await settle()
        connection.close()

    peer = await spoken(HELLO + call(1, b"x", path=b"/wait"), then=end)
    assert peer.status(1) == b"%d" % cast("int", grpc.StatusCode.UNAVAILABLE.value[0])
    assert (Kind.RST_STREAM, 0, 3, ErrorCode.REFUSED_STREAM.to_bytes(4)) in peer.frames()
    assert peer.goodbye() == ErrorCode.NO_ERROR
    assert peer.closed


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", ErrorCode.PROTOCOL_ERROR),
        (HELLO + struct.pack(">IBI", (FRAME_BYTES_MAX + 1) << 8, 0, 1), ErrorCode.FRAME_SIZE_ERROR),
        (HELLO + frame(Kind.DATA, 0, 1, b"of no call"), ErrorCode.PROTOCOL_ERROR),
        (HELLO + frame(Kind.HEADERS, Flag.END_HEADERS, 2, REQUEST), ErrorCode.PROTOCOL_ERROR),
        (HELLO + frame(Kind.HEADERS, 0, 1, REQUEST) + frame(Kind.PING, 0, 0, b"12345678"), ErrorCode.PROTOCOL_ERROR),
        (HELLO + frame(Kind.HEADERS, 0, 1, REQUEST) + frame(Kind.CONTINUATION, 0, 1, b"x" * 20_000), ErrorCode.ENHANCE_YOUR_CALM),
        (HELLO + frame(Kind.CONTINUATION, 0, 1, b"x"), ErrorCode.PROTOCOL_ERROR),
        (HELLO + frame(Kind.HEADERS, Flag.END_HEADERS, 1, b"\xff\xff"), ErrorCode.COMPRESSION_ERROR),
        (HELLO + frame(Kind.HEADERS, Flag.END_HEADERS | Flag.PADDED, 1, b"\x09" + b"x"), ErrorCode.PROTOCOL_ERROR),
        (HELLO + frame(Kind.PUSH_PROMISE, 0, 1, b""), ErrorCode.PROTOCOL_ERROR),
        (HELLO + frame(Kind.PING, 0, 0, b"short"), ErrorCode.FRAME_SIZE_ERROR),
        (HELLO + frame(Kind.SETTINGS, 0, 0, b"short"), ErrorCode.FRAME_SIZE_ERROR),
        (HELLO + frames.settings({Setting.FRAME_BYTES_MAX: 5}), ErrorCode.PROTOCOL_ERROR),
        (HELLO + frames.settings({Setting.INITIAL_WINDOW_BYTES: 1 << 31}), ErrorCode.FLOW_CONTROL_ERROR),
        (HELLO + frame(Kind.WINDOW_UPDATE, 0, 0, b"\0\0\0\0"), ErrorCode.PROTOCOL_ERROR),
        (HELLO + frames.window_update(0, 0x7FFF_FFFF), ErrorCode.FLOW_CONTROL_ERROR),
        (HELLO + frame(Kind.RST_STREAM, 0, 9, b"\0\0\0\0"), ErrorCode.PROTOCOL_ERROR),
        (HELLO + call(1, b"x", path=b"/wait") + frame(Kind.DATA, 0, 1, b"x"), ErrorCode.STREAM_CLOSED),
        (HELLO + call(1, *[b"x" * 10_000] * 200, path=b"/wait", end=False), ErrorCode.FLOW_CONTROL_ERROR),
    ],
)
async def test_who_breaks_the_rules_is_sent_away(sent: bytes, code: ErrorCode) -> None:
    peer = await spoken(sent)
    assert peer.goodbye() == code
    assert peer.closed


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10), st.integers(0, 255), st.integers(0, 5), st.binary(max_size=40)), max_size=8))
def test_no_frames_break_it(sent: list[Frame]) -> None:
    asyncio.run(spoken(HELLO + b"".join(frame(*parts) for parts in sent)))
