"""Voices, music, channel and the caller's ear: samples in, samples out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ivr_sim import music
from ivr_sim.actions import PlayMusic, Quiet, Say
from ivr_sim.caller_ear import COLUMNS_HZ, KEYS, ROWS_HZ, CallerEar
from ivr_sim.channel import Channel, ChannelKind, Samples, clipped, dbm0_of, mulaw_decode, mulaw_encode, through_codec
from ivr_sim.happenings import Digit, PlaybackEnded, SpeechEnded, SpeechStarted
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


def test_quiet_cuts_speech_and_music_without_an_end() -> None:
    playout = Playout(Clicks())
    playout.perform(PlayMusic(tune="waiting-room"))
    playout.perform(Say(playback_id="a", voice="x", text="one"))
    playout.next_frame()
    playout.perform(Quiet())
    frames = [playout.next_frame() for _ in range(10)]
    assert not any(np.any(frame) or ended for frame, ended in frames)
    assert PlaybackEnded("a") not in [event for _, ended in frames for event in ended]
