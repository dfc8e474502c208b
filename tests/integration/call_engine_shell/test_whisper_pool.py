"""The recogniser's processes: real speech made here by the installed voice, at 8 kHz and through µ-law."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from call_engine.adapters import whisper
from call_engine.adapters.speech import PiperSpeech, voice_model
from call_engine.adapters.whisper import WhisperPool, model_folder
from call_engine.ports import TranscriberBusy
from call_engine.settings import SettingsError
from line_audio import g711
from numpy.typing import NDArray

SENTENCES = (
    "Thank you for calling. For account services, press three.",
    "Your call is important to us, please stay on the line.",
    "Hello, this is Maria speaking, how can I help you today?",
)


def has_model() -> bool:
    try:
        model_folder("")
    except SettingsError:
        return False
    return True


pytestmark = pytest.mark.skipif(not has_model(), reason="no whisper model is installed")


def word_errors(said: str, heard: str) -> int:
    """Levenshtein distance in words."""
    digits = {"1": "one", "2": "two", "3": "three", "4": "four"}
    a, b = ([digits.get(w, w) for w in "".join(c for c in t.lower() if c.isalnum() or c == " ").split()] for t in (said, heard))
    row = list(range(len(b) + 1))
    for i, word in enumerate(a, 1):
        previous, row[0] = row[0], i
        for j, other in enumerate(b, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (word != other))
    return row[-1]


class _SameEachTime:
    """A voice without the variation that it draws anew for each sentence."""

    def __init__(self, voice: Any) -> None:
        self._voice = voice

    def synthesize(self, text: str) -> Any:
        from piper import SynthesisConfig

        return self._voice.synthesize(text, SynthesisConfig(noise_scale=0.0, noise_w_scale=0.0))


@pytest.mark.skipif(voice_model() is None, reason="no voice is installed")
async def test_spoken_sentences_are_recognised_over_a_telephone_codec() -> None:
    pool, speech = WhisperPool(model_folder(""), workers=1), PiperSpeech()
    vars(speech)["_voice"] = _SameEachTime(speech._voice)
    try:
        errors = words = 0
        for sentence in SENTENCES:
            heard = await pool.transcribe(over_the_phone(await speech.say(sentence)), purpose="menu", language="", hot_words="")
            errors += word_errors(sentence, heard.text)
            words += len(sentence.split())
            assert heard.words[0].start_sample < heard.words[-1].end_sample <= 8000 * 30
        assert errors / words < 0.1
        noise = np.random.default_rng(7).normal(0, 200, 16_000).astype(np.int16)
        assert (await pool.transcribe(noise, purpose="hold", language="", hot_words="")).text == ""
    finally:
        await pool.close()


async def test_a_full_queue_turns_the_least_useful_away() -> None:
    pool = WhisperPool(model_folder(""), workers=1, queue_max=2)
    quiet = np.zeros(800, dtype=np.int16)
    try:
        asked = [
            asyncio.create_task(pool.transcribe(quiet, purpose=purpose, language="", hot_words=""))
            for purpose in ("hold", "menu", "hold", "candidate")
        ]
        answers = await asyncio.gather(*asked, return_exceptions=True)
    finally:
        await pool.close()
    assert [isinstance(answer, TranscriberBusy) for answer in answers] == [True, False, True, False]


async def test_what_may_be_a_human_comes_first_and_of_the_same_use_the_oldest() -> None:
    pool = WhisperPool(model_folder(""), workers=1)
    quiet, done = np.zeros(800, dtype=np.int16), list[str]()

    async def ask(name: str, purpose: str) -> None:
        await pool.transcribe(quiet, purpose=purpose, language="", hot_words="")
        done.append(name)

    asked = (("a", "hold"), ("b", "menu"), ("c", "hold"), ("d", "candidate"), ("e", "menu"), ("f", "candidate"))
    try:
        await asyncio.gather(*(ask(name, purpose) for name, purpose in asked))
    finally:
        await pool.close()
    assert "".join(done) == "dfbeac"


async def test_a_recogniser_that_hangs_is_replaced_and_its_lag_is_seen() -> None:
    pool = WhisperPool(model_folder(""), workers=1, hear_s=1.0)
    quiet = np.zeros(800, dtype=np.int16)
    try:
        await pool.transcribe(quiet, purpose="menu", language="", hot_words="")
        (worker,) = recognisers()
        os.kill(worker, signal.SIGSTOP)
        stuck = asyncio.create_task(pool.transcribe(quiet, purpose="menu", language="", hot_words=""))
        waiting = asyncio.create_task(pool.transcribe(quiet, purpose="hold", language="", hot_words=""))
        with pytest.raises(TranscriberBusy, match="hung"):
            await stuck
        assert pool.lag_s >= 0.9
        await waiting
        assert worker not in recognisers()
    finally:
        await pool.close()


async def test_a_recogniser_that_does_not_start_is_tried_again(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    pool = WhisperPool(model_folder(""), workers=1)
    monkeypatch.setattr(whisper, "START_AGAIN_S", 0.0)
    monkeypatch.setattr(whisper, "START_S", 0.001)
    asked = asyncio.create_task(pool.transcribe(np.zeros(800, dtype=np.int16), purpose="menu", language="", hot_words=""))
    try:
        async with asyncio.timeout(60):
            while caplog.text.count("did not start") < 2:
                await asyncio.wait([asked], timeout=0.05)
            monkeypatch.setattr(whisper, "START_S", 60.0)
            assert (await asked).text == ""
    finally:
        await pool.close()


def recognisers() -> list[int]:
    children = [int(pid) for tasks in Path("/proc/self/task").glob("*/children") for pid in tasks.read_text().split()]
    return [pid for pid in children if b"whisper_worker" in Path(f"/proc/{pid}/cmdline").read_bytes()]


def test_a_missing_model_says_what_to_do(tmp_path: object) -> None:
    with pytest.raises(SettingsError, match="CALL_ENGINE_WHISPER_MODEL"):
        model_folder(str(tmp_path))


def over_the_phone(samples: NDArray[np.int16]) -> NDArray[np.int16]:
    decoded: NDArray[np.int16] = g711.decode_mu_law(g711.encode_mu_law(samples))
    return decoded
