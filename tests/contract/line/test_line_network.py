"""What a line writes into its requests, for proxies, NAT and firewalls: seen by whoever receives them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

from call_engine.core.happenings import Answered
from call_engine.line.client import open_line
from call_engine.line.dialog import headers_of, listed
from call_engine.line.settings import SipSettings
from call_engine.line.trunk import Trunk

from tests.support.line_calls import Listener, far_end, next_frame_time
from tests.support.sip_registrar import registrar


class Silent(asyncio.DatagramProtocol):
    """Takes requests and says nothing. ``first`` is the first, and where it came from."""

    def __init__(self) -> None:
        self.first: asyncio.Future[tuple[str, tuple[str, int]]] = asyncio.get_running_loop().create_future()
        self.address = ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        host, port = cast(asyncio.DatagramTransport, transport).get_extra_info("sockname")
        self.address = f"{host}:{port}"

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if not self.first.done():
            self.first.set_result((data.decode(), addr))


@asynccontextmanager
async def silent() -> AsyncIterator[Silent]:
    transport, protocol = await asyncio.get_running_loop().create_datagram_endpoint(Silent, local_addr=("127.0.0.1", 0))
    try:
        yield protocol
    finally:
        transport.close()


async def invite(settings: SipSettings, target: str, at: Silent) -> tuple[str, tuple[str, int]]:
    """The INVITE as the other side gets it."""
    line = await open_line(settings)
    await line.dial(target)
    async with asyncio.timeout(5):
        found = await at.first
    await line.close()
    return found


async def test_numbers_go_through_the_outbound_proxy_wherever_their_domain_is() -> None:
    async with silent() as proxy:
        text, _ = await invite(SipSettings(proxy=f"sip:{proxy.address}", domain="trunk.invalid"), "+18005551234", proxy)
    assert text.startswith("INVITE sip:+18005551234@trunk.invalid SIP/2.0")
    assert dict(headers_of(text))["route"] == f"<sip:{proxy.address};lr>"


async def test_the_registration_goes_through_the_outbound_proxy_as_well() -> None:
    async with registrar("alice", "secret") as proxy:
        trunk = Trunk(SipSettings(registrar="sip:trunk.invalid", proxy=proxy.uri, username="alice", password="secret"))
        await trunk.start()
        assert (await trunk.until_registered(5)).active
        await trunk.close()
    assert proxy.contacts == {}


async def test_it_registers_again_before_the_registration_runs_out() -> None:
    async with registrar("alice", "secret") as server:
        trunk = Trunk(SipSettings(registrar=server.uri, username="alice", password="secret", register_expires_s=8))
        await trunk.start()
        async with asyncio.timeout(8):
            while server.authorised.count("REGISTER") < 2:
                await next_frame_time()
        assert trunk.ready
        await trunk.close()


async def test_behind_nat_the_public_address_is_told_and_the_own_one_bound() -> None:
    async with silent() as company:
        settings = SipSettings(public_address="198.51.100.7", rtp_port_first=24_000, rtp_port_count=100)
        text, (host, port) = await invite(settings, f"sip:company@{company.address}", company)
    headers = dict(reversed(headers_of(text)))
    assert f"@198.51.100.7:{port}" in headers["contact"]
    assert ";rport" in headers["via"]
    assert host == "127.0.0.1"
    assert "c=IN IP4 198.51.100.7" in text
    (media_port,) = re.findall(r"m=audio (\d+) ", text)
    assert 24_000 <= int(media_port) < 24_100


async def test_only_the_codecs_wanted_are_offered_in_their_order_with_telephone_events() -> None:
    async with silent() as company:
        text, _ = await invite(SipSettings(codecs=("PCMA", "PCMU")), f"sip:company@{company.address}", company)
    (formats,) = re.findall(r"m=audio \d+ RTP/AVP ([\d ]+)", text)
    assert formats.split()[:2] == ["8", "0"]
    assert re.findall(r"a=rtpmap:\d+ ([^/\r]+)", text) == ["PCMA", "PCMU", "telephone-event"]


async def test_session_timers_are_offered() -> None:
    """The backstop for a BYE that got lost (RFC 4028)."""
    async with silent() as company:
        text, _ = await invite(SipSettings(), f"sip:company@{company.address}", company)
    headers = dict(reversed(headers_of(text)))
    assert headers["session-expires"].startswith("600")
    assert headers["min-se"] == "90"
    assert "timer" in listed([headers["supported"]])


async def test_srtp_may_be_offered_or_insisted_on() -> None:
    async with silent() as company:
        offered, _ = await invite(SipSettings(srtp=True), f"sip:company@{company.address}", company)
    async with silent() as company:
        required, _ = await invite(SipSettings(srtp_required=True), f"sip:company@{company.address}", company)
    assert re.search(r"m=audio \d+ RTP/AVP .*a=crypto:", offered, re.DOTALL)
    assert re.search(r"m=audio \d+ RTP/SAVP .*a=crypto:", required, re.DOTALL)
    assert "AES_CM_128_HMAC_SHA1_80" in required


async def test_two_lines_share_a_range_of_ports() -> None:
    settings = SipSettings(rtp_port_first=24_200, rtp_port_count=40)
    async with far_end("answer", "--tone-hz", "440") as one, far_end("answer", "--tone-hz", "440") as other:
        lines = [await open_line(settings), await open_line(settings)]
        for line, company in zip(lines, (one, other), strict=True):
            await line.dial(company.uri)
            listener = Listener(line)
            await listener.until(Answered)
            await listener.hear(440)
        for line in lines:
            await line.close()
