"""A recording is heard in stretches, one ahead of the other: where they are cut makes no difference."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest
from call_engine import hear
from call_engine.ports import Transcript
from call_engine.recording_listener import RecordingListener
from numpy.typing import NDArray

SECOND = 8000


class Mumbled:
    """A recogniser that understands the length of what it hears."""

    async def transcribe(self, samples: NDArray[np.int16], *, purpose: str, language: str, hot_words: str) -> Transcript:
        return Transcript(text=f"{len(samples)} samples", language="en", confidence=1.0)


def test_the_cut_makes_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    noise = np.random.default_rng(7).normal(0, 2500, 7 * SECOND)
    syllables = np.sin(np.arange(len(noise)) * 2 * np.pi * 4 / SECOND) > 0
    tone = 5000 * np.sin(np.arange(3 * SECOND) * 2 * np.pi * 1000 / SECOND)
    sound = np.concatenate([np.zeros(SECOND), noise * syllables, np.zeros(2 * SECOND), tone, np.zeros(100)]).astype(np.int16)

    def heard(stretch_s: int) -> list[hear.HeardSegment]:
        monkeypatch.setattr(hear, "STRETCH_SAMPLES", stretch_s * SECOND)
        return asyncio.run(hear.Pipeline(Mumbled(), RecordingListener()).hear(sound))

    whole = heard(60)
    assert len(whole) >= 2
    assert heard(1) == heard(4) == whole


def test_nothing_is_said_to_sound_behind_the_end() -> None:
    tone = (5000 * np.sin(np.arange(3 * SECOND) * 2 * np.pi * 440 / SECOND)).astype(np.int16)
    found = asyncio.run(hear.Pipeline(Mumbled(), RecordingListener()).hear(tone))
    assert [one.end for one in found] == [3.0]
