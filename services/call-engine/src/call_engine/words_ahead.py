"""Speech of a recording turned into text before it is asked for, by as many recognisers as there are.

What will be asked for hardly depends on what the answers are: a first pass through the recording, without words, foresees it.
"""

from __future__ import annotations

import asyncio
from hashlib import blake2b

import msgspec
import numpy as np
from numpy.typing import NDArray

from call_engine.ports import Transcriber, Transcript


class Question(msgspec.Struct, frozen=True):
    """What tells one request from another; ``sound`` is a digest of the samples."""

    sound: bytes
    purpose: str
    language: str
    hot_words: str


class Foresight:
    """A Transcriber of the first pass: understands nothing and remembers, in order, what it was asked."""

    def __init__(self) -> None:
        self.asked: dict[Question, NDArray[np.int16]] = {}

    async def transcribe(self, samples: NDArray[np.int16], *, purpose: str, language: str, hot_words: str) -> Transcript:
        self.asked[_question(samples, purpose, language, hot_words)] = samples
        return Transcript(text="", language=language, confidence=1.0)


class WordsAhead:
    """A Transcriber that begins with what is foreseen, ``at_a_time`` requests together (at least one); what was not foreseen it asks for at
    once."""

    def __init__(self, transcriber: Transcriber, foresight: Foresight, at_a_time: int) -> None:
        self._transcriber = transcriber
        self._free = asyncio.Semaphore(max(at_a_time, 1))
        self._begun = {
            question: asyncio.create_task(self._in_turn(question, samples)) for question, samples in foresight.asked.items()
        }  # fmt: skip

    async def transcribe(self, samples: NDArray[np.int16], *, purpose: str, language: str, hot_words: str) -> Transcript:
        """Raises TranscriberBusy."""
        question = _question(samples, purpose, language, hot_words)
        if (begun := self._begun.get(question)) is not None:
            return await asyncio.shield(begun)
        return await self._asked(question, samples)

    async def close(self) -> None:
        """Gives up what nobody asked for."""
        for begun in self._begun.values():
            begun.cancel()
        await asyncio.gather(*self._begun.values(), return_exceptions=True)

    async def _in_turn(self, question: Question, samples: NDArray[np.int16]) -> Transcript:
        async with self._free:
            return await self._asked(question, samples)

    async def _asked(self, question: Question, samples: NDArray[np.int16]) -> Transcript:
        return await self._transcriber.transcribe(
            samples, purpose=question.purpose, language=question.language, hot_words=question.hot_words
        )  # fmt: skip


def _question(samples: NDArray[np.int16], purpose: str, language: str, hot_words: str) -> Question:
    return Question(blake2b(samples.tobytes(), digest_size=16).digest(), purpose, language, hot_words)
