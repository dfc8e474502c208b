"""What the shell still has of a call's sound, and what it answers where that is gone."""

from __future__ import annotations

import asyncio
from typing import Any

import numpy as np
from call_engine.adapters.recordings import KnownRecordings
from call_engine.call_sound import CallSound
from call_engine.core.effects import KeepRecording, Transcribe
from call_engine.core.happenings import Transcribed
from call_engine.ports import Transcript

S = 8000


def _sound(seconds: int, words: Any = None) -> CallSound:
    sound, random = CallSound(KnownRecordings(), words, call_id="c"), np.random.default_rng(2)
    for _ in range(50 * seconds):
        sound.feed(random.normal(0, 2000, 160).astype(np.int16))
    return sound


def test_what_is_still_in_memory_is_fingerprinted() -> None:
    kept = _sound(12).keep(KeepRecording(recording_id="hold:1", start_sample=2 * S, end_sample=10 * S))
    assert (kept.start_sample, kept.end_sample) == (2 * S, 10 * S)
    assert kept.fingerprint


def test_nothing_is_made_known_of_a_stretch_whose_sound_is_gone() -> None:
    """Whoever might have been a human is kept once that is sure, perhaps minutes later."""
    kept = _sound(100).keep(KeepRecording(recording_id="hold:1", start_sample=2 * S, end_sample=8 * S))
    assert kept.fingerprint == ""


class _Unsure:
    async def transcribe(self, samples: Any, *, purpose: str, language: str, hot_words: str) -> Transcript:
        return Transcript(text="what one makes of it", log_prob=-1.4, no_speech=0.3)


def test_the_recognisers_doubt_comes_with_its_words() -> None:
    asked = Transcribe(request_id="t1.1", start_sample=S, end_sample=2 * S, purpose="candidate", language="", hot_words="")
    heard = asyncio.run(_sound(2, _Unsure()).transcribe(asked))
    assert isinstance(heard, Transcribed)
    assert (heard.log_prob, heard.no_speech) == (-1.4, 0.3)
