"""The detect command: WAV in, labelled JSON out; and the ear's accuracy on the committed real audio."""

from __future__ import annotations

import itertools
import json
import wave
from pathlib import Path

import numpy as np
import pytest
from line_audio import generate
from line_audio.__main__ import main
from line_audio.detect import detect, read_wav
from line_audio.segments import Label
from line_audio.wav import UnreadableAudio

from tests.support.real_audio import clip

pytestmark = pytest.mark.unit
FRAME = 160
OVER_MUSIC_DB = 6.0
MUSIC_CALLED_SPEECH = 0.2  #: of these clips, whose beginning is the hard part; the benchmark has the figure over hours


def write_wav(path: Path, samples: np.ndarray, rate: int = 8000) -> Path:
    with wave.open(str(path), "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(rate)
        writer.writeframes(samples.astype("<i2").tobytes())
    return path


def test_json_of_a_wav(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = np.concatenate([generate.silence(0.5), generate.dtmf("7", on_ms=100), generate.silence(0.5), generate.sines([1000], 0.5)])
    path = write_wav(tmp_path / "line.wav", generate.to_pcm(np.concatenate([line, generate.silence(1.0)])))
    assert main(["detect", str(path), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [(part["label"], part["detail"]) for part in found if part["label"] != "silence"] == [("dtmf", "7"), ("beep", "")]
    assert all(set(part) == {"start", "end", "label", "detail"} for part in found)
    assert all(a["end"] <= b["start"] + 1e-9 for a, b in itertools.pairwise(found))


def test_a_file_at_another_rate(tmp_path: Path) -> None:
    t = np.arange(16000) / 16000
    path = write_wav(tmp_path / "wide.wav", 8000 * np.sin(2 * np.pi * 1000 * t), rate=16000)
    samples = read_wav(path)
    assert samples.size == 8000
    assert abs(np.argmax(np.abs(np.fft.rfft(samples))) - 1000) <= 1


def test_what_is_no_wav_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "noise.wav"
    path.write_bytes(b"RIFFnothing much")
    with pytest.raises(UnreadableAudio):
        read_wav(path)
    assert main(["detect", str(path)]) == 1
    assert main(["detect", str(tmp_path / "missing.wav")]) == 1
    assert "line_audio:" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["prompt_en", "prompt_it", "prompt_fr", "voice_read", "voice_read_2"])
def test_voices_are_speech(name: str) -> None:
    samples = np.concatenate([np.zeros(4000, np.int16), clip(name), np.zeros(8000, np.int16)])
    said = sum(s.end_sample - s.start_sample for s in detect(samples) if s.label is Label.SPEECH)
    assert said >= 0.75 * clip(name).size
    assert not [s for s in detect(samples) if s.label not in (Label.SPEECH, Label.SILENCE)]


@pytest.mark.parametrize("name", ["music_hold", "music_hold_2"])
def test_hold_music_is_music(name: str) -> None:
    samples = np.concatenate([np.zeros(4000, np.int16), np.tile(clip(name), 2)])
    segments = detect(samples)
    played = sum(s.end_sample - s.start_sample for s in segments if s.label is Label.MUSIC)
    assert played >= 0.8 * 2 * clip(name).size
    said = sum(s.end_sample - s.start_sample for s in segments if s.label in (Label.SPEECH, Label.SPEECH_OVER_MUSIC))
    assert said <= MUSIC_CALLED_SPEECH * 2 * clip(name).size


@pytest.mark.parametrize("name", ["prompt_en", "prompt_it", "prompt_fr"])
def test_vowels_that_hold_like_a_signal_do_not_hide_a_voice_over_music(name: str) -> None:
    voice = clip(name)
    bed = at_level(np.resize(clip("music_hold_2"), voice.size + 48000), -14 - OVER_MUSIC_DB)
    bed[32000 : 32000 + voice.size] += at_level(voice, -14)
    heard = np.zeros(bed.size // FRAME, np.bool_)
    for segment in detect(generate.through_mu_law(generate.to_pcm(bed))):
        if segment.label in (Label.SPEECH, Label.SPEECH_OVER_MUSIC):
            heard[segment.start_sample // FRAME : segment.end_sample // FRAME] = True
    power = np.mean(np.square(voice[: voice.size // FRAME * FRAME].reshape(-1, FRAME).astype(float)), axis=1)
    assert heard[32000 // FRAME :][: power.size][power > 1e4].mean() > 0.87


def at_level(samples: np.ndarray, decibels: float) -> np.ndarray:
    """Its louder parts at this level relative to an amplitude of 8 000."""
    loud = samples[np.abs(samples) > 0.05 * np.abs(samples).max()].astype(float)
    return samples * (8000 * 10 ** (decibels / 20) / np.sqrt(np.mean(np.square(loud))))
