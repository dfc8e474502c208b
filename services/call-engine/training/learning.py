"""What a choice builds on, learned from some menus: topics, kinds of company, the turn that brings wishes to labels, and the memory."""

from __future__ import annotations

import numpy as np
from call_engine.adapters.meaning import HALVES
from call_engine.adapters.similarity import SentenceSimilarity
from menus import TrainingMenu
from numpy.typing import NDArray
from regression import fitted
from serving import embedded, half_of, learn_turn, memory
from topics import read_topics

Arrays = dict[str, NDArray[np.generic]]
TOPIC_DECAY, TRADE_DECAY = 3e-5, 1e-4
TRADE_RANK = 128  #: of the weights of all kinds of company, many of which are alike
SCALE = 6.0  #: of the meaning beside the constant


def learn_topics(model: SentenceSimilarity) -> Arrays:
    topics = read_topics()
    return {"topic_weights": _about([list(topic.phrases) for topic in topics], model, TOPIC_DECAY, steps=120, rate=0.05)}


def learn_serving(menus: list[TrainingMenu], model: SentenceSimilarity) -> Arrays:
    """Of the kinds of company, the turn and the memory."""
    trades = [[phrase for option in menu.options for phrase in option.phrases] for menu in menus if menu.company]
    given = embedded(menus, model)
    turns = [tuple(weights.astype(np.float16) for weights in learn_turn(half_of(given, half))) for half in range(len(HALVES))]
    of_trades = _about(trades, model, TRADE_DECAY, steps=300, rate=0.03, batch=1024)
    common = of_trades.astype(np.float32).mean(axis=1, keepdims=True)  # what raises the odds of all of them changes nothing
    left, sizes, right = np.linalg.svd(of_trades.astype(np.float32) - common, full_matrices=False)
    return {
        "trade_weights": (left[:, :TRADE_RANK] * np.sqrt(sizes[:TRADE_RANK])).astype(np.float16),
        "trades": (np.sqrt(sizes[:TRADE_RANK, None]) * right[:TRADE_RANK]).astype(np.float16),
        **{
            f"turn_{way}{half}": weights
            for half, turn in zip(("", "_too"), turns, strict=True)
            for way, weights in zip(("in", "out"), turn, strict=True)
        },
        **memory(given, tuple((into.astype(np.float32), out.astype(np.float32)) for into, out in turns)),
    }


def _about(
    classes: list[list[str]], model: SentenceSimilarity, decay: float, *, steps: int, rate: float, batch: int = 0
) -> NDArray[np.generic]:
    """float16[896 + 1, classes]: the odds that a phrase is one of each class."""
    vectors = model.meanings([phrase for phrases in classes for phrase in phrases])
    of_class = np.array([index for index, phrases in enumerate(classes) for _ in phrases])
    scaled = np.hstack([vectors * SCALE, np.ones((len(vectors), 1), np.float32)])
    weights = fitted(scaled, of_class, len(classes), decay, steps=steps, rate=rate, batch=batch)
    weights[:-1] *= SCALE
    return weights.astype(np.float16)
