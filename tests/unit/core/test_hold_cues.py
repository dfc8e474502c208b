"""What speech on hold looks like apart from its words, and what the hold has taught so far."""

from __future__ import annotations

import msgspec
import pytest
from call_engine.core.facts import Turn
from call_engine.core.happenings import Word
from call_engine.core.holding import hold_ratios
from call_engine.core.holding.hold_cues import Sound, cues, telling
from call_engine.core.holding.hold_memory import HoldMemory, HoldSoFar
from call_engine.core.holding.human import Scene, evidence, posterior
from call_engine.core.turn_taking.loudness import Loudness
from call_engine.core.turn_taking.surroundings import Surroundings
from call_engine.core.utterance import understand

S = 8000
BEDS = HoldSoFar(announcements=4, new=2, again=2, over_music=4, voice_dbm0=-20.0)


def turn(text: str = "") -> Turn:
    return Turn(number=1, start=0, end=S, text=text, utterance=understand(text))


def probability(sound: Sound, hold: HoldSoFar, text: str = "", **scene: bool) -> float:
    return posterior(evidence(turn(text), Scene(on_hold=True, sound=sound, hold=hold, **scene)))


def test_every_cue_has_a_value_and_every_fitted_value_can_occur() -> None:
    found = cues(Sound(length_ms=900), HoldSoFar())
    assert set(hold_ratios.RATIOS) <= set(found)


def test_speech_without_the_bed_that_announcements_had_is_more_likely_a_human() -> None:
    bare = Sound(length_ms=1200, music_seen=True, gap_ms=500, depth_db=35.0)
    assert probability(bare, BEDS) > 3 * probability(Sound(length_ms=1200, music=True, music_seen=True, depth_db=12.0), BEDS)


def test_something_new_after_a_round_of_known_announcements_is_more_likely_a_human() -> None:
    sound = Sound(length_ms=2000, music_seen=True, gap_ms=500)
    fresh = HoldSoFar(announcements=2, new=2)
    assert probability(sound, HoldSoFar(announcements=4, new=2, again=2)) > probability(sound, fresh)


def test_a_greeting_outweighs_a_first_hearing_and_an_announcement_is_none() -> None:
    sound = Sound(length_ms=2500, silence_ms=600, music_seen=True, gap_ms=500, known_share=0.5, behind_known_ms=8000)
    assert probability(sound, BEDS, "Hi, my name is Robert, how may I help you?") > 0.95
    assert probability(sound, BEDS, "Your call is important to us. Please stay on the line.") < 0.1


def test_how_long_speech_lasts_does_not_contradict_clear_words() -> None:
    long = Sound(length_ms=5700, silence_ms=1500, music_seen=True, gap_ms=1000, behind_ms=8000, known_share=0.0)
    hold = HoldSoFar(announcements=1, new=1)
    assert probability(long, hold) < 0.2
    assert probability(long, hold, "Thank you for calling Chase disputes, this is Mary, how can I help you today?") > 0.9
    assert probability(long, hold, "Your call is important to us. Please stay on the line.") < 0.05


def test_the_first_words_of_a_sentence_count_little() -> None:
    sound = Sound(length_ms=900, music_seen=True, gap_ms=500)
    assert probability(sound, HoldSoFar(), "Thank you", partial=True) < 0.3


UNTELLING = "The quick brown fox jumps over the lazy dog"


def test_clear_words_that_tell_nothing_yet_are_awaited_further_for_a_while() -> None:
    assert _awaited(UNTELLING, 3000)
    assert not _awaited(UNTELLING, 5000), "what is said by then says nothing"
    assert not _awaited(UNTELLING, 3000, silence_ms=600), "somebody who waits for an answer has said what there was to say"
    assert not _awaited("Hi, my name is Robert, how may I help you?", 3000)


def test_unclear_words_of_another_language_tell_nothing_later_either() -> None:
    assert not _awaited(UNTELLING, 3000, probability=0.5)


def _awaited(text: str, length_ms: int, *, silence_ms: int = 0, probability: float = 0.95) -> bool:
    words = tuple(Word(one, 0, S, probability) for one in text.split())
    spoken = msgspec.structs.replace(turn(text), words=words)
    sound = Sound(length_ms=length_ms, silence_ms=silence_ms, music_seen=True, gap_ms=500)
    return "words_awaited" in evidence(spoken, Scene(on_hold=True, sound=sound, partial=True))


def test_sound_in_which_no_words_are_found_is_less_likely_a_human() -> None:
    sound = Sound(length_ms=2000, music_seen=True, gap_ms=500)
    assert probability(sound, BEDS, wordless=True) < probability(sound, BEDS)


def test_behind_an_announcement_without_a_pause_is_a_value_of_its_own() -> None:
    assert cues(Sound(length_ms=900, behind_ms=0), BEDS)["behind_announcement"] == "without a pause"
    assert cues(Sound(length_ms=900, behind_ms=20), BEDS)["behind_announcement"] == "<300"


def test_the_voice_of_the_announcements_is_less_likely_a_human_than_another() -> None:
    sound = Sound(length_ms=2000, music_seen=True, gap_ms=500, unlike_db=2.0, nearest_db=1.9)
    assert 4 * probability(sound, BEDS) < probability(msgspec.structs.replace(sound, unlike_db=9.0, nearest_db=8.0), BEDS)


def test_deep_pauses_speak_against_the_music_that_the_ear_still_hears() -> None:
    sound = Sound(length_ms=1200, music=True, music_seen=True, gap_ms=500, depth_db=10.0)
    assert 2 * probability(sound, BEDS) < probability(msgspec.structs.replace(sound, depth_db=40.0), BEDS)


def test_where_recordings_are_known_one_is_awaited_for_a_second() -> None:
    early, later = (Sound(length_ms=length, music_seen=True, gap_ms=500) for length in (900, 1000))
    taught = HoldSoFar(learned=3)
    assert "recognition_awaited" in evidence(turn(), Scene(on_hold=True, sound=early, hold=taught))
    assert "recognition_awaited" not in evidence(turn(), Scene(on_hold=True, sound=later, hold=taught))
    assert "recognition_awaited" not in evidence(turn(), Scene(on_hold=True, sound=early))


def test_what_agrees_with_no_known_recording_is_more_likely_a_human_than_what_nearly_does() -> None:
    taught = HoldSoFar(learned=3)
    strange, near = (Sound(length_ms=1200, music_seen=True, gap_ms=500, wrong_part=part, compared_ms=1200) for part in (0.43, 0.34))
    assert probability(strange, taught) > 5 * probability(near, taught)


def test_the_more_was_compared_the_less_agrees_by_chance() -> None:
    early, late = (cues(Sound(length_ms=ms, wrong_part=0.39, compared_ms=ms), BEDS)["strangeness"] for ms in (800, 1800))
    assert (early, late) == ("this call far", "unknown")


def test_what_is_none_of_the_recordings_so_far_may_be_another_one_before_they_have_come_round() -> None:
    sound = Sound(length_ms=1800, wrong_part=0.43, compared_ms=1800)
    assert cues(sound, HoldSoFar(announcements=2, new=2))["strangeness"] == "unknown"
    assert cues(sound, HoldSoFar(learned=2))["strangeness"] == "learned far"
    assert cues(Sound(length_ms=800), BEDS)["strangeness"] == "unknown"


@pytest.mark.parametrize("music", [True, False])
def test_what_sounds_like_music_to_the_ear_is_less_likely_a_human_whatever_it_is_called(music: bool) -> None:
    voice, sung, faint = (
        probability(Sound(length_ms=1400, music=music, music_seen=True, as_speech=speech, as_music=like, voice_dbm0=-26.0), BEDS)
        for speech, like in ((0.95, 0.05), (0.7, 0.9), (0.3, 0.2))
    )
    assert sung < voice / 2
    assert faint < (voice if music else voice / 2)  # over music the ear finds few voices clear
    assert cues(Sound(length_ms=1400), BEDS)["voice"] == "unknown"
    assert cues(Sound(length_ms=1400, as_speech=0.3, as_music=0.2, voice_dbm0=-26.0), BEDS)["voice_level"] == "unknown"


def test_what_agrees_with_a_recording_where_it_is_due_is_less_likely_a_human() -> None:
    due, other, none = (
        probability(Sound(length_ms=1400, music_seen=True, gap_ms=500, wrong_in_place=part, compared_ms=1100), BEDS)
        for part in (0.36, 0.48, None)
    )
    assert due < none / 2
    assert due < other / 2


def test_who_speaks_again_though_no_music_came_back_is_more_likely_a_human() -> None:
    once = Sound(length_ms=1200, music_seen=True, gap_ms=9000)
    again = msgspec.structs.replace(once, again_ms=2200)
    assert probability(again, BEDS) > probability(once, BEDS)
    assert cues(msgspec.structs.replace(again, music_seen=False), BEDS)["speaks_again"] != cues(again, BEDS)["speaks_again"]


def test_what_goes_on_without_a_pause_behind_an_announcement_may_be_its_end_for_a_while() -> None:
    taught = HoldSoFar(learned=3)
    early, later, paused = (
        evidence(turn(), Scene(on_hold=True, sound=Sound(length_ms=length, behind_ms=behind), hold=taught))
        for length, behind in ((1500, 0), (2000, 0), (1500, 200))
    )
    assert "announcement_ends" in early
    assert "announcement_ends" not in later
    assert "announcement_ends" not in paused
    greets = Scene(on_hold=True, sound=Sound(length_ms=1500, behind_ms=0), hold=taught)
    assert "announcement_ends" not in evidence(turn("Hi, my name is Robert, how may I help you?"), greets)


def test_a_pause_as_loud_as_the_voice_is_none() -> None:
    paused = Sound(length_ms=700, silence_ms=800, music_seen=True, gap_ms=500, voice_dbm0=-12.0, floor_dbm0=-14.0, before_dbm0=-50.0)
    for quiet in (
        msgspec.structs.replace(paused, floor_dbm0=-49.0),
        msgspec.structs.replace(paused, silence_ms=300),
        msgspec.structs.replace(paused, length_ms=4000),  # most of it is the voice's own
    ):
        assert "loud_pause" not in evidence(turn(), Scene(on_hold=True, sound=quiet, hold=BEDS))
    assert "loud_pause" in evidence(turn(), Scene(on_hold=True, sound=paused, hold=BEDS))


def test_too_little_is_not_weighed() -> None:
    assert not telling(Sound(length_ms=300))
    assert telling(Sound(length_ms=300, silence_ms=400))


def test_the_memory_counts_new_and_known_and_learns_when_music_returns() -> None:
    memory = HoldMemory()
    memory.announced(5 * S, known=False, over_music=True, voice_dbm0=-20.0)
    memory.music(5 * S + 4000)
    memory.announced(20 * S, known=True, over_music=False, voice_dbm0=None)
    memory.music(60 * S)  # too late to have to do with it
    assert memory.so_far == HoldSoFar(announcements=2, new=1, again=1, over_music=1, longest_return_ms=500, voice_dbm0=-20.0)
    assert memory.behind_ms(21 * S) == 1000
    memory.announced(70 * S, known=False, over_music=False, voice_dbm0=None)
    assert memory.so_far.again == 0


def test_a_pause_is_heard_in_the_level_at_once() -> None:
    loudness = Loudness()
    for tick in range(100):
        loudness.feed(160 * (tick + 1), -20.0 if tick < 60 else -60.0)
    assert loudness.quiet_ms(0, 16_000) == 800
    assert loudness.voice_dbm0(0, 16_000) == -20.0
    assert loudness.floor_dbm0(0, 16_000) == -60.0
    assert loudness.depth_db(0, 16_000) == 40.0
    assert loudness.depth_db(0, 9600) == 0.0
    assert loudness.depth_db(14_400, 16_000) is None  # too short to say


def test_without_levels_nothing_is_known_of_them() -> None:
    loudness = Loudness()
    for tick in range(100):
        loudness.feed(160 * (tick + 1), -90.0)
    assert loudness.quiet_ms(0, 16_000) == 0
    assert loudness.voice_dbm0(0, 16_000) is None
    assert loudness.floor_dbm0(0, 16_000) is None


def test_the_share_of_what_was_known_depends_on_what_sounded_and_not_on_how_often_it_is_looked_at() -> None:
    rarely, often = Surroundings(), Surroundings()
    for at in range(0, 60 * S + 1, 160):
        often.passed(at, heard=True, known=True)
    rarely.passed(60 * S, heard=True, known=True)
    assert abs(rarely.known_share - often.known_share) < 1e-9
    assert 0.7 < often.known_share < 0.8
    often.passed(600 * S, heard=False, known=False)
    assert 0.7 < often.known_share < 0.8
    often.passed(640 * S, heard=True, known=False)
    assert often.known_share < 0.3


def test_a_voice_in_surroundings_that_are_known_is_more_likely_a_human() -> None:
    sound = Sound(length_ms=1200, music_seen=True, gap_ms=500, known_share=0.9, behind_known_ms=1000)
    assert probability(sound, BEDS) > probability(msgspec.structs.replace(sound, known_share=0.05), BEDS)


@pytest.mark.parametrize("known", [False, True])
def test_when_the_surroundings_will_look_otherwise_is_told(known: bool) -> None:
    """Who never looks in between misses no value of the cue."""
    surroundings = Surroundings()
    surroundings.passed(400 * S if not known else 1, heard=True, known=not known)
    at, seen = surroundings.changes_at(known=known), [_look(surroundings)]
    while at is not None:
        surroundings.passed(at - 8, heard=True, known=known)
        assert _look(surroundings) == seen[-1]
        surroundings.passed(at, heard=True, known=known)
        assert _look(surroundings) != seen[-1]
        seen.append(_look(surroundings))
        at = surroundings.changes_at(known=known)
    shares = ["<10", "<40", "<70", ">70"]
    assert seen == (shares if known else shares[::-1])


def _look(surroundings: Surroundings) -> str:
    sound = Sound(length_ms=1000, known_share=surroundings.known_share, behind_known_ms=100)
    return cues(sound, HoldSoFar())["surroundings"].split()[0]
