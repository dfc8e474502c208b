"""Multinomial logistic regression by Adam."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def fitted(features: Floats, labels: NDArray[np.int64], classes: int, decay: float, *, steps: int = 150, rate: float = 0.05) -> Floats:
    """Weights float32[features, classes]."""
    weights = np.zeros((features.shape[1], classes), np.float32)
    mean, square = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, steps + 1):
        odds = features @ weights
        wrong = np.exp(odds - odds.max(axis=1, keepdims=True))
        wrong /= wrong.sum(axis=1, keepdims=True)
        wrong[np.arange(len(labels)), labels] -= 1
        slope = features.T @ wrong / np.float32(len(features)) + np.float32(decay) * weights
        mean = 0.9 * mean + 0.1 * slope
        square = 0.99 * square + 0.01 * slope * slope
        weights -= np.float32(rate) * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + np.float32(1e-8))
    return weights
