"""Hours of voice and music in which there is no digit and no signal tone: ``tones_sources.toml``, decoded once into the cache folder."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tests.benchmarks.hearing_peers import corpus

Pcm = NDArray[np.int16]
PAUSE = np.zeros(4000, np.int16)  #: between two recordings
_SOURCES = tomllib.loads(Path(__file__).with_name("tones_sources.toml").read_text("utf-8"))


class Reel(NamedTuple):
    """All recordings of a package, one behind the other, with half a second of silence after each."""

    package: str
    samples: Pcm
    names: list[str]
    starts: list[int]

    @property
    def hours(self) -> float:
        return self.samples.size / 8000 / 3600

    def where(self, sample: int) -> tuple[str, int]:
        """The recording that holds this sample, and the sample in it."""
        index = int(np.searchsorted(self.starts, sample, side="right")) - 1
        return self.names[index], sample - self.starts[index]


def packages(kind: str) -> list[str]:
    """Names of packages, ``voice`` or ``music``; thresholds were chosen with the first half in view."""
    names: list[str] = _SOURCES[kind]
    return names


def reels(kind: str) -> Iterator[Reel]:
    for package in packages(kind):
        yield _reel(package, kind)


def _reel(package: str, kind: str) -> Reel:
    store = corpus.cache_folder() / "decoded" / f"{package}.{kind}.whole.npz"
    if not store.exists():
        store.parent.mkdir(parents=True, exist_ok=True)
        names, parts = [], []
        for name, clip in corpus.recordings(package, kind):
            names.append(name)
            parts.append(np.clip(np.rint(clip * 32767), -32768, 32767).astype(np.int16))
        joined = np.concatenate(parts) if parts else np.zeros(0, np.int16)
        np.savez(store, names=np.array(names, str), lengths=np.array([part.size for part in parts], np.int64), samples=joined)
    with np.load(store) as data:
        names = [str(name) for name in data["names"]]
        clips = np.split(data["samples"], np.cumsum(data["lengths"])[:-1]) if names else []
    kept = [(name, clip) for name, clip in zip(names, clips, strict=True) if name not in _SOURCES["signals"]]
    parts = [part for _, clip in kept for part in (clip, PAUSE)]
    ends = np.cumsum([clip.size + PAUSE.size for _, clip in kept])
    starts = [0, *(int(end) for end in ends[:-1])]
    return Reel(package, np.concatenate(parts) if parts else PAUSE, [name for name, _ in kept], starts)
