"""Scenarios for sipp as the company, and the RTP that goes with them."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast

import numpy as np
from line_audio.g711 import encode_a_law, encode_mu_law

from tests.support.line_calls import next_frame_time, tone

HEADERS = "[last_Via:]\n[last_From:]\n[last_To:];tag=[pid]SIPpTag[call_number]\n[last_Call-ID:]\n[last_CSeq:]\n"
CONTACT = "Contact: <sip:[local_ip]:[local_port];transport=[transport]>\n"
PCMU, PCMA, G729 = 0, 8, 18
NAMES = {PCMU: "PCMU/8000", PCMA: "PCMA/8000", G729: "G729/8000"}


def receive(method: str) -> str:
    return f'<recv request="{method}"></recv>\n'


def expect(code: int) -> str:
    return f'<recv response="{code}"></recv>\n'


def pause(milliseconds: int) -> str:
    return f'<pause milliseconds="{milliseconds}"/>\n'


def reply(status: str, body: str = "", extra: str = "") -> str:
    """``extra``: whole header lines."""
    kind = "Content-Type: application/sdp\n" if body else ""
    return _send(f"SIP/2.0 {status}\n{HEADERS}{CONTACT}{extra}{kind}Content-Length: [len]\n\n{body}")


def ask(method: str, cseq: int, body: str = "") -> str:
    """A request of ours inside the call."""
    kind = "Content-Type: application/sdp\n" if body else ""
    return _send(
        f"{method} [next_url] SIP/2.0\nVia: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]\n"
        "From: <[$own]>;tag=[pid]SIPpTag[call_number]\nTo: [$other]\n[last_Call-ID:]\n"
        f"CSeq: {cseq} {method}\nMax-Forwards: 70\n{CONTACT}{kind}Content-Length: [len]\n\n{body}"
    )


def take_call() -> str:
    """An INVITE, whose addresses are kept for requests of ours."""
    keep = (
        '<ereg regexp="sip:[a-zA-Z0-9@.:]*" search_in="hdr" header="To:" assign_to="own"/>'
        '<ereg regexp=".*" search_in="hdr" header="From:" assign_to="other"/>'
    )
    return f'<recv request="INVITE" rrs="true"><action>{keep}</action></recv>\n'


def sdp(port: int, codec: int = PCMU, *, direction: str = "sendrecv", version: int = 1) -> str:
    return (
        f"v=0\no=sipp 1 {version} IN IP4 127.0.0.1\ns=-\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio {port} RTP/AVP {codec} 101\n"
        f"a=rtpmap:{codec} {NAMES[codec]}\na=rtpmap:101 telephone-event/8000\na=fmtp:101 0-15\na={direction}\n"
    )


def _send(message: str) -> str:
    return f"<send><![CDATA[\n{message}\n]]></send>\n"


@asynccontextmanager
async def sipp(program: str, folder: Path, *steps: str, patience_s: int = 20) -> AsyncIterator[str]:
    """Runs one call of this scenario; gives the URI to dial. When left, the scenario must have gone through to its end."""
    uses = '<Reference variables="own,other"/>' if any("[$own]" in step or 'assign_to="own"' in step for step in steps) else ""
    scenario = folder / "scenario.xml"
    head = '<?xml version="1.0" encoding="ISO-8859-1" ?><!DOCTYPE scenario SYSTEM "sipp.dtd">'
    scenario.write_text(f'{head}<scenario name="company">{"".join(steps)}{uses}</scenario>')
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        program, "-sf", str(scenario), "-i", "127.0.0.1", "-p", str(port), "-m", "1", "-nostdin",
        "-timeout", str(patience_s), "-timeout_error",
        cwd=folder, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    await listening(port)
    try:
        yield f"sip:company@127.0.0.1:{port}"
        _, problem = await asyncio.wait_for(process.communicate(), patience_s)
        assert process.returncode == 0, problem.decode()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def listening(port: int, transport: str = "udp") -> None:
    """Until some process has that port."""
    async with asyncio.timeout(10):
        while not _taken(port, transport):
            await next_frame_time()


def _taken(port: int, transport: str) -> bool:
    return f":{port:04X} " in Path(f"/proc/net/{transport}").read_text()


class RtpPeer(asyncio.DatagramProtocol):
    """Answers the line's RTP with a tone, one packet for each that comes; ``order`` may drop, repeat and reorder them."""

    def __init__(self, codec: int, frequency_hz: int, order: Callable[[int], Sequence[int]]) -> None:
        encode = encode_a_law if codec == PCMA else encode_mu_law
        self._payload = encode(tone(frequency_hz, 4.0)).astype(np.uint8).tobytes()
        self._codec, self._order = codec, order
        self._count = 0
        self.received = 0
        self.payload_types: set[int] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.received += 1
        self.payload_types.add(data[1] & 0x7F)
        for number in self._order(self._count):
            start = number * 160 % (len(self._payload) - 160)
            header = struct.pack("!BBHII", 0x80, self._codec, number & 0xFFFF, number * 160, 0x51EE)
            self._transport.sendto(header + self._payload[start : start + 160], addr)
        self._count += 1


@asynccontextmanager
async def rtp_peer(
    codec: int = PCMU, frequency_hz: int = 440, order: Callable[[int], Sequence[int]] = lambda number: [number]
) -> AsyncIterator[tuple[int, RtpPeer]]:
    """Gives its port, for the SDP."""
    transport, peer = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: RtpPeer(codec, frequency_hz, order), local_addr=("127.0.0.1", 0)
    )
    try:
        yield transport.get_extra_info("sockname")[1], peer
    finally:
        transport.close()
