"""Tunes of single instruments and small ensembles, played by a soundfont: the sparse music that games and hold lines have little of.

A lone flute, a plucked string or hand drums come closest to a voice. Melodies are drawn at random.
"""

from __future__ import annotations

from pathlib import Path

import corpus
import numpy as np
import soundfont
from numpy.typing import NDArray

Floats = NDArray[np.float32]

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


def packages() -> list[str]:
    """Names under which ``clips`` has them, one a family."""
    return [f"rendered-{family}" for family in FAMILIES]


def clips(name: str) -> list[Floats]:
    """Tunes of one family, 8 kHz; played once, then read from the cache."""
    return corpus.stored(name, soundfont.STORED, lambda: _played(name.removeprefix("rendered-")))


def _played(family: str) -> list[Floats]:
    seed = list(FAMILIES).index(family)
    fonts = soundfont.fonts()
    return soundfont.levelled(
        _tune(np.random.default_rng([seed, number, clip]), font, family)
        for number, font in enumerate(fonts)
        for clip in range(CLIPS // len(fonts))
    )


def _tune(rng: np.random.Generator, font: Path, family: str) -> Floats:
    instruments, low, high = FAMILIES[family]
    parts = int(rng.choice([1, 2, 3], p=[0.6, 0.25, 0.15]))
    beat_s = rng.uniform(0.12, 0.6)
    root, scale = int(rng.integers(12)), SCALES[rng.integers(len(SCALES))]
    programs: dict[int, int] = {}
    notes: list[soundfont.Note] = []
    for channel in range(parts):
        programs[channel] = int(rng.choice(instruments))
        notes += _part(rng, channel, root, scale, low, high, beat_s)
    if family == "drums" or rng.random() < 0.15:
        programs[soundfont.DRUMS] = 0
        notes += _drums(rng, beat_s)
    return soundfont.play(font, programs, notes)


def _part(
    rng: np.random.Generator, channel: int, root: int, scale: tuple[int, ...], low: int, high: int, beat_s: float
) -> list[soundfont.Note]:
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


def _drums(rng: np.random.Generator, beat_s: float) -> list[soundfont.Note]:
    """A bar of two to four instruments, again and again with small changes: kits, hand drums, shakers."""
    chosen = rng.choice(np.arange(35, 82), int(rng.integers(1, 5)), replace=False)
    steps = int(rng.choice([6, 8, 12, 16]))
    pattern = rng.random((steps, chosen.size)) < rng.uniform(0.15, 0.5)
    events: list[soundfont.Note] = []
    step, step_s = 0, beat_s / 2
    while step * step_s < CLIP_S - 0.2:
        for number, key in enumerate(chosen):
            if pattern[step % steps, number] != (rng.random() < 0.06):
                start = step * step_s + abs(float(rng.normal(0, 0.008)))
                events += [(start, 9, int(key), int(rng.integers(45, 120))), (start + 0.15, 9, int(key), 0)]
        step += 1
    return events
