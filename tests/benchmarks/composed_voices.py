"""Real voices and music for the composed calls: Debian's audio packages as speakers, each a list of trimmed utterances at 8 kHz."""

from __future__ import annotations

import io
import os
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tests.benchmarks.hearing_peers import corpus

Floats = NDArray[np.float32]
Speaker = list[Floats]
RATE_HZ = 8000
SOURCES = Path(__file__).parent / "composed_sources.toml"
FRAME = 80
QUIET_SHARE = 10**-3.5  #: of the loud frames' energy
PAUSE_SHARE = 10**-2.5  #: acted dialogue has room and breath in its pauses
PAUSE_FRAMES = 20  #: 200 ms part two utterances
GROUP = 40  #: utterances in a row taken for one speaker, where a package has many


class Pools(NamedTuple):
    """What a side has. Every announcer and every human is one speaker."""

    announcers: list[Speaker]
    humans: list[Speaker]
    music: list[list[Floats]]


def packages(side: str, kind: str) -> list[str]:
    names: list[str] = tomllib.loads(SOURCES.read_text("utf-8"))[side][kind]
    return names


def pools(side: str, half: int | None = None) -> Pools:
    """``half``: only every second package, 0 the first, 1 the second, …; for cross-validation. Raises SourceMissing."""
    every = slice(half, None, None if half is None else 2)
    speakers = {kind: [s for package in packages(side, kind)[every] for s in _speakers(package)] for kind in ("announcers", "humans")}
    music = [corpus.clips(package, "music") for package in packages(side, "music")[every]]
    return Pools(speakers["announcers"], speakers["humans"], music)


def _speakers(package: str) -> list[Speaker]:
    store = corpus.cache_folder() / "speakers" / f"{package}.npz"
    if not store.exists():
        store.parent.mkdir(parents=True, exist_ok=True)
        made = [[t for clip in one if (t := trimmed(clip)).size > 0.3 * RATE_HZ] for one in _read(package)]
        flat = [clip for one in made for clip in one]
        joined = np.clip(np.rint(np.concatenate(flat) * 32767), -32768, 32767).astype(np.int16)
        partial = store.with_name(f"{package}.{os.getpid()}.npz")  # another process may be at it, too
        np.savez(partial, samples=joined, lengths=[c.size for c in flat], speakers=[len(one) for one in made])
        partial.rename(store)
    with np.load(store) as data:
        clips = np.split(data["samples"].astype(np.float32) / 32768, np.cumsum(data["lengths"])[:-1])
        ends = np.cumsum(data["speakers"])
    return [clips[end - size : end] for size, end in zip(np.diff(ends, prepend=0), ends, strict=True) if size >= 8]


def _read(package: str) -> Iterator[list[Floats]]:
    match package:
        case "flight-of-the-amazon-queen":
            (resource,) = corpus.fetch(package).rglob("*.1c")
            yield from _grouped([said for chain in _chains(resource.read_bytes()) for said in utterances(chain)])
        case "tuxpaint-stamps-default":
            files = sorted(corpus.fetch(package).rglob("*_desc_*.ogg"))
            for language in sorted({f.stem.rsplit("_", 1)[1] for f in files}):
                chosen = [f for f in files if f.stem.endswith(f"_desc_{language}")]
                if len(chosen) > 300:
                    yield [corpus._decode(f, limit_s=8.0) for f in chosen[::3]]
        case _ if package.startswith("asterisk-prompt"):
            files = [f for f in sorted(corpus.fetch(package).rglob("*")) if f.suffix in (".gsm", ".wav") and "silence" not in str(f)]
            yield [_decoded(f) for f in files if f.is_file() and not f.is_symlink()]
        case _ if package.startswith("asterisk"):
            yield corpus.clips(package, "voice")
        case _:
            yield from _grouped(corpus.clips(package, "voice"))


def _decoded(path: Path) -> Floats:
    with path.open("rb") as handle:
        return corpus._decode_stream(handle, path.suffix[1:], 20.0)


def _chains(resource: bytes) -> Iterator[Floats]:
    """The runs of MP3 frames in a game's resource file; each holds many lines of one scene."""
    at = 0
    while (at := resource.find(b"\xff", at)) >= 0:
        end, frames = at, 0
        while (length := corpus._mp3_frame_bytes(resource[end : end + 4])) > 0:
            end, frames = end + length, frames + 1
        if frames >= 15:
            yield corpus._decode_stream(io.BytesIO(resource[at:end]), "mp3", 3600.0)
        at = end if frames >= 15 else at + 1


def _grouped(clips: list[Floats]) -> Iterator[list[Floats]]:
    for at in range(0, len(clips), GROUP):
        yield clips[at : at + GROUP]


def _loud(clip: Floats, share: float = QUIET_SHARE) -> NDArray[np.bool_]:
    energy = np.mean(np.square(clip[: clip.size // FRAME * FRAME].reshape(-1, FRAME)), axis=1)
    return np.asarray(energy > max(float(np.quantile(energy, 0.95)) * share, 1e-8)) if energy.size else np.zeros(0, bool)


def trimmed(clip: Floats) -> Floats:
    """Without the silence around it: the first sample of the result is the first of the voice."""
    loud = np.flatnonzero(_loud(clip))
    return clip[loud[0] * FRAME : (loud[-1] + 1) * FRAME] if loud.size else clip[:0]


def utterances(chain: Floats) -> list[Floats]:
    """A long stretch of speech cut at its pauses."""
    loud = np.flatnonzero(_loud(chain, PAUSE_SHARE))
    if not loud.size:
        return []
    cuts = np.flatnonzero(np.diff(loud) > PAUSE_FRAMES)
    starts, ends = np.concatenate([loud[:1], loud[cuts + 1]]), np.concatenate([loud[cuts], loud[-1:]])
    return [chain[s * FRAME : (e + 1) * FRAME] for s, e in zip(starts, ends, strict=True)]
