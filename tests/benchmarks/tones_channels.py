"""What a telephone network does to a digit: codecs, lost packets, echo, dial tone, interruptions, noise."""

from __future__ import annotations

import ctypes
import functools
from typing import Any

import numpy as np
from line_audio import generate
from numpy.typing import NDArray

from tests.benchmarks.hearing_peers import corpus

Pcm = NDArray[np.int16]


@functools.cache
def _libgsm() -> Any:
    (library,) = (p for p in corpus.fetch("libgsm1").rglob("libgsm.so.*") if not p.is_symlink())
    gsm = ctypes.CDLL(str(library))
    gsm.gsm_create.restype = ctypes.c_void_p
    gsm.gsm_destroy.argtypes = [ctypes.c_void_p]
    gsm.gsm_encode.argtypes = gsm.gsm_decode.argtypes = [ctypes.c_void_p] * 3
    gsm.gsm_encode.restype = None
    return gsm


def through_gsm(samples: Pcm) -> Pcm:
    """GSM 06.10 full rate, there and back (Debian's libgsm1). Raises SourceMissing."""
    gsm = _libgsm()
    coder, decoder = gsm.gsm_create(), gsm.gsm_create()
    heard = np.zeros(samples.size + -samples.size % 160, np.int16)
    heard[: samples.size] = samples
    frame = ctypes.create_string_buffer(33)
    for at in range(heard.ctypes.data, heard.ctypes.data + heard.nbytes, 320):
        gsm.gsm_encode(coder, at, ctypes.addressof(frame))
        gsm.gsm_decode(decoder, ctypes.addressof(frame), at)
    gsm.gsm_destroy(coder)
    gsm.gsm_destroy(decoder)
    return heard[: samples.size]


CODECS = {"mu-law": generate.through_mu_law, "A-law": generate.through_a_law, "GSM": through_gsm}


def echoed(line: generate.Samples, loss_db: float, delays_ms: tuple[float, ...]) -> generate.Samples:
    """The line with copies of itself, each ``loss_db`` below it."""
    out = line.copy()
    for delay_ms in delays_ms:
        shift = round(8 * delay_ms)
        out[shift:] += line[: line.size - shift] * 10 ** (-loss_db / 20)
    return out


def interrupted(line: generate.Samples, on_ms: float, off_ms: float, gap_ms: float, at: float) -> generate.Samples:
    """Digits of this timing with a gap of silence in each, its middle at the part ``at`` of the digit."""
    out = line.copy()
    period, gap = round(8 * on_ms) + round(8 * off_ms), round(8 * gap_ms)
    first = round(8 * on_ms * at) - gap // 2
    for start in range(first, out.size - gap, period):
        out[start : start + gap] = 0
    return out
