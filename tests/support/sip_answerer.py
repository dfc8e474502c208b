"""A company for many calls at once: answers every INVITE, if need be after ringing for a while, and sends a tone back for each RTP packet.

One process, plain UDP.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

from call_engine.line.dialog import headers_of

from tests.support.sipp import RtpPeer

KEPT = {"via", "record-route", "from", "call-id", "cseq"}


class Answerer(asyncio.DatagramProtocol):
    """``ended``: when the loop's clock was what, at the BYE or CANCEL of each Call-ID."""

    def __init__(self, ring_s: float = 0.0) -> None:
        self._ring_s = ring_s
        self._invites: dict[str, str] = {}  #: that ring
        self.ended: dict[str, float] = {}
        self.peers: dict[str, RtpPeer] = {}  #: by Call-ID
        self._transports: list[asyncio.DatagramTransport] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self.uri = ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)
        host, port = transport.get_extra_info("sockname")
        self.uri = f"sip:company@{host}:{port}"

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        text = data.decode()
        method = text.split(" ", 1)[0]
        if method == "INVITE":
            task = asyncio.create_task(self._answer(text, addr))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        elif method in {"BYE", "CANCEL", "UPDATE"}:
            self._send(text, addr, "")
            if method != "UPDATE":
                self._end(dict(headers_of(text))["call-id"], addr)

    def close(self) -> None:
        for transport in (self._transport, *self._transports):
            transport.close()

    async def _answer(self, invite: str, addr: tuple[str, int]) -> None:
        call_id = dict(headers_of(invite))["call-id"]
        if call_id in self.peers:
            return
        self.peers[call_id] = peer = RtpPeer(0, 440, lambda number: [number])
        if self._ring_s:
            self._invites[call_id] = invite
            self._send(invite, addr, "", "180 Ringing")
            await asyncio.sleep(self._ring_s)
            if self._invites.pop(call_id, None) is None:
                return  # cancelled
        event = re.search(r"a=rtpmap:(\d+) telephone-event", invite)
        transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(lambda: peer, local_addr=("127.0.0.1", 0))
        self._transports.append(transport)
        events = event.group(1) if event else "101"
        port = transport.get_extra_info("sockname")[1]
        self._send(invite, addr, (
            f"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio {port} RTP/AVP 0 {events}\r\n"
            f"a=rtpmap:0 PCMU/8000\r\na=rtpmap:{events} telephone-event/8000\r\na=fmtp:{events} 0-15\r\n"
        ))  # fmt: skip

    def _end(self, call_id: str, addr: tuple[str, int]) -> None:
        self.ended.setdefault(call_id, asyncio.get_running_loop().time())
        ringing = self._invites.pop(call_id, None)
        if ringing is not None:
            self._send(ringing, addr, "", "487 Request Terminated")

    def _send(self, request: str, addr: tuple[str, int], body: str, status: str = "200 OK") -> None:
        pairs = headers_of(request)
        to = dict(pairs)["to"]
        to = to if "tag=" in to else f"{to};tag=answerer"
        kind = ["Content-Type: application/sdp"] if body else []
        lines = [f"SIP/2.0 {status}", *(f"{name}: {value}" for name, value in pairs if name in KEPT), f"To: {to}", f"Contact: <{self.uri}>",
                 *kind, f"Content-Length: {len(body)}", "", body]  # fmt: skip
        self._transport.sendto("\r\n".join(lines).encode(), addr)


@asynccontextmanager
async def answerer(ring_s: float = 0.0) -> AsyncIterator[Answerer]:
    _, protocol = await asyncio.get_running_loop().create_datagram_endpoint(lambda: Answerer(ring_s), local_addr=("127.0.0.1", 0))
    try:
        yield protocol
    finally:
        protocol.close()
