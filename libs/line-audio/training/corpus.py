"""Real audio from Debian packages: fetched into a cache folder, decoded to 8 kHz mono float32 in [-1, 1]."""

from __future__ import annotations

import io
import math
import os
import shutil
import subprocess
import tomllib
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import av
import numpy as np
import rnc
from numpy.typing import NDArray
from scipy import signal

Floats = NDArray[np.float32]

HERE = Path(__file__).parent
REPOSITORY = HERE.parents[2]
RATE_HZ = 8000
SUFFIXES = {".wav", ".ogg", ".opus", ".mp3", ".flac", ".gsm", ".raw", ".als", ".1c", ".dsk"}
ONLY_FOLDER = {
    "fillets-ng-data": "/music/",
    "colobot-common-sounds": "/music/",
    "unknown-horizons": "/music/",
    "flare-game": "/music/",
    "tuxpaint-stamps-default": "_desc",
    "naev-data": "/music/",
    "widelands-data": "/music/",
    "supertuxkart-data": "/music/",
    "starfighter-data": "/music/",
    "openclonk-data": "/Music.ocg/",
    "btanks-data": "/tunes/",
    "lordsawar-data": "/music/",
    "scorched3d-data": "/music/",
    "angrydd": "/music/",
}
#: where the folder depends on what is sought: the same packages hold noises, narration and ambient sound
ONLY_FOLDER_OF_KIND = {
    ("0ad-data", "voice"): "/audio/voice/",
    ("0ad-data", "music"): "/audio/music/",
    ("hedgewars-data", "voice"): "voices",
    ("hedgewars-data", "music"): "/Music/",
    ("freedroidrpg-data", "music"): "/music/",
    ("megaglest-data", "music"): "/music/",
    ("supertux-data", "music"): "/music/",
    ("berusky2-data", "music"): "/music/",
    ("redeclipse-data", "music"): "/sounds/music/",
}
EXCEPT = {"hedgewars-data": "Singer"}  #: of any kind: what is sung is no example of a voice that speaks
ARCHIVES = {".zip", ".pk3"}  #: of games: their sound files are taken out beside them
CLIPS_A_PACKAGE = 2500
EVERY = 1_000_000
VOICE_MAX_S = 20.0
MUSIC_MAX_S = 100.0
MUSIC_MIN_S = 15.0


class SourceMissing(Exception):
    """A package could not be had."""


def cache_folder() -> Path:
    return Path(os.environ.get("LINE_AUDIO_CACHE") or REPOSITORY / ".cache" / "line-audio")


def packages(side: str, kind: str) -> list[str]:
    """Names of packages: side ``train``, ``tune`` or ``test``, kind ``voice`` or ``music``.

    In training also ``rendered``: soundfonts, and ``composed``: MIDI.
    """
    names: list[str] = tomllib.loads((HERE / "sources.toml").read_text("utf-8"))[side][kind]
    return names


def fetch(package: str) -> Path:
    """The unpacked tree of a Debian package, downloaded once; by two processes at once if they want it at once. Raises SourceMissing."""
    target = cache_folder() / "packages" / package
    if target.is_dir():
        return target
    if not shutil.which("apt-get") or not shutil.which("dpkg"):
        raise SourceMissing("apt-get and dpkg are needed to fetch the audio packages")
    folder = cache_folder() / "downloads" / str(os.getpid())
    partial = target.with_name(f"{package}.{os.getpid()}.partial")
    folder.mkdir(parents=True, exist_ok=True)
    partial.parent.mkdir(parents=True, exist_ok=True)
    try:
        if subprocess.run(["apt-get", "download", "-qq", package], cwd=folder, capture_output=True, check=False).returncode:
            raise SourceMissing(f"{package} cannot be downloaded; run apt-get update first")
        archive = next(folder.glob(f"{package}_*.deb"))
        subprocess.run(["dpkg", "-x", str(archive), str(partial)], check=True)
        _unpack_archives(partial)
        _put_in_place(partial, target)
    finally:
        for left in (folder, partial):
            shutil.rmtree(left, ignore_errors=True)
    return target


def _put_in_place(partial: Path, target: Path) -> None:
    try:
        partial.rename(target)
    except OSError:
        if not target.is_dir():  # else another process was faster, and its tree is the same
            raise


def _unpack_archives(tree: Path) -> None:
    for path in [p for p in tree.rglob("*") if p.suffix in ARCHIVES and p.is_file()]:
        with zipfile.ZipFile(path) as inside:
            names = [name for name in inside.namelist() if Path(name).suffix.lower() in SUFFIXES]
            inside.extractall(path.with_suffix(".unpacked"), names)
        path.unlink()


def _decode(path: Path, limit_s: float) -> Floats:
    if path.suffix == ".raw":
        return np.frombuffer(path.read_bytes(), "<i2")[::2].astype(np.float32) / 32768
    if path.suffix == ".ALS":
        return _from_bytes(path.read_bytes()[32:-64])
    with path.open("rb") as handle:
        return _decode_stream(handle, "gsm" if path.suffix == ".gsm" else None, limit_s)


def _decode_stream(handle: BinaryIO, kind: str | None, limit_s: float) -> Floats:
    parts: list[Floats] = []
    seconds = 0.0
    with av.open(handle, format=kind, metadata_errors="replace") as container:
        resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE_HZ)
        for packet in container.demux(audio=0):
            try:
                decoded = packet.decode()
            except av.error.InvalidDataError:
                continue
            for frame in decoded:
                for out in resampler.resample(frame):
                    parts.append(out.to_ndarray().reshape(-1))
                    seconds += parts[-1].size / RATE_HZ
            if seconds > limit_s:
                break
    return np.concatenate(parts).astype(np.float32) if parts else np.zeros(0, np.float32)


def _from_bytes(samples: bytes) -> Floats:
    """Unsigned 8-bit samples at 11 025 Hz, as two old games have them."""
    wide = np.frombuffer(samples, np.uint8).astype(np.float64) / 128 - 1
    return signal.resample_poly(wide, 320, 441).astype(np.float32)


def _files(package: str, kind: str, every: bool = False) -> list[Path]:
    found = [p for p in sorted(fetch(package).rglob("*")) if p.suffix.lower() in SUFFIXES and p.is_file()]
    if package.startswith("fretsonfire-songs"):
        found = [p for p in found if p.name == "song.ogg"]
    if package in ONLY_FOLDER:
        found = [p for p in found if ONLY_FOLDER[package] in str(p)]
    if (package, kind) in ONLY_FOLDER_OF_KIND:
        found = [p for p in found if ONLY_FOLDER_OF_KIND[package, kind] in str(p)]
    if package in EXCEPT:
        found = [p for p in found if EXCEPT[package] not in str(p)]
    if kind == "music":
        found = [p for p in found if p.stat().st_size > 100_000]
    step = 1 if every else max(1, len(found) // CLIPS_A_PACKAGE)
    return found[::step]


def _clips(package: str, kind: str, limit_s: float) -> Iterator[Floats]:
    for path in _files(package, kind):
        if path.suffix == ".1c":
            yield from _embedded_mp3(path)
            continue
        if path.suffix == ".dsk":
            yield from _virtual_theatre(path)
            continue
        if "silence" in str(path):
            continue
        try:
            clip = _decode(path, limit_s)
        except av.error.FFmpegError:
            continue
        if _is_audible(clip, MUSIC_MIN_S if kind == "music" else 0.15):
            yield clip


def recordings(package: str, kind: str) -> Iterator[tuple[str, Floats]]:
    """Every recording of a package once and uncut, with its name; those inside a game's resource file are numbered."""
    for path in _files(package, kind, every=True):
        if path.is_symlink():
            continue
        if path.suffix in (".1c", ".dsk"):
            inside = _embedded_mp3(path, EVERY, math.inf) if path.suffix == ".1c" else _virtual_theatre(path, EVERY, 3600.0)
            yield from ((f"{path.stem}-{number}", clip) for number, clip in enumerate(inside))
            continue
        try:
            clip = _decode(path, limit_s=math.inf)
        except av.error.FFmpegError:
            continue
        if _is_audible(clip, MUSIC_MIN_S if kind == "music" else 0.15):
            yield path.stem, clip


def _is_audible(clip: Floats, least_s: float) -> bool:
    return clip.size > least_s * RATE_HZ and bool(np.max(np.abs(clip)) > 0.01)


_SPEECH_NUMBERS = range(50_000, 59_000)
_SPEECH_HEADER = 22


def _virtual_theatre(path: Path, clip_limit: int = 250, limit_s: float = VOICE_MAX_S) -> Iterator[Floats]:
    """Spoken lines in a Virtual Theatre disk: a directory of number, offset and size beside it; each has a header and is packed."""
    data, directory = path.read_bytes(), path.with_suffix(".dnr").read_bytes()
    entries = [directory[at : at + 8] for at in range(4, len(directory) - 7, 8)]
    spoken = [entry for entry in entries if int.from_bytes(entry[:2], "little") in _SPEECH_NUMBERS]
    for entry in spoken[:: max(1, len(spoken) // clip_limit)]:
        offset, size = (int.from_bytes(entry[i : i + 3], "little") for i in (2, 5))
        if offset & 0x800000:
            offset = (offset & 0x7FFFFF) << 4
        line = data[offset + _SPEECH_HEADER : offset + (size & 0x3FFFFF)]
        if line[:4] == rnc.MAGIC:
            line = rnc.unpack(line)
        clip = _from_bytes(line[: int(limit_s * 11025)])
        if _is_audible(clip, 0.3):
            yield clip


_MPEG2_KBITS = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0)
_MPEG1_KBITS = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0)
_RATES_HZ = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}


def _mp3_frame_bytes(header: bytes) -> int:
    """Length of the MPEG layer 3 frame that begins with these four bytes; 0 when it is none."""
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE6 != 0xE2:
        return 0
    version, rate_index, bit_index = header[1] >> 3 & 3, header[2] >> 2 & 3, header[2] >> 4
    if version == 1 or rate_index == 3 or bit_index in (0, 15):
        return 0
    kbits = _MPEG1_KBITS[bit_index] if version == 3 else _MPEG2_KBITS[bit_index]
    slots = 144 if version == 3 else 72
    return slots * 1000 * kbits // _RATES_HZ[version][rate_index] + (header[2] >> 1 & 1)


def _embedded_mp3(path: Path, clip_limit: int = CLIPS_A_PACKAGE, limit_s: float = VOICE_MAX_S) -> Iterator[Floats]:
    """The MP3 clips inside a game's resource file: chains of at least 15 frames."""
    data = path.read_bytes()
    at, found = 0, 0
    while found < clip_limit and (at := data.find(b"\xff", at)) >= 0:
        end = at
        frames = 0
        while (length := _mp3_frame_bytes(data[end : end + 4])) > 0:
            end += length
            frames += 1
        if frames < 15:
            at += 1
            continue
        clip = _decode_stream(io.BytesIO(data[at:end]), "mp3", limit_s)
        if _is_audible(clip, 0.3):
            found += 1
            yield clip
        at = end


def clips(package: str, kind: str, limit_s: float | None = None) -> list[Floats]:
    """All clips of a package, each up to ``limit_s`` long (None: as is usual for the kind); decoded once, then read from the cache."""
    longest_s = limit_s or (VOICE_MAX_S if kind == "voice" else MUSIC_MAX_S)
    name = kind if limit_s is None else f"{kind}-{limit_s:.0f}s"
    return stored(package, name, lambda: list(_clips(package, kind, longest_s)))


def stored(name: str, kind: str, make: Callable[[], list[Floats]]) -> list[Floats]:
    """What ``make`` made the first time, from the cache, in 16 bits."""
    store = cache_folder() / "decoded" / f"{name}.{kind}.npz"
    if not store.exists():
        store.parent.mkdir(parents=True, exist_ok=True)
        found = make()
        lengths = np.array([clip.size for clip in found])
        joined = np.concatenate(found) if found else np.zeros(0, np.float32)
        partial = store.with_name(f"{name}.{kind}.{os.getpid()}.npz")
        np.savez(partial, lengths=lengths, samples=np.clip(np.rint(joined * 32767), -32768, 32767).astype(np.int16))
        partial.rename(store)
    with np.load(store) as data:
        ends = np.cumsum(data["lengths"])
        samples = data["samples"].astype(np.float32) / 32768
        return np.split(samples, ends[:-1]) if ends.size else []
