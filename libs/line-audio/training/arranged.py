"""Composed music of two games, arranged anew: other instruments, fewer of them, another key and speed.

What the weights learn of a piece is not the piece. Compositions come as MIDI; each is played several times, every time otherwise, by the
soundfonts of ``soundfont.py``. A melody alone on a lead synthesiser or a reed comes closest to a voice, so half are for few parts.
"""

from __future__ import annotations

from pathlib import Path

import corpus
import numpy as np
import soundfont
from numpy.typing import NDArray

Floats = NDArray[np.float32]

CLIP_S = 40.0
TIMES = 6  #: each piece is arranged so often, half of them by each soundfont
FEWEST_NOTES = 20
LEADS = (*range(52, 55), *range(56, 96), *range(40, 43), 16, 17, 18, 21, 22, 23, 26, 27, 29, 30, 104, 105, 109, 110, 111)


def packages() -> list[str]:
    """Names under which ``clips`` has them, one a package of compositions."""
    return [f"arranged-{package}" for package in corpus.packages("train", "composed")]


def clips(name: str) -> list[Floats]:
    """Arrangements of one package, 8 kHz; played once, then read from the cache."""
    return corpus.stored(name, soundfont.STORED, lambda: _played(name.removeprefix("arranged-")))


def _played(package: str) -> list[Floats]:
    pieces = sorted(corpus.fetch(package).rglob("*.mid"))
    fonts = soundfont.fonts()
    return soundfont.levelled(
        _arranged(np.random.default_rng([number, time]), piece, fonts[time % len(fonts)])
        for number, piece in enumerate(pieces)
        for time in range(TIMES)
    )


def _arranged(rng: np.random.Generator, piece: Path, font: Path) -> Floats:
    notes, programs = _read(piece)
    melodic = [channel for channel in programs if channel != soundfont.DRUMS]
    if melodic and rng.random() < 0.5:
        kept = set(rng.choice(melodic, min(int(rng.integers(1, 4)), len(melodic)), replace=False).tolist())
        if rng.random() < 0.3:
            kept.add(soundfont.DRUMS)
        notes = [note for note in notes if note[1] in kept]
    for channel in melodic:
        if rng.random() < 0.7:
            programs[channel] = int(rng.choice(LEADS)) if rng.random() < 0.6 else int(rng.integers(0, 112))
    if len(notes) < FEWEST_NOTES:
        return np.zeros(0, np.float32)
    key, speed = int(rng.integers(-6, 7)), rng.uniform(0.7, 1.4)
    begin_s = rng.uniform(0, max(notes[-1][0] - CLIP_S * speed, 0.0))
    moved = [
        ((at_s - begin_s) / speed, channel, number if channel == soundfont.DRUMS else int(np.clip(number + key, 0, 127)), velocity)
        for at_s, channel, number, velocity in notes
        if begin_s <= at_s < begin_s + CLIP_S * speed
    ]
    return soundfont.play(font, programs, moved)


def _read(piece: Path) -> tuple[list[soundfont.Note], dict[int, int]]:
    """Notes in order of time, and the first instrument of each channel that plays."""
    midi = soundfont.module().midi
    notes: list[soundfont.Note] = []
    named: dict[int, int] = {}
    for event in midi.load(str(piece)):
        action = event.action
        if isinstance(action, midi.NoteOn):
            notes.append((event.t, event.channel, action.key, action.velocity))
        elif isinstance(action, midi.NoteOff):
            notes.append((event.t, event.channel, action.key, 0))
        elif isinstance(action, midi.ProgramChange):
            named.setdefault(event.channel, action.program)
    return notes, {channel: 0 if channel == soundfont.DRUMS else named.get(channel, 0) for _, channel, _, _ in notes}
