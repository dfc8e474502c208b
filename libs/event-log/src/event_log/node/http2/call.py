"""One gRPC call on the server's side: what a service sees of a connection."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import quote_from_bytes

import grpc

from event_log.node.http2 import frames, hpack
from event_log.node.http2.frames import Flag
from event_log.node.http2.inbox import Inbox

if TYPE_CHECKING:
    from event_log.node.http2.sender import Sender

UNSENT_BYTES_MAX = 256 << 10  # beyond this a service has to wait for its client
_RESPONSE = hpack.STATUS_200 + hpack.encode([(b"content-type", b"application/grpc")])
_DONE = hpack.encode([(b"grpc-status", b"0")])
_UNESCAPED = "".join(chr(letter) for letter in range(0x20, 0x7F) if letter != ord("%"))


class Refused(Exception):
    """How a service ends a call with another status than OK."""

    def __init__(self, code: grpc.StatusCode, text: str, trailing: Iterable[tuple[str, str]] = ()) -> None:
        super().__init__(text)
        self.code, self.text, self.trailing = code, text, tuple(trailing)


class Call:
    """``path`` is ``/service/method``. Used in the event loop's thread."""

    def __init__(self, sender: Sender, stream_id: int, headers: Mapping[bytes, bytes]) -> None:
        self.stream_id, self.headers, self.inbox = stream_id, headers, Inbox()
        self.path = self.headers.get(b":path", b"").decode(errors="replace")
        self.window = sender.first_window  # how much more the client takes of this call
        self.trailers: bytes | None = None
        self.is_over = False  # nothing can be sent any more
        self._sender, self._unsent, self._sent_to = sender, bytearray(), 0
        self._answering = False
        self._room: asyncio.Future[None] | None = None

    async def receive(self) -> bytes | None:
        """The next message of the request; None when there are no more."""
        message = await self.inbox.next()
        self.grant()
        return message

    async def write(self, *messages: bytes) -> None:
        """Send messages, and wait while the client is far behind."""
        self._answer()
        for message in messages:
            self._unsent += b"\x00%b%b" % (len(message).to_bytes(4), message)
        self._pump()
        while self._must_wait:
            self._room = asyncio.get_running_loop().create_future()
            await self._room

    async def abort(self, code: grpc.StatusCode, text: str, trailing: Iterable[tuple[str, str]] = ()) -> NoReturn:
        raise Refused(code, text, trailing)

    def finish(self, code: grpc.StatusCode = grpc.StatusCode.OK, text: str = "", trailing: Iterable[tuple[str, str]] = ()) -> None:
        """The status, behind what is not sent yet. No harm if there is one."""
        if self.trailers is not None:
            return
        if code is grpc.StatusCode.OK:
            self._answer()
            self.trailers = _DONE
        else:
            number: int = code.value[0]
            status = [(b"grpc-status", b"%d" % number), (b"grpc-message", quote_from_bytes(text.encode(), safe=_UNESCAPED).encode())]
            status += [(name.encode(), value.encode()) for name, value in trailing]
            self.trailers = hpack.encode(status) if self._answering else _RESPONSE + hpack.encode(status)
        self._pump()

    # The connection's side.

    def grant(self) -> None:
        """Let the client send more, where messages have been taken."""
        if not self.is_over and (granted := self.inbox.grant()):
            self._sender.send(frames.window_update(self.stream_id, granted))

    @property
    def unsent_bytes(self) -> int:
        return len(self._unsent) - self._sent_to

    def take_unsent(self, size: int) -> bytes:
        begin, end = self._sent_to, self._sent_to + size
        taken = bytes(self._unsent[begin:end])
        if end == len(self._unsent):
            self._unsent, self._sent_to = bytearray(), 0
        else:
            self._sent_to = end
        return taken

    def wake(self) -> None:
        """There may be room again."""
        if self._room is not None and not self._room.done() and not self._must_wait:
            self._room.set_result(None)

    @property
    def _must_wait(self) -> bool:
        return self.unsent_bytes > UNSENT_BYTES_MAX or self._sender.is_congested

    def _answer(self) -> None:
        if not self._answering and not self.is_over:
            self._answering = True
            self._sender.send(frames.headers(self.stream_id, _RESPONSE, Flag.END_HEADERS))

    def _pump(self) -> None:
        if not self.is_over:
            self._sender.pump(self)
