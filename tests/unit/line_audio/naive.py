"""Naive twins of the kernels: the definition, written plainly with numpy and loops, however slow."""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray


def power_spectrum(samples: NDArray[np.floating], window: NDArray[np.floating]) -> NDArray[np.floating]:
    n = samples.size
    angle = -2j * np.pi * np.outer(np.arange(n // 2 + 1), np.arange(n)) / n
    return np.abs(np.exp(angle) @ (samples * window)) ** 2


def projections(samples: NDArray[np.floating], basis: NDArray[np.floating]) -> NDArray[np.floating]:
    return np.array([float(np.dot(samples, basis[:, j])) for j in range(basis.shape[1])])


def measures(block: NDArray[np.floating], digits: NDArray[np.floating], tones: NDArray[np.floating]) -> NDArray[np.floating]:
    """What ``_kernels_frequencies`` says of a frame: ``block`` are the 40 ms that end with it; bases as ``goertzel.halves`` makes them."""

    def energy(samples: NDArray[np.floating]) -> float:
        return float(np.sum((samples * (0.5 - 0.5 * np.cos(2 * np.pi * (np.arange(samples.size) + 0.5) / samples.size))) ** 2))

    def onto(samples: NDArray[np.floating], group: NDArray[np.floating]) -> list[float]:
        return [float(np.dot(samples, [*v, *(sign * v[::-1])])) for half, sign in zip(group, (1, -1), strict=True) for v in half]

    frame = block[160:]
    projected = [onto(frame, digits[0]), *(onto(block, group) for group in tones)]
    return np.array([np.mean(frame**2), energy(frame), energy(block), *itertools.chain.from_iterable(projected)])


def amplitude_at(samples: NDArray[np.floating], radians: float) -> float:
    n = np.arange(samples.size)
    window = 0.5 - 0.5 * np.cos(2 * np.pi * (n + 0.5) / samples.size)
    return float(abs(np.sum(samples * window * np.exp(-1j * radians * n))) / (0.25 * samples.size))


def residual_of_sines(samples: NDArray[np.floating], radians: list[float]) -> NDArray[np.floating]:
    n = np.arange(samples.size)
    waves = np.stack([f(r * n) for r in radians for f in (np.cos, np.sin)], axis=1)
    return samples - waves @ np.linalg.lstsq(waves, samples, rcond=None)[0]


def spectral_peak(samples: NDArray[np.floating], nominal: float) -> float:
    """Frequency (radians a sample) within 6 % of ``nominal`` at which a Hann-windowed stretch has most energy."""
    grid = nominal * np.linspace(0.94, 1.06, 4001)
    n = np.arange(samples.size)
    window = 0.5 - 0.5 * np.cos(2 * np.pi * (n + 0.5) / samples.size)
    return float(grid[np.argmax(np.abs(np.exp(-1j * np.outer(grid, n)) @ (samples * window)))])


def envelope(samples: NDArray[np.floating], radians: float) -> NDArray[np.floating]:
    """Amplitude of a tone in each Hann window of 96 samples, every 8."""
    return np.array([amplitude_at(samples[at : at + 96], radians) for at in range(0, samples.size - 95, 8)])


def described(powers: NDArray[np.floating], edges: NDArray[np.integer], scale: float) -> NDArray[np.floating]:
    """What ``_kernels_hold`` says of frames 0, 1, 2 …: band shape, level and peakiness of each, float64[n, 23]."""
    parts = ((4, 16), (16, 32), (32, 64), (64, 122))
    out, reference = [], -14.0
    for power in powers * scale:
        level = np.log2(power[4:122].sum() + 1e-9)
        reference = max(reference - 0.0133, level - 1.0, -14.0)
        shape = [np.log2(power[a:b].sum() + 1e-9) - level for a, b in itertools.pairwise(edges)]
        peaks = [np.log2(power[a:b].sum() / (b - a)) - np.mean(np.log2(power[a:b] + 1e-9)) for a, b in parts]
        out.append([*np.clip(np.array(shape) / 5, -3, 0.5), max(level - reference, -16) / 5, *(np.array(peaks) / 2)])
    return np.array(out)


def changes(powers: NDArray[np.floating], scale: float, frame: int) -> NDArray[np.floating]:
    """How the logarithm of each bin changed over 2 and over 6 frames: mean of each part, float64[8]."""
    fine = np.log2(powers * scale + 1e-9)
    parts = ((4, 16), (16, 32), (32, 64), (64, 122))
    return np.array([np.mean(np.abs(fine[frame, a:b] - fine[frame - lag, a:b])) / 4 for lag in (2, 6) for a, b in parts])


def judged(vectors: NDArray[np.floating], weights: dict[str, NDArray[np.floating]]) -> NDArray[np.floating]:
    """Probabilities of speech and music: two gated recurrent layers between two dense ones."""

    def sigmoid(x: NDArray[np.floating]) -> NDArray[np.floating]:
        return np.asarray(1 / (1 + np.exp(-x)))

    def recur(x: NDArray[np.floating], h: NDArray[np.floating], layer: int) -> NDArray[np.floating]:
        ahead = np.split(x @ weights[f"w{layer}"] + weights[f"b{layer}"], 3)
        back = np.split(h @ weights[f"r{layer}"] + weights[f"c{layer}"], 3)
        update, reset = sigmoid(ahead[0] + back[0]), sigmoid(ahead[1] + back[1])
        return np.asarray(update * h + (1 - update) * np.tanh(ahead[2] + reset * back[2]))

    first: NDArray[np.floating] = np.zeros(weights["r1"].shape[0])
    second: NDArray[np.floating] = np.zeros(weights["r2"].shape[0])
    out = []
    for vector in vectors.astype(np.float64):
        first = recur(np.maximum(vector @ weights["w_in"] + weights["b_in"], 0), first, 1)
        second = recur(first, second, 2)
        out.append(sigmoid(second @ weights["w_out"] + weights["b_out"]))
    return np.array(out)


def bit_errors(live: list[int], known: list[int]) -> tuple[int, int]:
    pairs = [(a, b) for a, b in zip(live, known, strict=True) if a and b]
    return sum((a ^ b).bit_count() for a, b in pairs), len(pairs)


def g711_mu_law_decode(code: int) -> int:
    inverted = ~code & 0xFF
    magnitude = (((inverted & 0x0F) * 8 + 132) << (inverted >> 4 & 7)) - 132
    return -magnitude if inverted & 0x80 else magnitude
