"""Learns how the vectors of two encoders make one meaning: which texts are English, and what the encoder of English would say of others.

Which label serves which wish is not looked at, so that nothing needs to be left out of it in a check.
"""

from __future__ import annotations

import numpy as np
from call_engine.adapters.meaning import language_signs
from call_engine.adapters.similarity import SentenceSimilarity
from call_engine.adapters.similarity_english import EnglishSentences
from menus import TrainingMenu
from numpy.typing import NDArray

Floats = NDArray[np.float32]
TOLD_RANK = 48
LANGUAGE_DECAY, TOLD_DECAY = 5.0, 3.0
TOLD_MAX = 12_000  #: English phrases that it is told from


def learn_meaning(menus: list[TrainingMenu], model: SentenceSimilarity) -> dict[str, NDArray[np.generic]]:
    """By the names of ``Meaning``."""
    languages = {phrase: menu.language for menu in menus if menu.language for option in menu.options for phrase in option.phrases}
    texts = sorted(languages)
    vectors, english = model.vectors(texts), EnglishSentences()
    are_english = np.array([languages[text] == "en" for text in texts])
    told_in, told_out = (weights.astype(np.float16) for weights in _told(texts, vectors, are_english, english))
    return {"is_english": _telling(language_signs(texts, vectors, english), are_english), "told_in": told_in, "told_out": told_out}


def _telling(signs: Floats, are_english: NDArray[np.bool_]) -> Floats:
    """Ridge regression, both answers counting the same in all."""
    share = np.where(are_english, 0.5 / are_english.mean(), 0.5 / (~are_english).mean()).astype(np.float32)[:, None]
    answers = np.where(are_english, 1, -1).astype(np.float32)
    decay = LANGUAGE_DECAY * np.eye(signs.shape[1], dtype=np.float32)
    weights: Floats = np.linalg.solve(signs.T @ (signs * share) + decay, (signs * share).T @ answers).astype(np.float32)
    return weights


def _told(texts: list[str], vectors: Floats, are_english: NDArray[np.bool_], english: EnglishSentences) -> tuple[Floats, Floats]:
    """Ridge regression from one vector to the other, cut down to the directions that vary most."""
    known = np.flatnonzero(are_english)
    known = known[:: max(1, len(known) // TOLD_MAX)]
    given, wanted = vectors[known], english.encode([texts[place] for place in known])
    decay = TOLD_DECAY * np.eye(given.shape[1], dtype=np.float32)
    weights = np.linalg.solve(given.T @ given + decay, given.T @ wanted)
    _, _, axes = np.linalg.svd(given @ weights, full_matrices=False)
    return weights @ axes[:TOLD_RANK].T, axes[:TOLD_RANK]
