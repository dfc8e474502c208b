"""Times real time on one core, 64 lines a pass; spandsp's DTMF receiver in the same run says how fast the machine is just now.

The best of a few passes, in CPU time: a busy machine makes single passes slow. Flatness is the cost of the third hour of a call over that
of its first ten minutes, both of the same sound.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import numpy as np
from line_audio import _kernels_ear as kernels
from line_audio import ear, fingerprint, frequencies, tone_plan
from line_audio.generate import DTMF_COLUMNS_HZ, DTMF_ROWS_HZ
from numpy.typing import NDArray

from tests.benchmarks import hearing_peers as peers
from tests.benchmarks.hearing_classes import line, music, voices
from tests.benchmarks.hearing_peers import Figure, corpus

LINES, FRAMES, AT_ONCE = 64, 500, 50
PASSES = 5
MINUTES = 10  #: of sound that a long call repeats
HOURS = 3
SPANDSP_ELSEWHERE = 28_700  #: times real time, on an idle machine of 3 GHz


def seconds(work: Callable[[], object]) -> float:
    """CPU time of the fastest pass."""
    work()
    best = float("inf")
    for _ in range(PASSES):
        started = time.process_time()
        work()
        best = min(best, time.process_time() - started)
    return best


def sound() -> NDArray[np.int16]:
    rng = np.random.default_rng(1)
    parts = [voices(package, rng, 30) for package in corpus.packages("test", "voice")[:3]]
    return line(np.concatenate([*parts, music("flare-game", 60)]))


def known(samples: NDArray[np.int16]) -> fingerprint.RecordingIndex:
    """Twenty recordings of ten seconds."""
    index = fingerprint.RecordingIndex()
    for number in range(20):
        index.add(str(number), fingerprint.fingerprint(np.roll(samples, 16000 * number)[:80000]))
    return index


def costs(call: NDArray[np.int16], samples: NDArray[np.int16]) -> NDArray[np.float64]:
    """CPU seconds of the whole analysis of each minute of a call."""
    line, index = ear.Ear(), known(samples)
    spent = []
    for minute in call.reshape(-1, 60 * 8000):
        started = time.process_time()
        for second in minute.reshape(60, 8000):
            line.feed(second)
            index.feed(second)
        spent.append(time.process_time() - started)
    return np.array(spent)


def growth(samples: NDArray[np.int16]) -> float:
    """What the third hour costs of what the first ten minutes cost: medians for each of the ten minutes."""
    repeated = np.resize(samples, MINUTES * 60 * 8000)
    first = np.median([costs(repeated, samples) for _ in range(PASSES)], axis=0).sum()
    long = costs(np.tile(repeated, HOURS * 60 // MINUTES), samples)
    return float(np.median(long[(HOURS - 1) * 60 :].reshape(-1, MINUTES), axis=0).sum() / first)


def heard_frequencies() -> int:
    """How many the ear's bank listens to with its usual plan."""
    plan = tone_plan.load(ear.DEFAULT_PLAN)
    return len({*DTMF_ROWS_HZ, *DTMF_COLUMNS_HZ, *(hz for tone in plan.tones for hz in tone.frequencies_hz)})


def run() -> Iterator[Figure]:
    samples = sound()
    bank = ear.EarBank(LINES)
    slots = [bank.open() for _ in range(LINES)]
    frames = np.stack([np.roll(samples, 1600 * i)[: FRAMES * 160].reshape(FRAMES, 160) for i in range(LINES)])
    heard_s = LINES * FRAMES / 50
    spandsp = peers.Spandsp()
    unit_s = seconds(lambda: spandsp.receive(samples)) / (samples.size / 8000)

    def figure(name: str, work_s: float, aim: float) -> Figure:
        return {
            "name": f"hearing.{name}", "value": round(1 / work_s), "unit": "x real time a core", "aim": aim, "peer": "spandsp's DTMF",
            "peer_value": round(1 / unit_s), "ratio": round(unit_s / work_s, 4),
            "where_spandsp_does_28_700": round(SPANDSP_ELSEWHERE * unit_s / work_s),
        }  # fmt: skip

    def hear(at_once: int) -> Callable[[], None]:
        return lambda: [bank.feed(slots, frames[:, at : at + at_once]) for at in range(0, FRAMES, at_once)].clear()

    ear_s = seconds(hear(AT_ONCE)) / heard_s
    room = np.empty((LINES, FRAMES, kernels.SOUND))
    lines = np.arange(LINES)
    classes_s = seconds(lambda: kernels.classify(frames, lines, bank._state, bank._tables, room)) / heard_s
    state, measures = bank._state, np.empty((LINES, FRAMES, bank._bank.width), np.float32)
    bank_s = seconds(lambda: frequencies.measure(frames, lines, state.history, state.clock, bank._bank, measures)) / heard_s
    index = known(samples)
    fingerprint_s = seconds(lambda: index.feed(samples)) / (samples.size / 8000)
    yield {**figure("frequency_bank_speed", bank_s, 100_000), "frequencies": heard_frequencies()}
    yield figure("classes_speed", classes_s, 5_000)
    yield figure("digits_tones_and_segments_speed", ear_s - classes_s, 30_000)
    yield figure("ear_speed", ear_s, 2_000)
    yield figure("ear_speed_frame_by_frame", seconds(hear(1)) / heard_s, 0)
    yield figure("recording_index_speed", fingerprint_s, 0)
    yield figure("whole_analysis_speed", ear_s + fingerprint_s, 2_000)
    yield {
        "name": "hearing.cost_of_hour_three", "value": round(growth(samples), 3), "unit": f"of the first {MINUTES} minutes, the same sound",
        "aim": 1.0,
    }  # fmt: skip
