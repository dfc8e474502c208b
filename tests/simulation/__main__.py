"""``python -m tests.simulation --n 1000 --seed 1``: random companies, each explored, learned, followed, changed and repaired.

The last line is one JSON object. ``--show`` prints the transcript of each failed call.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import shutil
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import msgspec
from ivr_sim.channel import ChannelKind
from ivr_sim.confusions import PERFECT, Confusions
from ivr_sim.generate import generate, small_worlds
from ivr_sim.traps import traps
from ivr_sim.voice import Voices
from ivr_sim.world import World

from tests.simulation.campaign import Campaign, Report, audio_level, word_level
from tests.support.kept_similarity import KeptSimilarity

SIMILARITY = KeptSimilarity(Path(".cache") / "simulation" / "similarity")
VOICES = Voices(cache=Path(".cache") / "simulation" / "voices")


CODECS = ("mulaw", "alaw")
GARBAGE_THRESHOLD = 200_000  #: objects: each call leaves thousands behind, and none before its end


def live(world: World, confused: bool, tick_ms: int, audio: bool) -> Report:
    """One world's campaign."""
    confusions = Confusions(seed=world.seed) if confused else PERFECT
    if not audio:
        return Campaign(world, word_level(SIMILARITY, confusions, tick_ms)).run()
    channel = ChannelKind(codec=CODECS[world.seed % 2], noise_dbm0=-50.0, loss=0.01)
    return Campaign(world, audio_level(SIMILARITY, VOICES, channel, confusions)).run()


def summary(reports: list[Report], seconds: float, cpu_s: float) -> dict[str, object]:
    """The figures of a run, as fractions of where the question arose. ``cpu_s``: of all its processes."""
    failures = [failure for report in reports for failure in report.failures]
    calls = sum(report.calls for report in reports)
    return {
        "ok": not failures,
        "worlds": len(reports),
        "endings_right": _share(report.ending_right for report in reports),
        "reached": _share(report.reached for report in reports),
        "reached_on_first_call": _share(report.reached_first for report in reports),
        "flow_equals_script": _share(report.flow_right for report in reports),
        "path_reproduced": _share(report.reproduced for report in reports),
        "closed_hours_told": _share(report.closed_told for report in reports),
        "drifts": sum(report.drift_reported is not None for report in reports),
        "drifts_reported": _share(report.drift_reported for report in reports),
        "drifts_repaired_in_call": _share(report.drift_repaired for report in reports),
        "drifts_relearned": _share(report.relearned for report in reports),
        "decision_ms_max": max((report.decision_ms for report in reports if report.decision_ms is not None), default=None),
        "calls": calls,
        "calls_per_s": round(calls / seconds, 1),
        "times_real_time": round(sum(report.call_s for report in reports) / seconds),
        "times_real_time_a_core": round(sum(report.call_s for report in reports) / cpu_s),
        "cpu_s_a_world": round(cpu_s / max(1, len(reports)), 3),
        "failures": dict(Counter(failure.phase for failure in failures)),
        "failed_seeds": sorted({failure.seed for failure in failures})[:40],
    }


def _cpu_s() -> float:
    """Of this process and of those that it has waited for."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def _share(answers: Iterable[bool | None]) -> float | None:
    asked = [answer for answer in answers if answer is not None]
    return round(sum(asked) / len(asked), 5) if asked else None


def _collect_rarely() -> None:
    """What was imported is no garbage, and of a call there is much at once."""
    gc.freeze()
    gc.set_threshold(GARBAGE_THRESHOLD)


def _reports(options: argparse.Namespace) -> Iterator[Report]:
    worlds = _worlds(options)
    if options.jobs == 1:
        _collect_rarely()
        yield from (live(world, options.confused, options.tick_ms, options.audio) for world in worlds)
        return
    with ProcessPoolExecutor(options.jobs, initializer=_collect_rarely) as pool:
        same = ([each] * len(worlds) for each in (options.confused, options.tick_ms, options.audio))
        yield from pool.map(live, worlds, *same, chunksize=1 if options.audio else 8)


def _worlds(options: argparse.Namespace) -> list[World]:
    if options.traps:
        return list(traps().values())
    if options.small:
        return list(small_worlds())
    return [generate(seed, other_words=options.other_words) for seed in range(options.seed, options.seed + options.n)]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--n", type=int, default=100, help="how many companies")
    parser.add_argument("--seed", type=int, default=1, help="the first company's seed; the others follow")
    parser.add_argument("--traps", action="store_true", help="the list of known traps instead of random companies")
    parser.add_argument("--small", action="store_true", help="every company up to a small size instead of random ones")
    parser.add_argument("--other-words", action="store_true", help="callers word their wish otherwise than the menus do")
    parser.add_argument(
        "--audio",
        action="store_true",
        help="real sound, real hearing: noise at -50 dBm0, G.711, 1 %% loss (slow at first without flite)",
    )
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes (all cores if not said)")
    parser.add_argument("--tick-ms", type=int, default=100, help="of the word level")
    parser.add_argument("--perfect", dest="confused", action="store_false", help="a recogniser that never errs")
    parser.add_argument("--show", action="store_true", help="print the transcript of every failed call")
    options = parser.parse_args()
    if options.audio and shutil.which("flite") is None:
        print("flite is not installed: what is said for the first time is synthesised by piper, half a second a sentence", file=sys.stderr)
    began = time.monotonic()
    reports: list[Report] = []
    for report in _reports(options):
        reports.append(report)
        for failure in report.failures:
            print(json.dumps({key: value for key, value in msgspec.to_builtins(failure).items() if key != "transcript"}))
            if options.show:
                print("\n".join(failure.transcript))
    print(json.dumps(summary(reports, time.monotonic() - began, _cpu_s())))
    return 0


if __name__ == "__main__":
    sys.exit(main())
