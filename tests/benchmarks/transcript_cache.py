"""The real recogniser with a memory on disk: what was once heard of some audio is not asked again. Keys are hashes of audio, request,
model and the recogniser's code."""

from __future__ import annotations

import hashlib
import sqlite3
from pathlib import Path

import msgspec
import numpy as np
from call_engine.adapters import whisper_window, whisper_worker
from call_engine.adapters.whisper import WhisperPool, model_folder
from call_engine.ports import Transcript
from numpy.typing import NDArray


class CachedTranscriber:
    """A Transcriber. ``asked`` and ``heard_anew`` count requests."""

    def __init__(self, store: Path, model: str = "", workers: int = 1) -> None:
        store.parent.mkdir(parents=True, exist_ok=True)
        self._known = sqlite3.connect(store, timeout=60)
        self._known.execute("CREATE TABLE IF NOT EXISTS transcripts (key TEXT PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID")
        folder = model_folder(model)
        code = hashlib.sha256(b"".join(Path(str(module.__file__)).read_bytes() for module in (whisper_worker, whisper_window)))
        self._model = f"{folder.name}:{(folder / 'model.bin').stat().st_size}:{code.hexdigest()}"
        self._pool = WhisperPool(folder, workers=workers)
        self.asked = self.heard_anew = 0

    async def transcribe(self, samples: NDArray[np.int16], *, purpose: str, language: str, hot_words: str) -> Transcript:
        self.asked += 1
        about = f"{self._model}|{purpose if purpose == 'menu' else ''}|{language}|{hot_words}".encode()
        key = hashlib.sha256(about + samples.astype("<i2").tobytes()).hexdigest()
        row = self._known.execute("SELECT body FROM transcripts WHERE key = ?", (key,)).fetchone()
        if row is not None:
            return msgspec.msgpack.decode(row[0], type=Transcript)
        self.heard_anew += 1
        heard = await self._pool.transcribe(samples, purpose=purpose, language=language, hot_words=hot_words)
        with self._known:
            self._known.execute("INSERT OR IGNORE INTO transcripts VALUES (?, ?)", (key, msgspec.msgpack.encode(heard)))
        return heard

    async def close(self) -> None:
        await self._pool.close()
        self._known.close()
