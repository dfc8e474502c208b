"""Pictures for docs/hearing.md: what the ear's threshold trades beside Silero VAD, and a composed line as the ear labels it.

``python -m tests.benchmarks hearing_pictures`` writes ``docs/pictures/speech_roc.png`` and ``timeline.png``; matplotlib goes into a cache
folder of its own. On the test packages, which nothing was chosen on, 150 s of each.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from line_audio import hold
from numpy.typing import NDArray

from tests.benchmarks import hearing_peers as peers
from tests.benchmarks.hearing_classes import frame_labels, line, music, test_sources, voices
from tests.benchmarks.hearing_peers import Figure, corpus
from tests.benchmarks.roc_of_calls import pyplot

import compose  # isort: skip  # hearing_peers shows the way to it

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
SECONDS = 150
OVERLAP = 0.15  #: of the scene's frames: a voice over music
Values = NDArray[np.float64]


def judged() -> tuple[dict[str, Values], NDArray[np.bool_]]:
    """Each 20 ms frame: how probably speech, to each of the two, and whether it is; pauses inside sentences are left out."""
    silero = peers.silero_probability()
    rng = np.random.default_rng(6)
    truths, parts = [], []
    for kind in ("voice", "music"):
        for package in corpus.packages("test", kind):
            clean = voices(package, rng, SECONDS) if kind == "voice" else music(package, SECONDS)
            truth = compose.activity(clean) == 1
            heard = line(clean)
            keep = truth if kind == "voice" else np.ones(truth.size, bool)
            ours = np.repeat(hold.probabilities(heard)[:, 0], 2)
            truths.append((truth if kind == "voice" else np.zeros(truth.size, bool))[keep])
            parts.append(np.stack([ours, silero(heard)], axis=1)[keep])
    both = np.concatenate(parts).astype(np.float64)
    return {"ear": both[:, 0], "silero": both[:, 1]}, np.concatenate(truths)


def curve(probability: Values, truth: NDArray[np.bool_]) -> tuple[Values, Values]:
    """Parts of the other frames and of the speech frames above each threshold, from the highest down."""
    order = np.argsort(-probability)
    hits = truth[order]
    return np.cumsum(~hits) / max(1, np.sum(~hits)), np.cumsum(hits) / max(1, np.sum(hits))


def run() -> Iterator[Figure]:
    probabilities, truth = judged()
    curves = {name: curve(values, truth) for name, values in probabilities.items()}
    area = {name: float(np.trapezoid(hit, false)) for name, (false, hit) in curves.items()}
    found = {name: float(np.interp(0.005, *each)) for name, each in curves.items()}
    for name, values in (("speech_roc_area", area), ("speech_found_at_0_5_percent_of_music", found)):
        ours, theirs = 100 * values["ear"], 100 * values["silero"]
        yield {"name": f"hearing.{name}", "value": round(ours, 2), "unit": f"% of {truth.size} frames", "peer": "silero",
               "peer_value": round(theirs, 2), "ratio": round(ours / theirs, 3)}  # fmt: skip
    plot = pyplot()
    PICTURES.mkdir(parents=True, exist_ok=True)
    draw_curves(plot, curves)
    draw_timeline(plot)


def draw_curves(plot: Any, curves: dict[str, tuple[Values, Values]]) -> None:
    picture, axes = plot.subplots(figsize=(6, 4), dpi=110)
    for name, (false, hit) in curves.items():
        axes.plot(100 * false, 100 * hit, label="the ear, frame by frame" if name == "ear" else "Silero VAD")
    axes.set_xscale("symlog", linthresh=0.1)
    axes.set_xlabel("music called speech, % of frames")
    axes.set_ylabel("speech found, % of frames")
    axes.grid(alpha=0.3)
    axes.legend()
    picture.tight_layout()
    picture.savefig(PICTURES / "speech_roc.png", metadata={"Software": None})


def scene_with_a_voice_over_music() -> compose.Scene:
    sources = test_sources()
    scenes = (compose.scene(np.random.default_rng(seed), sources, 40.0) for seed in itertools.count())
    return next(one for one in scenes if np.mean((one.speech == 1) & (one.music == 1)) > OVERLAP)


def draw_timeline(plot: Any) -> None:
    scene = scene_with_a_voice_over_music()
    heard = np.repeat(hold.probabilities(scene.samples), 2, axis=0)
    labels = frame_labels(scene.samples)
    at = np.arange(labels.size) / 50
    picture, (wave, chances, bars) = plot.subplots(3, 1, figsize=(9, 5), dpi=110, sharex=True, height_ratios=[1, 1, 1])
    wave.plot(np.arange(scene.samples.size) / 8000, scene.samples / 32768, linewidth=0.3, color="grey")
    wave.set_ylabel("line")
    for column, name in enumerate(("speech", "music")):
        chances.plot(np.arange(len(heard)) / 50, heard[:, column], label=name)
    chances.set_ylabel("probability")
    chances.legend(fontsize=8, loc="upper right")
    kinds = ["silence", "music", "speech_over_music", "speech"]
    rows = {"said: speech": scene.speech == 1, "said: music": scene.music == 1} | {f"ear: {kind}": labels == kind for kind in kinds[::-1]}
    for row, (name, on) in enumerate(rows.items()):
        bars.fill_between(at, row + 0.1, row + 0.9, where=on[: at.size], step="pre", color="black" if name.startswith("said") else "C0")
    bars.set_yticks([row + 0.5 for row in range(len(rows))], list(rows))
    bars.invert_yaxis()
    bars.set_xlabel("s")
    picture.tight_layout()
    picture.savefig(PICTURES / "timeline.png", metadata={"Software": None})
