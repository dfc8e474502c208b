"""A bridged conversation is recorded only where it was asked for and both sides were told."""

from __future__ import annotations

from call_contract.call_events import CallBridged, CallEnded, RecordingEnded, RecordingFailed, RecordingStarted
from call_engine.core import effects as do
from call_engine.core import happenings as hap
from call_engine.core.brain import Brain
from call_engine.core.plan import Explore, Plan
from call_engine.core.settings import CoreSettings

from tests.support.scripted_call import WordSimilarity

GOAL = Explore(phone_number="+18005551234", intent="a person")


class Conversation:
    """A call that was ordered to be bridged, and is."""

    def __init__(self, plan: Plan) -> None:
        self._brain = Brain(plan, call_id="c1", similarity=WordSimilarity(), settings=CoreSettings(recording_notice_text="Recorded."))
        self.effects = self._brain.start()
        self.ms = 0
        for happening in (
            hap.Answered(codec="PCMU"), hap.TransferOrdered(device="phone"), hap.DevicePickedUp(device="phone"),
            hap.LegsBridged(device="phone"),
        ):  # fmt: skip
            self.feed(happening)

    def feed(self, happening: hap.AnyHappening) -> None:
        self.ms += 1000
        self.effects += self._brain.feed(self.ms * 8, happening)

    @property
    def notices(self) -> list[do.Play]:
        return [effect for effect in self.effects if isinstance(effect, do.Play)]

    @property
    def records(self) -> bool:
        return any(isinstance(effect, do.RecordConversation) for effect in self.effects)

    @property
    def events(self) -> list[object]:
        return [effect.event for effect in self.effects if isinstance(effect, do.Record)]

    def of(self, kind: type) -> list[object]:
        return [event for event in self.events if isinstance(event, kind)]


def test_nothing_is_recorded_unless_it_was_asked_for() -> None:
    call = Conversation(Plan(goal=GOAL))
    assert call.of(CallBridged)
    assert not call.notices
    assert not call.records


def test_both_are_told_before_anything_is_recorded() -> None:
    call = Conversation(Plan(goal=GOAL, record_conversation=True))
    (notice,) = call.notices
    assert (notice.text, notice.both) == ("Recorded.", True)
    assert not call.records
    call.feed(hap.PlaybackEnded(playback_id=notice.playback_id))
    assert call.records
    assert not call.of(RecordingStarted)
    call.feed(hap.RecordingBegan(file="c1.wav"))
    assert call.of(RecordingStarted) == [RecordingStarted(at_ms=call.ms, announced="Recorded.", file="c1.wav")]
    began = call.ms
    call.feed(hap.LineEnded(cause="disconnected"))
    assert call.of(RecordingEnded) == [RecordingEnded(at_ms=call.ms, file="c1.wav", duration_ms=call.ms - began)]
    assert isinstance(call.events[-1], CallEnded)


def test_who_could_not_be_told_is_not_recorded() -> None:
    call = Conversation(Plan(goal=GOAL, record_conversation=True))
    call.feed(hap.PlaybackEnded(playback_id=call.notices[0].playback_id, completed=False))
    assert not call.records
    assert call.of(RecordingFailed)
    silent = Conversation(Plan(goal=GOAL, record_conversation=True, may_speak=False))
    assert not silent.notices
    assert silent.of(RecordingFailed)


def test_a_file_that_cannot_be_written_is_told_and_the_conversation_goes_on() -> None:
    call = Conversation(Plan(goal=GOAL, record_conversation=True))
    call.feed(hap.PlaybackEnded(playback_id=call.notices[0].playback_id))
    call.feed(hap.RecordingBegan(failure="the disk is full"))
    assert [event.reason for event in call.of(RecordingFailed)] == ["the disk is full"]  # type: ignore[attr-defined]
    call.feed(hap.LineEnded(cause="disconnected"))
    assert not call.of(RecordingEnded)
