"""Learns which labels serve which wishes: a turn of the sentence vectors after which a wish lies by the label that serves it.

The turn is ``v + v A B`` with few columns in A, so that it starts from the model's own sense of likeness and moves away only where many
pairs agree. Contrastive: of a handful of pairs drawn at random, each wish has to find its own label among all of theirs.
"""

from __future__ import annotations

import numpy as np
from call_engine.adapters.similarity import SentenceSimilarity, Turn
from numpy.typing import NDArray
from topics import Topic, read_served, read_topics

from tests.data.understanding.make import Writer

Floats = NDArray[np.float32]
RANK, STEPS, BATCH, SHARPNESS, RATE, DECAY = 96, 150, 256, 14.0, 3e-3, 1e-3
ALIKE = 0.7  #: labels that are so alike serve each other's wishes


def pairs_of_bank(bank: str) -> list[Topic]:
    """Each option of the bank's menus with the wishes for it."""
    writer = Writer(bank)
    sectors = [name for name in writer.bank if name.startswith("sector ")]
    return [Topic(label, (label,), tuple(wishes)) for name in sectors for _, label, wishes in writer.topics(name)]


def learn_turn(banks: list[str], model: SentenceSimilarity) -> Turn:
    """From the topics, the served wishes and these banks."""
    known = [*read_topics(), *read_served(), *(one for bank in banks for one in pairs_of_bank(bank))]
    wishes = [(index, wish) for index, topic in enumerate(known) for wish in topic.wishes]
    of_topic = np.array([index for index, _ in wishes])
    spoken = model.vectors([wish for _, wish in wishes])
    labels = [model.vectors(topic.labels) for topic in known]
    draw = np.random.default_rng(0)
    into = draw.normal(0, 1 / np.sqrt(spoken.shape[1]), (spoken.shape[1], RANK)).astype(np.float32)
    weights = [into, np.zeros((RANK, spoken.shape[1]), np.float32)]
    means, squares = [np.zeros_like(one) for one in weights], [np.zeros_like(one) for one in weights]
    for step in range(1, STEPS + 1):
        chosen = draw.choice(len(wishes), BATCH, replace=False)
        offered = np.array([labels[topic][draw.integers(len(labels[topic]))] for topic in of_topic[chosen]])
        for place, slope in enumerate(_slopes(spoken[chosen], offered, of_topic[chosen], weights[0], weights[1])):
            means[place] = 0.9 * means[place] + 0.1 * slope
            squares[place] = 0.99 * squares[place] + 0.01 * slope * slope
            stride = (means[place] / (1 - 0.9**step)) / (np.sqrt(squares[place] / (1 - 0.99**step)) + 1e-8)
            weights[place] = weights[place] * np.float32(1 - RATE * DECAY) - RATE * stride
    return weights[0], weights[1]


def _slopes(wishes: Floats, labels: Floats, topics: NDArray[np.int64], into: Floats, out: Floats) -> tuple[Floats, Floats]:
    """Of the loss in both weights; wishes and labels float32[batch, 512], the pairs in the same row."""
    wish, wish_length = _unit(wishes + wishes @ into @ out)
    label, label_length = _unit(labels + labels @ into @ out)
    odds = SHARPNESS * (wish @ label.T)
    served_too = (topics[:, None] == topics[None, :]) | (labels @ labels.T > ALIKE)
    np.fill_diagonal(served_too, False)
    odds[served_too] = -1e9
    wrong = (_shares(odds) + _shares(odds.T).T - 2 * np.eye(len(odds), dtype=np.float32)) * (SHARPNESS / (2 * len(odds)))
    by_wish, by_label = wrong @ label, wrong.T @ wish
    by_wish = (by_wish - wish * (by_wish * wish).sum(axis=1, keepdims=True)) / wish_length
    by_label = (by_label - label * (by_label * label).sum(axis=1, keepdims=True)) / label_length
    of_into = wishes.T @ (by_wish @ out.T) + labels.T @ (by_label @ out.T)
    return of_into, (wishes @ into).T @ by_wish + (labels @ into).T @ by_label


def _unit(vectors: Floats) -> tuple[Floats, Floats]:
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / length, length


def _shares(odds: Floats) -> Floats:
    shares: Floats = np.exp(odds - odds.max(axis=1, keepdims=True))
    return shares / shares.sum(axis=1, keepdims=True)
