"""Train the speech and music network on composed scenes, with numpy.

    python libs/line-audio/training/train.py [--scenes 700] [--epochs 9] [--seed 1] [--out FILE]

Fetches the packages of ``sources.toml`` (Debian, needs apt), composes scenes, fits, prints kept-apart figures as JSON and writes
the weights. About ten minutes on one core.
"""

from __future__ import annotations

import argparse
import itertools
import json
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parent))

import compose
import corpus
from line_audio import hold
from line_audio._kernels_hold import FEATURES

Floats = NDArray[np.float32]
HIDDEN = (96, 32)
INPUT_NOISE = 0.05  #: of a deviation
WEIGHT_DECAY = 1e-4
MUSIC_AS_SPEECH_COST = 1.5  #: a false human on hold costs more than a late one


def load(side: str) -> compose.Sources:
    def each(kind: str) -> list[list[Floats]]:
        loaded = (corpus.clips(package, kind) for package in corpus.packages(side, kind))
        return [clips for clips in loaded if clips]

    return compose.Sources(voices=each("voice"), music=each("music"))


def examples(sources: compose.Sources, scenes: int, seed: int, stride: int) -> tuple[Floats, NDArray[np.int8]]:
    """Features float32[n, FEATURES] and labels int8[n, 2] (speech, music) of every ``stride``-th frame."""
    rng = np.random.default_rng(seed)
    vectors, labels = [], []
    for _ in range(scenes):
        scene = compose.scene(rng, sources)
        offset = int(rng.integers(stride))
        vectors.append(hold.features(scene.samples)[offset::stride].astype(np.float32))
        labels.append(np.stack([scene.speech, scene.music], axis=1)[offset::stride])
    return np.concatenate(vectors), np.concatenate(labels)


def initial(rng: np.random.Generator) -> dict[str, Floats]:
    sizes = (FEATURES, *HIDDEN, 2)
    weights: dict[str, Floats] = {}
    for layer, (fan_in, fan_out) in enumerate(itertools.pairwise(sizes), start=1):
        weights[f"w{layer}"] = (rng.standard_normal((fan_in, fan_out)) * np.sqrt(2 / fan_in)).astype(np.float32)
        weights[f"b{layer}"] = np.zeros(fan_out, np.float32)
    return weights


def forward(weights: dict[str, Floats], x: Floats) -> tuple[Floats, Floats, Floats]:
    first = np.maximum(x @ weights["w1"] + weights["b1"], 0)
    second = np.maximum(first @ weights["w2"] + weights["b2"], 0)
    return first, second, 1 / (1 + np.exp(-(second @ weights["w3"] + weights["b3"])))


def gradients(weights: dict[str, Floats], x: Floats, labels: NDArray[np.int8]) -> dict[str, Floats]:
    first, second, p = forward(weights, x)
    weight = np.where(labels >= 0, 1.0, 0.0)
    weight[(labels[:, 0] == 0) & (labels[:, 1] == 1), 0] = MUSIC_AS_SPEECH_COST
    error = ((p - labels) * weight / x.shape[0]).astype(np.float32)
    back_second = (error @ weights["w3"].T) * (second > 0)
    back_first = (back_second @ weights["w2"].T) * (first > 0)
    return {
        "w3": second.T @ error, "b3": error.sum(0),
        "w2": first.T @ back_second, "b2": back_second.sum(0),
        "w1": x.T @ back_first, "b1": back_first.sum(0),
    }  # fmt: skip


def fit(x: Floats, labels: NDArray[np.int8], epochs: int, seed: int) -> dict[str, Floats]:
    """Adam on the mean cross-entropy, learning rate falling by cosine. Standardisation is folded into the first layer."""
    rng = np.random.default_rng(seed)
    mean, deviation = x.mean(0), x.std(0) + 1e-3
    x = (x - mean) / deviation
    weights = initial(rng)
    moments = {name: (np.zeros_like(value), np.zeros_like(value)) for name, value in weights.items()}
    batch = 2048
    steps = epochs * (len(x) // batch)
    step = 0
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for begin in range(0, len(x) - batch + 1, batch):
            step += 1
            rate = 2e-3 * 0.5 * (1 + np.cos(np.pi * step / steps)) + 1e-5
            chosen = order[begin : begin + batch]
            noisy = x[chosen] + INPUT_NOISE * rng.standard_normal((batch, x.shape[1])).astype(np.float32)
            for name, gradient in gradients(weights, noisy, labels[chosen]).items():
                m, v = moments[name]
                m += 0.1 * (gradient - m)
                v += 0.001 * (gradient**2 - v)
                update = rate * (m / (1 - 0.9**step)) / (np.sqrt(v / (1 - 0.999**step)) + 1e-8)
                weights[name] -= (update + rate * WEIGHT_DECAY * weights[name]).astype(np.float32)
    weights["b1"] = (weights["b1"] - (mean / deviation) @ weights["w1"]).astype(np.float32)
    weights["w1"] = (weights["w1"] / deviation[:, None]).astype(np.float32)
    return weights


def score(p: Floats, labels: NDArray[np.int8]) -> dict[str, float]:
    """Frame figures: recall of each class, music called speech, speech over music found."""
    speech, music = labels[:, 0], labels[:, 1]
    said, played = p[:, 0] > 0.5, p[:, 1] > 0.5
    return {
        "speech_recall": float(said[(speech == 1) & (music == 0)].mean()),
        "music_called_speech": float(said[(speech == 0) & (music == 1)].mean()),
        "silence_called_speech": float(said[(speech == 0) & (music == 0)].mean()),
        "music_recall": float(played[(music == 1) & (speech == 0)].mean()),
        "speech_called_music": float(played[(speech == 1) & (music == 0)].mean()),
        "speech_over_music_found": float(said[(speech == 1) & (music == 1)].mean()),
        "music_under_speech_found": float(played[(speech == 1) & (music == 1)].mean()),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scenes", type=int, default=700)
    parser.add_argument("--epochs", type=int, default=9)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path(hold.__file__).with_name(hold.WEIGHTS_FILE))
    options = parser.parse_args()
    x, labels = examples(load("train"), options.scenes, options.seed, stride=4)
    weights = fit(x, labels, options.epochs, options.seed)
    np.savez(options.out, **{name: value.astype(np.float32) for name, value in weights.items()})  # type: ignore[arg-type]
    held_x, held_labels = examples(load("test"), max(options.scenes // 6, 10), options.seed + 1, stride=2)
    for side, vectors, truth in (("train", x, labels), ("kept_apart", held_x, held_labels)):
        figures = score(forward(weights, vectors)[2], truth)
        print(json.dumps({"side": side, "frames": len(vectors)} | {k: round(v, 4) for k, v in figures.items()}), flush=True)


if __name__ == "__main__":
    main()
