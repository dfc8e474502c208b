"""The person's phone rings; whether it is picked up or not, the human at the other end is never left in silence, and the end is defined."""

from __future__ import annotations

import itertools
from typing import TypeVar

import pytest
from call_contract import call_events as ev
from call_engine.core import effects as do
from call_engine.core import happenings as hap
from call_engine.core.brain import Brain, CallState
from call_engine.core.plan import Explore, Limits, Plan
from call_engine.core.settings import CoreSettings
from line_audio.segments import Label, SegmentOpened

from tests.support.scripted_call import WordSimilarity

GOAL = Explore(phone_number="+18005551234", intent="a person")
WAIT, SORRY = "Please hold on.", "I am sorry."
FRAME = 160
T = TypeVar("T")


class Transferring:
    """A call that is to be put through, in silence, on a line whose playbacks take two seconds."""

    def __init__(self, *, plays: bool = True, answers_playback: bool = True, plan: Plan | None = None) -> None:
        settings = CoreSettings(hold_the_line_text=WAIT, apology_text=SORRY)
        self.brain = Brain(plan or Plan(goal=GOAL, device="phone"), call_id="c1", similarity=WordSimilarity(), settings=settings)
        self.done: list[tuple[float, do.AnyEffect]] = []
        self.now = 0
        self._plays, self._answers = plays, answers_playback
        self._over: list[tuple[int, str]] = []  #: playbacks: when each ends
        self._take(self.brain.start())
        self.feed(hap.Answered(codec="PCMU"))

    def feed(self, happening: hap.AnyHappening) -> None:
        self._take(self.brain.feed(self.now, happening))

    def run(self, seconds: float) -> None:
        end = self.now + int(seconds * 8000)
        while self.now < end and self.brain.state is not CallState.ENDED:
            self.now += FRAME
            while self._over and self._over[0][0] <= self.now:
                self.feed(hap.PlaybackEnded(playback_id=self._over.pop(0)[1], completed=self._plays))
            self.feed(hap.Tick(level_dbm0=-90.0))

    def _take(self, effects: list[do.AnyEffect]) -> None:
        for effect in effects:
            self.done.append((self.now / 8000, effect))
            if isinstance(effect, do.Play) and self._answers:
                self._over.append((self.now + (16_000 if self._plays else FRAME), effect.playback_id))
            if isinstance(effect, do.HangUp):
                self.feed(hap.LineEnded(cause="hung_up"))

    def times(self, kind: type, **fields: object) -> list[float]:
        return [at for at, effect in self.done if isinstance(effect, kind) and all(getattr(effect, k) == v for k, v in fields.items())]

    def events(self, kind: type[T]) -> list[T]:
        return [effect.event for _, effect in self.done if isinstance(effect, do.Record) and isinstance(effect.event, kind)]


def test_picked_up_it_is_bridged_at_once() -> None:
    call = Transferring()
    call.feed(hap.TransferOrdered())
    call.run(3)
    call.feed(hap.DevicePickedUp(device="phone"))
    assert call.times(do.Bridge, device="phone") == [3.0]
    call.feed(hap.LegsBridged(device="phone"))
    assert [bridged.latency_ms for bridged in call.events(ev.CallBridged)] == [0]


def test_nobody_picks_up() -> None:
    call = Transferring()
    call.feed(hap.TransferOrdered())
    call.run(120)
    assert [round(at) for at in call.times(do.RingDevice, device="phone")] == [0, 30]
    assert [round(at) for at in call.times(do.CancelDevice, device="phone")] == [30, 60]
    assert [failed.reason for failed in call.events(ev.TransferFailed)] == ["no_answer", "no_answer"]
    said = call.times(do.Play)
    assert said[0] < 1.5
    assert max(later - earlier for earlier, later in itertools.pairwise(said)) < 13
    (sorry,) = call.times(do.Play, text=SORRY)
    (hung_up,) = call.times(do.HangUp)
    assert 60 <= sorry < hung_up == pytest.approx(sorry + 2, abs=0.1)
    (ended,) = call.events(ev.CallEnded)
    assert (ended.outcome, ended.reason) == ("human_not_bridged", "nobody picked up: no_answer")


@pytest.mark.parametrize(("how", "after_s"), [({"plays": False}, 0.1), ({"answers_playback": False}, 15.1)])
def test_without_a_voice_the_call_ends_all_the_same(how: dict[str, bool], after_s: float) -> None:
    call = Transferring(**how)
    call.feed(hap.TransferOrdered())
    call.run(120)
    assert call.times(do.HangUp)[0] - call.times(do.Play, text=SORRY)[0] <= after_s
    assert call.events(ev.CallEnded)[0].outcome == "human_not_bridged"


def test_a_call_that_may_not_speak_ends_at_once() -> None:
    call = Transferring(plan=Plan(goal=GOAL, device="phone", may_speak=False))
    call.feed(hap.TransferOrdered())
    call.run(120)
    assert not call.times(do.Play)
    assert call.times(do.HangUp) == [pytest.approx(60, abs=0.1)]


def test_a_busy_phone_is_tried_again_a_little_later() -> None:
    call = Transferring()
    call.feed(hap.TransferOrdered())
    call.run(1)
    call.feed(hap.DeviceGone(device="phone", cause="busy", sip_code=486))
    call.run(20)
    first, second = call.times(do.RingDevice)
    assert 8 <= second - first <= 12
    call.feed(hap.DevicePickedUp(device="phone"))
    assert call.times(do.Bridge)


def test_a_phone_without_sound_is_given_up() -> None:
    call = Transferring()
    call.feed(hap.TransferOrdered())
    call.feed(hap.DevicePickedUp(device="phone"))
    call.run(6)
    assert call.times(do.CancelDevice)
    assert [failed.reason for failed in call.events(ev.TransferFailed)] == ["it was picked up, but no sound came"]


def test_a_phone_that_rang_early_is_bridged_when_somebody_is_there() -> None:
    call = Transferring(plan=Plan(goal=GOAL, device="phone", ring_early=True))
    call.run(1)
    call.feed(SegmentOpened(label=Label.MUSIC, start_sample=call.now, at_sample=call.now))
    call.run(15)
    assert call.times(do.RingDevice, device="phone")
    assert [started.reason for started in call.events(ev.TransferStarted)] == ["early"]
    call.feed(hap.DevicePickedUp(device="phone"))
    call.run(2)
    assert not call.times(do.Bridge)
    call.feed(hap.TransferOrdered())
    assert call.times(do.Bridge) == [call.now / 8000]


def test_a_conversation_is_not_longer_than_a_call_may_be() -> None:
    call = Transferring(plan=Plan(goal=GOAL, device="phone", limits=Limits(max_call_s=600)))
    call.feed(hap.TransferOrdered())
    call.feed(hap.DevicePickedUp(device="phone"))
    call.feed(hap.LegsBridged(device="phone"))
    call.run(700)
    assert call.times(do.HangUp) == [pytest.approx(600, abs=0.1)]
    (ended,) = call.events(ev.CallEnded)
    assert (ended.outcome, ended.reason) == ("bridged", "the call reached its limit of 600 s")


def test_what_crosses_the_cancelling_of_a_silent_phone_is_no_bridge() -> None:
    call = Transferring()
    call.feed(hap.TransferOrdered())
    call.run(1)
    call.feed(hap.DevicePickedUp(device="phone"))
    call.run(6)
    assert call.times(do.CancelDevice, device="phone")
    call.feed(hap.LegsBridged(device="phone"))
    call.feed(hap.DeviceGone(device="phone", cause="hung_up"))
    call.run(10)
    assert not call.events(ev.CallBridged)
    assert len(call.times(do.RingDevice, device="phone")) == 2


def test_a_pick_up_behind_the_apology_changes_nothing() -> None:
    call = Transferring(answers_playback=False)
    call.feed(hap.TransferOrdered())
    call.run(62)
    call.feed(hap.DevicePickedUp(device="phone"))
    call.run(60)
    assert len(call.times(do.Play, text=SORRY)) == 1
    assert not call.times(do.Bridge)


@pytest.mark.parametrize("after_s", [3, 61])
def test_another_phone_may_be_ordered_while_one_is_not_picked_up(after_s: int) -> None:
    call = Transferring(answers_playback=False)
    call.feed(hap.TransferOrdered())
    call.run(after_s)
    call.feed(hap.TransferOrdered(device="desk"))
    call.feed(hap.DeviceGone(device="phone", cause="hung_up"))
    call.run(2)
    call.feed(hap.DevicePickedUp(device="desk"))
    assert call.times(do.Bridge, device="desk")
