"""Real audio from Debian packages: fetched into a cache folder, decoded to 8 kHz mono float32 in [-1, 1]."""

from __future__ import annotations

import os
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

HERE = Path(__file__).parent
REPOSITORY = HERE.parents[2]
RATE_HZ = 8000
SUFFIXES = {".wav", ".ogg", ".oga", ".mp3", ".flac", ".raw", ".1c"}
VOICE_MAX_S = 20.0
MUSIC_MAX_S = 100.0
MUSIC_MIN_S = 15.0


class SourceMissing(Exception):
    """A package could not be had."""


def cache_folder() -> Path:
    return Path(os.environ.get("LINE_AUDIO_CACHE") or REPOSITORY / ".cache" / "line-audio")


def packages(side: str, kind: str) -> list[str]:
    """Names of packages: side ``train`` or ``test``, kind ``voice`` or ``music``."""
    names: list[str] = tomllib.loads((HERE / "sources.toml").read_text("utf-8"))[side][kind]
    return names


def fetch(package: str) -> Path:
    """The unpacked tree of a Debian package, downloaded once. Raises SourceMissing."""
    target = cache_folder() / "packages" / package
    if target.is_dir():
        return target
    if not shutil.which("apt-get") or not shutil.which("dpkg"):
        raise SourceMissing("apt-get and dpkg are needed to fetch the audio packages")
    folder = cache_folder() / "downloads"
    folder.mkdir(parents=True, exist_ok=True)
    if subprocess.run(["apt-get", "download", "-qq", package], cwd=folder, capture_output=True, check=False).returncode:
        raise SourceMissing(f"{package} cannot be downloaded; run apt-get update first")
    archive = next(folder.glob(f"{package}_*.deb"))
    partial = target.with_suffix(".partial")
    subprocess.run(["dpkg", "-x", str(archive), str(partial)], check=True)
    partial.rename(target)
    archive.unlink()
    return target


def _decode(path: Path, start: int = 0, limit_s: float | None = None) -> Floats:
    handle = path.open("rb")
    handle.seek(start)
    raw = path.suffix in {".raw", ".1c"}
    if path.suffix == ".raw":
        data = np.frombuffer(handle.read(), "<i2").astype(np.float32) / 32768
        return data[::2].copy()
    parts: list[Floats] = []
    seconds = 0.0
    with av.open(handle, format="mp3" if raw else None) as container:
        resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE_HZ)
        packets = container.demux(audio=0)
        for packet in packets:
            try:
                frames = packet.decode()
            except av.error.InvalidDataError:
                continue
            for frame in frames:
                for out in resampler.resample(frame):
                    parts.append(out.to_ndarray().reshape(-1))
                    seconds += parts[-1].size / RATE_HZ
            if limit_s is not None and seconds > limit_s:
                break
    return np.concatenate(parts).astype(np.float32) if parts else np.zeros(0, np.float32)


def _files(package: str, kind: str) -> list[Path]:
    found = [p for p in sorted(fetch(package).rglob("*")) if p.suffix.lower() in SUFFIXES and p.is_file()]
    if package == "fretsonfire-songs-muldjord" or package == "fretsonfire-songs-sectoid":
        found = [p for p in found if p.name == "song.ogg"]
    if package == "hedgewars-data":
        found = [p for p in found if "voices" in str(p) and "Singer" not in str(p)]
    if kind == "music":
        found = [p for p in found if p.stat().st_size > 100_000]
    return found


def _clips(package: str, kind: str) -> Iterator[Floats]:
    for path in _files(package, kind):
        if path.suffix == ".1c":
            yield from _cut(_decode(path, start=_first_mp3(path), limit_s=3600.0))
            continue
        if "silence" in str(path):
            continue
        try:
            clip = _decode(path, limit_s=VOICE_MAX_S if kind == "voice" else MUSIC_MAX_S)
        except av.error.FFmpegError:
            continue
        if clip.size > (MUSIC_MIN_S if kind == "music" else 0.15) * RATE_HZ and np.max(np.abs(clip)) > 0.01:
            yield clip


def _first_mp3(path: Path) -> int:
    """Offset of the first run of MPEG audio frames in a game's resource file."""
    data = path.read_bytes()[: 8 << 20]
    at = data.find(b"\xff\xf3")
    return max(at, 0)


def _cut(stream: Floats, pause_s: float = 0.35) -> Iterator[Floats]:
    """A long stream of speech as clips, cut at pauses."""
    frame = 160
    level = np.sqrt(np.mean(np.square(stream[: stream.size // frame * frame].reshape(-1, frame)), axis=1))
    loud = np.flatnonzero(level > 0.004)
    if loud.size == 0:
        return
    breaks = np.flatnonzero(np.diff(loud) > pause_s * 50)
    begins = np.concatenate([[loud[0]], loud[breaks + 1]])
    ends = np.concatenate([loud[breaks], [loud[-1]]])
    for begin, end in zip(begins, ends, strict=True):
        if end - begin > 15:
            yield stream[begin * frame : (end + 1) * frame][: int(VOICE_MAX_S * RATE_HZ)]


def clips(package: str, kind: str) -> list[Floats]:
    """All clips of a package; decoded once, then read from the cache."""
    store = cache_folder() / "decoded" / f"{package}.{kind}.npz"
    if not store.exists():
        store.parent.mkdir(parents=True, exist_ok=True)
        found = list(_clips(package, kind))
        lengths = np.array([clip.size for clip in found])
        joined = np.concatenate(found) if found else np.zeros(0, np.float32)
        np.savez(store, lengths=lengths, samples=np.clip(np.rint(joined * 32767), -32768, 32767).astype(np.int16))
    with np.load(store) as data:
        ends = np.cumsum(data["lengths"])
        samples = data["samples"].astype(np.float32) / 32768
        return np.split(samples, ends[:-1]) if ends.size else []
