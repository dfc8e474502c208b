"""Two known prompts begin with the same words: the one that is expected is believed until it is lost."""

from __future__ import annotations

from call_engine.core.facts import Lost, Recognised
from call_engine.core.happenings import RecordingLost, RecordingRecognised
from call_engine.core.hearing import Hearing
from call_engine.core.outbox import Outbox
from line_audio.segments import Label, SegmentOpened

S = 8000


def hears_both() -> Hearing:
    hearing = Hearing(Outbox())
    hearing.lengths |= {"step:main": 13 * S, "step:sub": 8 * S}
    hearing.expected = "step:main"
    hearing.feed(int(1.2 * S), SegmentOpened(label=Label.SPEECH, start_sample=S, at_sample=int(1.2 * S)))
    assert recognised(hearing, "step:main") == ["step:main"]
    return hearing


def recognised(hearing: Hearing, recording_id: str) -> list[str]:
    told = hearing.feed(2 * S, RecordingRecognised(recording_id=recording_id, start_sample=S, position_ms=900, score=0.6))
    return [fact.recording_id for fact in told if isinstance(fact, Recognised)]


def test_one_that_is_not_expected_is_not_told_while_the_expected_one_plays() -> None:
    hearing = hears_both()
    assert recognised(hearing, "step:sub") == []
    assert hearing.feed(3 * S, RecordingLost(recording_id="step:sub")) == []
    assert hearing.turn is not None
    assert hearing.turn.recording_id == "step:main"


def test_when_the_expected_one_is_lost_it_was_the_other() -> None:
    hearing = hears_both()
    recognised(hearing, "step:sub")
    lost, other = hearing.feed(3 * S, RecordingLost(recording_id="step:main"))
    assert isinstance(lost, Lost)
    assert isinstance(other, Recognised)
    assert other.recording_id == "step:sub"
    assert hearing.turn is not None
    assert hearing.turn.recording_id == "step:sub"
