"""A hold of two hours in accelerated time: ``python -m tests.benchmarks.calls_soak --minutes 120``. One JSON line.

One call of a whole engine with the real ear, fingerprints, brain and journal; the queue's announcement and music go round and round.

``--real-minutes 20 --calls 4`` holds calls in real time instead, on real lines with sipp as the company.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.calls_analysed import COMPANY_NUMBER, Holding, engine_on_lines
from tests.benchmarks.calls_held import private_mb
from tests.support.long_hold import hold
from tests.support.sipp_load import company, sipp_process

WARM_MINUTES = 5
SETTLE_S = 20.0  #: until every call is on hold and what is made once has been made


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


async def real(minutes: float, calls: int, sipp: str, folder: Path) -> dict[str, object]:
    """Real time, real SIP and RTP. Growth is from the end of the first quarter, when every call has filled its memory of sound."""
    async with sipp_process(sipp, folder, "company", company()) as (_, port):
        engine = await engine_on_lines(calls, folder, {COMPANY_NUMBER: f"sip:company@127.0.0.1:{port}"})
        holding = Holding(engine)
        for number in range(calls):
            await holding.call(f"c{number}", COMPANY_NUMBER)
        await asyncio.sleep(SETTLE_S)
        frames, part_s = engine.pulse.frames, minutes * 60 / 4
        lines = holding.lines
        heard, late, silent, began = frames.heard, frames.late, frames.silent, time.perf_counter()
        cpu, engine_mb, line_mb = [], [], []
        for _ in range(4):
            spent = sum(holding.spent_s())
            await asyncio.sleep(part_s)
            cpu.append((sum(holding.spent_s()) - spent) / part_s / calls * 100)
            engine_mb.append(private_mb(os.getpid()))
            line_mb.append(statistics.mean(private_mb(line.pid) for line in lines))
        result: dict[str, object] = {
            "bench": "calls.soak_real",
            "minutes": minutes,
            "calls": calls,
            "states": holding.states(),
            "frames_heard": frames.heard - heard,
            "frames_per_s_a_call": round((frames.heard - heard) / (time.perf_counter() - began) / calls, 2),
            "frames_lost": frames.lost,
            "frames_late": frames.late - late,
            "frames_made_up": frames.silent - silent,
            "packets_lost": frames.packets_lost,
            "engine_mb_by_quarter": [round(mb, 1) for mb in engine_mb],
            "engine_growth_mb": round(engine_mb[-1] - engine_mb[0], 2),
            "line_growth_mb": round(line_mb[-1] - line_mb[0], 2),
            "cpu_percent_a_call_first_quarter": round(cpu[0], 2),
            "cpu_percent_a_call_last_quarter": round(cpu[-1], 2),
        }
        await engine.stop()
        return result


def run_real(minutes: float, calls: int) -> Iterator[dict[str, object]]:
    sipp = shutil.which("sipp")
    if sipp is None:
        yield {"bench": "calls.soak_real", "skipped": "sipp is not here (Debian: sip-tester)"}
        return
    with tempfile.TemporaryDirectory() as folder:
        yield asyncio.run(real(minutes, calls, sipp, Path(folder)))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="A long hold, in accelerated time or in real time.")
    parser.add_argument("--minutes", type=int, default=120, help="in accelerated time")
    parser.add_argument("--real-minutes", type=float, help="in real time instead, on real lines")
    parser.add_argument("--calls", type=int, default=1, help="of those in real time")
    options = parser.parse_args()
    for figure in run(options.minutes) if options.real_minutes is None else run_real(options.real_minutes, options.calls):
        print(json.dumps(figure))
