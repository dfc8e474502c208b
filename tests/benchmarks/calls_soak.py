"""A hold of two hours in accelerated time: ``python -m tests.benchmarks.calls_soak --minutes 120``. One JSON line.

One call of a whole engine with the real ear, fingerprints, brain and journal; the queue's announcement and music go round and round.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.support.long_hold import hold

WARM_MINUTES = 5


def run(minutes: int = 120) -> Iterator[dict[str, object]]:
    with tempfile.TemporaryDirectory() as folder:
        seen = asyncio.run(hold(Path(folder), [WARM_MINUTES, 2 * WARM_MINUTES, minutes - WARM_MINUTES, minutes]))
    warm, early, late, last = seen
    yield {
        "bench": "calls.soak",
        "minutes": minutes,
        "state": last.state,
        "resident_growth_mb": round(last.resident_mb - warm.resident_mb, 2),
        "objects_growth": last.objects - warm.objects,
        "events": last.events,
        "cpu_ms_a_minute_first": round(early.cpu_ms_a_minute, 1),
        "cpu_ms_a_minute_last": round(last.cpu_ms_a_minute, 1),
        "times_real_time": round(60_000 / late.cpu_ms_a_minute, 1),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="A long hold in accelerated time.")
    parser.add_argument("--minutes", type=int, default=120)
    for figure in run(parser.parse_args().minutes):
        print(json.dumps(figure))
