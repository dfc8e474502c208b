"""Labelled scenes of a telephone line from real voices and music.

Every effect of the channel is drawn alike for all classes, so that it tells nothing about the class. Labels a frame: speech and
music, each 1, 0 or -1 (do not count: pauses inside words and sentences, faint remains). What is sung is music.
"""

from __future__ import annotations

import functools
from typing import NamedTuple

import channels
import numpy as np
import synthetic
from line_audio import generate
from numpy.typing import NDArray
from scipy import signal

Floats = NDArray[np.float32]
RATE_HZ = 8000
FRAME = 160
UNCLEAR = -1
FAINTEST_SPEECH = 10**-0.8  #: relative to the music: what is below does not count
SUNG_SHARE = 0.2  #: of music that has a sung voice
TUNE_SHARE = 0.08  #: of music that is synthetic
LAYERED_SHARE = 0.2  #: of music that is two pieces at once: instruments that no package has together
PULSED_SHARE = 0.12  #: of music that swells and falls as often as syllables do
SWEPT_SHARE = 0.1  #: of the training's music through resonances that move as those of a mouth do
MUSIC_SPEEDS = (0.7, 1.4)
VOICE_SPEEDS = (0.82, 1.25)
PAUSES_S = (0.05, 0.2, 0.5, 1.0, 2.5)  #: between clips of speech, and how often each
PAUSES, PAUSES_OF_SINGLE_WORDS = (0.3, 0.3, 0.2, 0.15, 0.05), (0.0, 0.1, 0.3, 0.4, 0.2)
SINGLE_WORDS_SHARE = 0.25
SYLLABLES_SHARE = 0.2  #: of speech that is single syllables, as letters and numbers are said, with pauses like single words
SYLLABLE_S = (0.12, 0.5)
SYLLABLE_EDGE = 10**-2.0  #: of its loudest frame's power


class Scene(NamedTuple):
    samples: NDArray[np.int16]
    speech: NDArray[np.int8]
    music: NDArray[np.int8]


class Sources(NamedTuple):
    """Clips by package, so that a scene keeps to one or two voices."""

    voices: list[list[Floats]]
    music: list[list[Floats]]
    large_more_often: bool = False  #: packages of music with more pieces; else each package alike
    swept_share: float = 0.0  #: of music, as if a mouth formed it; in training only, for no line does that


def activity(clean: Floats) -> NDArray[np.int8]:
    """1 where the clean source sounds, -1 in short gaps, 0 in pauses of more than 0.3 s."""
    energy = np.mean(np.square(clean[: clean.size // FRAME * FRAME].reshape(-1, FRAME)), axis=1)
    if energy.size == 0 or energy.max() <= 0:
        return np.zeros(energy.size, np.int8)
    loud = energy > max(np.quantile(energy[energy > 0], 0.95) * 10**-3.2, 1e-7)
    label = loud.astype(np.int8)
    edges = np.flatnonzero(np.diff(np.concatenate([[1], loud.astype(int), [1]])))
    for begin, end in zip(edges[::2], edges[1::2], strict=False):
        if end - begin <= 15:
            label[begin:end] = UNCLEAR
        else:
            label[begin : begin + 4] = UNCLEAR
            label[end - 1 : end] = UNCLEAR
    return label


def _level(clip: Floats, dbfs: float) -> Floats:
    loud = clip[np.abs(clip) > 0.05 * np.max(np.abs(clip))]
    if loud.size == 0:
        return clip
    return clip * np.float32(10 ** (dbfs / 20) / (np.sqrt(np.mean(np.square(loud))) + 1e-9))


def _fill_speech(rng: np.random.Generator, track: Floats, voices: list[list[Floats]], begin: int, end: int) -> None:
    package = voices[rng.integers(len(voices))]
    first = int(rng.integers(len(package)))
    level = rng.uniform(-30, -13)
    syllables = rng.random() < SYLLABLES_SHARE
    pauses = PAUSES_OF_SINGLE_WORDS if syllables or rng.random() < SINGLE_WORDS_SHARE else PAUSES
    at = begin
    while at < end:
        clip = package[(first + int(rng.integers(12))) % len(package)]
        clip = _syllable(rng, clip) if syllables else _other_speed(rng, clip, VOICE_SPEEDS)
        room = min(clip.size, end - at)
        track[at : at + room] += _level(clip, level + rng.normal(0, 1.5))[:room]
        at += room + int(RATE_HZ * rng.choice(PAUSES_S, p=pauses) * rng.uniform(0.6, 1.4))


def _syllable(rng: np.random.Generator, clip: Floats) -> Floats:
    """About one syllable of the clip, from dip to dip of its energy, with a pitch that rises, falls or both as in a tonal language."""
    energy = np.mean(np.square(clip[: clip.size // FRAME * FRAME].reshape(-1, FRAME)), axis=1)
    loud = np.flatnonzero(energy > 0.1 * energy.max(initial=0.0))
    if loud.size == 0:
        return clip
    middle = int(rng.choice(loud))
    most = max(2, int(rng.uniform(*SYLLABLE_S) * RATE_HZ / FRAME / 2))
    first = last = middle
    while first > max(0, middle - most) and energy[first - 1] > SYLLABLE_EDGE * energy[middle]:
        first -= 1
    while last < min(energy.size - 1, middle + most) and energy[last + 1] > SYLLABLE_EDGE * energy[middle]:
        last += 1
    piece = clip[first * FRAME : (last + 1) * FRAME].copy()
    ramp = min(80, piece.size // 4)
    piece[:ramp] *= np.linspace(0, 1, ramp, dtype=np.float32)
    piece[-ramp:] *= np.linspace(1, 0, ramp, dtype=np.float32)
    speed = np.interp(np.linspace(0, 2, piece.size), (0, 1, 2), rng.uniform(0.8, 1.3, 3))
    at = np.cumsum(speed)
    return np.interp(at[at < piece.size - 1], np.arange(piece.size), piece).astype(np.float32)


def _fill_music(rng: np.random.Generator, track: Floats, sources: Sources, begin: int, end: int, level: float) -> None:
    piece = _piece(rng, sources, end - begin)
    if rng.random() < LAYERED_SHARE:
        piece = _level(piece, -20.0) + _level(_piece(rng, sources, end - begin), -20.0 + rng.uniform(-10, 10))
    if rng.random() < sources.swept_share:
        piece = _swept(rng, piece)
    if rng.random() < PULSED_SHARE:
        piece = piece * _pulse(rng, piece.size)
    faded = _level(piece, level)
    if rng.random() < 0.4:
        ramp = min(int(RATE_HZ * rng.uniform(0.2, 1.5)), faded.size // 3)
        faded = faded.copy()
        faded[:ramp] *= np.linspace(0, 1, ramp, dtype=np.float32)
        faded[faded.size - ramp :] *= np.linspace(1, 0, ramp, dtype=np.float32)
    track[begin:end] += faded


def _piece(rng: np.random.Generator, sources: Sources, size: int) -> Floats:
    """Some piece from some point on, again and again when it is short, at a speed of its own."""
    clip = synthetic.tune(rng, 8.0) if rng.random() < TUNE_SHARE else np.zeros(0, np.float32)
    while clip.size < RATE_HZ:
        shares = _shares(tuple(len(clips) for clips in sources.music)) if sources.large_more_often else None
        package = sources.music[rng.integers(len(sources.music)) if shares is None else rng.choice(len(shares), p=shares)]
        clip = package[rng.integers(len(package))]
    start = int(rng.integers(max(clip.size - RATE_HZ, 1)))
    return np.resize(_other_speed(rng, np.roll(clip, -start)[: 2 * size], MUSIC_SPEEDS), size)


@functools.cache
def _shares(pieces: tuple[int, ...]) -> NDArray[np.float64]:
    """How often a package with so many pieces is taken: between each package alike and each piece alike."""
    roots = np.sqrt(np.array(pieces, np.float64))
    return np.asarray(roots / roots.sum(), np.float64)


def _pulse(rng: np.random.Generator, size: int) -> Floats:
    """A gain that swells and falls two to eight times a second, evenly or not, down by 3 to 26 dB."""
    beats = np.cumsum(rng.uniform(2, 8) * (1 + rng.uniform(0, 0.5) * rng.uniform(-1, 1, size // FRAME + 2))) * FRAME / RATE_HZ
    swell = (0.5 + 0.5 * np.sin(2 * np.pi * beats)) ** rng.uniform(0.5, 3)
    floor = 10 ** (-rng.uniform(3, 26) / 20)
    return np.interp(np.arange(size), np.arange(beats.size) * FRAME, floor + (1 - floor) * swell).astype(np.float32)


def _swept(rng: np.random.Generator, piece: Floats) -> Floats:
    """Through two resonances, each wandering between two places two to eight times a second: the vowels of no voice."""
    out = np.float32(rng.uniform(0.0, 0.3)) * piece
    for low_hz, high_hz in ((250, 900), (900, 2800)):
        swell = _pulse(rng, piece.size)
        for share in (swell, 1 - swell):
            centre_hz = rng.uniform(low_hz, high_hz)
            band = signal.butter(1, [centre_hz * 0.85, centre_hz * 1.18], "bandpass", fs=RATE_HZ, output="sos")
            out = out + share * signal.sosfilt(band, piece).astype(np.float32)
    return out.astype(np.float32)


def _fill_song(rng: np.random.Generator, track: Floats, voices: list[list[Floats]], begin: int, end: int) -> None:
    """Sung words over the music, 0 to 12 dB louder than it."""
    package = voices[rng.integers(len(voices))]
    level = 20 * np.log10(np.sqrt(np.mean(np.square(track[begin:end]))) + 1e-6) + rng.uniform(0, 12)
    at = begin
    while at < end:
        song = synthetic.sung(rng, package[rng.integers(len(package))])[: end - at]
        track[at : at + song.size] += _level(song, level) if song.size else song
        at += song.size + int(RATE_HZ * rng.uniform(0.1, 2.0))


def scene(rng: np.random.Generator, sources: Sources, duration_s: float = 45.0) -> Scene:
    """One stretch of a line: silence, speech, music and speech over music in turn."""
    size = int(duration_s * 50) * FRAME
    speech, music, tones = (np.zeros(size, np.float32) for _ in range(3))
    at = 0
    while at < size:
        end = min(size, at + int(RATE_HZ * rng.choice([1.5, 4.0, 8.0, 15.0]) * rng.uniform(0.7, 1.3)))
        kind = rng.choice(["silence", "tones", "speech", "music", "both"], p=[0.05, 0.05, 0.30, 0.34, 0.26])
        if kind == "tones":
            tones[at:end] = _signal_tones(rng, end - at)
        if kind in ("music", "both"):
            _fill_music(rng, music, sources, at, end, rng.uniform(-34, -14))
            if kind == "music" and rng.random() < SUNG_SHARE:
                _fill_song(rng, music, sources.voices, at, end)
        if kind in ("speech", "both"):
            _fill_speech(rng, speech, sources.voices, at, end)
        if kind == "both":
            _balance(rng, speech, music, at, end)
        at = end
    return _on_the_line(rng, speech, music, tones)


def _signal_tones(rng: np.random.Generator, size: int) -> Floats:
    """Call-progress tones, digits or a beep with pauses: neither speech nor music."""
    track = np.zeros(size)
    at = 0
    while at < size:
        choice = rng.integers(3)
        if choice == 0:
            sound = generate.dtmf("".join(rng.choice(list(generate.DTMF_DIGITS), 3)), on_ms=rng.uniform(50, 200))
        elif choice == 1:
            sound = generate.sines(rng.choice([[350, 440], [440, 480], [480, 620], [425, 425], [400, 450]]), rng.uniform(0.2, 2.0))
        else:
            sound = generate.sines([rng.uniform(400, 2200)], rng.uniform(0.1, 1.0))
        sound = sound[: size - at] * 10 ** (rng.uniform(-14, 0) / 20)
        track[at : at + sound.size] = sound / 32768
        at += sound.size + int(RATE_HZ * rng.uniform(0.1, 3.0))
    return track.astype(np.float32)


def _other_speed(rng: np.random.Generator, clip: Floats, speeds: tuple[float, float]) -> Floats:
    """Most clips played slower or faster, within ``speeds``: more voices and more instruments from the same recordings."""
    if rng.random() < 0.3:
        return clip
    speed = rng.uniform(*speeds)
    return np.interp(np.arange(0, clip.size - 1, speed), np.arange(clip.size), clip).astype(np.float32)


def _balance(rng: np.random.Generator, speech: Floats, music: Floats, at: int, end: int) -> None:
    """Put speech -10 to 22 dB over the bed."""
    loud = np.abs(speech[at:end]) > 0.02 * max(float(np.max(np.abs(speech[at:end]))), 1e-6)
    if not loud.any():
        return
    ratio = np.sqrt(np.mean(np.square(speech[at:end][loud]))) / (np.sqrt(np.mean(np.square(music[at:end]))) + 1e-9)
    if not np.any(music[at:end]):
        return
    music[at:end] *= np.float32(ratio / 10 ** (rng.uniform(-10, 22) / 20))
    top = np.max(np.abs(speech[at:end] + music[at:end]))
    if top > 0.9:
        speech[at:end] *= np.float32(0.9 / top)
        music[at:end] *= np.float32(0.9 / top)


def _on_the_line(rng: np.random.Generator, speech: Floats, music: Floats, tones: Floats) -> Scene:
    music_energy = np.mean(np.square(music.reshape(-1, FRAME)), axis=1)
    speech_label, music_label = activity(speech), _music_label(music)
    speech_energy = np.mean(np.square(speech.reshape(-1, FRAME)), axis=1)
    noise_dbfs = rng.uniform(-80, -42) if rng.random() < 0.7 else -90.0
    audible = 2.5 * 10 ** (noise_dbfs / 10)
    speech_label[(speech_label == 1) & (speech_energy < np.maximum(audible, FAINTEST_SPEECH * music_energy))] = UNCLEAR
    music_label[(music_label == 1) & (music_energy < audible)] = UNCLEAR
    music_label[(music_label == 1) & (music_energy < speech_energy * 10**-2.2)] = UNCLEAR
    sounding = np.mean(np.square(tones.reshape(-1, FRAME)), axis=1) > 0
    speech_label[sounding], music_label[sounding] = 0, UNCLEAR
    mixed = channels.line(rng, speech + music + tones, noise_dbfs)
    return Scene(mixed, speech_label, music_label)


def _music_label(music: Floats) -> NDArray[np.int8]:
    label = activity(music)
    label[label == UNCLEAR] = 1
    return label
