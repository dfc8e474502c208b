"""The real sentence model behind a file of vectors: a simulation asks for the same few thousand sentences again and again."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from call_engine.adapters.similarity import SentenceSimilarity
from numpy.typing import NDArray


class KeptSimilarity:
    """Implements the ``Similarity`` port. Vectors are kept in a folder shared by processes; one file a text."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._model = SentenceSimilarity()
        self._vectors: dict[str, NDArray[np.float32]] = {}

    def scores(self, text: str, candidates: Sequence[str]) -> list[float]:
        if not text:
            return [0.0] * len(candidates)
        wanted = self._vector(text)
        return [float(np.dot(wanted, self._vector(one))) if one else 0.0 for one in candidates]

    def _vector(self, text: str) -> NDArray[np.float32]:
        if text not in self._vectors:
            self._vectors[text] = self._read_or_embed(text)
        return self._vectors[text]

    def _read_or_embed(self, text: str) -> NDArray[np.float32]:
        path = self._folder / f"{hashlib.sha256(text.encode()).hexdigest()[:24]}.npy"
        if path.is_file():
            kept: NDArray[np.float32] = np.load(path)
            return kept
        vector = self._model._embed_once(text)
        self._folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self._folder, suffix=".part", delete=False) as part:
            np.save(part, vector)
        Path(part.name).replace(path)
        return vector
