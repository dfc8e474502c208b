"""What the engine counts on from any Transcriber: the recogniser's processes, the wrapper around one, and the fake of the tests."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable

import numpy as np
import pytest
from call_engine.adapters.prepared_words import PreparedWords
from call_engine.adapters.whisper import WhisperPool, model_folder
from call_engine.call_setup import Transcribing
from call_engine.settings import SettingsError
from ivr_sim.voice import Voices
from numpy.typing import NDArray

from tests.support.engine_under_test import FixedTranscriber

SAID = "All of our representatives are busy helping other customers. Please stay on the line."


class Nothing:
    def prepare(self, texts: Iterable[str]) -> None:
        pass


def recogniser() -> Transcribing:
    try:
        return WhisperPool(model_folder(""), workers=1)
    except SettingsError:
        pytest.skip("no whisper model is installed")


def prepared() -> Transcribing:
    return PreparedWords(FixedTranscriber(SAID), Nothing())


def fixed() -> Transcribing:
    return FixedTranscriber(SAID)


@pytest.fixture(params=[recogniser, prepared, fixed])
async def transcriber(request: pytest.FixtureRequest) -> AsyncIterator[Transcribing]:
    it: Transcribing = request.param()
    yield it
    await it.close()


async def test_words_come_with_times_inside_the_audio_and_nothing_waits_afterwards(transcriber: Transcribing) -> None:
    audio: NDArray[np.int16] = np.asarray(Voices().say("rms", SAID)).astype(np.int16)
    heard = await transcriber.transcribe(audio, purpose="hold", language="en", hot_words="")
    assert "representatives are busy" in heard.text.lower()
    assert (heard.language, 0 < heard.confidence <= 1) == ("en", True)
    assert all(0 <= word.start_sample <= word.end_sample <= len(audio) + 8000 for word in heard.words)
    assert transcriber.waiting == 0
    assert transcriber.lag_s >= 0
    await transcriber.close()  # closing twice is allowed
