"""Registration and authentication against a registrar that challenges everything."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
from collections.abc import AsyncIterator

import msgspec
import pytest
from call_engine.core.happenings import LineEnded
from call_engine.line.backoff import Backoff
from call_engine.line.client import open_line
from call_engine.line.farewell import end_dialog
from call_engine.line.messages import DialogKept
from call_engine.line.settings import SipSettings
from call_engine.line.trunk import Trunk

from tests.support.line_calls import Listener, next_frame_time
from tests.support.sip_registrar import Registrar, registrar


@pytest.fixture
async def server() -> AsyncIterator[Registrar]:
    async with registrar("alice", "secret") as running:
        yield running


def account(server: Registrar, password: str = "secret") -> SipSettings:
    return SipSettings(registrar=server.uri, username="alice", password=password)


async def test_registers_once_and_takes_its_contact_back(server: Registrar) -> None:
    trunk = Trunk(account(server))
    await trunk.start()
    state = await trunk.until_registered(5)
    assert state.active
    assert state.code == 200
    assert len(server.contacts) == 1
    await trunk.close()
    assert server.contacts == {}


async def test_a_wrong_password_is_a_state_not_a_crash(server: Registrar) -> None:
    trunk = Trunk(account(server, "wrong"))
    await trunk.start()
    state = await trunk.until_registered(1)
    await trunk.close()
    assert not state.active
    assert state.code == 401
    assert "REGISTER" in server.refused


async def test_what_becomes_of_the_registration_is_logged_once(server: Registrar, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="call_engine.line.trunk")
    for password, told in (("secret", "registered at "), ("wrong", "cannot register at ")):
        trunk = Trunk(account(server, password))
        await trunk.start()
        await trunk.first_answer(5)
        while not any(one.getMessage().startswith(told) for one in caplog.records):
            await next_frame_time()
        await trunk.close()
    mine = [(one.levelname, one.getMessage()) for one in caplog.records]
    assert mine[0] == ("INFO", f"registered at {server.uri}")
    assert mine[-1][0] == "WARNING"
    assert mine[-1][1].startswith(f"cannot register at {server.uri}: 401")
    assert len(mine) == len(set(mine))


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
async def test_a_registering_process_that_died_or_hangs_is_started_again(server: Registrar, how: signal.Signals) -> None:
    trunk = Trunk(account(server), check_s=0.2, answer_s=0.5)
    await trunk.start()
    await trunk.until_registered(5)
    assert trunk._line is not None
    os.kill(trunk._line.pid, how)
    while server.authorised.count("REGISTER") < 2:
        await next_frame_time()
    await trunk.until_registered(5)
    assert trunk.ready
    await trunk.close()


async def test_no_registrar_means_nothing_to_do() -> None:
    trunk = Trunk(SipSettings())
    await trunk.start()
    assert trunk.ready
    await trunk.close()


async def test_a_line_authenticates_its_call_without_registering(server: Registrar) -> None:
    line = await open_line(account(server))
    await line.dial("+18005551234")
    ended = await Listener(line).until(LineEnded)
    await line.close()
    assert ended.cause == "busy"
    assert server.authorised == ["INVITE"]


async def test_a_farewell_answers_a_challenge(server: Registrar) -> None:
    host = server.uri.removeprefix("sip:")
    dialog = DialogKept(
        leg="company", call_id="c", local="<sip:a@x>;tag=1", remote="<sip:b@y>;tag=2", target=f"sip:b@{host}", routes=(), cseq=1,
        transport="udp", local_address="127.0.0.1:0", next_hop=host,
    )  # fmt: skip
    assert await end_dialog(dialog, account(server)) == 200
    assert server.authorised == ["BYE"]


async def test_a_taken_port_is_told_and_tried_again_until_it_is_free(server: Registrar) -> None:
    other = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    other.bind(("127.0.0.1", 0))
    port = other.getsockname()[1]
    trunk = Trunk(msgspec.structs.replace(account(server), sip_port=port), retry=Backoff(0.05, 0.1))
    try:
        await trunk.start()
        assert not trunk.ready
        assert trunk.problem == f"SIP cannot listen at 127.0.0.1:{port} (udp): Address already in use"
        assert trunk.trouble == f"the SIP account cannot be used: {trunk.problem}"
        other.close()
        async with asyncio.timeout(10):
            while not trunk.ready:
                await next_frame_time()
        assert (trunk.problem, trunk.trouble) == ("", "")
    finally:
        other.close()
        await trunk.close()
    assert server.contacts == {}


async def test_a_trunk_that_never_started_can_be_closed(server: Registrar) -> None:
    port = int(server.uri.rsplit(":", 1)[1])
    trunk = Trunk(SipSettings(registrar=server.uri, sip_port=port))
    await trunk.start()
    await trunk.close()
    assert trunk.problem == f"SIP cannot listen at 127.0.0.1:{port} (udp): Address already in use"


async def test_what_the_registrar_says_is_the_trouble(server: Registrar) -> None:
    trunk = Trunk(account(server, "wrong"))
    assert trunk.trouble == f"not registered at {server.uri} yet"
    await trunk.start()
    await trunk.first_answer(5)
    assert trunk.trouble.startswith(f"not registered at {server.uri}: 401")
    assert trunk.problem == "", "it can be dialled all the same: some providers do not ask"
    await trunk.close()
