"""Registration and authenticated calls against kamailio. Skipped unless CALL_FLOWS_INTEROP=1."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from call_engine.core.happenings import Answered, LineEnded
from call_engine.line.client import open_line
from call_engine.line.settings import SipSettings, SipTransport
from call_engine.line.trunk import Trunk

from tests.support.debian_peers import peer
from tests.support.kamailio import kamailio
from tests.support.line_calls import Listener, far_end


async def call(settings: SipSettings, target: str) -> str:
    line = await open_line(settings)
    await line.dial(target)
    ended = await Listener(line).until(LineEnded)
    await line.close()
    return str(ended.cause)


async def test_registers_calls_with_the_same_account_and_takes_the_contact_back(tmp_path: Path) -> None:
    async with kamailio(peer("kamailio"), tmp_path, "secret") as server:
        settings = SipSettings(registrar=server, username="alice", password="secret")
        assert await call(settings, f"{server.replace('sip:', 'sip:registered@')}") == "busy"
        trunk = Trunk(settings)
        await trunk.start()
        assert (await trunk.until_registered(5)).active
        assert await call(settings, f"{server.replace('sip:', 'sip:registered@')}") == "declined"
        await trunk.close()
        assert await call(settings, f"{server.replace('sip:', 'sip:registered@')}") == "busy"


async def test_over_tcp(tmp_path: Path) -> None:
    async with kamailio(peer("kamailio"), tmp_path, "secret", transport="tcp") as server:
        settings = SipSettings(registrar=f"{server};transport=tcp", username="alice", password="secret", transport=SipTransport.TCP)
        trunk = Trunk(settings)
        await trunk.start()
        assert (await trunk.until_registered(5)).active
        assert await call(settings, f"{server.replace('sip:', 'sip:registered@')}") == "declined"
        await trunk.close()


async def test_a_number_goes_through_the_outbound_proxy_and_so_does_the_farewell_of_a_killed_line(tmp_path: Path) -> None:
    async with (
        far_end("answer", "--tone-hz", "440") as company,
        kamailio(peer("kamailio"), tmp_path, "secret", proxy_to=company.uri) as server,
    ):
        line = await open_line(SipSettings(proxy=server, domain="trunk.invalid", username="alice", password="secret"))
        await line.dial("+18005551234")
        listener = Listener(line)
        await listener.until(Answered)
        await listener.hear(440)
        os.kill(line.pid, signal.SIGKILL)
        await company.wait_for(lambda told: told.get("state") == "ended", patience_s=2)
        await line.close()
        assert line.farewells == [200]


async def test_a_wrong_password_registers_nothing(tmp_path: Path) -> None:
    async with kamailio(peer("kamailio"), tmp_path, "secret") as server:
        trunk = Trunk(SipSettings(registrar=server, username="alice", password="wrong"))
        await trunk.start()
        state = await trunk.until_registered(2)
        await trunk.close()
        assert (state.active, state.code) == (False, 401)
