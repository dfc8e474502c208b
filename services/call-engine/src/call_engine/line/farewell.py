"""Ends the dialogs of a line process that died: their far sides get a BYE, or while they still ring a CANCEL, from the engine itself.

Session timers (RFC 4028) are the backstop for a BYE that does not get through.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Iterable

from call_engine.line.addresses import host_of
from call_engine.line.dialog import address_in, bye, cancel, headers_of
from call_engine.line.digest import authorization, challenge_in
from call_engine.line.messages import DialogKept
from call_engine.line.settings import SipSettings

RETRANSMIT_S = (0.5, 1.0, 2.0)  #: T1 and its doublings (RFC 3261 section 17.1.2.2), cut short
CHALLENGES = {401: ("www-authenticate", "Authorization"), 407: ("proxy-authenticate", "Proxy-Authorization")}
DEFAULT_PORT = {"udp": 5060, "tcp": 5060, "tls": 5061}


async def say_farewell(dialogs: Iterable[DialogKept], settings: SipSettings) -> list[int]:
    """One status code a dialog, in order; 0 when nothing answered. 481 is as good as 200: the far side has no such call."""
    return list(await asyncio.gather(*(end_dialog(dialog, settings) for dialog in dialogs)))


async def end_dialog(dialog: DialogKept, settings: SipSettings) -> int:
    extra: tuple[str, ...] = ()
    status = 0
    for attempt in range(2):
        try:
            status, headers = await _ask(dialog, settings, extra, attempt)
        except OSError:
            return 0
        if status not in CHALLENGES or extra or not settings.username:
            return status
        asked, answer = CHALLENGES[status]
        value = authorization(
            challenge_in(headers.get(asked, "")), method="BYE", uri=dialog.target, username=settings.username,
            password=settings.password, salt=dialog.call_id,
        )  # fmt: skip
        if value is None:
            return status
        extra = (f"{answer}: {value}",)
    return status


async def _ask(dialog: DialogKept, settings: SipSettings, extra: tuple[str, ...], attempt: int) -> tuple[int, dict[str, str]]:
    if dialog.transport == "udp":
        return await _ask_udp(dialog, extra, attempt)
    return await _ask_stream(dialog, settings, extra, attempt)


async def _ask_udp(dialog: DialogKept, extra: tuple[str, ...], attempt: int) -> tuple[int, dict[str, str]]:
    loop = asyncio.get_running_loop()
    with _bound_like(dialog.local_address) as connection:
        host, port = connection.getsockname()[:2]
        request = _request(dialog, f"{host}:{port}", extra, attempt)
        addresses = await _addresses(dialog)
        for turn, patience_s in enumerate(RETRANSMIT_S):
            await loop.sock_sendto(connection, request, addresses[turn % len(addresses)])
            try:
                async with asyncio.timeout(patience_s):
                    while True:
                        answer = _answer(await loop.sock_recv(connection, 65_535), dialog)
                        if answer[0] >= 200:
                            return answer
            except TimeoutError:
                continue
    return 0, {}


async def _ask_stream(dialog: DialogKept, settings: SipSettings, extra: tuple[str, ...], attempt: int) -> tuple[int, dict[str, str]]:
    host, port = (await _addresses(dialog))[0]
    secured = _tls(settings) if dialog.transport == "tls" else None
    try:
        async with asyncio.timeout(sum(RETRANSMIT_S)):
            reader, writer = await asyncio.open_connection(host, port, ssl=secured)
            local = writer.get_extra_info("sockname")
            writer.write(_request(dialog, f"{local[0]}:{local[1]}", extra, attempt))
            try:
                while True:
                    answer = _answer(await reader.readuntil(b"\r\n\r\n"), dialog)
                    if answer[0] >= 200:
                        return answer
            finally:
                writer.close()
    except (TimeoutError, asyncio.IncompleteReadError):
        return 0, {}


def _request(dialog: DialogKept, sent_by: str, extra: tuple[str, ...], attempt: int) -> bytes:
    return cancel(dialog) if dialog.via else bye(dialog, sent_by=sent_by, extra=extra, attempt=attempt)


def _answer(packet: bytes, dialog: DialogKept) -> tuple[int, dict[str, str]]:
    """Status and headers of a response to our request; status 0 for anything else."""
    text = packet.decode(errors="replace")
    words = text.split(maxsplit=2)
    headers = dict(reversed(headers_of(text)))
    ours = headers.get("call-id") == dialog.call_id and headers.get("cseq", "").endswith("CANCEL" if dialog.via else "BYE")
    if not (ours and len(words) > 1 and words[0] == "SIP/2.0" and words[1].isdigit()):
        return 0, {}
    return int(words[1]), headers


async def _addresses(dialog: DialogKept) -> list[tuple[str, int]]:
    """Where to send: the first route or the target, then where their answer had come from (they may be behind NAT)."""
    first = address_in(dialog.routes[0]) if dialog.routes else dialog.target
    found: list[tuple[str, int]] = []
    for place in (host_of(first), dialog.next_hop):
        host, _, port = place.rpartition(":") if ":" in place else (place, "", "")
        try:
            known = await asyncio.get_running_loop().getaddrinfo(
                host, int(port or DEFAULT_PORT[dialog.transport]), family=socket.AF_INET, type=socket.SOCK_DGRAM
            )
        except (OSError, ValueError):
            continue
        found += [(str(item[4][0]), int(item[4][1])) for item in known[:1]]
    if not found:
        raise OSError(f"no address for {first!r}")
    return list(dict.fromkeys(found))


def _bound_like(local_address: str) -> socket.socket:
    """The dead line's own port if it is free again, else any port of that address."""
    host, _, port = local_address.rpartition(":")
    connection = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    connection.setblocking(False)
    try:
        connection.bind((host, int(port)))
    except OSError:
        connection.bind((host, 0))
    return connection


def _tls(settings: SipSettings) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=settings.tls_ca_file or None)
    if not settings.tls_ca_file:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context
