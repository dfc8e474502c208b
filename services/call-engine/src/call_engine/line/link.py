"""The line process's end of the socket: non-blocking both ways, from a loop that also pumps SIP."""

from __future__ import annotations

import socket
from collections.abc import Iterable

from call_engine.line.messages import Command, News, Unframer, decode_command, framed

CHUNK_BYTES = 65_536


class Link:
    """``closed``: the engine is gone. What could not be sent yet waits for the next ``send``."""

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection
        self._unframer = Unframer()
        self._unsent = bytearray()
        self._waiting: list[Command] = []
        self.closed = False

    def first(self) -> Command | None:
        """Block until the first command. None if there will be none."""
        self._socket.setblocking(True)
        while not self._waiting and not self.closed:
            self._take(self._socket.recv(CHUNK_BYTES))
        self._socket.setblocking(False)
        return self._waiting.pop(0) if self._waiting else None

    def receive(self) -> list[Command]:
        while not self.closed:
            try:
                self._take(self._socket.recv(CHUNK_BYTES))
            except BlockingIOError:
                break
            except ConnectionError:
                self.closed = True
        commands, self._waiting = self._waiting, []
        return commands

    def send(self, news: Iterable[News]) -> None:
        for item in news:
            self._unsent += framed(item)
        if self.closed:
            self._unsent.clear()
        while self._unsent:
            try:
                del self._unsent[: self._socket.send(self._unsent)]
            except BlockingIOError:
                return
            except ConnectionError:
                self.closed = True
                return

    def _take(self, chunk: bytes) -> None:
        if not chunk:
            self.closed = True
        self._waiting += [decode_command(body) for body in self._unframer.feed(chunk)]
