from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from call_engine.adapters.whisper_window import window_frames
from call_engine.adapters.whisper_worker import doubt, is_invented, is_quiet, repeats_itself, upsampled

NOISE = np.random.default_rng(1)


def test_upsampling_keeps_a_tone() -> None:
    n = np.arange(8000)
    tone = (10_000 * np.sin(2 * np.pi * 1000 * n / 8000)).astype(np.int16)
    wide = upsampled(tone)
    m = np.arange(16_000)
    expected = 10_000 / 32768 * np.sin(2 * np.pi * 1000 * m / 16_000)
    assert len(wide) == 16_000
    assert np.max(np.abs(wide[200:-200] - expected[200:-200])) < 1e-3


@pytest.mark.parametrize(("rms", "quiet"), [(0, True), (10, True), (200, False)])
def test_the_energy_gate(rms: float, quiet: bool) -> None:
    assert is_quiet(NOISE.normal(0, rms, 8000).astype(np.int16)) is quiet


def test_a_short_word_in_long_silence_is_not_quiet() -> None:
    samples = np.zeros(80_000, dtype=np.int16)
    samples[40_000:41_600] = NOISE.normal(0, 2000, 1600)
    assert not is_quiet(samples)


@pytest.mark.parametrize(
    ("text", "no_speech", "log_prob", "invented"),
    [
        ("Press one for billing.", 0.1, -0.3, False), ("Thank you.", 0.5, -0.4, True), ("Thank you.", 0.01, -0.2, False),
        ("press one " * 20, 0.1, -0.2, True), ("Hello", 0.9, -0.9, True), ("...", 0.1, -0.1, True),
    ],
)  # fmt: skip
def test_inventions(text: str, no_speech: float, log_prob: float, invented: bool) -> None:
    assert is_invented(text, no_speech, log_prob) is invented


def test_a_text_that_goes_round_in_circles_is_told_though_its_sentences_are_short() -> None:
    assert repeats_itself("I'm going to be here. " * 8)
    assert not repeats_itself("For billing, press one. For sales, press two. To hear this again, press nine.")


def test_the_models_doubt_is_that_of_its_tokens() -> None:
    segments = [
        SimpleNamespace(tokens=[1] * size, avg_logprob=log, no_speech_prob=no) for size, log, no in ((3, -0.4, 0.1), (1, -1.6, 0.5))
    ]
    assert doubt(segments) == (-0.7, 0.2)
    assert doubt([]) == (None, None)


@pytest.mark.parametrize(("said", "frames"), [(0, 500), (120, 500), (300, 500), (301, 550), (1500, 1700), (2900, 3000), (3000, 3000)])
def test_the_encoder_is_given_what_was_said_and_some_silence(said: int, frames: int) -> None:
    features = np.zeros((80, 3000), dtype=np.float32)
    features[:, :said] = 0.5
    assert window_frames(features) == frames
