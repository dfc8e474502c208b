"""Calls on hold composed of real audio: music, recorded announcements, and a human who picks up. Seeded, with the truth beside them.

A *company* has its music, its announcements (one voice) and its way of playing them; each *call* to it has its own line, its own
wait and its own human. In a third of the companies the pools are swapped: actors are the announcements, and the voice of a prompt
package is the human, so that neither a voice nor a language tells who is live. Every source (music, announcement, human) comes
through a channel of its own, drawn alike for all; codec and lost packets are the line's.
"""

from __future__ import annotations

import enum
from typing import NamedTuple

import numpy as np
from line_audio import generate
from numpy.typing import NDArray
from scipy import signal

from tests.benchmarks.composed_voices import RATE_HZ, Floats, Pools, Speaker

Random = np.random.Generator
SWAPPED_SHARE = 1 / 3
AFTER_PICK_UP_S = 14.0
TRACK_S = 100  #: of a piece of music, at most


class Playing(enum.StrEnum):
    """What the music does for an announcement."""

    DUCKED = "ducked"
    STOPPED = "stopped"
    NO_MUSIC = "no_music"
    RINGING = "ringing"


class Spoken(NamedTuple):
    """A stretch of speech in samples of the call. ``recording``: which announcement, -1 for the human."""

    start: int
    end: int
    recording: int


class Company(NamedTuple):
    number: int
    swapped: bool
    playing: Playing
    announcements: list[Floats]
    music: list[Floats]
    bed_db: float  #: of a ducked bed under an announcement
    gap_s: tuple[float, float]  #: music between two announcements
    music_back_s: float
    humans: list[Speaker]


class Call(NamedTuple):
    samples: NDArray[np.int16]
    spoken: list[Spoken]
    picked_up: int  #: first sample of the human
    music_s: float


def company(pools: Pools, seed: int, number: int) -> Company:
    rng = np.random.default_rng((seed, number, 0))
    swapped = bool(rng.random() < SWAPPED_SHARE)
    announcers, humans = (pools.humans, pools.announcers) if swapped else (pools.announcers, pools.humans)
    voice = announcers[rng.integers(len(announcers))]
    playing = Playing(rng.choice([Playing.DUCKED, Playing.STOPPED, Playing.NO_MUSIC, Playing.RINGING], p=[0.45, 0.35, 0.12, 0.08]))
    tracks = pools.music[rng.integers(len(pools.music))]
    first = rng.uniform(8, 30)
    return Company(
        number=number, swapped=swapped, playing=playing, announcements=_announcements(rng, voice),
        music=[tracks[i] for i in rng.permutation(len(tracks))[:2]], bed_db=-rng.uniform(6, 20), gap_s=(first, first + rng.uniform(2, 25)),
        music_back_s=float(rng.choice([rng.uniform(0.02, 0.4), rng.uniform(0.4, 1.2)], p=[0.7, 0.3])), humans=humans,
    )  # fmt: skip


def _announcements(rng: Random, voice: Speaker) -> list[Floats]:
    """Two to five recordings of 2.5 to 12 s; short clips are read as a list, as queues and phone menus do."""
    wanted = int(rng.integers(2, 6))
    order = iter(rng.permutation(len(voice)))
    made: list[Floats] = []
    parts: list[Floats] = []
    for index in order:
        clip = voice[index]
        if clip.size < 0.9 * RATE_HZ or clip.size > 12 * RATE_HZ:
            continue
        parts += [clip] if not parts else [np.zeros(int(RATE_HZ * rng.uniform(0.12, 0.6)), np.float32), clip]
        length = sum(part.size for part in parts)
        if length >= 2.5 * RATE_HZ and (length >= 7 * RATE_HZ or rng.random() < 0.6):
            made.append(np.concatenate(parts))
            parts = []
        if len(made) == wanted:
            break
    return made


def call(firm: Company, seed: int, later: int) -> Call:
    """``later``: 0 for the first call to this company, which hears every announcement once; then 1, 2, …"""
    rng = np.random.default_rng((seed, firm.number, 1 + later))
    hold_s = float(rng.uniform(60, 420))
    if later == 0:
        hold_s = max(hold_s, len(firm.announcements) * (firm.gap_s[1] + 12.0))
    size = int((hold_s + AFTER_PICK_UP_S + 4) * RATE_HZ)
    music, voice, human = (np.zeros(size, np.float32) for _ in range(3))
    hold_end = int(hold_s * RATE_HZ)
    spoken, hold_end = _hold(rng, firm, music, voice, hold_end)
    opened, said = _pick_up(rng, firm, human, hold_end)
    line = _channel(rng, music, (0, hold_end)) + _channel(rng, voice, *[(s.start - 1600, s.end + 1600) for s in spoken])
    line += _channel(rng, human, (opened, size))
    heard = _codec(rng, line)
    return Call(heard, [*spoken, *said], said[0].start, float(np.count_nonzero(music)) / RATE_HZ)


def _hold(rng: Random, firm: Company, music: Floats, voice: Floats, end: int) -> tuple[list[Spoken], int]:
    """Announcements in turn until the human comes; hold ends in the music or, at times, right behind an announcement."""
    bed = _bed(rng, firm, music.size)
    gain = np.ones(music.size, np.float32)
    spoken: list[Spoken] = []
    level = rng.uniform(-27, -14)
    at, turn = int(RATE_HZ * rng.uniform(1, firm.gap_s[1])), 0
    while True:
        which = turn % len(firm.announcements)
        clip = _level(firm.announcements[which], level)
        if at + clip.size >= end:
            break
        voice[at : at + clip.size] = clip
        spoken.append(Spoken(at, at + clip.size, which))
        if firm.playing is not Playing.DUCKED:
            begin, again = at - int(RATE_HZ * rng.uniform(0.0, 0.8)), at + clip.size + int(RATE_HZ * firm.music_back_s)
            gain[max(begin, 0) : again] = 0.0
        else:
            gain[max(at - 2000, 0) : at + clip.size + 2000] = -1.0  # set below, from the levels
        at, turn = at + clip.size + int(RATE_HZ * rng.uniform(*firm.gap_s)), turn + 1
    if spoken and rng.random() < 0.15:
        end = spoken[-1].end + int(RATE_HZ * rng.uniform(0.1, 1.0))
    bed = _level(bed, level - 3 + rng.normal(0, 3)) if np.any(bed) else bed
    under = 10 ** ((level + firm.bed_db) / 20) / max(float(np.sqrt(np.mean(np.square(bed)))), 1e-6)
    gain[gain < 0] = min(under, 1.0)
    music[:] = bed * _smooth(gain)
    fade = int(RATE_HZ * rng.choice([0.02, 0.4]))
    music[max(end - fade, 0) : end] *= np.linspace(1, 0, min(fade, end), dtype=np.float32)
    music[end:] = 0
    return spoken, end


def _smooth(gain: Floats) -> Floats:
    taps = np.ones(1200, np.float32) / 1200
    return np.asarray(signal.fftconvolve(gain, taps, mode="same"), np.float32)


def _bed(rng: Random, firm: Company, size: int) -> Floats:
    match firm.playing:
        case Playing.NO_MUSIC:
            return np.zeros(size, np.float32)
        case Playing.RINGING:
            ring = np.concatenate([generate.sines([440, 480], 2.0, -13) / 32768, np.zeros(4 * RATE_HZ)])
            return np.resize(ring, size).astype(np.float32)
        case _:
            loop = np.concatenate([track[: TRACK_S * RATE_HZ] for track in firm.music])
            return np.resize(np.roll(loop, -int(rng.integers(loop.size))), size).astype(np.float32)


def _pick_up(rng: Random, firm: Company, human: Floats, hold_end: int) -> tuple[int, list[Spoken]]:
    """The line opens, the human says something short, waits, says more."""
    voice = firm.humans[rng.integers(len(firm.humans))]
    level = rng.uniform(-27, -14)
    opened = hold_end + int(RATE_HZ * rng.uniform(0.0, 0.3))
    at = opened + int(RATE_HZ * rng.uniform(0.1, 1.5))
    said: list[Spoken] = []
    short = [clip for clip in voice if 0.5 * RATE_HZ <= clip.size <= 4.0 * RATE_HZ]
    while at < hold_end + AFTER_PICK_UP_S * RATE_HZ:
        clip = _level(short[rng.integers(len(short))], level + rng.normal(0, 1))
        clip = clip[: human.size - at]
        human[at : at + clip.size] = clip
        said.append(Spoken(at, at + clip.size, -1))
        at += clip.size + int(RATE_HZ * rng.choice([rng.uniform(0.2, 0.8), rng.uniform(1.0, 3.5)], p=[0.3, 0.7]))
    return opened, said


def _level(clip: Floats, dbfs: float) -> Floats:
    loud = clip[np.abs(clip) > 0.05 * np.max(np.abs(clip))]
    return clip * np.float32(10 ** (dbfs / 20) / (np.sqrt(np.mean(np.square(loud))) + 1e-9)) if loud.size else clip


def _channel(rng: Random, clean: Floats, *connected: tuple[int, int]) -> Floats:
    """Band, tilt, echo and level of one source, and its noise for as long as it is connected."""
    line = clean
    if rng.random() < 0.7:
        band = [rng.uniform(80, 320), rng.uniform(3000, 3800)]
        line = signal.sosfilt(signal.butter(2, band, "bandpass", fs=RATE_HZ, output="sos"), line)
    if rng.random() < 0.4:
        line = signal.lfilter([1, rng.uniform(-0.5, 0.4)], [1], line)
    if rng.random() < 0.2:
        line = line + 10 ** (rng.uniform(-30, -12) / 20) * np.roll(line, int(RATE_HZ * rng.uniform(0.02, 0.15)))
    line = np.array(line, np.float32)
    colour, loudness, noisy = rng.uniform(-0.5, 0.9), rng.uniform(-78, -45), rng.random() < 0.7
    for start, end in connected if noisy else ():
        hiss = signal.lfilter([1.0], [1.0, -colour], rng.standard_normal(max(end - max(start, 0), 1)))
        line[max(start, 0) : end] += (hiss / np.std(hiss) * 10 ** (loudness / 20))[: line[max(start, 0) : end].size].astype(np.float32)
    return line


def _codec(rng: Random, line: Floats) -> NDArray[np.int16]:
    pcm = generate.to_pcm(line[: line.size // 160 * 160].astype(np.float64) * 10 ** (rng.uniform(-8, 4) / 20) * 32768)
    pcm = generate.through_mu_law(pcm) if rng.random() < 0.67 else generate.through_a_law(pcm)
    return generate.lose_packets(pcm, rng.uniform(0.002, 0.03), int(rng.integers(1 << 31))) if rng.random() < 0.3 else pcm
