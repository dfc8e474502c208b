"""Known recordings: are they found early through noise and loss, and is anything else taken for one, over all audio of the talk-off?

The prompts of three languages that last at least 4 s are known. The other audio is everything of ``tones_sources.toml`` but the packages
they are from. Some prompts have words of other prompts in them; those are found there, too, and count neither way.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from line_audio import fingerprint, generate
from line_audio.fingerprint import RecordingIndex
from scipy import stats

from tests.benchmarks import tones_audio
from tests.benchmarks.hearing_peers import Figure, corpus
from tests.benchmarks.tones_audio import Pcm

SOURCES = ("asterisk-core-sounds-it-wav", "asterisk-core-sounds-es-wav", "asterisk-core-sounds-fr-wav")
LEAST_S = 4
SAME_EVERYWHERE = "tt-monkeys"  #: no words: the same recording in each language's package
SNR_DB, LOSS = 15.0, 0.03
EARLY_MS = 1500
PART = 60 * 8000  #: samples fed at once


def known_prompts() -> list[Pcm]:
    prompts = [clip for source in SOURCES for clip in corpus.clips(source, "voice") if clip.size > LEAST_S * 8000]
    return [generate.to_pcm(clip.astype(np.float64) * 32768) for clip in prompts]


def first_sound_ms(samples: Pcm) -> int:
    """Where the first frame within 30 dB of the loudest begins."""
    power = np.mean(np.square(samples[: samples.size // 160 * 160].astype(np.float64).reshape(-1, 160)), axis=1)
    return 20 * int(np.argmax(power > 1e-3 * power.max()))


def on_a_line(samples: Pcm, seed: int) -> Pcm:
    """At another offset and level, with noise, A-law and lost packets."""
    rng = np.random.default_rng(seed)
    line = np.concatenate([np.zeros(8000 + int(rng.integers(160))), samples.astype(np.float64)])
    level = np.sqrt(np.mean(np.square(line[np.abs(line) > 50])))
    line = 0.5 * (line + rng.standard_normal(line.size) * level * 10 ** (-SNR_DB / 20))
    return generate.lose_packets(generate.through_a_law(generate.to_pcm(line)), LOSS, seed)


def run() -> Iterator[Figure]:
    index = RecordingIndex()
    known = known_prompts()
    for number, samples in enumerate(known):
        index.add(str(number), fingerprint.fingerprint(samples))
    minutes = sum(samples.size for samples in known) / 8000 / 60
    size = sum(len(fingerprint.fingerprint(samples)) for samples in known) / minutes
    yield {"name": "hearing.recording_bytes_a_minute", "value": round(size), "unit": "B", "aim": 8000}
    found, early, early_sound = [], [], []
    for number, samples in enumerate(known):
        index.reset()
        positions = [m.position_ms for m in index.feed(on_a_line(samples, number)) if m.recording_id == str(number)]
        found.append(bool(positions))
        early.append(bool(positions) and positions[0] <= EARLY_MS)
        early_sound.append(bool(positions) and positions[0] <= EARLY_MS + first_sound_ms(samples))
    unit = f"% of {len(known)} prompts, SNR {SNR_DB:.0f} dB, {100 * LOSS:.0f} % loss"
    yield {"name": "hearing.recording_recall", "value": round(100 * float(np.mean(found)), 2), "unit": unit}
    yield {"name": "hearing.recording_within_1_5_s", "value": round(100 * float(np.mean(early)), 2), "unit": unit}
    yield {"name": "hearing.recording_within_1_5_s_of_sound", "value": round(100 * float(np.mean(early_sound)), 2), "unit": unit}
    yield false_matches(index)


def false_matches(index: RecordingIndex) -> Figure:
    """With the 95 % upper bound of a Poisson count."""
    hours, count = 0.0, 0
    for kind in ("voice", "music"):
        for reel in tones_audio.reels(kind):
            if reel.package in SOURCES:
                continue
            index.reset()
            matches = [match for at in range(0, reel.samples.size, PART) for match in index.feed(reel.samples[at : at + PART])]
            count += sum(reel.where(match.start_sample + 160 * 50)[0] != SAME_EVERYWHERE for match in matches)
            hours += reel.hours
    at_most = float(stats.chi2.ppf(0.95, 2 * count + 2)) / 2 / hours
    return {"name": "hearing.recording_false_matches", "value": count, "unit": f"in {hours:.1f} h", "at_most_an_hour": round(at_most, 3)}
