"""What a choice builds on, learned from some menus: topics, the towers that bring wishes to labels, and the memory."""

from __future__ import annotations

import numpy as np
from call_engine.adapters.learned import LABEL, TABLE, WISH
from call_engine.adapters.similarity import SentenceSimilarity
from call_engine.adapters.towers import as_arrays, matrix_as_arrays
from drawn import embedded
from menus import TrainingMenu
from numpy.typing import NDArray
from regression import fitted
from serving import learn_towers, memory
from topics import read_topics

Arrays = dict[str, NDArray[np.generic]]
TOPIC_DECAY = 3e-5
SCALE = 6.0  #: of the sentence vector beside the constant


def learn_topics(model: SentenceSimilarity) -> Arrays:
    topics = read_topics()
    return {"topic_weights": _about([list(topic.phrases) for topic in topics], model, TOPIC_DECAY, steps=120, rate=0.05)}


def learn_serving(menus: list[TrainingMenu], model: SentenceSimilarity) -> Arrays:
    """The towers and the memory."""
    given = embedded(menus, model)
    learnt = learn_towers(given)
    return {
        **as_arrays(WISH, learnt.wish),
        **as_arrays(LABEL, learnt.label),
        **matrix_as_arrays(TABLE, learnt.table),
        **memory(given, learnt),
    }


def _about(classes: list[list[str]], model: SentenceSimilarity, decay: float, *, steps: int, rate: float) -> NDArray[np.generic]:
    """float16[512 + 1, classes]: the odds that a phrase is one of each class."""
    vectors = model.vectors([phrase for phrases in classes for phrase in phrases])
    of_class = np.array([index for index, phrases in enumerate(classes) for _ in phrases])
    scaled = np.hstack([vectors * SCALE, np.ones((len(vectors), 1), np.float32)])
    weights = fitted(scaled, of_class, len(classes), decay, steps=steps, rate=rate)
    weights[:-1] *= SCALE
    return weights.astype(np.float16)
