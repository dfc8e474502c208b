"""Peers for the hearing benchmark: spandsp (Debian's library through ctypes), multimon-ng, Silero VAD."""

from __future__ import annotations

import ctypes
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parents[2] / "libs" / "line-audio" / "training"))

import corpus

Pcm = NDArray[np.int16]
_REPORT = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int)


class Spandsp:
    """spandsp's DTMF receiver. Raises OSError or SourceMissing when the library cannot be had."""

    def __init__(self) -> None:
        for package in ("libtiff6", "libspandsp2"):
            (library,) = (p for p in corpus.fetch(package).rglob("*.so.*") if not p.is_symlink() and "libtiffxx" not in p.name)
            loaded = ctypes.CDLL(str(library), mode=ctypes.RTLD_GLOBAL)
        self._library = loaded
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


def multimon(samples: Pcm) -> str:
    """Digits multimon-ng finds; it wants 22 050 Hz."""
    binary = corpus.fetch("multimon-ng") / "usr" / "bin" / "multimon-ng"
    at = np.arange(0, samples.size - 1, 8000 / 22050)
    raw = np.interp(at, np.arange(samples.size), samples).astype("<i2").tobytes()
    run = subprocess.run([str(binary), "-q", "-a", "DTMF", "-t", "raw", "-"], input=raw, capture_output=True, check=True)
    return "".join(line.split()[-1] for line in run.stdout.decode(errors="replace").splitlines() if line.startswith("DTMF:"))


def silero() -> Callable[[Pcm], NDArray[np.bool_]]:
    """Silero VAD as shipped in faster-whisper: speech or not for each 20 ms frame."""
    from faster_whisper.vad import get_vad_model

    model: Any = get_vad_model()

    def speech(samples: Pcm) -> NDArray[np.bool_]:
        wide = np.interp(np.arange(samples.size * 2) / 2, np.arange(samples.size), samples).astype(np.float32) / 32768
        probability = np.asarray(model(np.pad(wide, (0, -wide.size % 512)))).reshape(-1)
        frames = np.minimum((np.arange(samples.size // 160) * 320 + 160) // 512, probability.size - 1)
        return np.asarray(probability[frames] > 0.5)

    return speech
