"""Multinomial logistic regression by Adam."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def fitted(
    features: Floats, labels: NDArray[np.int64], classes: int, decay: float, *, steps: int = 150, rate: float = 0.05, batch: int = 0
) -> Floats:
    """Weights float32[features, classes]. With ``batch`` rows drawn at a time, the rate falls to nothing."""
    draw = np.random.default_rng(0)
    weights = np.zeros((features.shape[1], classes), np.float32)
    mean, square = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, steps + 1):
        rows = draw.choice(len(features), min(batch, len(features)), replace=False) if batch else slice(None)
        given, wanted = features[rows], labels[rows]
        odds = given @ weights
        wrong = np.exp(odds - odds.max(axis=1, keepdims=True))
        wrong /= wrong.sum(axis=1, keepdims=True)
        wrong[np.arange(len(wanted)), wanted] -= 1
        slope = given.T @ wrong / np.float32(len(given)) + np.float32(decay) * weights
        mean = 0.9 * mean + 0.1 * slope
        square = 0.99 * square + 0.01 * slope * slope
        falling = min(1.0, 2 * (1 - step / steps) + 0.02) if batch else 1.0
        weights -= np.float32(rate * falling) * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + np.float32(1e-8))
    return weights
