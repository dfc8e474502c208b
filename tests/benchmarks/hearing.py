"""How well and how fast the ear hears, beside its peers on the same audio. Fetches Debian's audio packages on its first run.

``HEARING_MINUTES`` (default 30) bounds the real audio of each kind.
"""

from __future__ import annotations

import difflib
import os
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from line_audio import dtmf, ear, fingerprint, generate
from line_audio.segments import Label, SegmentOpened
from numpy.typing import NDArray

from tests.benchmarks import hearing_classes
from tests.benchmarks import hearing_peers as peers
from tests.benchmarks.hearing_peers import corpus

Pcm = NDArray[np.int16]
Figure = dict[str, Any]
MINUTES = float(os.environ.get("HEARING_MINUTES", "30"))
ALL = generate.DTMF_DIGITS

ACCEPT: dict[str, dict[str, float]] = {
    "plain": {},
    "40 ms on and off": {"on_ms": 40, "off_ms": 40},
    "+1.5 % both": {"row_error": 0.015, "column_error": 0.015, "on_ms": 40, "off_ms": 40},
    "-1.5 % both": {"row_error": -0.015, "column_error": -0.015, "on_ms": 40, "off_ms": 40},
    "twist +4 dB": {"twist_db": 4, "on_ms": 50, "off_ms": 50},
    "twist -8 dB": {"twist_db": -8, "on_ms": 50, "off_ms": 50},
    "-25 dBm0": {"level_dbm0": -25, "on_ms": 50, "off_ms": 50},
    "0 dBm0": {"level_dbm0": -1, "on_ms": 50, "off_ms": 50},
    "SNR 15 dB": {"snr_db": 15, "on_ms": 50, "off_ms": 50},
    "dial tone -13 dBm0": {"dial_dbm0": -13, "on_ms": 50, "off_ms": 50},
}
REFUSE: dict[str, dict[str, float]] = {
    "23 ms": {"on_ms": 23},
    "row +3.5 %": {"row_error": 0.035},
    "row -3.5 %": {"row_error": -0.035},
    "column +3.5 %": {"column_error": 0.035},
    "column -3.5 %": {"column_error": -0.035},
}


def figure(name: str, value: float, unit: str, peer: str = "", peer_value: float | None = None) -> Figure:
    ratio = round(value / peer_value, 3) if peer_value else None
    return {"name": f"hearing.{name}", "value": round(value, 4), "unit": unit, "peer": peer, "peer_value": peer_value, "ratio": ratio}


def digits_line(repeats: int, seed: int, snr_db: float | None = None, dial_dbm0: float | None = None, **how: Any) -> Pcm:
    line = generate.dtmf(ALL * repeats, phase=0.37 * seed, **how)
    line = np.concatenate([np.zeros(800 + 31 * seed), line, np.zeros(800)])
    if snr_db is not None:
        line = line + generate.white_noise(line.size / 8000, how.get("level_dbm0", -10) + 3 - snr_db, seed)
    if dial_dbm0 is not None:
        line = line + generate.sines([350, 440], line.size / 8000, dial_dbm0)
    return generate.through_mu_law(generate.to_pcm(line))


def ours(samples: Pcm) -> str:
    return "".join(digit.digit for digit in dtmf.receive(samples))


def right_and_extra(got: str, wanted: str) -> tuple[int, int]:
    blocks = difflib.SequenceMatcher(None, wanted, got, autojunk=False).get_matching_blocks()
    right = sum(block.size for block in blocks)
    return right, len(got) - right


def dtmf_limits(name: str, receive: Callable[[Pcm], str]) -> dict[str, float]:
    right = extra = total = false = refused = 0
    for case in ACCEPT.values():
        for seed in range(4):
            got, more = right_and_extra(receive(digits_line(8, seed, **case)), ALL * 8)
            right, extra, total = right + got, extra + more, total + 8 * len(ALL)
    for case in REFUSE.values():
        for seed in range(4):
            false += len(receive(digits_line(8, seed, **case)))
            refused += 8 * len(ALL)
    noisy = sum(right_and_extra(receive(digits_line(8, seed, snr_db=6, on_ms=50, off_ms=50)), ALL * 8)[0] for seed in range(4))
    return {"accepted": 100 * right / total, "extra": extra, "false": 100 * false / refused, "snr6": 100 * noisy / (32 * len(ALL))}


def real_audio(kind: str, minutes: float) -> Iterator[Pcm]:
    """Kept-apart and training audio alike: the DTMF receiver and the tone detectors learn nothing."""
    left = minutes * 60 * 8000
    for side in ("test", "tune", "train"):
        for package in corpus.packages(side, kind):
            joined = np.concatenate(corpus.clips(package, kind))[: int(left)]
            left -= joined.size
            yield generate.through_mu_law(generate.to_pcm(joined.astype(np.float64) * 32768))
            if left <= 0:
                return


def run() -> Iterator[Figure]:
    spandsp = peers.Spandsp()
    ear.warm_up()
    mine, theirs = dtmf_limits("ours", ours), dtmf_limits("spandsp", spandsp.receive)
    for key, label in (("accepted", "dtmf_accept_lines_right"), ("false", "dtmf_reject_lines_false"), ("snr6", "dtmf_found_at_6_db_snr")):
        yield figure(label, mine[key], "%", "spandsp", theirs[key])
    yield figure("dtmf_extra_digits", mine["extra"], "digits", "spandsp", theirs["extra"])
    yield from talk_off(spandsp)
    yield from hearing_classes.run()
    yield from recordings()
    yield from speed()


def talk_off(spandsp: peers.Spandsp) -> Iterator[Figure]:
    for kind in ("voice", "music"):
        hours = false = peer_false = tones = 0.0
        for line in real_audio(kind, MINUTES):
            hours += line.size / 8000 / 3600
            false += len(ours(line))
            peer_false += len(spandsp.receive(line))
            events = ear.Ear().feed(line)
            classes = (Label.SILENCE, Label.SPEECH, Label.MUSIC, Label.SPEECH_OVER_MUSIC, Label.DTMF)
            tones += sum(isinstance(e, SegmentOpened) and e.label not in classes for e in events)
        yield figure(f"dtmf_false_an_hour_{kind}", false / hours, f"digits/h over {hours:.2f} h", "spandsp", peer_false / hours)
        yield figure(f"tones_false_an_hour_{kind}", tones / hours, f"segments/h over {hours:.2f} h")


def recordings() -> Iterator[Figure]:
    """Known prompts at another offset, level and codec, 15 dB SNR and 3 % loss; other voices and music must not match."""
    index = fingerprint.RecordingIndex()
    prompts = [clip for clip in corpus.clips("asterisk-core-sounds-it-wav", "voice") if clip.size > 4 * 8000][:150]
    known = [generate.to_pcm(clip.astype(np.float64) * 32768) for clip in prompts]
    for number, samples in enumerate(known):
        index.add(str(number), fingerprint.fingerprint(samples))
    found = early = 0
    for number, samples in enumerate(known):
        rng = np.random.default_rng(number)
        line = np.concatenate([np.zeros(8000 + int(rng.integers(160))), samples.astype(np.float64)])
        level = np.sqrt(np.mean(np.square(line[np.abs(line) > 50])))
        line = (line + rng.standard_normal(line.size) * level * 10**-0.75) * 0.5
        index.reset()
        matches = index.feed(generate.lose_packets(generate.through_a_law(generate.to_pcm(line)), 0.03, number))
        positions = [match.position_ms for match in matches if match.recording_id == str(number)]
        found += bool(positions)
        early += bool(positions) and positions[0] <= 1500
    yield figure("recording_recall", 100 * found / len(known), "%")
    yield figure("recording_within_1_5_s", 100 * early / len(known), "%")
    hours, false = 0.0, 0
    for kind in ("voice", "music"):
        for package in corpus.packages("train", kind):
            joined = np.concatenate(corpus.clips(package, kind))[: int(MINUTES * 60 * 8000 / 4)]
            index.reset()
            false += len(index.feed(generate.to_pcm(joined.astype(np.float64) * 32768)))
            hours += joined.size / 8000 / 3600
    yield figure("recording_false_matches", false, f"over {hours:.2f} h")


def speed() -> Iterator[Figure]:
    """Times real time on one core, 64 lines a pass."""
    lines = 64
    bank = ear.EarBank(lines)
    slots = [bank.open() for _ in range(lines)]
    sound = np.concatenate([next(real_audio("voice", 2)), next(real_audio("music", 2))])
    frames = np.stack([np.roll(sound, 1600 * i)[: 500 * 160].reshape(500, 160) for i in range(lines)])
    started = time.process_time()
    for at in range(0, 500, 10):
        bank.feed(slots, frames[:, at : at + 10])
    yield figure("ear_batch_speed", lines * 10 / (time.process_time() - started), "x real time a core", "silero batched (facts)", 1180)
    index = fingerprint.RecordingIndex()
    for number in range(20):
        index.add(str(number), fingerprint.fingerprint(np.roll(sound, 16000 * number)[:80000]))
    started = time.process_time()
    index.feed(sound[: 8000 * 60])
    yield figure("recording_index_speed", 60 / (time.process_time() - started), "x real time a core")
