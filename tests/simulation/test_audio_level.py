"""The design's own example with real hearing: the shipped bank's sound through a bad line, in virtual time."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from call_engine.core.plan import Explore, Plan
from ivr_sim.channel import ChannelKind
from ivr_sim.script import Hold, load
from ivr_sim.voice import Voices
from ivr_sim.world import World

from tests.simulation.campaign import Campaign, audio_level
from tests.support.kept_similarity import KeptSimilarity
from tests.support.sound_line import sound_lines
from tests.support.virtual_call import CallRecord, VirtualCall

SIMILARITY = KeptSimilarity(Path(".cache") / "simulation" / "similarity")


def chase_bank() -> World:
    script = load("chase_bank")
    hold = script.nodes["hold"]
    assert isinstance(hold, Hold)
    nodes = {**script.nodes, "hold": msgspec.structs.replace(hold, wait_s=25.0)}
    return World(
        script=msgspec.structs.replace(script, nodes=nodes), intent="dispute a charge", target="agent",
        presses=(("main_menu", "3"), ("account_services", "1")),
    )  # fmt: skip


@pytest.mark.parametrize("codec", ["mulaw", "alaw"])
def test_chase_bank_is_explored_learned_and_followed(codec: str, tmp_path: Path) -> None:
    channel = ChannelKind(codec=codec, noise_dbm0=-50.0, loss=0.01)
    make_call = audio_level(SIMILARITY, Voices(cache=tmp_path), channel)
    report = Campaign(chase_bank(), make_call, drifting=False).run()
    assert not report.failures, report.failures[0].why + "\n" + "\n".join(report.failures[0].transcript)
    assert report.reached_first
    assert report.flow_right
    assert report.reproduced


def test_sound_heard_ahead_is_heard_as_frame_by_frame(tmp_path: Path) -> None:
    channel = ChannelKind(codec="mulaw", noise_dbm0=-50.0, loss=0.01)
    world, voices = chase_bank(), Voices(cache=tmp_path)
    plan = Plan(goal=Explore(phone_number=world.script.number, intent=world.intent, company=world.script.name))

    def call(ahead_frames: int) -> CallRecord:
        lines = sound_lines(voices, channel, 5, ahead_frames)
        return VirtualCall(world, plan, SIMILARITY, call_id="c", open_line=lines, every_tick=ahead_frames == 1).run()

    ahead, frame_by_frame = call(50), call(1)
    assert ahead.log == frame_by_frame.log
    assert ahead.path == frame_by_frame.path
