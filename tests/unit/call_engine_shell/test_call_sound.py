"""What the shell still has of a call's sound, and what it answers where that is gone."""

from __future__ import annotations

import asyncio
from typing import Any

import numpy as np
from call_engine.adapters.recordings import KnownRecordings
from call_engine.call_sound import CallSound
from call_engine.core.effects import KeepRecording, Transcribe
from call_engine.core.happenings import RecordingKept, Transcribed
from call_engine.ports import Transcript

S = 8000


def _sound(seconds: int, words: Any = None) -> CallSound:
    sound, random = CallSound(KnownRecordings(), words, call_id="c"), np.random.default_rng(2)
    for _ in range(50 * seconds):
        sound.feed(random.normal(0, 2000, 160).astype(np.int16))
    return sound


async def _kept(sound: CallSound, wanted: KeepRecording) -> RecordingKept:
    return await sound.keep(wanted, *sound.cut(wanted))


async def test_what_is_still_in_memory_is_fingerprinted() -> None:
    kept = await _kept(_sound(12), KeepRecording(recording_id="hold:1", start_sample=2 * S, end_sample=10 * S))
    assert (kept.start_sample, kept.end_sample) == (2 * S, 10 * S)
    assert kept.fingerprint


async def test_nothing_is_made_known_of_a_stretch_whose_sound_is_gone() -> None:
    """Whoever might have been a human is kept once that is sure, perhaps minutes later."""
    kept = await _kept(_sound(100), KeepRecording(recording_id="hold:1", start_sample=2 * S, end_sample=8 * S))
    assert kept.fingerprint == ""


class _Broken(KnownRecordings):
    def fingerprinted(self, *stretch: Any, **more: Any) -> Any:
        raise KeyError("a table")


async def test_whoever_waits_for_a_fingerprint_is_told_whatever_goes_wrong() -> None:
    sound, wanted = CallSound(_Broken(), None, call_id="c"), KeepRecording(recording_id="hold:1", start_sample=0, end_sample=S)  # type: ignore[arg-type]
    for _ in range(100):
        sound.feed(np.zeros(160, np.int16))
    kept = await _kept(sound, wanted)
    assert (kept.recording_id, kept.fingerprint) == ("hold:1", "")
    await asyncio.wait_for(sound.kept(), 5)


class _Unsure:
    async def transcribe(self, samples: Any, *, purpose: str, language: str, hot_words: str) -> Transcript:
        return Transcript(text="what one makes of it", log_prob=-1.4, no_speech=0.3)


def test_the_recognisers_doubt_comes_with_its_words() -> None:
    asked = Transcribe(request_id="t1.1", start_sample=S, end_sample=2 * S, purpose="candidate", language="", hot_words="")
    heard = asyncio.run(_sound(2, _Unsure()).transcribe(asked))
    assert isinstance(heard, Transcribed)
    assert (heard.log_prob, heard.no_speech) == (-1.4, 0.3)
