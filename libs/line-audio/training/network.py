"""The hearing network in numpy: two gated recurrent layers between two dense ones, with its gradient.

The same sums as ``line_audio/_kernels_hold.py``, whose approximation of tanh it shares; sequences are float32[steps, batch, width].
"""

from __future__ import annotations

import numpy as np
from line_audio._kernels_hold import squash
from line_audio._kernels_jit import kernel
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


@kernel
def gates_forward(gates, back, before, update, reset, candidate, product, after):  # type: ignore[no-untyped-def]
    """What follows the matrix products of one step: gates and back float32[batch, 3·width], the rest float32[batch, width]."""
    n = before.shape[1]
    half = np.float32(0.5)
    for i in range(before.shape[0]):
        for j in range(n):
            update[i, j] = half + half * squash(half * (gates[i, j] + back[i, j]))
            reset[i, j] = half + half * squash(half * (gates[i, n + j] + back[i, n + j]))
            product[i, j] = back[i, 2 * n + j]
            candidate[i, j] = squash(gates[i, 2 * n + j] + reset[i, j] * product[i, j])
            after[i, j] = candidate[i, j] + update[i, j] * (before[i, j] - candidate[i, j])


@kernel
def gates_backward(above, later, update, reset, candidate, product, before, to_inputs, to_hidden):  # type: ignore[no-untyped-def]
    """Gradients by the two matrix products of one step; ``later`` becomes what the update gate hands back."""
    n = before.shape[1]
    one = np.float32(1.0)
    for i in range(before.shape[0]):
        for j in range(n):
            z, r, c = update[i, j], reset[i, j], candidate[i, j]
            here = above[i, j] + later[i, j]
            inner = here * (one - z) * (one - c * c)
            to_inputs[i, j] = to_hidden[i, j] = here * (before[i, j] - c) * z * (one - z)
            to_inputs[i, n + j] = to_hidden[i, n + j] = inner * product[i, j] * r * (one - r)
            to_inputs[i, 2 * n + j] = inner
            to_hidden[i, 2 * n + j] = inner * r
            later[i, j] = here * z


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
        self.update, self.reset, self.candidate, self.product = np.empty((4, steps, batch, n), np.float32)
        for t in range(steps):
            before = self.states[t]
            back = before @ self.r + self.c
            kept = self.update[t], self.reset[t], self.candidate[t], self.product[t]
            gates_forward(gates[t], back, before, *kept, self.states[t + 1])
        return self.states[1:]

    def backward(self, above: Floats, gradients: Weights) -> Floats:
        steps, batch, n = above.shape
        to_inputs, to_hidden = np.empty((2, steps, batch, 3 * n), np.float32)
        later = np.zeros((batch, n), np.float32)
        for t in range(steps - 1, -1, -1):
            kept = self.update[t], self.reset[t], self.candidate[t], self.product[t]
            gates_backward(above[t], later, *kept, self.states[t], to_inputs[t], to_hidden[t])
            later += to_hidden[t] @ self.r.T
        flat_in, flat_hidden = to_inputs.reshape(-1, 3 * n), to_hidden.reshape(-1, 3 * n)
        inputs = self.inputs.reshape(flat_in.shape[0], -1)
        found = (inputs.T @ flat_in, self.states[:-1].reshape(-1, n).T @ flat_hidden, flat_in.sum(0), flat_hidden.sum(0))
        gradients.update(zip(self.names, found, strict=True))
        return np.asarray((flat_in @ self.w.T).reshape(self.inputs.shape))


class Chunk:
    """The whole network over a chunk of steps. In training, ``dropped`` of each layer's outputs are left out, others for each scene."""

    def __init__(self, weights: Weights, dropped: float = 0.0, rng: np.random.Generator | None = None) -> None:
        self.weights = weights
        self.dropped, self.rng = dropped, rng
        self.first, self.second = Recurrent(weights, 1), Recurrent(weights, 2)

    def forward(self, inputs: Floats, hidden: tuple[Floats, Floats]) -> tuple[Floats, tuple[Floats, Floats]]:
        """Probabilities float32[steps, batch, 2] and the states after the chunk."""
        w = self.weights
        self.inputs = inputs
        self.kept = [self._kept(inputs.shape[1], w[name].shape[0]) for name in ("b_in", "r1", "r2")]
        self.entry = np.maximum(inputs @ w["w_in"] + w["b_in"], 0) * self.kept[0]
        below = self.first.forward(self.entry, hidden[0]) * self.kept[1]
        self.top = self.second.forward(below, hidden[1]) * self.kept[2]
        self.p = _sigmoid(self.top @ w["w_out"] + w["b_out"])
        return self.p, (self.first.states[-1], self.second.states[-1])

    def _kept(self, batch: int, width: int) -> Floats:
        """float32[1, batch, width]: 0 what is left out, the rest a little more than 1, so that their sum stays."""
        if self.rng is None:
            return np.ones((1, batch, width), np.float32)
        return ((self.rng.random((1, batch, width)) >= self.dropped) / (1 - self.dropped)).astype(np.float32)

    def backward(self, error: Floats) -> Weights:
        """Gradient of the loss; ``error`` is its derivative by the last layer's sums."""
        w = self.weights
        gradients: Weights = {}
        flat = error.reshape(-1, Outputs)
        gradients["w_out"], gradients["b_out"] = self.top.reshape(flat.shape[0], -1).T @ flat, flat.sum(0)
        below = self.second.backward((error @ w["w_out"].T) * self.kept[2], gradients) * self.kept[1]
        entry = self.first.backward(below, gradients) * (self.entry > 0) * self.kept[0]
        flat = entry.reshape(-1, entry.shape[2])
        gradients["w_in"], gradients["b_in"] = self.inputs.reshape(flat.shape[0], -1).T @ flat, flat.sum(0)
        return gradients


def start(weights: Weights, batch: int) -> tuple[Floats, Floats]:
    return tuple(np.zeros((batch, weights[name].shape[0]), np.float32) for name in ("r1", "r2"))  # type: ignore[return-value]
