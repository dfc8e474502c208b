"""Turns on hold: where a known recording ends somebody else speaks, and an answer that comes late replaces nothing newer."""

from __future__ import annotations

from call_engine.core.effects import Transcribe
from call_engine.core.facts import TurnBegan, TurnEnded
from call_engine.core.happenings import RecordingLost, RecordingRecognised, Tick, Transcribed
from call_engine.core.hearing import Hearing
from call_engine.core.outbox import Outbox
from call_engine.core.turn_taking.patience import HOLDING
from line_audio.segments import Label, Segment, SegmentClosed, SegmentOpened

S = 8000


class _Line:
    """Speaks by the sample clock and keeps what hearing made of it."""

    def __init__(self) -> None:
        self.outbox = Outbox()
        self.hearing = Hearing(self.outbox)
        self.hearing.patience = HOLDING
        self.facts: list[object] = []
        self.at = 0

    def tells(self, happening: object) -> None:
        self.facts += self.hearing.feed(self.at, happening)  # type: ignore[arg-type]

    def goes_on(self, until_s: float, level_dbm0: float = -20.0) -> None:
        while self.at < until_s * S:
            self.at += 160
            self.tells(Tick(level_dbm0=level_dbm0))

    def speech(self, begins_s: float) -> None:
        self.tells(SegmentOpened(label=Label.SPEECH, start_sample=int(begins_s * S), at_sample=self.at))

    def pause(self, begins_s: float, since_s: float) -> None:
        segment = Segment(label=Label.SPEECH, start_sample=int(begins_s * S), end_sample=int(since_s * S))
        self.tells(SegmentClosed(segment=segment, at_sample=self.at))

    def asked(self) -> list[Transcribe]:
        return [effect for effect in self.outbox.take() if isinstance(effect, Transcribe)]

    def answers(self, request: Transcribe, text: str) -> None:
        self.tells(Transcribed(request_id=request.request_id, start_sample=request.start_sample, end_sample=request.end_sample, text=text))


def _line_with_a_known_recording() -> _Line:
    line = _Line()
    line.hearing.lengths["hold:1"] = 4 * S
    line.goes_on(1.3)
    line.speech(1.0)
    line.goes_on(2.0)
    line.tells(RecordingRecognised(recording_id="hold:1", start_sample=1 * S, position_ms=1000, score=0.9))
    return line


def test_who_goes_on_without_a_pause_behind_a_known_recording_is_another_turn() -> None:
    line = _line_with_a_known_recording()
    line.goes_on(7.0)
    ended = [fact.turn for fact in line.facts if isinstance(fact, TurnEnded)]
    began = [fact.turn for fact in line.facts if isinstance(fact, TurnBegan)]
    assert [turn.recording_id for turn in ended] == ["hold:1"]
    assert began[-1].start == 5 * S
    assert not began[-1].recording_id


def test_a_known_recording_without_a_pause_behind_it_lasted_as_long_as_it_is_known_to() -> None:
    line = _line_with_a_known_recording()
    line.goes_on(7.0)
    (ended,) = [fact.turn for fact in line.facts if isinstance(fact, TurnEnded)]
    assert (ended.start, ended.end) == (1 * S, 5 * S)


def test_music_that_goes_on_behind_a_known_announcement_is_known_too() -> None:
    line = _Line()
    line.hearing.lengths |= {"hold:1": 4 * S, "hold:2": 30 * S}
    line.goes_on(1.3)
    line.speech(1.0)
    line.goes_on(2.0)
    for known, start in (("hold:2", 0), ("hold:1", 1 * S)):
        line.tells(RecordingRecognised(recording_id=known, start_sample=start, position_ms=1000, score=0.9))
    line.goes_on(7.0)
    began = [fact.turn for fact in line.facts if isinstance(fact, TurnBegan)]
    assert began[-1].start == 5 * S
    assert began[-1].recording_id == "hold:2"


def test_music_that_is_recognised_behind_an_announcement_does_not_make_it_known() -> None:
    line = _Line()
    line.hearing.lengths["music:1"] = 30 * S
    line.goes_on(1.2)
    line.speech(1.0)
    line.goes_on(6.5)
    line.pause(1.0, 6.0)
    line.goes_on(7.2)
    line.tells(RecordingRecognised(recording_id="music:1", start_sample=2 * S, position_ms=5200, score=0.9))
    assert line.hearing.turn is not None
    assert not line.hearing.turn.recording_id


def test_what_was_said_before_a_recording_is_another_turn_and_its_words_still_count() -> None:
    line = _Line()
    line.hearing.lengths["music:1"] = 30 * S
    line.goes_on(1.2)
    line.speech(1.0)
    line.goes_on(6.0)
    line.asked()
    line.tells(RecordingRecognised(recording_id="music:1", start_sample=5 * S, position_ms=1000, score=0.9))
    assert line.hearing.turn is not None
    assert (line.hearing.turn.start, line.hearing.turn.recording_id) == (5 * S, "music:1")
    (rest,) = line.asked()
    line.answers(rest, "One moment, please.")
    (ended,) = [fact.turn for fact in line.facts if isinstance(fact, TurnEnded)]
    assert (ended.start, ended.end, ended.text, ended.recording_id) == (1 * S, 5 * S, "One moment, please.", "")


def test_who_begins_shortly_behind_a_known_recording_is_another_turn() -> None:
    line = _line_with_a_known_recording()
    line.goes_on(5.5)
    line.pause(1.0, 5.0)
    line.speech(5.3)
    assert [type(fact) for fact in line.facts[-2:]] == [TurnEnded, TurnBegan]
    assert line.hearing.turn is not None
    assert not line.hearing.turn.recording_id


def test_a_recording_recognised_in_a_pause_of_its_speech_is_recognised() -> None:
    line = _Line()
    line.hearing.lengths["hold:1"] = 4 * S
    line.goes_on(1.3)
    line.speech(1.0)
    line.goes_on(2.4)
    line.pause(1.0, 1.9)
    line.tells(RecordingRecognised(recording_id="hold:1", start_sample=1 * S, position_ms=1400, score=0.9))
    assert line.hearing.turn is not None
    assert line.hearing.turn.recording_id == "hold:1"


def test_the_first_pause_is_looked_at_before_the_ear_calls_it_one() -> None:
    line = _Line()
    line.goes_on(1.2)
    line.speech(1.0)
    line.goes_on(1.75)
    line.asked()
    line.goes_on(2.1, -60.0)
    (look,) = line.asked()
    assert look.request_id.startswith("p")
    assert look.purpose == "candidate"


def test_an_older_look_that_is_answered_late_does_not_replace_a_newer_one() -> None:
    line = _Line()
    line.goes_on(1.2)
    line.speech(1.0)
    line.goes_on(3.0)
    first, second = line.asked()
    line.answers(second, "Hello, this is Dana")
    line.answers(first, "Hello")
    assert line.hearing.turn is not None
    assert line.hearing.turn.text == "Hello, this is Dana"


def test_sound_without_words_is_told_apart_from_words_that_are_awaited() -> None:
    line = _Line()
    line.goes_on(1.2)
    line.speech(1.0)
    line.goes_on(2.0)
    assert not line.hearing.wordless
    line.answers(line.asked()[0], "")
    assert line.hearing.wordless


def _music(line: _Line, begins_s: float, until_s: float) -> None:
    line.tells(SegmentOpened(label=Label.MUSIC, start_sample=int(begins_s * S), at_sample=line.at))
    line.goes_on(until_s + 0.4)
    segment = Segment(label=Label.MUSIC, start_sample=int(begins_s * S), end_sample=int(until_s * S))
    line.tells(SegmentClosed(segment=segment, at_sample=line.at))


def test_the_first_words_behind_music_are_asked_for_although_the_ear_still_took_them_for_music() -> None:
    line = _Line()
    _music(line, 0.0, 5.0)
    line.tells(SegmentOpened(label=Label.SPEECH_OVER_MUSIC, start_sample=5 * S, at_sample=line.at))
    line.goes_on(8.0)
    line.pause(5.0, 7.5)
    line.goes_on(9.0)
    assert {request.start_sample for request in line.asked()} == {int(4.4 * S)}


def test_the_first_words_over_music_are_not_looked_for_in_what_was_said_before() -> None:
    line = _line_with_a_known_recording()
    line.goes_on(5.5)
    line.pause(1.0, 5.0)
    line.asked()
    line.tells(SegmentOpened(label=Label.SPEECH_OVER_MUSIC, start_sample=int(5.3 * S), at_sample=line.at))
    line.goes_on(8.0)
    assert {request.start_sample for request in line.asked()} == {5 * S}


def test_who_speaks_into_known_music_is_asked_for_from_the_start() -> None:
    line = _Line()
    line.hearing.lengths["hold:1"] = 30 * S
    line.tells(SegmentOpened(label=Label.MUSIC, start_sample=0, at_sample=0))
    line.goes_on(2.0)
    line.tells(RecordingRecognised(recording_id="hold:1", start_sample=0, position_ms=1900, score=0.9))
    line.goes_on(5.4)
    line.tells(SegmentClosed(segment=Segment(label=Label.MUSIC, start_sample=0, end_sample=5 * S), at_sample=line.at))
    line.tells(SegmentOpened(label=Label.SPEECH_OVER_MUSIC, start_sample=5 * S, at_sample=line.at))
    line.goes_on(5.9)
    line.tells(RecordingLost(recording_id="hold:1"))
    line.goes_on(8.0)
    assert {request.start_sample for request in line.asked()} == {int(4.4 * S)}


def test_a_recording_of_music_and_words_is_known_to_its_end() -> None:
    line = _Line()
    line.hearing.lengths["hold:1"] = 6 * S
    line.tells(SegmentOpened(label=Label.MUSIC, start_sample=0, at_sample=0))
    line.goes_on(4.0)
    line.tells(RecordingRecognised(recording_id="hold:1", start_sample=3 * S, position_ms=900, score=0.9))
    line.goes_on(5.4)
    line.tells(SegmentClosed(segment=Segment(label=Label.MUSIC, start_sample=0, end_sample=5 * S), at_sample=line.at))
    line.tells(SegmentOpened(label=Label.SPEECH_OVER_MUSIC, start_sample=5 * S, at_sample=line.at))
    line.goes_on(9.4)
    line.pause(5.0, 9.0)
    line.tells(RecordingLost(recording_id="hold:1"))
    line.goes_on(11.0)
    assert not line.asked()
    (ended,) = [fact.turn for fact in line.facts if isinstance(fact, TurnEnded)]
    assert ended.recording_id == "hold:1"


def _line_with_known_music() -> _Line:
    line = _Line()
    line.hearing.lengths["music:1"] = 100 * S
    line.goes_on(5.0)
    line.tells(RecordingRecognised(recording_id="music:1", start_sample=0, position_ms=5000, score=0.9))
    line.goes_on(10.2)
    line.speech(10.0)
    line.goes_on(10.8)
    return line


def test_who_speaks_just_as_known_music_is_noticed_to_have_stopped_is_no_recording() -> None:
    line = _line_with_known_music()
    assert line.hearing.turn is not None
    assert line.hearing.turn.recording_id == "music:1"
    line.tells(RecordingLost(recording_id="music:1"))
    turn = line.hearing.turn
    assert (turn.start, turn.recording_id) == (10 * S, "")
    assert line.hearing.unknown_span is not None


def test_known_music_that_the_ear_took_for_a_voice_stays_known_when_it_stops() -> None:
    line = _line_with_known_music()
    line.goes_on(14.0)
    line.tells(RecordingLost(recording_id="music:1"))
    assert line.hearing.turn is not None
    assert line.hearing.turn.recording_id == "music:1"


def test_a_word_right_behind_a_recording_that_was_lost_is_asked_for_from_its_start() -> None:
    """Before it was noticed that the recording no longer plays the word was over."""
    line = _line_with_a_known_recording()
    line.goes_on(3.5)
    line.tells(RecordingLost(recording_id="hold:1"))
    line.goes_on(3.8, level_dbm0=-60.0)
    line.pause(1.0, 3.45)
    line.goes_on(6.0, level_dbm0=-60.0)
    whole = [request for request in line.asked() if request.request_id.startswith("t")]
    assert [(request.start_sample, request.end_sample) for request in whole] == [(int(2.8 * S), int(3.55 * S))]
