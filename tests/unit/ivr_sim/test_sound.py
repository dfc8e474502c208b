"""Voices, music, channel and the caller's ear: samples in, samples out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ivr_sim import music
from ivr_sim import voice as synthesis
from ivr_sim.actions import PlayMusic, Quiet, RoomNoise, Say
from ivr_sim.caller_ear import COLUMNS_HZ, KEYS, ROWS_HZ, CallerEar
from ivr_sim.channel import Channel, ChannelKind, Samples, clipped, dbm0_of, mulaw_decode, mulaw_encode, through_codec
from ivr_sim.conversation import Conversation
from ivr_sim.happenings import Digit, PlaybackEnded, SpeechEnded, SpeechStarted
from ivr_sim.machine import Machine
from ivr_sim.playout import Playout
from ivr_sim.script import load, names, phrases
from ivr_sim.voice import NoVoice, Recordings, Voices, key

SHIPPED = Path(str(music.__file__)).parent / "voices"


class Clicks:
    """Says everything as 100 ms of a constant."""

    def say(self, voice: str, text: str) -> Samples:
        return np.full(800, 1000, np.int16)


def test_every_word_of_the_shipped_scripts_is_shipped_and_small() -> None:
    recordings = Recordings(SHIPPED)
    for name in names():
        for voice, text in phrases(load(name)):
            assert recordings.say(voice, text) is not None, (name, voice, text)
    assert sum(path.stat().st_size for path in SHIPPED.glob("*.ul")) <= 600_000


def test_recordings_keep_what_they_are_given(tmp_path: Path) -> None:
    recordings = Recordings(tmp_path / "cache")
    samples = through_codec(clipped(np.random.default_rng(1).normal(0, 2000, 400)), "mulaw")
    recordings.keep("slt", "hello", samples)
    assert np.array_equal(recordings.say("slt", "hello"), samples)
    assert recordings.say("rms", "hello") is None
    assert key("slt", "hello") != key("rms", "hello")


def test_what_nobody_can_say_is_an_error(tmp_path: Path) -> None:
    voices = Voices(cache=tmp_path)
    voices._synthesisers = []
    with pytest.raises(NoVoice, match="never recorded"):
        voices.say("slt", "never recorded")


def test_what_is_synthesised_sounds_the_same_the_first_time_and_from_the_cache(tmp_path: Path) -> None:
    class Buzz:
        def say(self, voice: str, text: str) -> Samples:
            return clipped(3000 * np.sin(np.arange(801) ** 1.2))

    def voices() -> Voices:
        fresh = Voices(cache=tmp_path)
        fresh._synthesisers = [Buzz()]
        return fresh

    assert np.array_equal(voices().say("slt", "never recorded"), voices().say("slt", "never recorded"))


def test_only_so_many_sentences_are_kept_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(synthesis, "SAID_MAX", 2)
    voices = Voices(cache=tmp_path)
    voices._synthesisers = [Clicks()]
    for text in ("one", "two", "one", "three"):
        voices.say("slt", text)
    assert [text for _, text in voices._said] == ["one", "three"]


def test_a_tune_is_the_same_each_time_and_differs_from_another() -> None:
    first = music.tune("waiting-room").copy()
    music.tune.cache_clear()
    assert np.array_equal(first, music.tune("waiting-room"))
    assert not np.array_equal(first[:8000], music.tune("lounge")[:8000])
    assert -24 < dbm0_of(first) < -18


@pytest.mark.parametrize("codec", ["mulaw", "alaw"])
def test_a_codec_is_idempotent_and_near(codec: str) -> None:
    every = np.arange(-32768, 32768).astype(np.int16)
    once = through_codec(every, codec)
    assert np.array_equal(through_codec(once, codec), once)
    assert np.all(
        np.abs(once.astype(int) - every) <= np.maximum(np.abs(every.astype(int)) / 16, 16) + 520 * (np.abs(every.astype(int)) > 32000)
    )


def test_mulaw_silence_is_ff() -> None:
    assert mulaw_encode(np.zeros(1, np.int16))[0] == 0xFF
    assert mulaw_decode(np.array([0xFF, 0x00, 0x80], np.uint8)).tolist() == [0, -32124, 32124]


def test_a_channel_is_the_same_from_the_same_seed() -> None:
    kind = ChannelKind(codec="alaw", noise_dbm0=-40, loss=0.2)
    tune = music.tune("waiting-room")[: 160 * 50].reshape(-1, 160)
    first, second = Channel(kind, seed=3), Channel(kind, seed=3)
    assert all(np.array_equal(first.pass_frame(frame), second.pass_frame(frame)) for frame in tune)


def test_frames_pass_a_channel_together_as_they_do_one_by_one() -> None:
    kind = ChannelKind(codec="mulaw", noise_dbm0=-40, loss=0.3)
    tune = music.tune("waiting-room")[: 160 * 50].reshape(-1, 160)
    together, alone = Channel(kind, seed=3), Channel(kind, seed=3)
    expected = np.stack([alone.pass_frame(frame) for frame in tune])
    assert np.array_equal(np.concatenate([together.pass_frames(tune[:7]), together.pass_frames(tune[7:])]), expected)


def test_a_channel_goes_on_from_where_it_was() -> None:
    channel = Channel(ChannelKind(codec="mulaw", noise_dbm0=-40, loss=0.3), seed=4)
    tune = music.tune("waiting-room")[: 160 * 50].reshape(-1, 160)
    channel.pass_frames(tune[:20])
    memory = channel.remember()
    once = channel.pass_frames(tune[20:])
    channel.recall(memory)
    assert np.array_equal(channel.pass_frames(tune[20:]), once)


@given(st.sampled_from(KEYS), st.integers(0, 159), st.floats(-12, 0))
@settings(max_examples=25, deadline=None)
def test_the_company_hears_an_inband_digit_once(digit: str, offset: int, gain_db: float) -> None:
    time = np.arange(1280) / 8000
    row, column = divmod(KEYS.index(digit), 4)
    tone = 6000 * 10 ** (gain_db / 20) * (np.sin(2 * np.pi * ROWS_HZ[row] * time) + np.sin(2 * np.pi * COLUMNS_HZ[column] * time))
    sound = clipped(np.concatenate([np.zeros(offset), tone, np.zeros(960 - offset)]))
    ear = CallerEar()
    heard = [event for frame in through_codec(sound, "mulaw").reshape(-1, 160) for event in ear.feed(frame)]
    assert [event.digit for event in heard if isinstance(event, Digit)] == [digit]


def test_the_company_hears_speech_begin_and_end() -> None:
    said = Recordings(SHIPPED).say("rms", "Thank you for calling Chase Bank.")
    assert said is not None
    sound = np.concatenate([np.zeros(800, np.int16), said[: len(said) // 160 * 160], np.zeros(8000, np.int16)]).reshape(-1, 160)
    ear = CallerEar()
    heard = [event for frame in sound for event in ear.feed(frame)]
    assert heard == [SpeechStarted(), SpeechEnded()]


def test_playout_reports_each_end_in_the_frame_it_falls_in() -> None:
    playout = Playout(Clicks())
    playout.perform(Say(playback_id="a", voice="x", text="one", pause_after_ms=10))
    playout.perform(Say(playback_id="b", voice="x", text="two"))
    ends = {frame: [event.playback_id for event in ended] for frame in range(12) if (ended := playout.next_frame()[1])}
    assert ends == {5: ["a"], 10: ["b"]}


def test_calm_frames_are_played_together_as_they_are_one_by_one() -> None:
    def playout() -> Playout:
        playout = Playout(Clicks(), seed=5)
        for action in (RoomNoise(level_dbm0=-50.0), PlayMusic(tune="waiting-room"), Say(playback_id="a", voice="x", text="one")):
            playout.perform(action)
        return playout

    together, alone = playout(), playout()
    assert together.calm_frames == 4
    memory = together.remember()
    expected = np.stack([alone.next_frame()[0] for _ in range(12)])
    for _ in range(2):
        frames, ended = together.next_frames(4)
        assert np.array_equal(frames, expected[:4])
        assert not ended
        assert len(together.log) == 1
        together.recall(memory)
    together.next_frames(4)
    assert together.next_frame()[1] == [PlaybackEnded("a")]
    assert together.calm_frames is None
    assert np.array_equal(together.next_frames(7)[0], expected[5:])


def test_a_conversation_is_calm_until_its_company_does_something() -> None:
    def conversation() -> Conversation:
        return Conversation(
            Machine(load("chase_bank")), Playout(Clicks(), seed=1), Channel(ChannelKind(noise_dbm0=-50.0, loss=0.1), seed=1)
        )

    together, alone = conversation(), conversation()
    expected = np.stack([alone.next_frame() for _ in range(400)])
    frames: list[Samples] = []
    while len(frames) < 400:
        calm = min(50 if together.calm_frames is None else together.calm_frames, 400 - len(frames))
        memory = together.remember()
        if calm:
            together.calm(calm)
            together.recall(memory)
        frames += list(together.calm(calm)) if calm else [together.next_frame()]
    assert np.array_equal(np.stack(frames), expected)
    assert together.take_notes() == alone.take_notes()


def test_quiet_cuts_speech_and_music_without_an_end() -> None:
    playout = Playout(Clicks())
    playout.perform(PlayMusic(tune="waiting-room"))
    playout.perform(Say(playback_id="a", voice="x", text="one"))
    playout.next_frame()
    playout.perform(Quiet())
    frames = [playout.next_frame() for _ in range(10)]
    assert not any(np.any(frame) or ended for frame, ended in frames)
    assert PlaybackEnded("a") not in [event for _, ended in frames for event in ended]
