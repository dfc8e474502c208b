"""Peers for the hearing benchmark: spandsp (Debian's library through ctypes), multimon-ng, Silero VAD."""

from __future__ import annotations

import ctypes
import functools
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parents[2] / "libs" / "line-audio" / "training"))

import corpus

Pcm = NDArray[np.int16]
Figure = dict[str, Any]
_REPORT = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int)
_TONE_REPORT = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_int, ctypes.c_int, ctypes.c_int)


@functools.cache
def _spandsp() -> Any:
    """Debian's library. Raises OSError or SourceMissing when it cannot be had."""
    for package in ("libtiff6", "libspandsp2"):
        (library,) = (p for p in corpus.fetch(package).rglob("*.so.*") if not p.is_symlink() and "libtiffxx" not in p.name)
        loaded = ctypes.CDLL(str(library), mode=ctypes.RTLD_GLOBAL)
    return loaded


def spandsp_tone(samples: Pcm, frequencies_hz: Sequence[float], cadence_s: Sequence[float]) -> bool:
    """Whether spandsp's super-tone receiver, told of this one tone, hears it."""
    library = _spandsp()
    for name in ("make_descriptor", "init"):
        getattr(library, f"super_tone_rx_{name}").restype = ctypes.c_void_p
    heard: list[int] = []
    report = _TONE_REPORT(lambda _data, code, _level, _delay: heard.append(code))
    descriptor = ctypes.c_void_p(library.super_tone_rx_make_descriptor(None))
    tone = library.super_tone_rx_add_tone(descriptor)
    first, second = (*(round(hz) for hz in frequencies_hz), 0)[:2]
    for number, seconds in enumerate(cadence_s or (0.0,)):
        tones = (first, second) if number % 2 == 0 else (0, 0)
        least, most = (round(1000 * seconds * 0.85 - 25), round(1000 * seconds * 1.15 + 25)) if seconds else (1000, 0)
        library.super_tone_rx_add_element(descriptor, tone, *tones, least, most)
    state = ctypes.c_void_p(library.super_tone_rx_init(None, descriptor, report, None))
    padded = np.ascontiguousarray(samples)
    library.super_tone_rx(state, ctypes.c_void_p(padded.ctypes.data), padded.size)
    library.super_tone_rx_free(state)
    library.super_tone_rx_free_descriptor(descriptor)
    return tone in heard


class Spandsp:
    """spandsp's DTMF receiver. Raises OSError or SourceMissing when the library cannot be had."""

    def __init__(self) -> None:
        loaded = self._library = _spandsp()
        loaded.dtmf_rx_init.restype = ctypes.c_void_p
        loaded.dtmf_rx_init.argtypes = [ctypes.c_void_p, _REPORT, ctypes.c_void_p]
        loaded.dtmf_rx.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int]
        loaded.dtmf_rx_free.argtypes = [ctypes.c_void_p]

    def receive(self, samples: Pcm) -> str:
        digits: list[str] = []
        report = _REPORT(lambda _data, text, length: digits.append(text[:length].decode()))
        state = self._library.dtmf_rx_init(None, report, None)
        padded = np.ascontiguousarray(np.concatenate([samples, np.zeros(800, np.int16)]))
        self._library.dtmf_rx(state, padded.ctypes.data, padded.size)
        self._library.dtmf_rx_free(state)
        return "".join(digits)


MULTIMON_LIBRARIES = (
    "libpulse0", "libsndfile1", "libasyncns0", "libflac12", "libvorbis0a", "libvorbisenc2", "libogg0", "libopus0", "libmpg123-0",
    "libmp3lame0", "libdbus-1-3", "libsystemd0", "libcap2", "libgcrypt20", "libgpg-error0", "liblz4-1", "libzstd1", "liblzma5",
    "libx11-6", "libx11-xcb1", "libxcb1", "libxau6", "libxdmcp6", "libbsd0", "libmd0",
)  # fmt: skip


@functools.cache
def _multimon() -> tuple[str, dict[str, str]]:
    """The program, and an environment in which it finds the libraries that this machine may lack."""
    folders = {str(path.parent) for package in MULTIMON_LIBRARIES for path in corpus.fetch(package).rglob("*.so*")}
    binary = corpus.fetch("multimon-ng") / "usr" / "bin" / "multimon-ng"
    return str(binary), {**os.environ, "LD_LIBRARY_PATH": os.pathsep.join(sorted(folders))}


def multimon(samples: Pcm) -> str:
    """Digits multimon-ng finds; it wants 22 050 Hz."""
    binary, environment = _multimon()
    at = np.arange(0, samples.size - 1, 8000 / 22050)
    raw = np.interp(at, np.arange(samples.size), samples).astype("<i2").tobytes()
    run = subprocess.run([binary, "-q", "-a", "DTMF", "-t", "raw", "-"], input=raw, capture_output=True, check=True, env=environment)
    return "".join(line.split()[-1] for line in run.stdout.decode(errors="replace").splitlines() if line.startswith("DTMF:"))


def silero_probability() -> Callable[[Pcm], NDArray[np.float32]]:
    """Silero VAD as shipped in faster-whisper: probability of speech for each 20 ms frame."""
    from faster_whisper.vad import get_vad_model

    model: Any = get_vad_model()

    def speech(samples: Pcm) -> NDArray[np.float32]:
        wide = np.interp(np.arange(samples.size * 2) / 2, np.arange(samples.size), samples).astype(np.float32) / 32768
        probability = np.asarray(model(np.pad(wide, (0, -wide.size % 512)))).reshape(-1)
        frames = np.minimum((np.arange(samples.size // 160) * 320 + 160) // 512, probability.size - 1)
        return np.asarray(probability[frames], np.float32)

    return speech


def silero() -> Callable[[Pcm], NDArray[np.bool_]]:
    """Speech or not for each 20 ms frame, at Silero's usual threshold."""
    probability = silero_probability()
    return lambda samples: np.asarray(probability(samples) > 0.5)
