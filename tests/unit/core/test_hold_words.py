"""On hold the words count as far as the recogniser understood them, and of what it did not understand nothing is concluded."""

from __future__ import annotations

import msgspec
import pytest
from call_contract.call_events import CallOutcome, DiscoveryMade, UtteranceHeard
from call_contract.discoveries import DiscoveryType
from call_engine.core.call_control.conclusion import Conclusion
from call_engine.core.effects import KeepRecording, Record
from call_engine.core.facts import Recognised, Turn, TurnEnded, Uncertainty
from call_engine.core.happenings import LineEnded, Transcribed, Word
from call_engine.core.holding.hold import Doubt, Hold, LeadsOff
from call_engine.core.holding.hold_cues import Sound
from call_engine.core.holding.hold_memory import HoldMemory, HoldSoFar
from call_engine.core.holding.human import Scene, evidence
from call_engine.core.holding.listening import Listener
from call_engine.core.kit import Kit, make_kit
from call_engine.core.orders import EndCall, LeaveHold
from call_engine.core.plan import Explore, Plan
from call_engine.core.settings import CoreSettings
from call_engine.core.turn_taking.pieces import Pieces
from call_engine.core.turn_taking.understood import clearness, is_foreign, nobody_speaks
from call_engine.core.utterance import understand
from call_engine.core.vocabulary import phrases
from line_audio.segments import Label, Segment, SegmentClosed, SegmentOpened

from tests.support.scripted_call import WordSimilarity

S = 8000
PLAN = Plan(goal=Explore(phone_number="+18005551234", intent="a person"), may_speak=False)
GREETING = "Hi, my name is Robert, how may I help you?"


def turn(text: str, *, log_prob: float | None, no_speech: float = 0.2, probability: float = 0.8, length_s: float = 2.0) -> Turn:
    words = tuple(Word(one, 0, int(length_s * S), probability) for one in text.split())
    told = None if log_prob is None else Uncertainty(log_prob, no_speech)
    return Turn(number=1, start=0, end=int(length_s * S), text=text, words=words, uncertainty=told, utterance=understand(text))


def found(spoken: Turn, *, partial: bool = False, wordless: bool = False, hold: HoldSoFar = HoldSoFar()) -> dict[str, float]:  # noqa: B008
    sound = Sound(length_ms=900, music_seen=True, gap_ms=500)
    return evidence(spoken, Scene(on_hold=True, sound=sound, hold=hold, partial=partial, wordless=wordless))


def of_words(cues: dict[str, float]) -> float:
    return sum(value for name, value in cues.items() if name.startswith("words:"))


def test_fluent_words_made_of_another_language_say_nothing() -> None:
    assert of_words(found(turn(GREETING, log_prob=-1.2))) == 0.0
    assert of_words(found(turn(GREETING, log_prob=-0.4))) > 2.0


def test_in_the_middle_of_a_sentence_the_kinds_of_recordings_that_it_may_become_count_together() -> None:
    """By its votes "Please remain on the line and your call" may still become the offer to call back."""
    said = turn("Please remain on the line and your call", log_prob=-0.4)
    votes = {phrases.HOLD: 1.6, phrases.CALLBACK: 1.64, phrases.VOICEMAIL: 1.11}
    divided = msgspec.structs.replace(
        said, utterance=msgspec.structs.replace(said.utterance, kind=phrases.CALLBACK, confidence=0.326, votes=votes)
    )
    assert of_words(found(divided)) == pytest.approx(-5.0 * 0.326)
    assert of_words(found(divided, partial=True)) == pytest.approx(-5.0 * 0.829 * 0.6, abs=0.01)
    with_human = msgspec.structs.replace(divided.utterance, votes={**votes, phrases.GREETING: 3.0})
    assert of_words(found(msgspec.structs.replace(divided, utterance=with_human), partial=True)) > -1.2


def taken_for_a_human(text: str) -> Turn:
    """By its sense: what is unfinished is like what people say off the cuff."""
    said = turn(text, log_prob=-0.4)
    return msgspec.structs.replace(said, utterance=msgspec.structs.replace(said.utterance, kind=phrases.HUMAN, confidence=0.65, votes={}))


BEGUN = [
    "If our advisers are all talking", "And if nobody has picked up", "Unless your matter is pressing you", "As soon as the next one of",
    "Should you wish to go on later", "Because so many people are", "If it suits you better.", "Cuando uno de los compañeros",
    "Lorsque ce sera à vous", "S'il vous reste un peu de", "Sobald die nächste Leitung wieder", "Falls es Ihnen nicht zu",
]  # fmt: skip


@pytest.mark.parametrize("so_far", BEGUN)
def test_a_clause_that_waits_for_its_main_clause_does_not_tell_who_speaks(so_far: str) -> None:
    begun = found(taken_for_a_human(so_far), partial=True)
    assert begun["words_awaited"] < 0
    assert of_words(begun) < of_words(found(taken_for_a_human("So there is the parcel"), partial=True))


@pytest.mark.parametrize("so_far", BEGUN)
def test_once_nothing_follows_it_counts_as_anything_that_was_said(so_far: str) -> None:
    assert found(taken_for_a_human(so_far)) == found(taken_for_a_human("So there is the parcel"))


@pytest.mark.parametrize("sound", [Sound(length_ms=1500, silence_ms=600), Sound(length_ms=4600)])
def test_a_main_clause_is_awaited_neither_through_a_pause_nor_for_ever(sound: Sound) -> None:
    begun = taken_for_a_human("If our advisers are all talking")
    assert "words_awaited" not in evidence(begun, Scene(on_hold=True, sound=sound, partial=True))


def test_what_was_begun_long_ago_counts_as_any_other_part_of_a_sentence() -> None:
    begun, other = (
        of_words(evidence(taken_for_a_human(text), Scene(on_hold=True, sound=Sound(length_ms=4600), partial=True)))
        for text in ("If our advisers are all talking", "So there is the parcel")
    )
    assert begun == other


def test_what_is_no_clause_in_the_language_of_the_turn_tells() -> None:
    named = msgspec.structs.replace(taken_for_a_human("Falls Church Dental Group Anna"), language="en")
    assert "words_awaited" not in found(named, partial=True)
    begun = msgspec.structs.replace(taken_for_a_human("Falls es Ihnen zu lange"), language="de")
    assert "words_awaited" in found(begun, partial=True)


@pytest.mark.parametrize(
    "said",
    [
        "If you bear with me", "If you give me one second", "If you say so. Right then", "So there is the parcel", "Iffy line here I am",
        "When did the parcel get", "Sí, con quién hablo yo", "Um, there is the parcel",
    ],
)  # fmt: skip
def test_what_the_phrases_know_and_what_has_no_such_clause_tells(said: str) -> None:
    assert "words_awaited" not in found(taken_for_a_human(said), partial=True)


def test_the_less_was_understood_the_less_the_words_count() -> None:
    counted = [clearness(turn(GREETING, log_prob=one)) for one in (-0.4, -0.7, -0.8, -1.0)]
    assert counted[0] == 1.0
    assert counted == sorted(counted, reverse=True)
    assert counted[-1] == 0.0


def test_unlikely_words_are_not_believed_however_sure_the_tokens_are() -> None:
    assert clearness(turn(GREETING, log_prob=-0.3, probability=0.3)) == 0.0


def test_a_recogniser_that_tells_no_doubt_is_believed_by_its_words() -> None:
    assert clearness(turn(GREETING, log_prob=None)) == 1.0


def test_a_hesitation_in_what_was_not_understood_is_none() -> None:
    assert found(turn("um, give me a moment", log_prob=-1.3)).get("disfluent", 0.0) == 0.0


def test_words_made_twice_of_what_was_not_understood_need_not_be_the_same_recording() -> None:
    sound = Sound(length_ms=900, music_seen=True, gap_ms=500)
    understood, not_understood = (
        evidence(turn("I am going to go to the next one", log_prob=one), Scene(on_hold=True, sound=sound, heard_before=True))
        for one in (-0.4, -1.7)
    )
    assert "heard_before" in understood
    assert "heard_before" not in not_understood


def test_no_words_speak_against_a_human_only_where_nobody_speaks() -> None:
    assert "no_words" in found(turn("", log_prob=-1.5, no_speech=0.8), wordless=True)
    assert "no_words" not in found(turn("", log_prob=-1.5, no_speech=0.2), wordless=True)
    assert "no_words" in found(turn("", log_prob=None), wordless=True)
    assert nobody_speaks(turn("", log_prob=None))


def test_words_are_not_awaited_where_they_will_not_be_understood() -> None:
    assert "words_awaited" in found(turn("I may", log_prob=-0.5), partial=True)
    assert "words_awaited" not in found(turn("I may", log_prob=-1.2), partial=True)
    assert "words_awaited" in found(turn("", log_prob=None, length_s=0.9), partial=True)
    assert "words_awaited" not in found(turn("", log_prob=None, length_s=0.9), partial=True, hold=HoldSoFar(foreign=True))


def test_the_first_syllables_do_not_tell_the_language() -> None:
    assert is_foreign(turn("I may", log_prob=-1.2, length_s=0.8)) is None
    assert is_foreign(turn("", log_prob=-1.2)) is None
    assert is_foreign(turn("I may", log_prob=-1.2)) is True
    assert is_foreign(turn("I may", log_prob=-0.5)) is False


def test_a_hold_is_foreign_while_more_of_it_was_not_understood_than_was() -> None:
    memory = HoldMemory()
    for foreign, expected in ((True, True), (None, True), (False, False), (True, True)):
        memory.announced(S, known=False, over_music=False, voice_dbm0=None, foreign=foreign)
        assert memory.so_far.foreign is expected


def answer(pieces: Pieces, request: str, end: int, text: str, log_prob: float | None) -> None:
    no_speech = None if log_prob is None else 0.1
    pieces.answer(Transcribed(request_id=request, start_sample=0, end_sample=end, text=text, log_prob=log_prob, no_speech=no_speech))


def test_the_doubt_of_a_turn_is_that_of_its_pieces_by_their_length() -> None:
    pieces = Pieces(number=1, start=0, over_music=False, cut=False)
    assert pieces.uncertainty() is None
    for at in (4, 8):
        pieces.speech((at - 4) * S)
        pieces.pause(at * S)
        ((request, *_),) = pieces.due(at * S + S, speaking=False, pause_ms=250, max_ms=14_000)
        answer(pieces, request, 3 * S if at == 4 else S, "some words", -0.4 if at == 4 else -1.2)
    told = pieces.uncertainty()
    assert told is not None
    assert told.log_prob == pytest.approx(-0.6)


def test_a_recogniser_without_doubt_leaves_none() -> None:
    pieces = Pieces(number=1, start=0, over_music=False, cut=False)
    pieces.speech(0)
    pieces.pause(2 * S)
    ((request, *_),) = pieces.due(3 * S, speaking=False, pause_ms=250, max_ms=14_000)
    answer(pieces, request, 2 * S, "some words", None)
    assert pieces.uncertainty() is None


def said_on_hold(text: str, log_prob: float, leads_off: LeadsOff | None = None) -> tuple[Kit, Hold]:
    """Under the music, and it was no human's."""
    kit = make_kit(PLAN, CoreSettings(), WordSimilarity(), "", "")
    hold = Hold(kit, Listener(kit), "waiting", since=0, leads_off=leads_off)
    kit.outbox.now = 12 * S
    spoken = turn(text, log_prob=log_prob, length_s=10.0)
    hold.heard(TurnEnded(msgspec.structs.replace(spoken, over_music=True)))
    return kit, hold


def announced(text: str, log_prob: float) -> Kit:
    return said_on_hold(text, log_prob)[0]


def kept(kit: Kit) -> list[str]:
    return [one.recording_id for one in kit.outbox.take() if isinstance(one, KeepRecording)]


def test_an_announcement_is_kept_whatever_was_misheard_in_it() -> None:
    sounds_human = "Yes sir, I'm sorry, one moment please"
    assert understand(sounds_human).is_human
    assert kept(announced(sounds_human, -1.3)) == ["hold:1"]


def test_nothing_is_done_for_words_that_were_not_understood() -> None:
    closed = "We are now closed. Please call again tomorrow between nine and five."
    assert any(isinstance(one, EndCall) for one in announced(closed, -0.3).orders.take())
    assert not any(isinstance(one, EndCall) for one in announced(closed, -1.3).orders.take())


MISHEARD = "The next one of the house and the garden of it"


def learned(kit: Kit, hold: Hold) -> list[str]:
    """The recordings of this hold, once it has ended; their fingerprints are their ids."""
    for effect in kit.outbox.take():
        if isinstance(effect, KeepRecording):
            kit.prompts.fingerprints[effect.recording_id] = effect.recording_id
    hold.end("human", kit.now)
    made = [one.event.discovery for one in kit.outbox.take() if isinstance(one, Record) and isinstance(one.event, DiscoveryMade)]
    return [one for discovery in made if discovery.type is DiscoveryType.HOLD for one in discovery.recordings]


@pytest.mark.parametrize("text", ["Yes sir, I'm sorry, one moment please", MISHEARD])
def test_what_was_not_understood_may_be_a_human_until_the_hold_goes_on(text: str) -> None:
    assert learned(*said_on_hold(text, -1.3)) == []


@pytest.mark.parametrize("goes_on", ["music", "a known recording"])
def test_where_the_hold_goes_on_it_is_learned(goes_on: str) -> None:
    kit, hold = said_on_hold(MISHEARD, -1.3)
    if goes_on == "music":
        kit.hearing.feed(kit.now, SegmentOpened(label=Label.MUSIC, start_sample=kit.now, at_sample=kit.now))
        kit.outbox.now += 2 * S
        hold.tick()
    else:
        hold.heard(Recognised("hold:learned", kit.now, 1000, 0.9, None))
    assert "hold:1" in learned(kit, hold)


def test_what_was_understood_as_an_announcement_is_learned() -> None:
    assert learned(*said_on_hold("Thank you for your patience. All of our agents are busy.", -0.4)) == ["hold:1"]


def test_a_question_for_data_as_people_ask_it_may_be_a_humans_until_the_hold_goes_on() -> None:
    """Its words are sealed, so that its sound is learned no sooner than that of any other human."""
    asked = "I am just going to put you on hold, can I take a contact number?"
    assert not understand(asked).is_human
    assert learned(*said_on_hold(asked, -0.4)) == []
    kit, hold = said_on_hold(asked, -0.4)
    hold.heard(Recognised("hold:learned", kit.now, 1000, 0.9, None))
    assert learned(kit, hold) == ["hold:1"]


def test_somebody_who_was_doubted_and_after_whom_all_is_silent_is_not_learned() -> None:
    kit, hold = said_on_hold(GREETING, -1.3)
    kit.outbox.take()
    hold._doubtful = [Doubt(turn(MISHEARD, log_prob=-0.5, length_s=10.0), None)]
    kit.outbox.now += 25 * S
    hold.tick()
    assert "hold:2" not in learned(kit, hold)


@pytest.mark.parametrize(("goes_on", "counted"), [(False, 0), (True, 1)])
def test_nor_does_he_count_as_an_announcement_of_this_hold_until_it_goes_on(goes_on: bool, counted: int) -> None:
    """Else his next words were heard before, and in the announcer's voice."""
    kit, hold = said_on_hold("", -1.3)
    before = hold._memory.so_far
    hold._doubtful = [Doubt(turn(MISHEARD, log_prob=-0.5, length_s=10.0), None)]
    kit.outbox.now += 25 * S
    hold.tick()
    if goes_on:
        kit.hearing.feed(kit.now, SegmentOpened(label=Label.MUSIC, start_sample=kit.now, at_sample=kit.now))
        kit.outbox.now += 2 * S
        hold.tick()
    assert not hold._doubtful
    after = hold._memory.so_far
    assert (after.announcements - before.announcements, after.doubted - before.doubted) == (counted, counted)
    assert kit.prompts.heard_before(MISHEARD) is goes_on


def test_nor_is_the_sound_that_was_kept_while_it_was_said() -> None:
    kit, hold = said_on_hold("", -1.3)
    kit.outbox.take()
    kit.hearing.feed(kit.now, SegmentOpened(label=Label.SPEECH, start_sample=kit.now, at_sample=kit.now))
    start = kit.now
    kit.outbox.now += 25 * S
    hold.tick()
    spoken = msgspec.structs.replace(turn(MISHEARD, log_prob=-1.3, length_s=25.0), number=2, start=start, end=kit.now)
    kit.hearing.feed(kit.now, SegmentClosed(segment=Segment(label=Label.SPEECH, start_sample=start, end_sample=kit.now), at_sample=kit.now))
    kit.hearing.cut(kit.now)
    hold.heard(TurnEnded(msgspec.structs.replace(spoken, over_music=True)))
    assert not [one for one in learned(kit, hold) if one.startswith("music")]


CLOSED = "We are now closed. Please call again tomorrow between nine and five."


@pytest.mark.parametrize(("log_prob", "leaves"), [(-0.3, True), (-1.3, False)])
def test_a_step_is_not_left_for_words_that_were_not_understood(log_prob: float, leaves: bool) -> None:
    kit, _ = said_on_hold(CLOSED, log_prob, leads_off=lambda spoken, outcome: outcome == "closed")
    assert any(isinstance(one, LeaveHold) for one in kit.orders.take()) is leaves


@pytest.mark.parametrize(("log_prob", "opened"), [(-0.4, True), (-1.3, False)])
def test_words_that_were_not_understood_are_sealed(log_prob: float, opened: bool) -> None:
    kit, _ = said_on_hold(MISHEARD, log_prob)
    (heard,) = [one for one in kit.outbox.take() if isinstance(one, Record) and isinstance(one.event, UtteranceHeard)]
    assert isinstance(heard.event, UtteranceHeard)
    assert heard.event.text == (MISHEARD if opened else "")
    assert (heard.seal is not None and heard.seal.text == MISHEARD) is not opened


@pytest.mark.parametrize("ended", [True, False])
@pytest.mark.parametrize(("log_prob", "outcome"), [(-0.4, CallOutcome.CLOSED), (-1.3, CallOutcome.DISCONNECTED)])
def test_last_words_that_were_not_understood_explain_no_end_and_are_sealed(ended: bool, log_prob: float, outcome: CallOutcome) -> None:
    kit = make_kit(PLAN, CoreSettings(), WordSimilarity(), "", "")
    kit.outbox.figures.answered_at = 0
    conclusion, last = Conclusion(kit, Listener(kit)), turn(CLOSED, log_prob=log_prob)
    if ended:
        conclusion.heard(last)
    conclusion.line_ended(LineEnded(cause="disconnected"), walking=True, human=False, bridged=False, said_last=None if ended else last)
    assert conclusion.ending is not None
    assert conclusion.ending.outcome is outcome
    written = str([one.event for one in kit.outbox.take() if isinstance(one, Record)])
    assert ("We are now closed" in written) is (not ended and outcome is CallOutcome.CLOSED)
