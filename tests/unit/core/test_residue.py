"""What is left of a prompt that a key has cut short is not worth a thought: half a word may sound like anybody's."""

from __future__ import annotations

import pytest
from call_engine.core.effects import Transcribe
from call_engine.core.facts import Fact, Recognised, TurnEnded
from call_engine.core.happenings import RecordingLost, RecordingRecognised, Tick, Transcribed
from call_engine.core.hearing import Hearing
from call_engine.core.outbox import Outbox
from line_audio.segments import Label, Segment, SegmentClosed, SegmentOpened

S = 8000


@pytest.mark.parametrize(("until_s", "asked"), [(3.8, False), (3.9, False), (4.5, True)])
def test_speech_that_stops_at_the_key_is_not_asked_for(until_s: float, asked: bool) -> None:
    """200 ms until the key is sent, 100 ms until the company is silent, up to 600 ms until the ear lets go of a word without an end."""
    outbox = Outbox()
    hearing = Hearing(outbox)
    hearing.feed(int(1.2 * S), SegmentOpened(label=Label.SPEECH, start_sample=S, at_sample=int(1.2 * S)))
    hearing.cut(3 * S)
    segment = Segment(label=Label.SPEECH, start_sample=S, end_sample=int(until_s * S))
    facts = hearing.feed(int((until_s + 0.5) * S), SegmentClosed(segment=segment, at_sample=int((until_s + 0.5) * S)))
    for at in range(int((until_s + 0.5) * S), 8 * S, 160):
        facts += hearing.feed(at, Tick())
    assert any(isinstance(effect, Transcribe) for effect in outbox.take()) is asked
    assert not any(fact.turn.text for fact in facts if isinstance(fact, TurnEnded))


def speaks(hearing: Hearing, start_s: float, end_s: float) -> list[Fact]:
    """Speech, and the ear's delay at both ends."""
    opened = SegmentOpened(label=Label.SPEECH, start_sample=int(start_s * S), at_sample=int((start_s + 0.1) * S))
    segment = Segment(label=Label.SPEECH, start_sample=int(start_s * S), end_sample=int(end_s * S))
    closed = SegmentClosed(segment=segment, at_sample=int((end_s + 0.25) * S))
    return [*hearing.feed(opened.at_sample, opened), *hearing.feed(closed.at_sample, closed)]


def pressed_into_a_known_prompt(outbox: Outbox, *, until_s: float, length_s: int = 20) -> Hearing:
    """The key is pressed at 5 s into a prompt that began at 1 s, and the company reads on until then."""
    hearing = Hearing(outbox)
    hearing.lengths |= {"step:main": length_s * S, "step:sub": 8 * S}
    hearing.expected = "step:main"
    hearing.feed(int(1.2 * S), SegmentOpened(label=Label.SPEECH, start_sample=S, at_sample=int(1.2 * S)))
    hearing.feed(2 * S, RecordingRecognised(recording_id="step:main", start_sample=S, position_ms=1000, score=0.8))
    hearing.cut(5 * S)
    hearing.expected = "step:sub"
    segment = Segment(label=Label.SPEECH, start_sample=S, end_sample=int(until_s * S))
    hearing.feed(int((until_s + 0.25) * S), SegmentClosed(segment=segment, at_sample=int((until_s + 0.25) * S)))
    outbox.take()
    return hearing


def ticks(hearing: Hearing, from_s: float, to_s: float) -> list[Fact]:
    return [fact for at in range(int(from_s * S), int(to_s * S), 160) for fact in hearing.feed(at, Tick())]


@pytest.mark.parametrize(("until_s", "asked"), [(6.2, False), (6.9, False), (8.5, True)])
def test_of_a_known_prompt_that_is_read_on_for_a_while_no_word_is_asked(until_s: float, asked: bool) -> None:
    outbox = Outbox()
    hearing = pressed_into_a_known_prompt(outbox, until_s=until_s)
    ticks(hearing, until_s + 0.25, until_s + 3)
    assert any(isinstance(effect, Transcribe) for effect in outbox.take()) is asked


def test_what_begins_once_a_known_prompt_is_heard_no_more_is_another_turn() -> None:
    """However long that was read on, as long as there was a pause."""
    outbox = Outbox()
    hearing = pressed_into_a_known_prompt(outbox, until_s=8.0)
    told = speaks(hearing, 8.3, 11.0)
    hearing.feed(int(9.0 * S), RecordingLost(recording_id="step:main"))
    told += ticks(hearing, 11.25, 12.0)
    for asked in [effect for effect in outbox.take() if isinstance(effect, Transcribe)]:
        answer = Transcribed(request_id=asked.request_id, start_sample=asked.start_sample, end_sample=asked.end_sample, text="words")
        told += hearing.feed(12 * S, answer)
    told += ticks(hearing, 12.0, 16.0)
    (turn,) = [fact.turn for fact in told if isinstance(fact, TurnEnded)]
    assert (turn.start, turn.end, turn.cut, turn.text) == (int(8.3 * S), 11 * S, False, "words")


@pytest.mark.parametrize("lost_first", [True, False])
def test_the_expected_prompt_follows_a_known_one_that_a_key_broke_off_without_a_pause(lost_first: bool) -> None:
    """What was said between is known, and need not be looked at before this is believed."""
    outbox = Outbox()
    hearing = Hearing(outbox)
    hearing.lengths |= {"step:main": 20 * S, "step:sub": 8 * S}
    hearing.expected = "step:main"
    hearing.feed(int(1.2 * S), SegmentOpened(label=Label.SPEECH, start_sample=S, at_sample=int(1.2 * S)))
    hearing.feed(2 * S, RecordingRecognised(recording_id="step:main", start_sample=S, position_ms=1000, score=0.8))
    hearing.cut(5 * S)
    hearing.expected = "step:sub"
    heard = RecordingRecognised(recording_id="step:sub", start_sample=7 * S, position_ms=1000, score=0.8)
    both = [RecordingLost(recording_id="step:main"), heard]
    told = [fact for one in (both if lost_first else both[::-1]) for fact in hearing.feed(8 * S, one)]
    assert [fact.recording_id for fact in told if isinstance(fact, Recognised)] == ["step:sub"]
    assert not outbox.take()


def test_a_known_prompt_that_would_be_over_by_now_takes_no_words_away_when_a_sentence_of_it_is_heard_again() -> None:
    """The menu behind it ends with the same sentence: "To speak with an operator, press 0"."""
    outbox = Outbox()
    hearing = pressed_into_a_known_prompt(outbox, until_s=21.0)
    told = speaks(hearing, 21.6, 29.0)
    hearing.listening = True
    told += speaks(hearing, 29.3, 32.0)
    hearing.feed(int(30.3 * S), RecordingRecognised(recording_id="step:main", start_sample=12 * S, position_ms=18_300, score=0.8))
    told += ticks(hearing, 32.25, 33.0)
    for asked in [effect for effect in outbox.take() if isinstance(effect, Transcribe)]:
        answer = Transcribed(
            request_id=asked.request_id, start_sample=asked.start_sample, end_sample=asked.end_sample, text="For autopay, press 4."
        )  # fmt: skip
        told += hearing.feed(33 * S, answer)
    told += ticks(hearing, 33.0, 37.0)
    (turn,) = [fact.turn for fact in told if isinstance(fact, TurnEnded)]
    assert (turn.start, turn.end, turn.cut) == (int(21.6 * S), 32 * S, False)
    assert turn.text.startswith("For autopay, press 4.")


def test_nor_from_a_menu_that_began_behind_what_was_left_of_it() -> None:
    outbox = Outbox()
    hearing = pressed_into_a_known_prompt(outbox, until_s=5.6, length_s=6)
    hearing.listening = True
    told = speaks(hearing, 7.5, 11.0) + speaks(hearing, 11.3, 14.0) + speaks(hearing, 14.3, 17.0)
    hearing.feed(int(15.3 * S), RecordingRecognised(recording_id="step:main", start_sample=10 * S, position_ms=5300, score=0.8))
    told += ticks(hearing, 17.25, 17.5)
    for asked in [effect for effect in outbox.take() if isinstance(effect, Transcribe)]:
        answer = Transcribed(request_id=asked.request_id, start_sample=asked.start_sample, end_sample=asked.end_sample, text="words")
        told += hearing.feed(int(17.6 * S), answer)
    told += ticks(hearing, 17.6, 22.0)
    (turn,) = [fact.turn for fact in told if isinstance(fact, TurnEnded)]
    assert (turn.start, turn.end, turn.cut) == (int(7.5 * S), 17 * S, False)


@pytest.mark.parametrize(("lost_s", "asked"), [(None, False), (6.5, True), (7.2, False)])
def test_what_was_heard_since_the_known_prompt_was_lost_is_no_rest_of_it(lost_s: float | None, asked: bool) -> None:
    """No pause was heard between them. The ear notices within 1.2 s that a recording plays no longer."""
    outbox = Outbox()
    hearing = Hearing(outbox)
    hearing.lengths["step:main"] = 20 * S
    hearing.feed(int(1.2 * S), SegmentOpened(label=Label.SPEECH, start_sample=S, at_sample=int(1.2 * S)))
    hearing.feed(2 * S, RecordingRecognised(recording_id="step:main", start_sample=S, position_ms=1000, score=0.8))
    hearing.cut(5 * S)
    if lost_s is not None:
        hearing.feed(int(lost_s * S), RecordingLost(recording_id="step:main"))
    segment = Segment(label=Label.SPEECH, start_sample=S, end_sample=int(6.9 * S))
    hearing.feed(int(7.2 * S), SegmentClosed(segment=segment, at_sample=int(7.2 * S)))
    ticks(hearing, 7.2, 10)
    assert any(isinstance(effect, Transcribe) for effect in outbox.take()) is asked
