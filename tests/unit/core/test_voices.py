"""Whose voice it is: measured while it speaks, beside what surely was no human."""

from __future__ import annotations

from call_engine.core.effects import DescribeVoice
from call_engine.core.happenings import VoiceDescribed
from call_engine.core.holding.voices import Voices
from call_engine.core.outbox import Outbox

S = 8000
ANNOUNCER, OTHER = (0.0, 0.0), (6.0, -6.0)


def asked(outbox: Outbox) -> list[DescribeVoice]:
    return [effect for effect in outbox.take() if isinstance(effect, DescribeVoice)]


def answer(voices: Voices, wanted: DescribeVoice, timbre: tuple[float, ...]) -> None:
    voices.described(VoiceDescribed(turn=wanted.turn, start_sample=wanted.start_sample, end_sample=wanted.end_sample, timbre=timbre))


def with_an_announcer() -> tuple[Voices, Outbox]:
    outbox = Outbox()
    voices = Voices(outbox)
    voices.announced(1 * S, 5 * S, sure=False)
    assert not asked(outbox)
    voices.followed_by_music()
    answer(voices, asked(outbox)[0], ANNOUNCER)
    return voices, outbox


def test_another_voice_is_far_from_the_announcers() -> None:
    voices, outbox = with_an_announcer()
    voices.speaks(2, 20 * S, 21 * S, 800)
    assert voices.unlike_db(2) is None
    answer(voices, asked(outbox)[0], OTHER)
    assert voices.unlike_db(2) == 6.0
    assert voices.unlike_db(3) is None


def test_a_voice_is_measured_again_as_it_speaks_on_and_the_longest_stretch_counts() -> None:
    voices, outbox = with_an_announcer()
    voices.speaks(2, 20 * S, 21 * S, 800)
    (early,) = asked(outbox)
    voices.speaks(2, 20 * S, 21 * S, 900)
    assert not asked(outbox)
    voices.speaks(2, 20 * S, 22 * S, 1800)
    (later,) = asked(outbox)
    answer(voices, later, ANNOUNCER)
    answer(voices, early, OTHER)
    assert voices.unlike_db(2) == 0.0


def test_who_was_perhaps_a_human_is_no_announcer_before_music_follows_or_long_silence() -> None:
    outbox = Outbox()
    voices = Voices(outbox)
    voices.announced(1 * S, 3 * S, sure=False)
    voices.announced(5 * S, 8 * S, sure=False)
    assert not asked(outbox)
    voices.announced(20 * S, 24 * S, sure=False)
    assert [(one.turn, one.start_sample) for one in asked(outbox)] == [(0, 1 * S), (0, 5 * S)]


def test_what_was_recognised_is_an_announcer_at_once_and_a_short_one_is_a_poor_model() -> None:
    outbox = Outbox()
    voices = Voices(outbox)
    voices.announced(1 * S, 2 * S, sure=True)
    assert not asked(outbox)
    voices.announced(10 * S, 40 * S, sure=True)
    (wanted,) = asked(outbox)
    assert wanted.end_sample - wanted.start_sample == 12 * S


def strange(voices: Voices, wanted: DescribeVoice, wrong_part: float | None) -> None:
    voices.described(
        VoiceDescribed(turn=wanted.turn, start_sample=wanted.start_sample, end_sample=wanted.end_sample, wrong_part=wrong_part)
    )


def test_where_recordings_were_learned_what_speaks_is_compared_with_them_from_the_first_announcement_on() -> None:
    outbox = Outbox()
    voices = Voices(outbox, learned=True)
    voices.speaks(1, 2 * S, 3 * S, 800)
    strange(voices, asked(outbox)[0], 0.41)
    assert (voices.strange(1).wrong_part, voices.strange(1).length_ms) == (0.41, 1000)
    assert voices.strange(2).wrong_part is None
    voices.speaks(1, 2 * S, 4 * S, 1800)
    strange(voices, asked(outbox)[0], None)
    assert voices.strange(1).wrong_part == 0.41


def test_nothing_is_compared_while_nothing_is_known() -> None:
    outbox = Outbox()
    voices = Voices(outbox)
    voices.speaks(1, 2 * S, 3 * S, 800)
    assert not asked(outbox)


def test_announcements_without_end_or_music_are_not_remembered_without_end() -> None:
    outbox = Outbox()
    voices = Voices(outbox)
    for number in range(1000):
        voices.announced(number * 8 * S, number * 8 * S + 5 * S, sure=False)
    voices.followed_by_music()
    wanted = asked(outbox)
    assert len(wanted) <= 60
    assert wanted[-1].start_sample == 999 * 8 * S
