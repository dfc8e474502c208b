"""Every call-progress tone of every plan at SNR 15 dB and -30 dBm0 in µ-law: is it named within one cycle?

Where two tones of a plan begin alike (the same frequencies, another cadence), the slower one's cycle counts for both. Beside it spandsp's
super-tone receiver, which is told of the one tone only and may take all the time it wants.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from line_audio import ear, generate, tone_plan
from line_audio.segments import SegmentOpened
from line_audio.tone_plan import Tone, TonePlan

from tests.benchmarks import hearing_peers as peers
from tests.benchmarks.hearing_peers import Figure
from tests.benchmarks.tones_audio import Pcm

LEVEL_DBM0, SNR_DB = -30.0, 15.0
LEAD_S = 1.013
SEEDS = range(3)
CONTINUOUS_S = 3.0  #: one "cycle" of a tone without cadence
SLACK_S = 0.15  #: frames and edges


def cycle_s(tone: Tone, plan: TonePlan) -> float:
    """The time in which it has to be named."""
    own = sum(tone.cadence_s) or CONTINUOUS_S
    alike = (sum(other.cadence_s) for other in plan.tones if other.frequencies_hz == tone.frequencies_hz)
    return max([own, *(other for other in alike if other < 2)]) if own < 2 else own


def sent(tone: Tone, plan: TonePlan, seed: int) -> Pcm:
    """The tone at least twice round and until it has to be named; all its frequencies together are at the level."""
    each_dbm0 = LEVEL_DBM0 - 10 * np.log10(len(tone.frequencies_hz))
    cycle = sum(tone.cadence_s) or CONTINUOUS_S
    cycles = max(2, math.ceil(cycle_s(tone, plan) / cycle))
    sound = generate.tone(tone, cycles * cycle + (tone.cadence_s[0] if tone.cadence_s else 0.0), each_dbm0)
    line = np.concatenate([generate.silence(LEAD_S), sound, generate.silence(0.5)])
    return generate.through_mu_law(generate.to_pcm(line + generate.white_noise(line.size / 8000, LEVEL_DBM0 - SNR_DB, seed)))


def is_named(tone: Tone, plan: TonePlan, samples: Pcm) -> tuple[bool, int]:
    """Whether the ear names it in time, and how many other tones it names."""
    opened = [e for e in ear.Ear(plan).feed(samples) if isinstance(e, SegmentOpened)]
    latest = (LEAD_S + 1.05 * cycle_s(tone, plan) + SLACK_S) * 8000
    meant = {other.label for other in plan.tones}
    right = any(event.label == tone.label and event.at_sample <= latest for event in opened)
    return right, sum(event.label in meant and event.label != tone.label for event in opened)


def run() -> Iterator[Figure]:
    ear.warm_up()
    found = wrong = peer_found = total = 0
    missed: list[str] = []
    for name in tone_plan.names():
        plan = tone_plan.load(name)
        for tone in plan.tones:
            for seed in SEEDS:
                samples = sent(tone, plan, seed)
                right, others = is_named(tone, plan, samples)
                found, wrong, total = found + right, wrong + others, total + 1
                peer_found += peers.spandsp_tone(samples, tone.frequencies_hz, tone.cadence_s)
                if not right:
                    missed.append(f"{name} {tone.label}")
    unit = f"% of {total} calls of {total // len(SEEDS)} tones, SNR {SNR_DB:.0f} dB, {LEVEL_DBM0:.0f} dBm0"
    yield {
        "name": "hearing.cadences_named_within_a_cycle", "value": round(100 * found / total, 2), "unit": unit, "missed": missed,
        "other_tones_named": wrong, "peer": "spandsp", "peer_value": round(100 * peer_found / total, 2),
    }  # fmt: skip
