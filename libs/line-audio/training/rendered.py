"""Tunes of single instruments and small ensembles, played by a soundfont: the sparse music that games and hold lines have little of.

A lone flute, a plucked string or hand drums come closest to a voice. Melodies are drawn at random; the instruments are those of General
MIDI in two free soundfonts of Debian. The synthesiser (PyPI ``tinysoundfont``) goes into the cache folder: only training needs it.
"""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path
from typing import Any

import corpus
import numpy as np
from numpy.typing import NDArray
from scipy import signal

Floats = NDArray[np.float32]

SYNTHESISER = "tinysoundfont==0.3.7"
SYNTH_HZ = 16_000
CLIP_S = 24.0
CLIPS = 48  #: of each family
SCALES = ((0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10), (0, 2, 4, 7, 9), (0, 3, 5, 7, 10), (0, 1, 4, 5, 7, 8, 10))
#: instruments (numbers of General MIDI from 0), lowest and highest key
FAMILIES: dict[str, tuple[tuple[int, ...], int, int]] = {
    "keys": ((*range(24),), 36, 84),
    "plucked": ((*range(24, 32), 45, 46, *range(104, 109)), 36, 79),
    "bowed": ((40, 41, 42, 43, 44, 48, 49, 110), 36, 84),
    "reeds": ((*range(64, 72), 22, 23, 109, 111), 43, 84),
    "flutes": ((*range(72, 80),), 55, 91),
    "brass": ((*range(56, 64),), 40, 79),
    "voices": ((52, 53, 54, 85, 91), 45, 79),
    "synthetic": ((*range(80, 104), *range(32, 40)), 36, 84),
    "drums": ((*range(112, 119), 47, 12, 13), 40, 76),
}


def synthesiser() -> Any:
    """The module, fetched into the cache folder once."""
    folder = corpus.cache_folder() / "synthesiser"
    if not folder.is_dir():
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(folder), SYNTHESISER]
        subprocess.run(command, check=True)
    if str(folder) not in sys.path:
        sys.path.append(str(folder))
    return importlib.import_module("tinysoundfont")


def packages() -> list[str]:
    """Names under which ``clips`` has them, one a family."""
    return [f"rendered-{family}" for family in FAMILIES]


def clips(name: str) -> list[Floats]:
    """Tunes of one family, 8 kHz; played once, then read from the cache."""
    return corpus.stored(name, "music", lambda: _played(name.removeprefix("rendered-")))


def _played(family: str) -> list[Floats]:
    module = synthesiser()
    seed = list(FAMILIES).index(family)
    found: list[Floats] = []
    soundfonts = corpus.packages("train", "rendered")
    for number, package in enumerate(soundfonts):
        font = next(path for path in sorted(corpus.fetch(package).rglob("*.sf[23]")))
        for clip in range(CLIPS // len(soundfonts)):
            rng = np.random.default_rng([seed, number, clip])
            sound = _tune(rng, module, font, family)
            if np.max(np.abs(sound)) > 0.005:
                found.append(sound / np.float32(np.max(np.abs(sound)) + 1e-9) * np.float32(0.5))
    return found


_loaded: dict[Path, Any] = {}


def _synth(module: Any, font: Path) -> tuple[Any, int]:
    """One synthesiser a font: loading takes longer than playing."""
    if font not in _loaded:
        synth = module.Synth(gain=-6.0, samplerate=SYNTH_HZ)
        _loaded[font] = synth, synth.sfload(str(font))
    return _loaded[font]


def _tune(rng: np.random.Generator, module: Any, font: Path, family: str) -> Floats:
    synth, font_id = _synth(module, font)
    synth.sounds_off()
    programs, low, high = FAMILIES[family]
    parts = int(rng.choice([1, 2, 3], p=[0.6, 0.25, 0.15]))
    beat_s = rng.uniform(0.12, 0.6)
    root, scale = int(rng.integers(12)), SCALES[rng.integers(len(SCALES))]
    events: list[tuple[float, int, int, int]] = []  # time, channel, key, velocity (0: off)
    for channel in range(parts):
        synth.program_select(channel, font_id, 0, int(rng.choice(programs)))
        events += _part(rng, channel, root, scale, low, high, beat_s)
    if family == "drums" or rng.random() < 0.15:
        synth.program_select(9, font_id, 128, 0, True)
        events += _drums(rng, beat_s)
    pieces, at = [np.zeros(0, np.float32)], 0
    for time_s, channel, key, velocity in sorted(events):
        upto = int(time_s * SYNTH_HZ)
        if upto > at:
            pieces.append(_generate(synth, upto - at))
            at = upto
        if velocity:
            synth.noteon(channel, key, velocity)
        else:
            synth.noteoff(channel, key)
    synth.sounds_off()
    return signal.resample_poly(np.concatenate(pieces), 1, SYNTH_HZ // corpus.RATE_HZ).astype(np.float32)


def _generate(synth: Any, samples: int) -> Floats:
    """Both channels' mean."""
    return np.frombuffer(synth.generate(samples), np.float32).reshape(-1, 2).mean(axis=1)


def _part(
    rng: np.random.Generator, channel: int, root: int, scale: tuple[int, ...], low: int, high: int, beat_s: float
) -> list[tuple[float, int, int, int]]:
    """A melody, sometimes in chords, slurred or detached, with rests."""
    keys = [key for key in range(low, high) if (key - root) % 12 in scale]
    span = int(rng.integers(6, 16))
    bottom = int(rng.integers(max(1, len(keys) - span)))
    keys = keys[bottom : bottom + span]
    chord = rng.random() < 0.25
    held, rest = rng.uniform(0.3, 1.05), rng.uniform(0.0, 0.3)
    loud, leap = int(rng.integers(60, 115)), int(rng.integers(1, 5))
    lengths = rng.choice([0.5, 1.0, 1.0, 2.0, 4.0], 4)
    humanly = rng.uniform(0, 0.03)
    position, at, events = len(keys) // 2, 0.02, []
    while at < CLIP_S:
        length = float(rng.choice(lengths)) * beat_s
        if rng.random() > rest:
            position = int(np.clip(position + rng.integers(-leap, leap + 1), 0, len(keys) - 1))
            struck = keys[position::2][:3] if chord else keys[position : position + 1]
            start = at + abs(float(rng.normal(0, humanly)))
            for key in struck:
                velocity = int(np.clip(loud + rng.integers(-15, 12), 20, 127))
                events += [(start, channel, key, velocity), (min(start + max(0.05, held * length), CLIP_S), channel, key, 0)]
        at += length
    return [event for event in events if event[0] <= CLIP_S]


def _drums(rng: np.random.Generator, beat_s: float) -> list[tuple[float, int, int, int]]:
    """A bar of two to four instruments, again and again with small changes: kits, hand drums, shakers."""
    chosen = rng.choice(np.arange(35, 82), int(rng.integers(1, 5)), replace=False)
    steps = int(rng.choice([6, 8, 12, 16]))
    pattern = rng.random((steps, chosen.size)) < rng.uniform(0.15, 0.5)
    events: list[tuple[float, int, int, int]] = []
    step, step_s = 0, beat_s / 2
    while step * step_s < CLIP_S - 0.2:
        for number, key in enumerate(chosen):
            if pattern[step % steps, number] != (rng.random() < 0.06):
                start = step * step_s + abs(float(rng.normal(0, 0.008)))
                events += [(start, 9, int(key), int(rng.integers(45, 120))), (start + 0.15, 9, int(key), 0)]
        step += 1
    return events
