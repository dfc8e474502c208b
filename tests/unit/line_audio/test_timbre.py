"""The timbre of a voice through its channel: level and words do not matter, the voice and its line do."""

from __future__ import annotations

import numpy as np
from line_audio.timbre import timbre
from numpy.typing import NDArray
from scipy import signal

RATE_HZ = 8000


def voice(seed: int, pitch_hz: float, formants_hz: tuple[float, ...], seconds: float = 2.0, level: float = 3000.0) -> NDArray[np.int16]:
    """Glottal pulses of a wandering pitch through formants, in syllables: what is "said" differs with the seed."""
    rng = np.random.default_rng(seed)
    size = int(seconds * RATE_HZ)
    pitch = pitch_hz * (1 + 0.1 * np.repeat(rng.standard_normal(size // 800 + 1), 800)[:size])
    pulses = np.diff(np.floor(np.cumsum(pitch) / RATE_HZ), prepend=0.0)
    for formant in formants_hz:
        pulses = signal.lfilter([1.0], [1, -1.8 * np.cos(2 * np.pi * formant / RATE_HZ), 0.81], pulses)
    syllables = np.repeat(rng.uniform(0.2, 1.0, size // 1600 + 1), 1600)[:size]
    said = pulses * syllables
    return np.asarray(said / np.abs(said).max() * level, np.int16)


def distance(one: NDArray[np.int16], other: NDArray[np.int16]) -> float:
    return float(np.sqrt(np.mean(np.square(timbre(one) - timbre(other)))))


DEEP, HIGH = (110.0, (500.0, 1500.0)), (220.0, (700.0, 2300.0))


def test_one_voice_is_nearer_to_itself_than_another_whatever_it_says() -> None:
    assert distance(voice(1, *DEEP), voice(2, *DEEP)) < 2.0
    assert distance(voice(1, *DEEP), voice(2, *HIGH)) > 4.0


def test_the_level_does_not_matter_and_the_channel_does() -> None:
    said = voice(1, *DEEP)
    assert distance(said, voice(1, *DEEP, level=600.0)) < 1.5
    through = signal.sosfilt(signal.butter(2, [300, 2000], "bandpass", fs=RATE_HZ, output="sos"), said.astype(float))
    assert distance(said, through.astype(np.int16)) > 4.0


def test_too_little_sound_has_no_timbre() -> None:
    assert timbre(np.zeros(8000, np.int16)).size == 0
    assert timbre(voice(1, *DEEP, seconds=0.1)).size == 0
