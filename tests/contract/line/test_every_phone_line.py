"""What the engine counts on from any PhoneLine, run on the real one and on the fake that the engine's own tests use."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import numpy as np
import pytest
from call_engine.core.effects import Bridge, DtmfProfile, HangUp, Press, RecordConversation, RingDevice
from call_engine.core.happenings import (
    Answered,
    DevicePickedUp,
    DeviceRang,
    DigitsDelivered,
    LegsBridged,
    LineEnded,
    PlaybackEnded,
    RecordingBegan,
    Ringing,
)
from call_engine.line.client import open_line
from call_engine.line.settings import SipSettings
from call_engine.ports import PhoneLine

from tests.support.line_calls import Listener, far_end, tone
from tests.support.scripted_line import ScriptedLine

World = Callable[[], AbstractAsyncContextManager[tuple[PhoneLine, str]]]


@asynccontextmanager
async def real() -> AsyncIterator[tuple[PhoneLine, str]]:
    async with far_end("answer", "--tone-hz", "440") as company, far_end("answer") as phone:
        line = await open_line(SipSettings(devices={"phone": phone.uri}))
        try:
            yield line, company.uri
        finally:
            await line.close()


@asynccontextmanager
async def scripted() -> AsyncIterator[tuple[PhoneLine, str]]:
    yield ScriptedLine(heard=tone(440, 60)), "sip:company@example"


@pytest.fixture(params=[real, scripted])
async def called(request: pytest.FixtureRequest) -> AsyncIterator[Listener]:
    """A line that the company has answered."""
    world: World = request.param
    async with world() as (line, target):
        assert await line.poll() == ((), pytest.approx(np.zeros((0, 160))))
        listener = Listener(line)
        await line.dial(target)
        await listener.until(Ringing)
        await listener.until(Answered)
        yield listener


async def test_frames_are_20_ms_of_sound(called: Listener) -> None:
    await called.hear(440)
    assert called.frames.dtype == np.int16
    assert called.frames.shape[1] == 160


@pytest.mark.parametrize("profile", [DtmfProfile.RFC4733, DtmfProfile.INBAND])
async def test_presses_are_delivered_in_order_as_ordered(called: Listener, profile: DtmfProfile) -> None:
    await called.line.command(Press(digits="12", profile=profile))
    await called.line.command(Press(digits="#", profile=profile))
    assert await called.until(DigitsDelivered) == DigitsDelivered(digits="12", profile=profile.value)
    assert await called.until(DigitsDelivered) == DigitsDelivered(digits="#", profile=profile.value)


async def test_what_is_played_ends(called: Listener) -> None:
    await called.line.play("hello", tone(1000, 0.1))
    assert await called.until(PlaybackEnded) == PlaybackEnded(playback_id="hello", completed=True)


async def test_a_device_rings_picks_up_and_is_bridged_and_frames_go_on(called: Listener) -> None:
    await called.line.command(RingDevice(device="phone"))
    assert (await called.until(DeviceRang, DevicePickedUp)).device == "phone"
    await called.until(DevicePickedUp)
    await called.line.command(Bridge(device="phone"))
    assert (await called.until(LegsBridged)).device == "phone"
    assert len(await called.listen(5)) >= 5


async def test_a_bridged_conversation_is_recorded(called: Listener, tmp_path: Path) -> None:
    await called.line.command(RingDevice(device="phone"))
    await called.until(DevicePickedUp)
    await called.line.command(Bridge(device="phone", stay=True))
    await called.until(LegsBridged)
    await called.line.play("notice", tone(1000, 0.1), both=True)
    assert await called.until(PlaybackEnded) == PlaybackEnded(playback_id="notice", completed=True)
    await called.line.command(RecordConversation(path=str(tmp_path / "c1.wav")))
    assert await called.until(RecordingBegan) == RecordingBegan(file="c1.wav")


async def test_hanging_up_ends_facts_and_frames_and_closing_twice_is_allowed(called: Listener) -> None:
    await called.line.command(HangUp())
    assert (await called.until(LineEnded)).cause == "hung_up"
    await called.line.poll()
    facts, frames = await called.line.poll()
    assert not facts
    assert not len(frames)
    await called.line.close()
    await called.line.close()
