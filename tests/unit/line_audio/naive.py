"""Naive twins of the kernels: the definition, written plainly with numpy and loops, however slow."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def power_spectrum(samples: NDArray[np.floating], window: NDArray[np.floating]) -> NDArray[np.floating]:
    n = samples.size
    angle = -2j * np.pi * np.outer(np.arange(n // 2 + 1), np.arange(n)) / n
    return np.abs(np.exp(angle) @ (samples * window)) ** 2


def projections(samples: NDArray[np.floating], basis: NDArray[np.floating]) -> NDArray[np.floating]:
    return np.array([float(np.dot(samples, basis[:, j])) for j in range(basis.shape[1])])


def amplitude_at(samples: NDArray[np.floating], radians: float) -> float:
    n = np.arange(samples.size)
    window = 0.5 - 0.5 * np.cos(2 * np.pi * (n + 0.5) / samples.size)
    return float(abs(np.sum(samples * window * np.exp(-1j * radians * n))) / (0.25 * samples.size))


def residual_of_sines(samples: NDArray[np.floating], radians: list[float]) -> NDArray[np.floating]:
    n = np.arange(samples.size)
    waves = np.stack([f(r * n) for r in radians for f in (np.cos, np.sin)], axis=1)
    return samples - waves @ np.linalg.lstsq(waves, samples, rcond=None)[0]


def dense(inputs: NDArray[np.floating], weights: NDArray[np.floating], biases: NDArray[np.floating]) -> NDArray[np.floating]:
    out = [float(b) + sum(float(x) * float(w) for x, w in zip(inputs, weights[:, j], strict=True)) for j, b in enumerate(biases)]
    return np.array(out)


def bit_errors(live: list[int], known: list[int]) -> tuple[int, int]:
    pairs = [(a, b) for a, b in zip(live, known, strict=True) if a and b]
    return sum((a ^ b).bit_count() for a, b in pairs), len(pairs)


def g711_mu_law_decode(code: int) -> int:
    inverted = ~code & 0xFF
    magnitude = (((inverted & 0x0F) * 8 + 132) << (inverted >> 4 & 7)) - 132
    return -magnitude if inverted & 0x80 else magnitude
