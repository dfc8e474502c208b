"""One HTTP/2 connection on the server's side: what its frames mean, and a task for each call."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Callable, Coroutine
from typing import Any, cast

import grpc

from event_log.node.http2 import frame_reader, frames, hpack, inbox
from event_log.node.http2.call import Call
from event_log.node.http2.frame_reader import Frame, FrameReader
from event_log.node.http2.frames import ConnectionFault, ErrorCode, Flag, Kind, Setting
from event_log.node.http2.inbox import BadMessage
from event_log.node.http2.sender import Sender

Serve = Callable[[Call], Coroutine[Any, Any, None]]

CALLS_MAX = 1000
RECEIVE_WINDOW_BYTES = 16 << 20  # of all calls together
_GREETING = frames.settings(
    {
        Setting.CONCURRENT_STREAMS_MAX: CALLS_MAX,
        Setting.INITIAL_WINDOW_BYTES: inbox.WINDOW_BYTES,
        Setting.FRAME_BYTES_MAX: frame_reader.FRAME_BYTES_MAX,
        Setting.HEADER_LIST_BYTES_MAX: hpack.LIST_BYTES_MAX,
    }
) + frames.window_update(0, RECEIVE_WINDOW_BYTES - frames.WINDOW_BYTES)


class Connection(asyncio.Protocol):
    """``serve`` runs one call to its end. ``ended`` is called when the connection is gone."""

    def __init__(self, serve: Serve, ended: Callable[[Connection], None]) -> None:
        self._serve, self._ended = serve, ended
        self._loop = asyncio.get_running_loop()
        self._frames, self._decoder = FrameReader(), hpack.HeaderDecoder()
        self._sender = Sender(self._write, self._forget)
        self._calls: dict[int, Call] = {}
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._last_stream_id, self._refusing, self._owed = 0, False, 0

    # What asyncio tells.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._sender.send(_GREETING)

    def connection_lost(self, exc: Exception | None) -> None:
        for task in self._tasks.values():
            task.cancel()
        self._calls.clear()
        self._ended(self)

    def pause_writing(self) -> None:
        """Nothing is read either: a client that does not take its answers gets no new ones."""
        self._sender.is_congested = True
        self._transport.pause_reading()

    def resume_writing(self) -> None:
        self._sender.is_congested = False
        if not self._transport.is_closing():
            self._transport.resume_reading()
        for call in self._calls.values():
            call.wake()

    def data_received(self, data: bytes) -> None:
        try:
            for frame in self._frames.feed(data):
                self._take(frame)
        except ConnectionFault as fault:
            self._sender.send(frames.goaway(self._last_stream_id, fault.code, fault.text))
            self._sender.flush()
            self._transport.close()

    def _write(self, data: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(data)

    # What the server tells.

    @property
    def tasks(self) -> list[asyncio.Task[None]]:
        """One for each call that runs."""
        return list(self._tasks.values())

    def refuse_calls(self) -> None:
        """Let the running ones end, as if their clients had sent all; take no new ones."""
        self._refusing = True
        for call in self._calls.values():
            call.inbox.stop()
        self._sender.send(frames.goaway(self._last_stream_id, ErrorCode.NO_ERROR))

    def close(self) -> None:
        """Running calls are told that there is no store any more."""
        for call in list(self._calls.values()):
            self._end(call, grpc.StatusCode.UNAVAILABLE, "The store is shutting down.")
        self._sender.flush()
        self._transport.close()

    # What frames mean.

    def _take(self, frame: Frame) -> None:
        match frame.kind:
            case Kind.DATA:
                self._take_data(frame)
            case Kind.HEADERS:
                self._take_headers(frame)
            case Kind.WINDOW_UPDATE:
                self._take_window_update(frame)
            case Kind.RST_STREAM:
                self._take_rst_stream(frame)
            case Kind.SETTINGS:
                self._take_settings(frame)
            case Kind.PING:
                self._take_ping(frame)
            case Kind.PUSH_PROMISE:
                raise ConnectionFault(ErrorCode.PROTOCOL_ERROR, "clients do not push")
            case _:
                pass  # priorities, a client's goodbye, extensions: nothing to do

    def _take_data(self, frame: Frame) -> None:
        size = len(frame.payload)
        self._owed += size
        if self._owed > RECEIVE_WINDOW_BYTES:
            raise ConnectionFault(ErrorCode.FLOW_CONTROL_ERROR, "more data than the window allows")
        if self._owed >= RECEIVE_WINDOW_BYTES // 2:
            self._sender.send(frames.window_update(0, self._owed))
            self._owed = 0
        call = self._calls.get(frame.stream_id)
        if call is None:
            self._known(frame.stream_id)
            return
        if call.inbox.is_ended:
            raise ConnectionFault(ErrorCode.STREAM_CLOSED, "data after the end")
        try:
            call.inbox.feed(frames.content(frame.flags, frame.payload), size)
        except BadMessage as fault:
            self._end(call, grpc.StatusCode.RESOURCE_EXHAUSTED, str(fault))
            return
        if call.inbox.overflows:
            raise ConnectionFault(ErrorCode.FLOW_CONTROL_ERROR, "more data than the window allows")
        if frame.flags & Flag.END_STREAM:
            call.inbox.end()
        call.grant()

    def _take_headers(self, frame: Frame) -> None:
        stream_id, is_last = frame.stream_id, bool(frame.flags & Flag.END_STREAM)
        if not stream_id & 1:
            raise ConnectionFault(ErrorCode.PROTOCOL_ERROR, "clients' streams are odd")
        try:
            headers = self._decoder.decode(frame.payload)
        except hpack.BadHeaders as error:
            raise ConnectionFault(ErrorCode.COMPRESSION_ERROR, str(error)) from None
        if stream_id > self._last_stream_id:
            self._last_stream_id = stream_id
            if self._refusing or len(self._tasks) >= CALLS_MAX:
                self._sender.send(frames.rst_stream(stream_id, ErrorCode.REFUSED_STREAM))
                return
            self._begin(Call(self._sender, stream_id, headers))
        if is_last and (call := self._calls.get(stream_id)) is not None:
            call.inbox.end()

    def _take_window_update(self, frame: Frame) -> None:
        _require(len(frame.payload) == 4, ErrorCode.FRAME_SIZE_ERROR, "a window update has 4 bytes")
        increment = int.from_bytes(frame.payload) & 0x7FFF_FFFF
        _require(increment > 0, ErrorCode.PROTOCOL_ERROR, "a window grows by something")
        if frame.stream_id == 0:
            self._sender.widen(increment)
            self._sender.pump_all(self._calls.values())
        elif (call := self._calls.get(frame.stream_id)) is not None:
            self._sender.widen_call(call, increment)
            self._sender.pump(call)
        else:
            self._known(frame.stream_id)

    def _take_rst_stream(self, frame: Frame) -> None:
        _require(len(frame.payload) == 4, ErrorCode.FRAME_SIZE_ERROR, "a reset has 4 bytes")
        self._known(frame.stream_id)
        if (call := self._calls.get(frame.stream_id)) is not None:
            self._forget(call)
        if (task := self._tasks.get(frame.stream_id)) is not None:
            task.cancel()

    def _take_settings(self, frame: Frame) -> None:
        is_ack = bool(frame.flags & Flag.ACK)
        well_formed = frame.stream_id == 0 and len(frame.payload) % 6 == 0 and not (is_ack and frame.payload)
        _require(well_formed, ErrorCode.FRAME_SIZE_ERROR, "settings are pairs, and of no stream")
        if is_ack:
            return
        for name, value in struct.iter_unpack(">HI", frame.payload):
            if name == Setting.INITIAL_WINDOW_BYTES:
                self._sender.set_first_window(value, self._calls.values())
            elif name == Setting.FRAME_BYTES_MAX:
                self._sender.set_frame_bytes_max(value)
        self._sender.send(frames.frame(Kind.SETTINGS, Flag.ACK, 0))
        self._sender.pump_all(self._calls.values())

    def _take_ping(self, frame: Frame) -> None:
        _require(frame.stream_id == 0 and len(frame.payload) == 8, ErrorCode.FRAME_SIZE_ERROR, "a ping has 8 bytes and no stream")
        if not frame.flags & Flag.ACK:
            self._sender.send(frames.frame(Kind.PING, Flag.ACK, 0, frame.payload))

    def _known(self, stream_id: int) -> None:
        """Frames may still come for a call that is over, but not for one that never was."""
        _require(0 < stream_id <= self._last_stream_id and stream_id & 1 == 1, ErrorCode.PROTOCOL_ERROR, "a frame of no call")

    # Calls.

    def _begin(self, call: Call) -> None:
        self._calls[call.stream_id] = call
        task = self._tasks[call.stream_id] = self._loop.create_task(self._serve(call))
        task.add_done_callback(lambda task: self._served(call, task))

    def _served(self, call: Call, task: asyncio.Task[None]) -> None:
        del self._tasks[call.stream_id]
        if not task.cancelled() and (error := task.exception()) is not None:
            self._loop.call_exception_handler({"message": f"{call.path} failed", "exception": error, "task": task})
            call.finish(grpc.StatusCode.UNKNOWN, "The store could not answer because of a fault of its own.")

    def _end(self, call: Call, code: grpc.StatusCode, text: str) -> None:
        call.finish(code, text)
        if (task := self._tasks.get(call.stream_id)) is not None:
            task.cancel()

    def _forget(self, call: Call) -> None:
        call.is_over = True
        self._calls.pop(call.stream_id, None)


def _require(rule: bool, code: ErrorCode, text: str) -> None:
    if not rule:
        raise ConnectionFault(code, text)
