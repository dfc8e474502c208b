"""From probabilities to segments: where a voice begins of which the network becomes sure slowly."""

from __future__ import annotations

import numba
import numpy as np
import pytest
from line_audio import _kernels_segments as kernels
from line_audio.segments import FRAME_SAMPLES
from numpy.typing import NDArray

pytestmark = pytest.mark.unit


@numba.njit
def _followed(speech, music, mean_squares, events):  # type: ignore[no-untyped-def]
    state = np.zeros(kernels.G_SIZE)
    state[kernels.G_LABEL] = state[kernels.G_TONE] = -1
    n = 0
    for i in range(speech.size):
        n = kernels.segment_step(state, speech[i], music[i], mean_squares[i], 160.0 * (i + 1), False, events, n)
    return n


def voices_over_music(*levels: tuple[float, int]) -> list[tuple[float, float]]:
    """Start of each voice over music and when it became known, in frames after 4 s of music; ``levels``: probability of speech, frames."""
    speech = np.concatenate([np.zeros(200), *(np.full(frames, level) for level, frames in levels)])
    events: NDArray[np.float64] = np.zeros((100, kernels.EVENT))
    n = _followed(speech, np.ones(speech.size), np.full(speech.size, 1e6), events)
    opened = events[:n][(events[:n, 0] == 0) & (events[:n, 1] == kernels.SPEECH_OVER_MUSIC)]
    return [(start / FRAME_SAMPLES - 200, at / FRAME_SAMPLES - 200) for start, at in opened[:, [2, 4]]]


def test_a_voice_that_becomes_sure_slowly_began_where_it_was_hinted_at() -> None:
    ((start, known),) = voices_over_music((0.5, 40), (0.95, 50))
    assert -4 <= start <= 2
    assert 45 <= known <= 55


def test_a_hint_alone_is_no_voice() -> None:
    assert not voices_over_music((0.5, 200), (0.0, 50))


def test_a_hint_before_a_pause_or_long_ago_is_not_its_beginning() -> None:
    ((after_a_pause, _),) = voices_over_music((0.5, 20), (0.0, 30), (0.95, 50))
    assert 45 <= after_a_pause <= 52
    ((after_long, _),) = voices_over_music((0.5, 150), (0.95, 50))
    assert 145 <= after_long <= 155


def test_the_end_of_a_voice_is_no_hint_of_the_next() -> None:
    (_, (second, _)) = voices_over_music((0.95, 60), (0.0, 40), (0.95, 50))
    assert 95 <= second <= 102


def test_after_digital_silence_a_voice_began_with_the_sound() -> None:
    speech = np.concatenate([np.zeros(120), np.full(60, 0.95)])
    mean_squares = np.concatenate([np.zeros(100), np.full(80, 1e6)])
    events = np.zeros((100, kernels.EVENT))
    n = _followed(speech, np.zeros(speech.size), mean_squares, events)
    (start,) = events[:n][(events[:n, 0] == 0) & (events[:n, 1] == kernels.SPEECH)][:, 2]
    assert start == 100 * FRAME_SAMPLES
