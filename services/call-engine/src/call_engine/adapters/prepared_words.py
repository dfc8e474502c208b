"""A transcriber whose words can be compared in meaning at once.

The brain asks for similarities in the middle of the engine's beat, and embedding a new text takes some milliseconds. What a transcript
will be compared by (its whole, and the labels of a menu in it) is therefore embedded in a thread before anybody is told of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from call_engine.call_setup import Transcribing
from call_engine.core.utterance import understand
from call_engine.ports import Transcript


class Preparing(Protocol):
    def prepare(self, texts: Iterable[str]) -> None: ...


class PreparedWords:
    """Implements ``Transcribing`` around another one."""

    def __init__(self, inner: Transcribing, similarity: Preparing) -> None:
        self._inner, self._similarity = inner, similarity

    @property
    def waiting(self) -> int:
        return self._inner.waiting

    @property
    def lag_s(self) -> float:
        return self._inner.lag_s

    async def transcribe(self, samples: NDArray[np.int16], *, purpose: str, language: str, hot_words: str) -> Transcript:
        """Raises TranscriberBusy."""
        heard = await self._inner.transcribe(samples, purpose=purpose, language=language, hot_words=hot_words)
        await asyncio.to_thread(self._prepare, heard.text, heard.language)
        return heard

    def _prepare(self, text: str, language: str) -> None:
        self._similarity.prepare([text, *(option.label for option in understand(text, language).menu.options)])

    async def close(self) -> None:
        await self._inner.close()
