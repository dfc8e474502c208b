"""Train the speech and music network on composed scenes, with numpy.

    python libs/line-audio/training/train.py [--scenes 3600] [--epochs 10] [--seed 1] [--fit-seed 4] [--out FILE]
                                             [--examples FOLDER] [--from FILE]

Fetches the packages of ``sources.toml`` (Debian, needs apt), composes scenes, fits, prints figures of the tune side as JSON and writes
the weights. ``--examples`` keeps the composed features there for another run; ``--from`` goes on from weights that exist, more slowly.
The same arguments give the same weights on the same machine: each scene has a seed of its own whichever process composes it, and the
sums of the fit are in one order (``make train-hearing`` keeps the linear algebra to one thread).
"""

from __future__ import annotations

import argparse
import functools
import json
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parent))

import arranged
import chips
import compose
import corpus
import network
import rendered
from line_audio import hold
from network import Floats, Weights

SIZES = (64, 80, 64)  #: entry layer, first and second recurrent layer
SCENE_S = 40.0
TRAIN_MUSIC_S = 45.0  #: of each piece: many pieces tell more than long ones
FEW_PIECES = 6  #: less than so many and a package's pieces would be drawn many times as often as those of others, and learnt by heart
FIT_SEED = 4  #: chosen: of several fits to the same scenes, this one called the least music of the tune side speech
CHUNK = 125  #: steps of 40 ms that a gradient reaches back
BATCH = 64
RATE, RATE_GOING_ON = 4e-3, 2.5e-3
DROPPED = 0.1  #: of each layer's outputs, for one scene and chunk: else the network learns the pieces by heart
AVERAGED_SHARE = 0.25  #: of the steps, the last, over which the weights are averaged
INPUT_NOISE = 0.15  #: of a deviation
WEIGHT_DECAY = 0.02
CLIP = 1.0
MUSIC_AS_SPEECH_COST = 2.0  #: a false human on hold costs more than a late one
SPEECH_OVER_MUSIC_COST = 1.5
FRESH_SPEECH_COST = 1.6  #: a single short word must be noticed at once
FRESH_STEPS = 8  #: speech is fresh for so long after as long a pause

Labels = NDArray[np.int8]


def pooled(packages: list[list[Floats]]) -> list[list[Floats]]:
    """Packages of few pieces together: each package is drawn as often as another, and no single piece shall be."""
    large = [clips for clips in packages if len(clips) >= FEW_PIECES]
    few = [clips for clips in packages if len(clips) < FEW_PIECES]
    together: list[list[Floats]] = []
    for clips in few:
        if together and len(together[-1]) < FEW_PIECES:
            together[-1] = together[-1] + clips
        else:
            together.append(clips)
    if len(together) > 1 and len(together[-1]) < FEW_PIECES:
        last = together.pop()
        together[-1] = together[-1] + last
    return large + together


@functools.cache
def load(side: str) -> compose.Sources:
    longest_s = TRAIN_MUSIC_S if side == "train" else None

    def each(kind: str) -> list[list[Floats]]:
        loaded = (corpus.clips(package, kind, longest_s if kind == "music" else None) for package in corpus.packages(side, kind))
        return [clips for clips in loaded if clips]

    if side != "train":
        return compose.Sources(voices=each("voice"), music=each("music"))
    played = [made.clips(name) for made in (rendered, arranged, chips) for name in made.packages()]
    return compose.Sources(voices=each("voice"), music=pooled(each("music")) + played, swept_share=compose.SWEPT_SHARE)


def example(side: str, seed: int, large_more_often: bool = False) -> tuple[Floats, Labels]:
    """Features float16[steps, FEATURES] and labels int8[steps, 2] (speech, music) of one scene."""
    scene = compose.scene(np.random.default_rng(seed), load(side)._replace(large_more_often=large_more_often), SCENE_S)
    frames = np.stack([scene.speech, scene.music], axis=1)
    pairs = frames[: len(frames) // 2 * 2].reshape(-1, 2, 2)
    labels = np.where(pairs[:, 0] == pairs[:, 1], pairs[:, 1], compose.UNCLEAR)
    return hold.features(scene.samples).astype(np.float16), labels.astype(np.int8)


def examples(side: str, scenes: int, seed: int, folder: Path | None, workers: int = 2) -> tuple[Floats, Labels]:
    """Of many scenes, in half of which large packages are taken more often: float16[scenes, steps, FEATURES], int8[scenes, steps, 2]."""
    kept = folder / f"{side}-{scenes}-{seed}.npz" if folder else None
    if kept and kept.exists():
        with np.load(kept) as arrays:
            return arrays["x"], arrays["labels"]
    load(side)  # before the fork, so that the workers share it
    with ProcessPoolExecutor(workers) as pool:
        half = (scenes + 1) // 2
        seeds = range(seed * 1_000_000, seed * 1_000_000 + half)
        made = list(pool.map(functools.partial(example, side), seeds, chunksize=8))
        made += pool.map(functools.partial(example, side, large_more_often=True), seeds[: scenes - half], chunksize=8)
    x, labels = np.stack([vectors for vectors, _ in made]), np.stack([truth for _, truth in made])
    if kept:
        np.savez(kept, x=x, labels=labels)
    return x, labels


def cost_of(labels: Labels) -> NDArray[np.float16]:
    """How much each step of whole scenes, int8[scenes, steps, 2], counts: same shape; what is unclear does not."""
    speech, music = labels[..., 0], labels[..., 1]
    cost = (labels >= 0).astype(np.float16)
    cost[..., 0] *= np.where((speech == 0) & (music == 1), MUSIC_AS_SPEECH_COST, 1.0).astype(np.float16)
    cost[..., 0] *= np.where((speech == 1) & (music == 1), SPEECH_OVER_MUSIC_COST, 1.0).astype(np.float16)
    so_far = np.cumsum(np.pad(speech == 1, ((0, 0), (2 * FRESH_STEPS, 0))), axis=1)
    before = so_far[:, FRESH_STEPS:-FRESH_STEPS] - so_far[:, : -2 * FRESH_STEPS]
    cost[..., 0] *= np.where((speech == 1) & (before == 0), FRESH_SPEECH_COST, 1.0).astype(np.float16)
    return cost


def fit(x: Floats, labels: Labels, epochs: int, seed: int, sizes: tuple[int, int, int] = SIZES, known: Weights | None = None) -> Weights:
    """Adam, learning rate falling by cosine, states carried from chunk to chunk. Standardisation is folded into the first layer.

    Goes on from the ``known`` weights if there are any. The result is the mean of the weights of the last steps.
    """
    rng, dropping = np.random.default_rng(seed), np.random.default_rng(seed + 100)
    some = x[:: max(1, len(x) // 200)].astype(np.float32).reshape(-1, x.shape[2])
    mean, deviation = some.mean(0), some.std(0) + 1e-2
    weights = network.initial(rng, x.shape[2], *sizes)
    if known:
        weights = {name: value.copy() for name, value in known.items()}
        weights["b_in"] = (weights["b_in"] + mean @ weights["w_in"]).astype(np.float32)
        weights["w_in"] = (weights["w_in"] * deviation[:, None]).astype(np.float32)
    top_rate = RATE_GOING_ON if known else RATE
    cost = cost_of(labels)
    moments = {name: (np.zeros_like(value), np.zeros_like(value)) for name, value in weights.items()}
    chunks = x.shape[1] // CHUNK
    steps = epochs * (len(x) // BATCH) * chunks
    step, averaged = 0, max(1, int(AVERAGED_SHARE * steps))
    mean_of_last = {name: np.zeros(value.shape) for name, value in weights.items()}
    for epoch in range(epochs):
        order = rng.permutation(len(x))
        lost = 0.0
        for begin in range(0, len(x) - BATCH + 1, BATCH):
            chosen = order[begin : begin + BATCH]
            hidden = network.start(weights, BATCH)
            for chunk in range(chunks):
                step += 1
                part = slice(chunk * CHUNK, (chunk + 1) * CHUNK)
                inputs = (x[chosen, part].astype(np.float32) - mean) / deviation
                inputs += INPUT_NOISE * rng.standard_normal(inputs.shape, np.float32)
                truth = labels[chosen, part].transpose(1, 0, 2)
                run = network.Chunk(weights, DROPPED, dropping)
                p, hidden = run.forward(np.ascontiguousarray(inputs.transpose(1, 0, 2)), hidden)
                weight = cost[chosen, part].transpose(1, 0, 2).astype(np.float32)
                error = np.asarray((p - truth) * weight / max(float(np.sum(weight)), 1.0), np.float32)
                lost += float(np.sum(np.abs(error))) / (steps / epochs)
                update(weights, moments, run.backward(error), step, top_rate * 0.5 * (1 + np.cos(np.pi * step / steps)) + 1e-5)
                if step > steps - averaged:
                    for name, value in weights.items():
                        mean_of_last[name] += value / averaged
        print(json.dumps({"epoch": epoch + 1, "mean_error": round(lost, 4)}), flush=True)
    weights = {name: value.astype(np.float32) for name, value in mean_of_last.items()}
    weights["b_in"] = (weights["b_in"] - (mean / deviation) @ weights["w_in"]).astype(np.float32)
    weights["w_in"] = (weights["w_in"] / deviation[:, None]).astype(np.float32)
    return weights


def update(weights: Weights, moments: dict[str, tuple[Floats, Floats]], gradients: Weights, step: int, rate: float) -> None:
    length = float(np.sqrt(sum(float(np.sum(np.square(gradient))) for gradient in gradients.values())))
    scale = min(1.0, CLIP / (length + 1e-9))
    for name, gradient in gradients.items():
        m, v = moments[name]
        m += 0.1 * (gradient * scale - m)
        v += 0.001 * ((gradient * scale) ** 2 - v)
        change = rate * (m / (1 - 0.9**step)) / (np.sqrt(v / (1 - 0.999**step)) + 1e-8)
        weights[name] -= (change + rate * WEIGHT_DECAY * weights[name]).astype(np.float32)


def judged(weights: Weights, x: Floats) -> Floats:
    """Probabilities float32[scenes, steps, 2]."""
    run = network.Chunk(weights)
    p, _ = run.forward(x.astype(np.float32).transpose(1, 0, 2), network.start(weights, len(x)))
    return p.transpose(1, 0, 2)


def score(p: Floats, labels: Labels) -> dict[str, float]:
    """Figures of single steps, before the segmenter: recall of each class, music called speech, speech over music found."""
    speech, music = labels[..., 0], labels[..., 1]
    said, played = p[..., 0] > 0.5, p[..., 1] > 0.5
    figures = {
        "speech_recall": said[(speech == 1) & (music == 0)].mean(),
        "music_called_speech": said[(speech == 0) & (music == 1)].mean(),
        "silence_called_speech": said[(speech == 0) & (music == 0)].mean(),
        "music_recall": played[(music == 1) & (speech == 0)].mean(),
        "speech_called_music": played[(speech == 1) & (music == 0)].mean(),
        "speech_over_music_found": said[(speech == 1) & (music == 1)].mean(),
        "music_under_speech_found": played[(speech == 1) & (music == 1)].mean(),
    }
    return {name: round(float(value), 4) for name, value in figures.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scenes", type=int, default=3600)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1, help="of the scenes")
    parser.add_argument("--fit-seed", type=int, default=FIT_SEED, help="of the first weights, the order of the scenes and the dropout")
    parser.add_argument("--out", type=Path, default=Path(hold.__file__).with_name(hold.WEIGHTS_FILE))
    parser.add_argument("--from", type=Path, dest="known")
    parser.add_argument("--examples", type=Path)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    x, labels = examples("train", options.scenes, options.seed, options.examples, options.workers)
    known = dict(np.load(options.known)) if options.known else None
    weights = fit(x, labels, options.epochs, options.fit_seed, known=known)
    np.savez(options.out, **{name: value.astype(np.float32) for name, value in weights.items()})  # type: ignore[arg-type]
    held_x, truth = examples("tune", max(options.scenes // 14, 10), options.seed + 1, options.examples, options.workers)
    print(json.dumps({"side": "tune", "steps": truth[..., 0].size} | score(judged(weights, held_x), truth)), flush=True)


if __name__ == "__main__":
    main()
