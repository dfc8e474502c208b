"""The hearing network in numpy: two gated recurrent layers between two dense ones, with its gradient.

The same sums as ``line_audio/_kernels_hold.py``; sequences are float32[steps, batch, width].
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Weights = dict[str, Floats]
Outputs = 2


def initial(rng: np.random.Generator, features: int, entry: int, first: int, second: int) -> Weights:
    def draw(fan_in: int, *shape: int) -> Floats:
        return (rng.standard_normal(shape) / np.sqrt(fan_in)).astype(np.float32)

    def zeros(size: int) -> Floats:
        return np.zeros(size, np.float32)

    weights = {"w_in": draw(features, features, entry) * np.float32(1.4), "b_in": zeros(entry)}
    for layer, fan_in, width in ((1, entry, first), (2, first, second)):
        weights |= {f"w{layer}": draw(fan_in, fan_in, 3 * width), f"r{layer}": draw(width, width, 3 * width)}
        weights |= {f"b{layer}": zeros(3 * width), f"c{layer}": zeros(3 * width)}
        weights[f"b{layer}"][:width] = 1.5  # remember at first
    return weights | {"w_out": draw(second, second, Outputs), "b_out": zeros(Outputs)}


def _sigmoid(x: Floats) -> Floats:
    return np.float32(0.5) + np.float32(0.5) * np.tanh(np.float32(0.5) * x)


class Recurrent:
    """One gated recurrent layer over a chunk; remembers what its gradient needs."""

    def __init__(self, weights: Weights, layer: int) -> None:
        self.names = [f"{kind}{layer}" for kind in "wrbc"]
        self.w, self.r, self.b, self.c = (weights[name] for name in self.names)
        self.width = self.r.shape[0]

    def forward(self, inputs: Floats, hidden: Floats) -> Floats:
        steps, batch, _ = inputs.shape
        n = self.width
        self.inputs = inputs
        gates = (inputs.reshape(-1, inputs.shape[2]) @ self.w + self.b).reshape(steps, batch, 3 * n)
        self.states = np.empty((steps + 1, batch, n), np.float32)
        self.states[0] = hidden
        self.update, self.reset = np.empty((2, steps, batch, n), np.float32)
        self.candidate, self.product = np.empty((2, steps, batch, n), np.float32)
        for t in range(steps):
            back = self.states[t] @ self.r + self.c
            both = _sigmoid(gates[t, :, : 2 * n] + back[:, : 2 * n])
            self.update[t], self.reset[t], self.product[t] = both[:, :n], both[:, n:], back[:, 2 * n :]
            self.candidate[t] = np.tanh(gates[t, :, 2 * n :] + self.reset[t] * self.product[t])
            self.states[t + 1] = self.candidate[t] + self.update[t] * (self.states[t] - self.candidate[t])
        return self.states[1:]

    def backward(self, above: Floats, gradients: Weights) -> Floats:
        steps, batch, n = above.shape
        to_inputs, to_hidden = np.empty((2, steps, batch, 3 * n), np.float32)
        later = np.zeros((batch, n), np.float32)
        for t in range(steps - 1, -1, -1):
            z, r, c, before = self.update[t], self.reset[t], self.candidate[t], self.states[t]
            here = above[t] + later
            candidate = here * (1 - z) * (1 - c * c)
            to_inputs[t, :, :n] = here * (before - c) * z * (1 - z)
            to_inputs[t, :, n : 2 * n] = candidate * self.product[t] * r * (1 - r)
            to_inputs[t, :, 2 * n :] = candidate
            to_hidden[t, :, : 2 * n] = to_inputs[t, :, : 2 * n]
            to_hidden[t, :, 2 * n :] = candidate * r
            later = here * z + to_hidden[t] @ self.r.T
        flat_in, flat_hidden = to_inputs.reshape(-1, 3 * n), to_hidden.reshape(-1, 3 * n)
        inputs = self.inputs.reshape(flat_in.shape[0], -1)
        found = (inputs.T @ flat_in, self.states[:-1].reshape(-1, n).T @ flat_hidden, flat_in.sum(0), flat_hidden.sum(0))
        gradients.update(zip(self.names, found, strict=True))
        return np.asarray((flat_in @ self.w.T).reshape(self.inputs.shape))


class Chunk:
    """The whole network over a chunk of steps."""

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self.first, self.second = Recurrent(weights, 1), Recurrent(weights, 2)

    def forward(self, inputs: Floats, hidden: tuple[Floats, Floats]) -> tuple[Floats, tuple[Floats, Floats]]:
        """Probabilities float32[steps, batch, 2] and the states after the chunk."""
        w = self.weights
        self.inputs = inputs
        self.entry = np.maximum(inputs @ w["w_in"] + w["b_in"], 0)
        below = self.first.forward(self.entry, hidden[0])
        self.top = self.second.forward(below, hidden[1])
        self.p = _sigmoid(self.top @ w["w_out"] + w["b_out"])
        return self.p, (self.first.states[-1], self.second.states[-1])

    def backward(self, error: Floats) -> Weights:
        """Gradient of the loss; ``error`` is its derivative by the last layer's sums."""
        w = self.weights
        gradients: Weights = {}
        flat = error.reshape(-1, Outputs)
        gradients["w_out"], gradients["b_out"] = self.top.reshape(flat.shape[0], -1).T @ flat, flat.sum(0)
        below = self.second.backward(error @ w["w_out"].T, gradients)
        entry = self.first.backward(below, gradients) * (self.entry > 0)
        flat = entry.reshape(-1, entry.shape[2])
        gradients["w_in"], gradients["b_in"] = self.inputs.reshape(flat.shape[0], -1).T @ flat, flat.sum(0)
        return gradients


def start(weights: Weights, batch: int) -> tuple[Floats, Floats]:
    return tuple(np.zeros((batch, weights[name].shape[0]), np.float32) for name in ("r1", "r2"))  # type: ignore[return-value]
