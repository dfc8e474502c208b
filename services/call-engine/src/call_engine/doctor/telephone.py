"""The SIP stack, its codecs and ports, and the account at the trunk."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator

import msgspec

from call_engine.doctor.finding import Finding, broken, warning, well
from call_engine.line.addresses import domain
from call_engine.line.client import LineUnavailable, start_line
from call_engine.line.messages import Configure
from call_engine.line.settings import SipSettings, SipTransport
from call_engine.line.trunk import Trunk
from call_engine.settings import LOOPBACK, Settings

REGISTER_S = 10.0
PORTS_A_CALL = 4  #: RTP and RTCP of the company's leg and of a device's


async def look(settings: Settings) -> AsyncIterator[Finding]:
    async for finding in stack(settings.sip):
        yield finding
    yield rtp_ports(settings)
    yield where_numbers_go(settings)
    yield await registration(settings.sip)
    yield devices(settings.sip)


async def stack(sip: SipSettings) -> AsyncIterator[Finding]:
    try:
        line = await start_line(Configure(settings=msgspec.structs.replace(sip, sip_port=0)))
    except (LineUnavailable, OSError) as problem:
        yield broken("SIP stack", str(problem), "CALL_ENGINE_SIP_BIND must be an address of this machine")
        return
    ready = line.ready.result()
    await line.close()
    yield well("SIP stack", f"a line starts and listens at {ready.local_address} ({sip.transport.value})")
    if sip.srtp:
        yield encryption(sip, ready.ciphers)
    missing = [codec for codec in sip.codecs if codec.upper() not in ready.codecs]
    if not ready.codecs:
        yield broken("codecs", f"none of {', '.join(sip.codecs)} is here", "CALL_ENGINE_SIP_CODECS=PCMU,PCMA")
    elif missing:
        yield warning("codecs", f"not here: {', '.join(missing)}", "take them out of CALL_ENGINE_SIP_CODECS")
    else:
        yield well("codecs", ", ".join(ready.codecs))


def encryption(sip: SipSettings, ciphers: tuple[str, ...]) -> Finding:
    if not ciphers:
        return broken("encrypted media", "the stack has no SRTP", "CALL_ENGINE_SIP_SRTP=no")
    found = f"SRTP {'required' if sip.srtp_required else 'offered'}, keys by SDES: {', '.join(ciphers)}"
    if sip.transport is not SipTransport.TLS:
        return warning("encrypted media", f"{found}; the keys travel unencrypted", "CALL_ENGINE_SIP_TRANSPORT=tls")
    return well("encrypted media", found)


def rtp_ports(settings: Settings) -> Finding:
    sip, calls = settings.sip, settings.guards.concurrent
    if not sip.rtp_port_first:
        return well("RTP ports", "any that are free")
    first, last = sip.rtp_port_first, sip.rtp_port_first + sip.rtp_port_count - 1
    if sip.rtp_port_count < PORTS_A_CALL * calls:
        return warning(
            "RTP ports", f"{first}-{last} are too few for {calls} calls at once",
            f"CALL_ENGINE_SIP_RTP_PORTS with {PORTS_A_CALL * calls} ports, or fewer CALL_ENGINE_CONCURRENT_CALLS",
        )  # fmt: skip
    taken = sum(not _free(sip.bind_address, number) for number in range(first, last + 1))
    if taken:
        return warning("RTP ports", f"{taken} of {first}-{last} are taken", "choose a range that nothing else uses")
    return well("RTP ports", f"{first}-{last} on {sip.bind_address}; open them in the firewall")


def _free(address: str, number: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((address, number))
        except OSError:
            return False
    return True


def where_numbers_go(settings: Settings) -> Finding:
    sip = settings.sip
    if not domain(sip) and not settings.routes:
        return broken("trunk", "numbers lead nowhere", "set CALL_ENGINE_SIP_DOMAIN, _REGISTRAR, _USER and _PASSWORD")
    if not domain(sip):
        return warning("trunk", f"only {', '.join(settings.routes)} can be called", "set CALL_ENGINE_SIP_DOMAIN for all other numbers")
    if sip.bind_address in LOOPBACK:
        return warning("trunk", f"{domain(sip)} cannot answer to {sip.bind_address}", "CALL_ENGINE_SIP_BIND: the machine's own address")
    return well("trunk", f"+18005551234 becomes sip:+18005551234@{domain(sip)}")


async def registration(sip: SipSettings) -> Finding:
    if not sip.registrar:
        return well("registration", "none is wanted (CALL_ENGINE_SIP_REGISTRAR is empty)")
    trunk = Trunk(sip)
    try:
        await trunk.start()
        state = await trunk.first_answer(REGISTER_S)
    finally:
        await trunk.close()
    if trunk.problem:
        remedy = "an engine may be running already; otherwise free CALL_ENGINE_SIP_PORT, or set it to 0"
        return broken("registration", trunk.problem, remedy)
    if state.active:
        return well("registration", f"{sip.username or 'no user'} at {sip.registrar}, for {state.expires_s} s")
    refused = state.code in (401, 403, 404, 407)
    remedy = "check CALL_ENGINE_SIP_USER and _PASSWORD" if refused else "check CALL_ENGINE_SIP_REGISTRAR, DNS and the firewall"
    return broken("registration", f"{sip.registrar}: {state.code} {state.reason}".strip(), remedy)


def devices(sip: SipSettings) -> Finding:
    if not sip.devices:
        return warning("devices", "no phone is configured: a human cannot be put through", "CALL_ENGINE_DEVICES=mobile=+12125550101")
    return well("devices", ", ".join(f"{name} ({where})" for name, where in sip.devices.items()))
