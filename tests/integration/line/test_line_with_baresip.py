"""A human's phone that nobody here wrote: baresip as the device. Skipped unless CALL_FLOWS_INTEROP=1."""

from __future__ import annotations

from pathlib import Path

from call_engine.core.effects import Bridge, CancelDevice, HangUp, RingDevice
from call_engine.core.happenings import Answered, DeviceGone, DevicePickedUp, DeviceRang, LegsBridged, LineEnded
from call_engine.line.client import open_line
from call_engine.line.settings import SipSettings

from tests.support.baresip import baresip
from tests.support.debian_peers import peer
from tests.support.line_calls import Listener, far_end, loudest_hz


async def test_company_and_baresip_hear_each_other(tmp_path: Path) -> None:
    program = peer("baresip")
    async with far_end("answer", "--tone-hz", "440") as company:
        async with baresip(program, tmp_path, 880) as phone:
            line = await open_line(SipSettings(devices={"phone": phone.uri}))
            listener = Listener(line)
            await line.dial(company.uri)
            await listener.until(Answered)
            await line.command(RingDevice(device="phone"))
            await listener.until(DevicePickedUp)
            await line.command(Bridge(device="phone"))
            await listener.until(LegsBridged)
            for _ in range(10):
                await company.wait_for(lambda told: told.get("heard_hz") == 880)
            await listener.hear(440)
            await line.command(HangUp())
            await listener.until(LineEnded)
            await listener.until(DeviceGone)
            await line.close()
        assert loudest_hz(phone.heard()[-6000:]) == 440


async def test_of_two_phones_that_ring_the_one_that_is_picked_up_wins(tmp_path: Path) -> None:
    program = peer("baresip")
    async with (
        far_end("answer") as company,
        baresip(program, tmp_path / "desk", 880, answers=False) as desk,
        baresip(program, tmp_path / "mobile", 660) as mobile,
    ):
        line = await open_line(SipSettings(devices={"both": f"{desk.uri} {mobile.uri}"}))
        listener = Listener(line)
        await line.dial(company.uri)
        await listener.until(Answered)
        await line.command(RingDevice(device="both"))
        await listener.until(DevicePickedUp)
        await line.command(Bridge(device="both"))
        await listener.until(LegsBridged)
        for _ in range(5):
            await company.wait_for(lambda told: told.get("heard_hz") == 660)
        await line.command(HangUp())
        await listener.until(LineEnded)
        await listener.until(DeviceGone)
        await line.close()


async def test_a_phone_that_is_not_picked_up_is_cancelled(tmp_path: Path) -> None:
    program = peer("baresip")
    async with far_end("answer") as company, baresip(program, tmp_path, 880, answers=False) as phone:
        line = await open_line(SipSettings(devices={"phone": phone.uri}))
        listener = Listener(line)
        await line.dial(company.uri)
        await listener.until(Answered)
        await line.command(RingDevice(device="phone"))
        await listener.until(DeviceRang)
        await line.command(CancelDevice(device="phone"))
        gone = await listener.until(DeviceGone)
        assert (gone.cause, gone.sip_code) == ("hung_up", 487)
        await line.command(RingDevice(device="phone"))
        await listener.until(DeviceRang)
        await line.close()


async def test_a_conversation_encrypted_with_srtp(tmp_path: Path) -> None:
    program = peer("baresip")
    async with far_end("answer", "--tone-hz", "440", "--srtp") as company, baresip(program, tmp_path, 880, encrypts=True) as phone:
        line = await open_line(SipSettings(devices={"phone": phone.uri}, srtp=True, srtp_required=True))
        listener = Listener(line)
        await line.dial(company.uri)
        await listener.until(Answered)
        await line.command(RingDevice(device="phone"))
        await listener.until(DevicePickedUp)
        await line.command(Bridge(device="phone"))
        await listener.until(LegsBridged)
        for _ in range(5):
            await company.wait_for(lambda told: told.get("heard_hz") == 880)
        await line.command(HangUp())
        await listener.until(LineEnded)
        await listener.until(DeviceGone)
        await line.close()
