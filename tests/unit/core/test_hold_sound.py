"""Everything that plays on hold is kept, as one recording across its announcements; what is known already, or may be a human, is not."""

from __future__ import annotations

import pytest
from call_engine.core.effects import KeepRecording
from call_engine.core.facts import Turn, TurnEnded
from call_engine.core.happenings import RecordingLost, RecordingRecognised, Tick
from call_engine.core.holding.hold import Hold
from call_engine.core.holding.hold_sound import HoldSound
from call_engine.core.holding.listening import Listener
from call_engine.core.kit import Kit, make_kit
from call_engine.core.plan import Explore, Plan
from call_engine.core.settings import CoreSettings
from call_engine.core.turn_taking.patience import HOLDING
from call_engine.core.utterance import understand
from line_audio.segments import Label, Segment, SegmentClosed, SegmentOpened

from tests.support.scripted_call import WordSimilarity

S = 8000
PLAN = Plan(goal=Explore(phone_number="+18005551234", intent="a person"), may_speak=False)


class _Line:
    def __init__(self) -> None:
        self.kit: Kit = make_kit(PLAN, CoreSettings(), WordSimilarity(), "", "")
        self.kit.hearing.patience = HOLDING
        self.sound = HoldSound(self.kit, 0)
        self.candidate: int | None = None

    def hears(self, happening: object) -> None:
        self.kit.hearing.feed(self.kit.now, happening)  # type: ignore[arg-type]

    def goes_on(self, until_s: float) -> None:
        while self.kit.now < until_s * S:
            self.kit.outbox.now += 160
            self.hears(Tick())
            self.sound.tick(self.candidate)

    def music(self, until_s: float) -> None:
        start = self.kit.now
        self.hears(SegmentOpened(label=Label.MUSIC, start_sample=start, at_sample=start))
        self.goes_on(until_s)
        segment = Segment(label=Label.MUSIC, start_sample=start, end_sample=self.kit.now)
        self.hears(SegmentClosed(segment=segment, at_sample=self.kit.now))

    def kept(self) -> list[tuple[str, float, float, float]]:
        effects = [one for one in self.kit.outbox.take() if isinstance(one, KeepRecording)]
        return [(one.recording_id, (one.start_sample + one.lead) / S, one.end_sample / S, one.gap / S) for one in effects]


def test_what_goes_on_is_one_recording_that_grows() -> None:
    line = _Line()
    line.music(45.0)
    assert line.kept() == [("music:1", 0.0, 20.0, 0.0), ("music:1", 20.0, 40.0, 0.0)]
    line.goes_on(50.0)
    assert line.kept() == [("music:1", 40.0, 45.0, 0.0)]
    assert line.kit.hearing.lengths["music:1"] == 45 * S


def test_an_announcement_is_a_gap_in_it() -> None:
    line = _Line()
    line.music(20.0)
    line.sound.announced(20 * S, 26 * S, candidate=None)
    line.goes_on(26.0)
    line.music(32.0)
    line.goes_on(36.0)
    assert line.kept() == [("music:1", 0.0, 20.0, 0.0), ("music:1", 26.0, 32.0, 6.0)]


def test_what_is_known_is_not_kept_again() -> None:
    line = _Line()
    line.hears(RecordingRecognised(recording_id="hold:a:1", start_sample=0, position_ms=1000, score=0.9, length_ms=60_000))
    line.music(30.0)
    line.hears(RecordingLost(recording_id="hold:a:1"))
    line.music(52.0)
    (kept,) = line.kept()
    assert kept == ("music:1", 29.0, 49.0, 0.0)


def test_who_may_be_a_human_is_not_kept() -> None:
    line = _Line()
    line.candidate = 15 * S
    line.music(26.0)
    line.goes_on(28.0)
    assert line.kept() == [("music:1", 0.0, 15.0, 0.0)]


def test_silence_is_not_kept() -> None:
    line = _Line()
    line.music(6.0)
    line.goes_on(40.0)
    line.music(50.0)
    line.goes_on(52.0)
    assert [(start, end) for _, start, end, _ in line.kept()] == [(0.0, 6.0), (40.0, 50.0)]


def test_there_is_an_end_to_it() -> None:
    line = _Line()
    line.music(1500.0)
    kept = line.kept()
    assert sum(end - start for _, start, end, _ in kept) <= 15 * 60 + 20
    assert max(line.kit.hearing.lengths.values()) <= 320 * S


class _Keeping(_Line):
    """The ear answers at once: a fingerprint tells what was kept."""

    def goes_on(self, until_s: float) -> None:
        super().goes_on(until_s)
        for kept in self.kept():
            prints = self.kit.prompts.fingerprints
            prints[kept[0]] = f"{prints.get(kept[0], '')} {kept[1]:g}-{kept[2]:g}".strip()

    def speech(self, until_s: float) -> None:
        start = self.kit.now
        self.hears(SegmentOpened(label=Label.SPEECH, start_sample=start, at_sample=start))
        self.candidate = start if self.candidate is None else self.candidate
        self.goes_on(until_s)
        segment = Segment(label=Label.SPEECH, start_sample=start, end_sample=self.kit.now)
        self.hears(SegmentClosed(segment=segment, at_sample=self.kit.now))


def test_what_may_have_been_a_human_is_known_on_this_call_and_not_learned() -> None:
    line = _Keeping()
    line.music(20.0)
    line.speech(43.0)
    assert line.kit.prompts.fingerprints == {"music:1": "0-20 20-40"}
    assert list(line.sound.fingerprints.values()) == ["0-20"]


def test_where_nothing_but_perhaps_a_human_was_heard_nothing_is_learned() -> None:
    line = _Keeping()
    line.speech(43.0)
    assert line.kit.prompts.fingerprints == {"music:1": "0-20 20-40"}
    assert list(line.sound.fingerprints.values()) == []


def test_behind_which_the_hold_goes_on_as_before_it_was_a_recording() -> None:
    line = _Keeping()
    line.speech(43.0)
    line.candidate = None
    line.sound.none_was_human()
    assert list(line.sound.fingerprints.values()) == ["0-20 20-40"]


def test_an_announcement_behind_somebody_who_may_have_been_a_human_does_not_clear_him() -> None:
    line = _Keeping()
    line.speech(6.0)
    line.goes_on(7.0)
    line.sound.announced(7 * S, 9 * S, candidate=line.candidate)
    line.goes_on(7.02)
    assert line.kit.prompts.fingerprints == {"music:1": "0-7"}
    assert list(line.sound.fingerprints.values()) == []
    line.sound.announced(12 * S, 14 * S, candidate=None)
    assert list(line.sound.fingerprints.values()) == ["0-7"]


def test_words_as_of_a_human_are_learned_once_the_hold_goes_on() -> None:
    line = _Keeping()
    line.speech(6.0)
    line.candidate = None
    line.sound.words_as_of_a_human(0)
    line.goes_on(9.0)
    line.sound.announced(9 * S, 12 * S, candidate=None)
    assert list(line.sound.fingerprints.values()) == []
    line.sound.none_was_human()
    assert list(line.sound.fingerprints.values()) == ["0-6"]


@pytest.mark.parametrize("said", ["Let me see.", "Right, let me just have a look."])
def test_an_announcement_is_not_kept_from_the_last_words_of_who_may_have_been_a_human_on(said: str) -> None:
    """Whether that is suspected or only sounds like it."""
    kit = make_kit(PLAN, CoreSettings(), WordSimilarity(), "", "")
    hold = Hold(kit, Listener(kit), "silence", since=0)
    announced = "All of our agents are busy, your call will be answered in the order it was received."
    for number, start_s, end_s, text in ((1, 20, 22, said), (2, 23, 29, announced)):
        kit.outbox.now = (end_s + 1) * S
        hold.heard(TurnEnded(Turn(number=number, start=start_s * S, end=end_s * S, text=text, utterance=understand(text))))
    (kept,) = [one for one in kit.outbox.take() if isinstance(one, KeepRecording) and one.recording_id.startswith("hold:")]
    assert (kept.start_sample, kept.end_sample) == (22 * S, 29 * S)
