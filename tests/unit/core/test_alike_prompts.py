"""Two known prompts begin with the same words: the one that is expected is believed until it is lost."""

from __future__ import annotations

from call_engine.core.effects import Transcribe
from call_engine.core.facts import Fact, Lost, Recognised
from call_engine.core.happenings import RecordingLost, RecordingRecognised, Tick, Transcribed, Word
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


def test_a_prompt_that_did_not_begin_as_learned_is_another_one() -> None:
    """Both have "please press one" in common, which sounds the same."""
    hearing = hears_speech()
    heard = RecordingRecognised(recording_id="step:sub", start_sample=S, position_ms=2540, score=0.4, score_before=-0.05)
    assert hearing.feed(4 * S, heard) == []
    heard = RecordingRecognised(recording_id="step:sub", start_sample=S, position_ms=2540, score=0.4, score_before=0.4)
    assert [type(fact) for fact in hearing.feed(4 * S, heard)] == [Recognised]


def hears_speech(outbox: Outbox | None = None) -> Hearing:
    hearing = Hearing(outbox or Outbox())
    hearing.listening, hearing.expected = False, "step:sub"
    hearing.lengths["step:sub"] = 8 * S
    hearing.feed(int(1.2 * S), SegmentOpened(label=Label.SPEECH, start_sample=S, at_sample=int(1.2 * S)))
    return hearing


def follows(words: str, *, lost: bool = False) -> tuple[Hearing, list[Fact]]:
    """The expected prompt seems to begin at 4 s, behind these words and no pause."""
    outbox = Outbox()
    hearing = hears_speech(outbox)
    facts = hearing.feed(5 * S, RecordingRecognised(recording_id="step:sub", start_sample=4 * S, position_ms=1000, score=0.6))
    (asked,) = [effect for effect in outbox.take() if isinstance(effect, Transcribe)]
    assert facts == []
    assert asked.end_sample == 4 * S
    if lost:
        hearing.feed(int(5.2 * S), RecordingLost(recording_id="step:sub"))
    answer = Transcribed(request_id=asked.request_id, start_sample=asked.start_sample, end_sample=asked.end_sample, text=words)
    return hearing, [fact for fact in hearing.feed(int(5.4 * S), answer) if isinstance(fact, Recognised)]


def test_the_expected_prompt_may_follow_other_words_without_a_pause() -> None:
    _, (fact,) = follows("Thank you for calling, we hope you have a very good day.")
    assert isinstance(fact, Recognised)
    assert fact.start == 4 * S
    assert fact.turn is not None
    assert not fact.turn.text


def test_but_not_an_option_that_was_put_before_its_first_one() -> None:
    hearing, facts = follows("For our mailing address, please press one.")
    assert facts == []
    assert hearing.turn is not None
    assert not hearing.turn.recording_id
    assert [option.digits for option in hearing.turn.utterance.menu.options] == ["1"]


def test_nor_is_one_believed_that_was_lost_before_those_words_came() -> None:
    assert follows("Thank you for calling.", lost=True)[1] == []


def words_at(first: int, *texts: str) -> tuple[Word, ...]:
    """One every 400 ms."""
    return tuple(Word(text, first + index * 3200, first + index * 3200 + 2400) for index, text in enumerate(texts))


def asked_across_its_start(before: str, within: str) -> tuple[Hearing, list[Fact]]:
    """Words of long speech were asked for up to 15 s; the expected prompt seems to have begun at 13 s."""
    outbox = Outbox()
    hearing = hears_speech(outbox)
    for at in range(int(1.2 * S), int(15.1 * S), 160):
        hearing.feed(at, Tick())
    (asked,) = [effect for effect in outbox.take() if isinstance(effect, Transcribe)]
    assert asked.start_sample < 13 * S < asked.end_sample
    facts = hearing.feed(int(15.2 * S), RecordingRecognised(recording_id="step:sub", start_sample=13 * S, position_ms=2200, score=0.6))
    assert facts == []
    words = words_at(5 * S, *before.split()) + words_at(13 * S, *within.split())
    answer = Transcribed(
        request_id=asked.request_id, start_sample=asked.start_sample, end_sample=asked.end_sample, text=f"{before} {within}", words=words
    )
    return hearing, [fact for fact in hearing.feed(int(15.6 * S), answer) if isinstance(fact, Recognised)]


def test_an_option_before_it_is_found_in_words_that_were_asked_for_across_its_start() -> None:
    hearing, facts = asked_across_its_start("For our mailing address, please press one.", "For sales")
    assert facts == []
    assert hearing.turn is not None
    assert not hearing.turn.recording_id


def test_an_option_of_its_own_is_none_that_was_put_before_it() -> None:
    _, (fact,) = asked_across_its_start("Thank you for calling, we hope you have a very good day.", "For sales, press one.")
    assert isinstance(fact, Recognised)
    assert fact.start == 13 * S
