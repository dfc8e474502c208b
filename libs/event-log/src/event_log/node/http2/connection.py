"""One HTTP/2 connection: frames in, frames out, the windows of both, and a task for each call."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Callable, Coroutine
from typing import Any, cast

import grpc

from event_log.node.http2 import frames, hpack, inbox
from event_log.node.http2.call import Call
from event_log.node.http2.frames import ConnectionFault, ErrorCode, Flag, Kind, Setting
from event_log.node.http2.inbox import BadMessage

Serve = Callable[[Call], Coroutine[Any, Any, None]]

CALLS_MAX = 1000
RECEIVED_FRAME_BYTES_MAX = 1 << 20
RECEIVE_WINDOW_BYTES = 16 << 20  # of all calls together
_SENT_FRAME_BYTES_MAX = 64 << 10
_GREETING = frames.settings(
    {
        Setting.CONCURRENT_STREAMS_MAX: CALLS_MAX,
        Setting.INITIAL_WINDOW_BYTES: inbox.WINDOW_BYTES,
        Setting.FRAME_BYTES_MAX: RECEIVED_FRAME_BYTES_MAX,
        Setting.HEADER_LIST_BYTES_MAX: hpack.LIST_BYTES_MAX,
    }
) + frames.window_update(0, RECEIVE_WINDOW_BYTES - frames.WINDOW_BYTES)


class Connection(asyncio.Protocol):
    """``serve`` runs one call to its end. ``ended`` is called when the connection is gone."""

    def __init__(self, serve: Serve, ended: Callable[[Connection], None]) -> None:
        self._serve, self._ended = serve, ended
        self._loop = asyncio.get_running_loop()
        self._received, self._greeted = bytearray(), False
        self._decoder = hpack.HeaderDecoder()
        self._headers_of: tuple[int, int, bytearray] | None = None  # a header block that is not whole: stream, flags, so far
        self._calls: dict[int, Call] = {}
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._last_stream_id, self._refusing = 0, False
        self._window, self._first_window, self._frame_bytes_max = frames.WINDOW_BYTES, frames.WINDOW_BYTES, frames.FRAME_BYTES_MIN
        self._owed, self._out, self._flushing = 0, list[bytes](), False
        self.is_congested = False

    # What asyncio tells.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._send(_GREETING)

    def connection_lost(self, exc: Exception | None) -> None:
        for task in self._tasks.values():
            task.cancel()
        self._calls.clear()
        self._ended(self)

    def pause_writing(self) -> None:
        """Nothing is read either: a client that does not take its answers gets no new ones."""
        self.is_congested = True
        self._transport.pause_reading()

    def resume_writing(self) -> None:
        self.is_congested = False
        if not self._transport.is_closing():
            self._transport.resume_reading()
        for call in self._calls.values():
            call.wake()

    def data_received(self, data: bytes) -> None:
        self._received += data
        try:
            self._take_frames()
        except ConnectionFault as fault:
            self._give_up(fault)

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
        self._send(frames.goaway(self._last_stream_id, ErrorCode.NO_ERROR))

    def close(self) -> None:
        """Running calls are told that there is no store any more."""
        for call in list(self._calls.values()):
            call.finish(grpc.StatusCode.UNAVAILABLE, "The store is shutting down.")
        for task in self._tasks.values():
            task.cancel()
        self._flush()
        self._transport.close()

    # What the calls ask for.

    def send_headers(self, stream_id: int, block: bytes, flags: int) -> None:
        if stream_id in self._calls:
            self._send(frames.headers(stream_id, block, flags))

    def grant(self, call: Call) -> None:
        if granted := call.inbox.grant():
            self._send(frames.window_update(call.stream_id, granted))

    def pump(self, call: Call) -> None:
        """Send what the windows allow of a call's answers, and its status once all is sent."""
        if call.stream_id not in self._calls:
            return
        while call.unsent_bytes and self._send_data(call):
            pass
        self._settle(call)

    def _pump_all(self) -> None:
        """In turns, so that a long answer does not keep short ones waiting."""
        waiting = [call for call in self._calls.values() if call.unsent_bytes]
        while waiting:
            waiting = [call for call in waiting if self._send_data(call) and call.unsent_bytes]
        for call in list(self._calls.values()):
            self._settle(call)

    def _send_data(self, call: Call) -> bool:
        size = min(call.unsent_bytes, call.window, self._window, self._frame_bytes_max)
        if size <= 0:
            return False
        call.window -= size
        self._window -= size
        self._send(frames.frame(Kind.DATA, 0, call.stream_id, call.take_unsent(size)))
        return True

    def _settle(self, call: Call) -> None:
        if call.trailers is None or call.unsent_bytes:
            call.wake()
            return
        self._send(frames.headers(call.stream_id, call.trailers, Flag.END_HEADERS | Flag.END_STREAM))
        if not call.inbox.is_ended:
            self._send(frames.rst_stream(call.stream_id, ErrorCode.NO_ERROR))
        self._forget(call.stream_id)

    # Frames in.

    def _take_frames(self) -> None:
        received, at = self._received, 0
        if not self._greeted:
            if not frames.PREFACE.startswith(received[: len(frames.PREFACE)]):
                raise ConnectionFault(ErrorCode.PROTOCOL_ERROR, "this is a gRPC server: HTTP/2 only")
            if len(received) < len(frames.PREFACE):
                return
            self._greeted, at = True, len(frames.PREFACE)
        while len(received) - at >= frames.HEADER_BYTES:
            length_kind, flags, stream_id = struct.unpack_from(">IBI", received, at)
            length, kind = length_kind >> 8, length_kind & 0xFF
            if length > RECEIVED_FRAME_BYTES_MAX:
                raise ConnectionFault(ErrorCode.FRAME_SIZE_ERROR, "a frame is too large")
            begin = at + frames.HEADER_BYTES
            if len(received) - begin < length:
                break
            at = begin + length
            self._take(kind, flags, stream_id & 0x7FFF_FFFF, bytes(received[begin:at]))
        del received[:at]

    def _take(self, kind: int, flags: int, stream_id: int, payload: bytes) -> None:
        if self._headers_of is not None and (kind != Kind.CONTINUATION or stream_id != self._headers_of[0]):
            raise ConnectionFault(ErrorCode.PROTOCOL_ERROR, "headers are interrupted")
        match kind:
            case Kind.DATA:
                self._take_data(flags, stream_id, payload)
            case Kind.HEADERS:
                self._take_headers(flags, stream_id, payload)
            case Kind.CONTINUATION:
                self._take_continuation(flags, payload)
            case Kind.WINDOW_UPDATE:
                self._take_window_update(stream_id, payload)
            case Kind.RST_STREAM:
                self._take_rst_stream(stream_id, payload)
            case Kind.SETTINGS:
                self._take_settings(flags, stream_id, payload)
            case Kind.PING:
                if stream_id or len(payload) != 8:
                    raise ConnectionFault(ErrorCode.FRAME_SIZE_ERROR, "a ping has 8 bytes and no stream")
                if not flags & Flag.ACK:
                    self._send(frames.frame(Kind.PING, Flag.ACK, 0, payload))
            case Kind.PUSH_PROMISE:
                raise ConnectionFault(ErrorCode.PROTOCOL_ERROR, "clients do not push")
            case _:
                pass  # priorities, a client's goodbye, extensions: nothing to do

    def _take_data(self, flags: int, stream_id: int, payload: bytes) -> None:
        self._owed += len(payload)
        if self._owed > RECEIVE_WINDOW_BYTES:
            raise ConnectionFault(ErrorCode.FLOW_CONTROL_ERROR, "more data than the window allows")
        if self._owed >= RECEIVE_WINDOW_BYTES // 2:
            self._send(frames.window_update(0, self._owed))
            self._owed = 0
        call = self._calls.get(stream_id)
        if call is None:
            self._known(stream_id)
            return
        if call.inbox.is_ended:
            raise ConnectionFault(ErrorCode.STREAM_CLOSED, "data after the end")
        try:
            call.inbox.feed(frames.content(flags, payload), len(payload))
        except BadMessage as fault:
            self._end_call(call, grpc.StatusCode.RESOURCE_EXHAUSTED, str(fault))
            return
        if call.inbox.overflows:
            raise ConnectionFault(ErrorCode.FLOW_CONTROL_ERROR, "more data than the window allows")
        if flags & Flag.END_STREAM:
            call.inbox.end()
        self.grant(call)

    def _take_headers(self, flags: int, stream_id: int, payload: bytes) -> None:
        if not stream_id & 1:
            raise ConnectionFault(ErrorCode.PROTOCOL_ERROR, "clients' streams are odd")
        block = frames.content(flags, payload, priority=True)
        if flags & Flag.END_HEADERS:
            self._headers_done(flags, stream_id, block)
        else:
            self._headers_of = stream_id, flags, bytearray(block)

    def _take_continuation(self, flags: int, payload: bytes) -> None:
        if self._headers_of is None:
            raise ConnectionFault(ErrorCode.PROTOCOL_ERROR, "a continuation of nothing")
        stream_id, first_flags, block = self._headers_of
        block += payload
        if len(block) > hpack.LIST_BYTES_MAX or not payload:
            raise ConnectionFault(ErrorCode.ENHANCE_YOUR_CALM, "too many headers")
        if flags & Flag.END_HEADERS:
            self._headers_of = None
            self._headers_done(first_flags, stream_id, bytes(block))

    def _headers_done(self, flags: int, stream_id: int, block: bytes) -> None:
        try:
            headers = self._decoder.decode(block)
        except hpack.BadHeaders as error:
            raise ConnectionFault(ErrorCode.COMPRESSION_ERROR, str(error)) from None
        if stream_id <= self._last_stream_id:
            if (call := self._calls.get(stream_id)) is not None and flags & Flag.END_STREAM:
                call.inbox.end()
            return
        self._last_stream_id = stream_id
        if self._refusing or len(self._tasks) >= CALLS_MAX:
            self._send(frames.rst_stream(stream_id, ErrorCode.REFUSED_STREAM))
            return
        call = self._calls[stream_id] = Call(self, stream_id, headers, self._first_window)
        if flags & Flag.END_STREAM:
            call.inbox.end()
        task = self._tasks[stream_id] = self._loop.create_task(self._serve(call))
        task.add_done_callback(lambda task: self._served(call, task))

    def _served(self, call: Call, task: asyncio.Task[None]) -> None:
        del self._tasks[call.stream_id]
        if not task.cancelled() and (error := task.exception()) is not None:
            self._loop.call_exception_handler({"message": f"{call.path} failed", "exception": error, "task": task})
            call.finish(grpc.StatusCode.UNKNOWN, "The store could not answer because of a fault of its own.")

    def _take_window_update(self, stream_id: int, payload: bytes) -> None:
        if len(payload) != 4:
            raise ConnectionFault(ErrorCode.FRAME_SIZE_ERROR, "a window update has 4 bytes")
        increment = int.from_bytes(payload) & 0x7FFF_FFFF
        if increment == 0:
            raise ConnectionFault(ErrorCode.PROTOCOL_ERROR, "a window grows by something")
        if stream_id == 0:
            self._window = _grown(self._window, increment)
            self._pump_all()
        elif (call := self._calls.get(stream_id)) is not None:
            call.window = _grown(call.window, increment)
            self.pump(call)
        else:
            self._known(stream_id)

    def _take_rst_stream(self, stream_id: int, payload: bytes) -> None:
        if len(payload) != 4:
            raise ConnectionFault(ErrorCode.FRAME_SIZE_ERROR, "a reset has 4 bytes")
        self._known(stream_id)
        self._forget(stream_id)
        if (task := self._tasks.get(stream_id)) is not None:
            task.cancel()

    def _take_settings(self, flags: int, stream_id: int, payload: bytes) -> None:
        if stream_id or len(payload) % 6 or (flags & Flag.ACK and payload):
            raise ConnectionFault(ErrorCode.FRAME_SIZE_ERROR, "settings are pairs, and of no stream")
        if flags & Flag.ACK:
            return
        for name, value in struct.iter_unpack(">HI", payload):
            if name == Setting.INITIAL_WINDOW_BYTES:
                self._change_first_window(value)
            elif name == Setting.FRAME_BYTES_MAX:
                if not frames.FRAME_BYTES_MIN <= value < 1 << 24:
                    raise ConnectionFault(ErrorCode.PROTOCOL_ERROR, "no such frame size")
                self._frame_bytes_max = min(value, _SENT_FRAME_BYTES_MAX)
        self._send(frames.frame(Kind.SETTINGS, Flag.ACK, 0))
        self._pump_all()

    def _change_first_window(self, value: int) -> None:
        if value > frames.WINDOW_BYTES_MAX:
            raise ConnectionFault(ErrorCode.FLOW_CONTROL_ERROR, "no such window")
        for call in self._calls.values():
            call.window = _grown(call.window, value - self._first_window)
        self._first_window = value

    def _known(self, stream_id: int) -> None:
        """Frames may still come for a call that is over, but not for one that never was."""
        if stream_id == 0 or stream_id > self._last_stream_id or not stream_id & 1:
            raise ConnectionFault(ErrorCode.PROTOCOL_ERROR, "a frame of no call")

    def _end_call(self, call: Call, code: grpc.StatusCode, text: str) -> None:
        call.finish(code, text)
        if (task := self._tasks.get(call.stream_id)) is not None:
            task.cancel()

    def _forget(self, stream_id: int) -> None:
        self._calls.pop(stream_id, None)

    # Frames out: what is sent in one step of the loop is written at once.

    def _send(self, frame: bytes) -> None:
        self._out.append(frame)
        if not self._flushing:
            self._flushing = True
            self._loop.call_soon(self._flush)

    def _flush(self) -> None:
        self._flushing = False
        if self._out and not self._transport.is_closing():
            self._transport.write(b"".join(self._out))
        self._out.clear()

    def _give_up(self, fault: ConnectionFault) -> None:
        self._send(frames.goaway(self._last_stream_id, fault.code, fault.text))
        self._flush()
        self._transport.close()


def _grown(window: int, by: int) -> int:
    if window + by > frames.WINDOW_BYTES_MAX:
        raise ConnectionFault(ErrorCode.FLOW_CONTROL_ERROR, "a window is too large")
    return window + by
