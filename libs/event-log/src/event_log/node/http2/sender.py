"""What goes out on one connection: within the windows the client gives, long answers in turns with short ones."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from event_log.node.http2 import frames
from event_log.node.http2.frames import ConnectionFault, ErrorCode, Flag, Kind

if TYPE_CHECKING:
    from event_log.node.http2.call import Call

FRAME_BYTES_MAX = 64 << 10  # more only makes the others wait


class Sender:
    """What is sent in one step of the loop is written at once. ``ended`` is told when a call's status is sent."""

    def __init__(self, write: Callable[[bytes], None], ended: Callable[[Call], None]) -> None:
        self._write, self._ended, self._loop = write, ended, asyncio.get_running_loop()
        self._out, self._flushing = list[bytes](), False
        self._window, self._frame_bytes_max = frames.WINDOW_BYTES, frames.FRAME_BYTES_MIN
        self.first_window = frames.WINDOW_BYTES  # of a new call
        self.is_congested = False

    def send(self, frame: bytes) -> None:
        self._out.append(frame)
        if not self._flushing:
            self._flushing = True
            self._loop.call_soon(self.flush)

    def flush(self) -> None:
        self._flushing = False
        if self._out:
            self._write(b"".join(self._out))
        self._out.clear()

    def pump(self, call: Call) -> None:
        """Send what the windows allow of a call's answers, and its status once all is sent."""
        while call.unsent_bytes and self._send_data(call):
            pass
        self._settle(call)

    def pump_all(self, calls: Iterable[Call]) -> None:
        calls = list(calls)
        waiting = [call for call in calls if call.unsent_bytes]
        while waiting:
            waiting = [call for call in waiting if self._send_data(call) and call.unsent_bytes]
        for call in calls:
            self._settle(call)

    # What the client allows. Each raises ConnectionFault for what it may not say.

    def widen(self, increment: int) -> None:
        self._window = _grown(self._window, increment)

    def widen_call(self, call: Call, increment: int) -> None:
        call.window = _grown(call.window, increment)

    def set_first_window(self, size: int, calls: Iterable[Call]) -> None:
        """It changes the windows of running calls too, if need be to less than nothing."""
        if size > frames.WINDOW_BYTES_MAX:
            raise ConnectionFault(ErrorCode.FLOW_CONTROL_ERROR, "no such window")
        for call in calls:
            call.window = _grown(call.window, size - self.first_window)
        self.first_window = size

    def set_frame_bytes_max(self, size: int) -> None:
        if not frames.FRAME_BYTES_MIN <= size < 1 << 24:
            raise ConnectionFault(ErrorCode.PROTOCOL_ERROR, "no such frame size")
        self._frame_bytes_max = min(size, FRAME_BYTES_MAX)

    def _send_data(self, call: Call) -> bool:
        size = min(call.unsent_bytes, call.window, self._window, self._frame_bytes_max)
        if size <= 0:
            return False
        call.window -= size
        self._window -= size
        self.send(frames.frame(Kind.DATA, 0, call.stream_id, call.take_unsent(size)))
        return True

    def _settle(self, call: Call) -> None:
        if call.trailers is None or call.unsent_bytes:
            call.wake()
            return
        self.send(frames.headers(call.stream_id, call.trailers, Flag.END_HEADERS | Flag.END_STREAM))
        if not call.inbox.is_ended:
            self.send(frames.rst_stream(call.stream_id, ErrorCode.NO_ERROR))
        self._ended(call)


def _grown(window: int, by: int) -> int:
    if window + by > frames.WINDOW_BYTES_MAX:
        raise ConnectionFault(ErrorCode.FLOW_CONTROL_ERROR, "a window is too large")
    return window + by
