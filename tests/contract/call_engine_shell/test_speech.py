"""What a session counts on from any Speech: the installed voice, and the tone of the tests."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from call_engine.adapters.speech import PiperSpeech, voice_model
from call_engine.call_setup import Speaking

from tests.support.engine_under_test import ToneSpeech

TEXT = "One moment, please."


def piper() -> Speaking:
    if voice_model() is None:
        pytest.skip("no voice is installed")
    return PiperSpeech(prepare=(TEXT,))


@pytest.mark.parametrize("make", [piper, ToneSpeech])
async def test_words_are_telephone_sound(make: Callable[[], Speaking]) -> None:
    speech = make()
    await speech.start()
    said = await speech.say(TEXT)
    assert (said.dtype, said.ndim) == (np.int16, 1)
    assert 0.3 <= len(said) / 8000 <= 10
    assert np.abs(said).max() > 500
    assert np.array_equal(await speech.say(TEXT), said)
