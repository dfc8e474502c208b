"""Notes played by the General MIDI instruments of two free soundfonts of Debian.

The synthesiser (PyPI ``tinysoundfont``) goes into the cache folder: only training needs it.
"""

from __future__ import annotations

import importlib
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import corpus
import numpy as np
from numpy.typing import NDArray
from scipy import signal

Floats = NDArray[np.float32]
#: time (s), channel, key, velocity (0: off)
Note = tuple[float, int, int, int]

SYNTHESISER = "tinysoundfont==0.3.7"
SYNTH_HZ = 16_000
DRUMS = 9  #: the channel of the drum kit
STORED = "music-clean"  #: the kind under which tunes are kept; those kept as "music" begin with the end of another


def module() -> Any:
    """The synthesiser, fetched into the cache folder once."""
    folder = corpus.cache_folder() / "synthesiser"
    if not folder.is_dir():
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(folder), SYNTHESISER]
        subprocess.run(command, check=True)
    if str(folder) not in sys.path:
        sys.path.append(str(folder))
    return importlib.import_module("tinysoundfont")


def fonts() -> list[Path]:
    """A file of each soundfont, in the order of ``sources.toml``. Raises SourceMissing."""
    return [next(path for path in sorted(corpus.fetch(package).rglob("*.sf[23]"))) for package in corpus.packages("train", "rendered")]


_loaded: dict[Path, Any] = {}


def _synth(font: Path) -> tuple[Any, int]:
    """One synthesiser a font: loading takes longer than playing."""
    if font not in _loaded:
        synth = module().Synth(gain=-6.0, samplerate=SYNTH_HZ)
        _loaded[font] = synth, synth.sfload(str(font))
    return _loaded[font]


def play(font: Path, programs: dict[int, int], notes: Iterable[Note]) -> Floats:
    """8 kHz, as loud as the notes are. ``programs`` gives each channel's instrument (General MIDI, from 0); ``DRUMS`` is the kit."""
    synth, font_id = _synth(font)
    synth.sounds_off()
    synth.generate(SYNTH_HZ // 5)  # the end of the tune before: sounds_off does not cut it, it only fades fast
    for channel, program in programs.items():
        synth.program_select(channel, font_id, 128 if channel == DRUMS else 0, program, channel == DRUMS)
    pieces, at = [np.zeros(0, np.float32)], 0
    for time_s, channel, key, velocity in sorted(notes):
        upto = int(time_s * SYNTH_HZ)
        if upto > at:
            both = np.frombuffer(synth.generate(upto - at), np.float32)
            pieces.append(both.reshape(-1, 2).mean(axis=1))
            at = upto
        if velocity:
            synth.noteon(channel, key, velocity)
        else:
            synth.noteoff(channel, key)
    return signal.resample_poly(np.concatenate(pieces), 1, SYNTH_HZ // corpus.RATE_HZ).astype(np.float32)


def levelled(sounds: Iterable[Floats]) -> list[Floats]:
    """Those one can hear, with a peak of one half."""
    loudest = ((sound, np.max(np.abs(sound), initial=0.0)) for sound in sounds)
    return [sound / np.float32(peak + 1e-9) * np.float32(0.5) for sound, peak in loudest if peak > 0.005]
