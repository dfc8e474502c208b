"""The request messages of one call, cut out of its DATA frames, until the service takes them."""

from __future__ import annotations

import asyncio
from collections import deque

PREFIX_BYTES = 5  # compressed or not, and the length
WINDOW_BYTES = 1 << 20  # what a client may send of one call before the service has taken it
MESSAGE_BYTES_MAX = 64 << 20


class BadMessage(Exception):
    """It is compressed, or too large."""


class Inbox:
    """Fed by the connection, emptied by one task. ``grant`` says how much more the client may send."""

    def __init__(self) -> None:
        self._partial, self._messages = bytearray(), deque[bytes]()
        self._ended = self._stopped = False
        self._waiting: asyncio.Future[None] | None = None
        self._held, self._owed = 0, 0

    @property
    def is_ended(self) -> bool:
        """The client has sent its last."""
        return self._ended

    @property
    def overflows(self) -> bool:
        """The client sent more than it may."""
        return self._owed > WINDOW_BYTES

    def feed(self, payload: bytes, flow_bytes: int) -> None:
        """``flow_bytes`` is what the frame took of the window, padding included. Raises BadMessage."""
        self._owed += flow_bytes
        self._partial += payload
        while len(self._partial) >= PREFIX_BYTES:
            length = int.from_bytes(self._partial[1:PREFIX_BYTES])
            if self._partial[0] != 0:
                raise BadMessage("Compressed messages are not understood.")
            if length > MESSAGE_BYTES_MAX:
                raise BadMessage(f"The message is larger than {MESSAGE_BYTES_MAX} bytes.")
            end = PREFIX_BYTES + length
            if len(self._partial) < end:
                break
            self._messages.append(bytes(self._partial[PREFIX_BYTES:end]))
            self._held += length
            del self._partial[:end]
        if self._messages:
            self._wake()

    def end(self) -> None:
        self._ended = True
        self._wake()

    def stop(self) -> None:
        """The service is to see an end, whatever the client goes on to send."""
        self._stopped = True
        self._wake()

    def grant(self) -> int:
        """What the client may be allowed to send again: nothing while half a window of messages waits to be taken."""
        if self._ended or self._owed < WINDOW_BYTES // 2 or self._held > WINDOW_BYTES // 2:
            return 0
        granted, self._owed = self._owed, 0
        return granted

    async def next(self) -> bytes | None:
        """The next message; None when the client has sent its last."""
        while not self._messages:
            if self._ended or self._stopped:
                return None
            self._waiting = asyncio.get_running_loop().create_future()
            await self._waiting
        message = self._messages.popleft()
        self._held -= len(message)
        return message

    def _wake(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)
