"""A SIP server over UDP for tests: challenges REGISTER, INVITE and BYE with digest, keeps one contact, answers every INVITE busy."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

from call_engine.line.dialog import address_in, headers_of

REALM, NONCE = "test.example", "0123456789abcdef"


class Registrar(asyncio.DatagramProtocol):
    def __init__(self, username: str, password: str) -> None:
        self._username, self._password = username, password
        self.contacts: dict[str, int] = {}  #: URI → expires
        self.authorised: list[str] = []  #: methods of requests that came with the right answer
        self.refused: list[str] = []  #: and of those with a wrong one
        self.uri = ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)
        host, port = transport.get_extra_info("sockname")
        self.uri = f"sip:{host}:{port}"

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        text = data.decode()
        method = text.split(" ", 1)[0]
        if method in {"ACK", "SIP/2.0"} or not method.isalpha():
            return
        headers = dict(reversed(headers_of(text)))
        proof = headers.get("authorization") or headers.get("proxy-authorization")
        if proof is None or not self._is_right(method, proof):
            if proof is not None:
                self.refused.append(method)
            status, asked = ("401 Unauthorized", "WWW-Authenticate") if method == "REGISTER" else ("407 Proxy", "Proxy-Authenticate")
            extra = [f'{asked}: Digest realm="{REALM}", nonce="{NONCE}", algorithm=MD5, qop="auth"']
            return self._answer(status, text, extra, addr)
        self.authorised.append(method)
        if method == "REGISTER":
            return self._answer("200 OK", text, [self._register(headers)], addr)
        self._answer("486 Busy Here" if method == "INVITE" else "200 OK", text, [], addr)

    def _register(self, headers: dict[str, str]) -> str:
        contact = address_in(headers["contact"])
        expires = int(headers.get("expires", "3600"))
        found = re.search(r"expires=(\d+)", headers["contact"])
        expires = int(found.group(1)) if found else expires
        if expires:
            self.contacts[contact] = expires
        else:
            self.contacts.clear()
        return f"Contact: <{contact}>;expires={expires}"

    def _is_right(self, method: str, proof: str) -> bool:
        fields = {name: quoted or plain for name, quoted, plain in re.findall(r'(\w+)=(?:"([^"]*)"|([^,\s]+))', proof)}

        def digest(*parts: str) -> str:
            return hashlib.md5(":".join(parts).encode()).hexdigest()

        secret, request = digest(self._username, REALM, self._password), digest(method, fields["uri"])
        return fields["response"] == digest(secret, NONCE, fields["nc"], fields["cnonce"], fields["qop"], request)

    def _answer(self, status: str, request: str, extra: list[str], addr: tuple[str, int]) -> None:
        kept = [f"{name}: {value}" for name, value in headers_of(request) if name in {"via", "from", "call-id", "cseq"}]
        to = dict(reversed(headers_of(request)))["to"]
        to = to if "tag=" in to else f"{to};tag=server"
        lines = [f"SIP/2.0 {status}", *kept, f"To: {to}", *extra, "Content-Length: 0", "", ""]
        self._transport.sendto("\r\n".join(lines).encode(), addr)


@asynccontextmanager
async def registrar(username: str, password: str) -> AsyncIterator[Registrar]:
    transport, protocol = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: Registrar(username, password), local_addr=("127.0.0.1", 0)
    )
    try:
        yield protocol
    finally:
        transport.close()
