"""What every PhoneLine must do, shown on the real one: pjsua2 in its own process, SIP and RTP on loopback."""

from __future__ import annotations

import os
import signal
import socket
import stat
import wave
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest
from call_engine.core.effects import Bridge, CancelDevice, DtmfProfile, HangUp, Press, RecordConversation, RingDevice, StopPlaying
from call_engine.core.happenings import (
    Answered,
    DeviceGone,
    DevicePickedUp,
    DeviceRang,
    DigitsDelivered,
    FarDigit,
    LegsBridged,
    LineEnded,
    PlaybackEnded,
    RecordingBegan,
    Ringing,
)
from call_engine.line.client import LineClient, LineUnavailable, open_line
from call_engine.line.settings import SipSettings
from line_audio.ear import EarBank
from line_audio.segments import SegmentClosed

from tests.support import asserting_line
from tests.support.line_calls import FarEnd, Listener, far_end, tone


@pytest.fixture
async def line() -> AsyncIterator[LineClient]:
    opened = await open_line(SipSettings(no_response_s=2, no_audio_s=2, sip_info=True))
    yield opened
    await opened.close()


@pytest.fixture
async def company() -> AsyncIterator[FarEnd]:
    async with far_end("answer", "--tone-hz", "440") as end:
        yield end


async def answered(line: LineClient, company: FarEnd) -> Listener:
    listener = Listener(line)
    await line.dial(company.uri)
    await listener.until(Answered)
    return listener


async def test_rings_and_answers(line: LineClient, company: FarEnd) -> None:
    listener = Listener(line)
    await line.dial(company.uri)
    assert not (await listener.until(Ringing)).early_media
    assert (await listener.until(Answered)).codec == "PCMU"


async def test_audio_is_heard_both_ways(line: LineClient, company: FarEnd) -> None:
    listener = await answered(line, company)
    await listener.hear(440)
    await line.play("greeting", tone(1000, 0.6))
    await company.wait_for(lambda told: told.get("heard_hz") == 1000)
    assert await listener.until(PlaybackEnded) == PlaybackEnded(playback_id="greeting")
    assert line.lost_frames == 0


async def test_playing_can_be_stopped(line: LineClient, company: FarEnd) -> None:
    listener = await answered(line, company)
    await line.play("long", tone(1000, 30))
    await company.wait_for(lambda told: told.get("heard_hz") == 1000)
    await line.command(StopPlaying())
    assert await listener.until(PlaybackEnded) == PlaybackEnded(playback_id="long", completed=False)


@pytest.mark.parametrize(
    ("profile", "method", "length_ms"),
    [(DtmfProfile.RFC4733, "rfc4733", 160), (DtmfProfile.RFC4733_SLOW, "rfc4733", 250), (DtmfProfile.SIP_INFO, "info", 160)],
)
async def test_digits_arrive_in_order(line: LineClient, company: FarEnd, profile: DtmfProfile, method: str, length_ms: int) -> None:
    listener = await answered(line, company)
    await line.command(Press(digits="1w#", profile=profile))
    for digit in "1#":
        told = await company.wait_for(lambda told: "digit" in told)
        assert told == {"digit": digit, "method": method, "ms": length_ms}
    assert await listener.until(DigitsDelivered) == DigitsDelivered(digits="1w#", profile=profile.value)


async def test_digits_as_sound(line: LineClient, company: FarEnd) -> None:
    listener = await answered(line, company)
    await line.command(Press(digits="5", profile=DtmfProfile.INBAND))
    both_tones_at_minus_10_dbm0 = range(12_000, 15_500)  # 2 x 7 050, through G.711
    await company.wait_for(lambda told: told.get("heard_hz") in {770, 1340} and told["peak"] in both_tones_at_minus_10_dbm0)
    assert (await listener.until(DigitsDelivered)).profile == DtmfProfile.INBAND


async def test_the_companys_digits_are_told(line: LineClient, company: FarEnd) -> None:
    listener = await answered(line, company)
    company.do("digit 9")
    assert await listener.until(FarDigit) == FarDigit(digit="9")


async def test_digits_by_sip_info_are_told(line: LineClient, company: FarEnd) -> None:
    listener = await answered(line, company)
    company.do("info 4")
    assert await listener.until(FarDigit) == FarDigit(digit="4", method="sip_info")


async def test_the_companys_digits_as_sound_are_heard_by_the_ear(line: LineClient) -> None:
    async with far_end("answer") as company:
        listener = await answered(line, company)
        company.do("inband 59#")
        frames = await listener.listen(75)
    ear = EarBank(1)
    slot = ear.open()
    heard = [sound for frame in frames for sound in ear.feed([slot], frame.reshape(1, 160))[0]]
    found = [sound.segment for sound in heard if isinstance(sound, SegmentClosed)]
    assert "".join(segment.detail for segment in found if segment.label == "dtmf") == "59#"


async def test_the_company_cannot_make_a_line_call_elsewhere(line: LineClient, company: FarEnd) -> None:
    async with far_end("answer") as elsewhere:
        listener = await answered(line, company)
        company.do(f"refer {elsewhere.uri}")
        assert (await company.wait_for(lambda told: "refer" in told))["refer"] >= 400
        await listener.hear(440)
        assert not elsewhere.told


async def test_hanging_up_on_a_dead_company_does_not_wait_for_it(line: LineClient, company: FarEnd) -> None:
    listener = await answered(line, company)
    company.do("die")
    await line.command(HangUp())
    assert (await listener.until(LineEnded, patience_s=5)).cause == "hung_up"


async def test_hanging_up_before_anything_came_back(line: LineClient) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as deaf:
        deaf.bind(("127.0.0.1", 0))
        listener = Listener(line)
        await line.dial(f"sip:nobody@127.0.0.1:{deaf.getsockname()[1]}")
        await line.command(HangUp())
        assert (await listener.until(LineEnded, patience_s=5)).cause == "hung_up"


@pytest.mark.parametrize(
    ("behaviour", "cause", "code"),
    [("busy", "busy", 486), ("decline", "declined", 603), ("unavailable", "no_answer", 480), ("not_found", "unreachable", 404),
     ("overloaded", "unreachable", 503)],
)  # fmt: skip
async def test_a_refused_call_says_why(line: LineClient, behaviour: str, cause: str, code: int) -> None:
    async with far_end(behaviour) as refusing:
        listener = Listener(line)
        await line.dial(refusing.uri)
        ended = await listener.until(LineEnded)
    assert (ended.cause, ended.sip_code) == (cause, code)


async def test_hanging_up_while_it_rings(line: LineClient) -> None:
    async with far_end("ring") as ringing:
        listener = Listener(line)
        await line.dial(ringing.uri)
        await listener.until(Ringing)
        await line.command(HangUp())
        assert (await listener.until(LineEnded)).cause == "hung_up"
        await ringing.wait_for(lambda told: told.get("state") == "ended")


async def test_a_port_where_nobody_listens_is_unreachable(line: LineClient) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as deaf:
        deaf.bind(("127.0.0.1", 0))
        listener = Listener(line)
        await line.dial(f"sip:nobody@127.0.0.1:{deaf.getsockname()[1]}")
        assert (await listener.until(LineEnded)).cause == "unreachable"


async def test_a_number_without_a_trunk_is_unreachable(line: LineClient) -> None:
    listener = Listener(line)
    await line.dial("+18005551234")
    assert (await listener.until(LineEnded)).cause == "unreachable"


async def test_an_answer_without_audio_ends_the_call(line: LineClient) -> None:
    async with far_end("answer", "--no-rtp") as silent:
        listener = await answered(line, silent)
        assert (await listener.until(LineEnded)).cause == "no_audio"


async def test_early_media_is_heard_before_the_answer(line: LineClient) -> None:
    async with far_end("early", "--tone-hz", "620") as company:
        listener = Listener(line)
        await line.dial(company.uri)
        assert (await listener.until(Ringing)).early_media
        await listener.hear(620, frames=10)
        assert not any(isinstance(fact, Answered) for fact in listener.facts)
        await listener.until(Answered)


async def test_the_company_hangs_up(line: LineClient, company: FarEnd) -> None:
    listener = await answered(line, company)
    company.do("bye")
    assert (await listener.until(LineEnded)).cause == "disconnected"


async def test_hold_and_resume_by_the_company(line: LineClient, company: FarEnd) -> None:
    listener = await answered(line, company)
    await listener.hear(440)
    company.do("hold")
    while any(listener.frames[-10:].any(axis=1)):
        await listener.listen(10)
    company.do("resume")
    await listener.hear(440)
    await line.play("after", tone(1000, 0.6))
    await company.wait_for(lambda told: told.get("heard_hz") == 1000)


async def test_we_hang_up_and_close_twice(line: LineClient, company: FarEnd) -> None:
    listener = await answered(line, company)
    await line.command(HangUp())
    assert (await listener.until(LineEnded)).cause == "hung_up"
    await company.wait_for(lambda told: told.get("state") == "ended")
    await line.close()
    await line.close()


async def test_closing_hangs_up(line: LineClient, company: FarEnd) -> None:
    await answered(line, company)
    await line.close()
    await company.wait_for(lambda told: told.get("state") == "ended")
    assert line.exit_code == 0


async def test_a_killed_line_says_so(line: LineClient, company: FarEnd) -> None:
    listener = await answered(line, company)
    os.kill(line.pid, signal.SIGKILL)
    assert (await listener.until(LineEnded, patience_s=2)).cause == "line_lost"


async def test_a_killed_lines_far_side_gets_its_bye(line: LineClient, company: FarEnd) -> None:
    await answered(line, company)
    os.kill(line.pid, signal.SIGKILL)
    await company.wait_for(lambda told: told.get("state") == "ended", patience_s=2)
    await line.close()
    assert line.farewells == [200]


async def test_an_assertion_in_pjsip_ends_one_call_and_its_far_side_gets_its_bye(company: FarEnd) -> None:
    line = await open_line(SipSettings(), asserting_line.start)
    listener = await answered(line, company)
    os.kill(line.pid, signal.SIGUSR1)  # a thread that PJSIP does not know calls into it
    assert (await listener.until(LineEnded, patience_s=2)).cause == "line_lost"
    await company.wait_for(lambda told: told.get("state") == "ended", patience_s=2)
    await line.close()
    assert (line.exit_code, line.farewells) == (-signal.SIGABRT, [200])


async def test_a_line_killed_in_a_conversation_leaves_nobody_there_and_no_port_taken(company: FarEnd) -> None:
    async with far_end("answer") as phone:
        line = await open_line(SipSettings(devices={"phone": phone.uri}))
        listener = await answered(line, company)
        await line.command(RingDevice(device="phone"))
        await listener.until(DevicePickedUp)
        await line.command(Bridge(device="phone"))
        await listener.until(LegsBridged)
        taken = ports_of(line.pid)
        os.kill(line.pid, signal.SIGKILL)
        for end in (company, phone):
            await end.wait_for(lambda told: told.get("state") == "ended", patience_s=2)
        await line.close()
        assert line.farewells == [200, 200]
    for port in taken:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as again:
            again.bind(("127.0.0.1", port))


def ports_of(pid: int) -> list[int]:
    """The UDP ports that a process has: SIP, and RTP and RTCP of each leg."""
    links = [os.readlink(entry) for entry in Path(f"/proc/{pid}/fd").iterdir()]
    rows = [row.split() for row in Path("/proc/net/udp").read_text().splitlines()[1:]]
    found = [int(row[1].split(":")[1], 16) for row in rows if f"socket:[{row[9]}]" in links]
    assert len(found) >= 5
    return found


async def test_a_line_killed_while_it_rings_stops_the_ringing(line: LineClient) -> None:
    async with far_end("ring") as ringing:
        listener = Listener(line)
        await line.dial(ringing.uri)
        await listener.until(Ringing)
        os.kill(line.pid, signal.SIGKILL)
        assert (await listener.until(LineEnded, patience_s=2)).cause == "line_lost"
        await ringing.wait_for(lambda told: told.get("state") == "ended", patience_s=2)
        await line.close()
        assert line.farewells == [200]


async def test_a_port_that_is_taken_is_a_clear_refusal() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(LineUnavailable, match="in use"):
            await open_line(SipSettings(sip_port=taken.getsockname()[1]))


async def test_company_and_device_hear_each_other(company: FarEnd) -> None:
    async with far_end("answer", "--tone-hz", "880") as phone:
        line = await open_line(SipSettings(devices={"sip_phone": phone.uri}))
        listener = await answered(line, company)
        await line.command(RingDevice(device="sip_phone"))
        assert (await listener.until(DeviceRang)).device == "sip_phone"
        assert (await listener.until(DevicePickedUp)).device == "sip_phone"
        await line.command(Bridge(device="sip_phone"))
        assert (await listener.until(LegsBridged)).device == "sip_phone"
        await phone.wait_for(lambda told: told.get("heard_hz") == 440)
        await company.wait_for(lambda told: told.get("heard_hz") == 880)
        await listener.hear(440)
        phone.do("bye")
        assert await listener.until(DeviceGone) == DeviceGone(device="sip_phone", cause="disconnected", sip_code=200)
        await line.close()
        assert line.exit_code == 0


async def bridged(company: FarEnd, phone: FarEnd) -> tuple[LineClient, Listener]:
    line = await open_line(SipSettings(devices={"me": phone.uri}, refer_transfers=True))
    listener = await answered(line, company)
    await line.command(RingDevice(device="me"))
    await listener.until(DevicePickedUp)
    await line.command(Bridge(device="me", stay=True))
    await listener.until(LegsBridged)
    return line, listener


async def test_both_hear_the_notice_and_both_are_on_the_recording(company: FarEnd, tmp_path: Path) -> None:
    kept = tmp_path / "recordings" / "c1.wav"
    async with far_end("answer", "--tone-hz", "880") as phone:
        line, listener = await bridged(company, phone)
        await line.play("notice", tone(1500, 2.0, amplitude=20_000), both=True)
        await phone.wait_for(lambda told: told.get("heard_hz") == 1500)
        await company.wait_for(lambda told: told.get("heard_hz") == 1500)
        await listener.until(PlaybackEnded)
        await line.command(RecordConversation(path=str(kept)))
        assert await listener.until(RecordingBegan) == RecordingBegan(file="c1.wav")
        await listener.listen(100)
        await line.command(RecordConversation(path=str(kept)))
        await line.close()
        assert line.exit_code == 0
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    with wave.open(str(kept)) as file:
        rate_hz, samples = file.getframerate(), np.frombuffer(file.readframes(file.getnframes()), dtype=np.int16)
    assert (rate_hz, len(samples) >= 8000) == (8000, True)
    spectrum = np.abs(np.fft.rfft(samples[:8000] * np.hanning(8000)))
    for said_hz in (440, 880):
        assert spectrum[said_hz - 2 : said_hz + 3].max() > 100 * np.median(spectrum)


async def test_a_recording_never_replaces_another(company: FarEnd, tmp_path: Path) -> None:
    (tmp_path / "c1.wav").write_bytes(b"somebody else's")
    async with far_end("answer", "--tone-hz", "880") as phone:
        line, listener = await bridged(company, phone)
        await line.command(RecordConversation(path=str(tmp_path / "c1.wav")))
        assert "File exists" in (await listener.until(RecordingBegan)).failure
        await phone.wait_for(lambda told: told.get("heard_hz") == 440)
        await line.close()
    assert (tmp_path / "c1.wav").read_bytes() == b"somebody else's"


async def test_without_a_conversation_there_is_nothing_to_record(line: LineClient, company: FarEnd, tmp_path: Path) -> None:
    listener = await answered(line, company)
    await line.command(RecordConversation(path=str(tmp_path / "c1.wav")))
    assert (await listener.until(RecordingBegan)).failure
    assert not os.listdir(tmp_path)


async def test_a_device_that_does_not_answer_is_cancelled(company: FarEnd) -> None:
    async with far_end("ring") as phone:
        line = await open_line(SipSettings(devices={"sip_phone": phone.uri}))
        listener = await answered(line, company)
        await line.command(RingDevice(device=""))
        await listener.until(DeviceRang)
        await line.command(CancelDevice(device=""))
        assert (await listener.until(DeviceGone)).cause == "hung_up"
        await phone.wait_for(lambda told: told.get("state") == "ended")
        await listener.hear(440)
        await line.close()


async def test_of_two_phones_the_first_to_pick_up_wins(company: FarEnd) -> None:
    async with far_end("ring") as desk, far_end("answer") as mobile:
        line = await open_line(SipSettings(devices={"me": f"{desk.uri} {mobile.uri}"}))
        listener = await answered(line, company)
        await line.command(RingDevice(device="me"))
        await listener.until(DevicePickedUp)
        await desk.wait_for(lambda told: told.get("state") == "ended")
        await line.command(Bridge(device="me"))
        await listener.until(LegsBridged)
        await mobile.wait_for(lambda told: told.get("heard_hz") == 440)
        await line.close()


async def test_legs_that_refer_has_joined_talk_without_the_line(company: FarEnd) -> None:
    async with far_end("answer", "--tone-hz", "880") as phone:
        line = await open_line(SipSettings(devices={"me": phone.uri}, refer_transfers=True))
        listener = await answered(line, company)
        await line.command(RingDevice(device="me"))
        await listener.until(DevicePickedUp)
        await line.command(Bridge(device="me"))
        await listener.until(LegsBridged)
        assert (await listener.until(LineEnded)).cause == "hung_up"
        await line.close()
        company.told.clear()
        phone.told.clear()
        await phone.wait_for(lambda told: told.get("heard_hz") == 440)
        await company.wait_for(lambda told: told.get("heard_hz") == 880)


async def test_a_refused_refer_leaves_them_bridged_here(company: FarEnd) -> None:
    async with far_end("answer", "--tone-hz", "880", "--no-refer") as strict, far_end("answer", "--tone-hz", "620") as phone:
        line = await open_line(SipSettings(devices={"me": phone.uri}, refer_transfers=True))
        listener = await answered(line, strict)
        await line.command(RingDevice(device="me"))
        await listener.until(DevicePickedUp)
        await line.command(Bridge(device="me"))
        await listener.until(LegsBridged)
        for _ in range(15):
            await phone.wait_for(lambda told: told.get("heard_hz") == 880)
        await line.close()


async def test_a_cancelled_device_rings_again(line: LineClient, company: FarEnd) -> None:
    """The order to ring again may come before the phone has confirmed that it no longer rings."""
    async with far_end("ring") as phone:
        listener = await answered(line, company)
        await line.command(RingDevice(device=phone.uri))
        await listener.until(DeviceRang)
        await line.command(CancelDevice(device=phone.uri))
        await line.command(RingDevice(device=phone.uri))
        await listener.until(DeviceRang)
        assert not any(isinstance(fact, DeviceGone) for fact in listener.facts)
        states = [told["state"] for told in phone.told if "state" in told]
        assert states == ["incoming", "ended", "incoming"]
        await line.command(CancelDevice(device=phone.uri))
        assert (await listener.until(DeviceGone)).cause == "hung_up"


async def test_an_unknown_device_is_gone_at_once(line: LineClient, company: FarEnd) -> None:
    listener = await answered(line, company)
    await line.command(RingDevice(device="nowhere"))
    assert (await listener.until(DeviceGone)).cause == "unreachable"
