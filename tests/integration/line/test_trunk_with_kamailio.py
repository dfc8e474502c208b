"""Registration and authenticated calls against kamailio. Skipped unless CALL_FLOWS_INTEROP=1."""

from __future__ import annotations

from pathlib import Path

from call_engine.core.happenings import LineEnded
from call_engine.line.client import open_line
from call_engine.line.settings import SipSettings
from call_engine.line.trunk import Trunk

from tests.support.debian_peers import peer
from tests.support.kamailio import kamailio
from tests.support.line_calls import Listener


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


async def test_a_wrong_password_registers_nothing(tmp_path: Path) -> None:
    async with kamailio(peer("kamailio"), tmp_path, "secret") as server:
        trunk = Trunk(SipSettings(registrar=server, username="alice", password="wrong"))
        await trunk.start()
        state = await trunk.until_registered(2)
        await trunk.close()
        assert (state.active, state.code) == (False, 401)
