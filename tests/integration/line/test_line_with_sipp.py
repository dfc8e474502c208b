"""The line against sipp: SIP that nobody here wrote. Skipped unless CALL_FLOWS_INTEROP=1."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from call_engine.core.effects import HangUp, Press
from call_engine.core.happenings import Answered, DigitsDelivered, LineEnded, Ringing
from call_engine.line.client import LineClient, open_line
from call_engine.line.settings import SipSettings

from tests.support.debian_peers import peer
from tests.support.line_calls import Listener, loudest_hz
from tests.support.sipp import G729, PCMA, ask, expect, pause, receive, reply, rtp_peer, sdp, sipp, take_call


@pytest.fixture
def program() -> str:
    return peer("sipp")


@pytest.fixture
async def line() -> AsyncIterator[LineClient]:
    opened = await open_line(SipSettings())
    yield opened
    await opened.close()


@pytest.mark.parametrize(
    ("status", "cause"),
    [("486 Busy Here", "busy"), ("600 Busy Everywhere", "busy"), ("603 Decline", "declined"), ("404 Not Found", "unreachable"),
     ("484 Address Incomplete", "unreachable"), ("503 Service Unavailable", "unreachable"), ("480 Unavailable", "no_answer")],
)  # fmt: skip
async def test_refusals(program: str, line: LineClient, tmp_path: Path, status: str, cause: str) -> None:
    async with sipp(program, tmp_path, take_call(), reply("180 Ringing"), reply(status), receive("ACK")) as uri:
        await line.dial(uri)
        ended = await Listener(line).until(LineEnded)
    assert (ended.cause, ended.sip_code) == (cause, int(status.split()[0]))


async def test_a_redirection_is_not_followed(program: str, line: LineClient, tmp_path: Path) -> None:
    async with sipp(program, tmp_path, take_call(), reply("302 Moved Temporarily"), receive("ACK")) as uri:
        await line.dial(uri)
        assert (await Listener(line).until(LineEnded)).cause == "unreachable"


async def test_cancelled_while_ringing(program: str, line: LineClient, tmp_path: Path) -> None:
    steps = (take_call(), reply("180 Ringing"), receive("CANCEL"), reply("200 OK"))
    async with sipp(program, tmp_path, *steps) as uri:
        await line.dial(uri)
        listener = Listener(line)
        await listener.until(Ringing)
        await line.command(HangUp())
        assert (await listener.until(LineEnded)).cause == "hung_up"


async def test_audio_digits_and_a_bye_in_the_middle(program: str, line: LineClient, tmp_path: Path) -> None:
    async with rtp_peer() as (port, media):
        steps = (take_call(), reply("180 Ringing"), reply("200 OK", sdp(port)), receive("ACK"), pause(2500), ask("BYE", 1), expect(200))
        async with sipp(program, tmp_path, *steps) as uri:
            await line.dial(uri)
            listener = Listener(line)
            await listener.until(Answered)
            await listener.hear(440)
            await line.command(Press(digits="12"))
            await listener.until(DigitsDelivered)
            assert media.payload_types == {0, 101}
            assert (await listener.until(LineEnded)).cause == "disconnected"


async def test_early_media_before_the_answer(program: str, line: LineClient, tmp_path: Path) -> None:
    async with rtp_peer(frequency_hz=620) as (port, _):
        steps = (
            take_call(), reply("183 Session Progress", sdp(port)), pause(1500), reply("200 OK", sdp(port)), receive("ACK"), receive("BYE"),
            reply("200 OK"),
        )  # fmt: skip
        async with sipp(program, tmp_path, *steps) as uri:
            await line.dial(uri)
            listener = Listener(line)
            assert (await listener.until(Ringing)).early_media
            await listener.hear(620)
            await listener.until(Answered)
            await line.command(HangUp())
            await listener.until(LineEnded)


async def test_hold_and_back_by_re_invite(program: str, line: LineClient, tmp_path: Path) -> None:
    async with rtp_peer() as (port, _):
        steps = (
            take_call(), reply("200 OK", sdp(port)), receive("ACK"), pause(500),
            ask("INVITE", 1, sdp(port, direction="inactive", version=2)), expect(200), ask("ACK", 1), pause(700),
            ask("INVITE", 2, sdp(port, version=3)), expect(200), ask("ACK", 2), receive("BYE"), reply("200 OK"),
        )  # fmt: skip
        async with sipp(program, tmp_path, *steps) as uri:
            await line.dial(uri)
            listener = Listener(line)
            await listener.until(Answered)
            await listener.hear(440)
            while loudest_hz((await listener.listen(10))[-10:]):
                continue  # until it is on hold
            await listener.hear(440)
            await line.command(HangUp())
            assert (await listener.until(LineEnded)).cause == "hung_up"


async def test_a_law(program: str, line: LineClient, tmp_path: Path) -> None:
    async with rtp_peer(codec=PCMA) as (port, _):
        steps = (take_call(), reply("200 OK", sdp(port, PCMA)), receive("ACK"), receive("BYE"), reply("200 OK"))
        async with sipp(program, tmp_path, *steps) as uri:
            await line.dial(uri)
            listener = Listener(line)
            assert (await listener.until(Answered)).codec == "PCMA"
            await listener.hear(440)
            await line.command(HangUp())
            await listener.until(LineEnded)


async def test_an_answer_in_a_codec_never_offered_ends_the_call(program: str, line: LineClient, tmp_path: Path) -> None:
    async with rtp_peer() as (port, _):
        steps = (take_call(), reply("200 OK", sdp(port, G729)), receive("BYE"), reply("200 OK"))
        async with sipp(program, tmp_path, *steps) as uri:
            await line.dial(uri)
            assert (await Listener(line).until(LineEnded)).cause == "no_audio"


def worn(number: int) -> list[int]:
    """One packet in ten is lost, and of every four the middle two change places."""
    swapped = number + {1: 1, 2: -1}.get(number % 4, 0)
    return [] if swapped % 10 == 7 else [swapped]


async def test_lost_and_reordered_packets_keep_the_time(program: str, line: LineClient, tmp_path: Path) -> None:
    async with rtp_peer(order=worn) as (port, _):
        steps = (take_call(), reply("200 OK", sdp(port)), receive("ACK"), receive("BYE"), reply("200 OK"))
        async with sipp(program, tmp_path, *steps) as uri:
            await line.dial(uri)
            listener = Listener(line)
            await listener.until(Answered)
            await listener.hear(440, frames=50)
            assert line.lost_frames == 0
            await line.command(HangUp())
            await listener.until(LineEnded)


async def test_nobody_answers(program: str, line: LineClient, tmp_path: Path) -> None:
    steps = (take_call(), reply("180 Ringing"), pause(2000), reply("480 Temporarily Unavailable"), receive("ACK"))
    async with sipp(program, tmp_path, *steps) as uri:
        await line.dial(uri)
        assert (await Listener(line).until(LineEnded)).cause == "no_answer"


@pytest.mark.timeout(180)
async def test_the_session_is_refreshed_in_time(program: str, line: LineClient, tmp_path: Path) -> None:
    """We are the refresher of a session of 90 s: after half of it there is an UPDATE or a re-INVITE."""
    timed = "Session-Expires: 90;refresher=uac\nRequire: timer\nSupported: timer\nAllow: INVITE, ACK, BYE\n"
    async with rtp_peer() as (port, _):
        steps = (
            take_call(), reply("200 OK", sdp(port), timed), receive("ACK"), receive("INVITE"), reply("200 OK", sdp(port, version=2), timed),
            receive("ACK"), receive("BYE"), reply("200 OK"),
        )  # fmt: skip
        async with sipp(program, tmp_path, *steps, patience_s=90) as uri:
            await line.dial(uri)
            listener = Listener(line)
            await listener.until(Answered)
            heard = await listener.listen(55 * 50, patience_s=90)
            assert loudest_hz(heard[-25:]) == 440
            await line.command(HangUp())
            await listener.until(LineEnded)


@pytest.mark.timeout(180)
async def test_a_session_that_nobody_refreshes_ends(program: str, line: LineClient, tmp_path: Path) -> None:
    """The company's BYE got lost, or it died: its refresh does not come, and the call is over before its 90 s are."""
    timed = "Session-Expires: 90;refresher=uas\nRequire: timer\nSupported: timer\n"
    async with rtp_peer() as (port, _):
        steps = (take_call(), reply("200 OK", sdp(port), timed), receive("ACK"), receive("BYE"), reply("200 OK"))
        async with sipp(program, tmp_path, *steps, patience_s=110) as uri:
            await line.dial(uri)
            assert (await Listener(line).until(LineEnded, patience_s=100)).cause == "disconnected"
