"""Calls held and analysed at once, end to end: ``python -m tests.benchmarks.calls_analysed --calls 100 --seconds 15``.

sipp answers every call and plays a queue (announcement, music) by RTP at its own pace. Each call is a line process, a shared-memory
ring, a slot of the ear, a brain that explores and waits on hold, and a journal; only words are given without a recogniser, whose cost
is another matter. The floor in the same run is sipp itself placing the same calls to the same company. One JSON line each.
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
from typing import Any

from call_contract.v1 import call_engine_pb2 as pb
from call_engine import app, collection
from call_engine.adapters.lines import SipLines
from call_engine.line.client import LineClient
from call_engine.line.settings import SipSettings
from call_engine.rpc.mapping import request_of
from call_engine.settings import GuardSettings, Settings
from event_log.memory import MemoryEventLog

from tests.benchmarks.calls_held import bare_invite_ms, cpu_s, moment, private_mb
from tests.support.engine_under_test import FixedTranscriber, ToneSpeech, explore
from tests.support.sip_answerer import answerer
from tests.support.sipp_load import ANNOUNCEMENT, caller, company, sipp_process

COMPANY_NUMBER, PROBE_NUMBER = "+18005551234", "+18005551235"
SETTLE_S = 4.0
DIGITS = 8
TOGETHER = 8  #: calls set up at once, so that the many are there soon
ALONE = 5  #: calls set up one by one on top of them, each with a line that is warm: these are timed


class Holding:
    """An engine in this process, with real lines; its calls and what they cost."""

    def __init__(self, engine: app.Engine) -> None:
        self._engine = engine
        self.set_up_ms: list[float] = []

    async def call(self, call_id: str, number: str) -> None:
        started = time.perf_counter()
        await self._engine.calls.start(
            request_of(pb.StartCallRequest(call_id=call_id, plan=explore(number)), max_call_s=3600, actor="bench")
        )
        record = self._engine.calls.record_of(call_id)
        assert record is not None
        while record.state.state in ("requested", "dialling", "ringing"):
            await moment()
        self.set_up_ms.append((time.perf_counter() - started) * 1000)

    @property
    def lines(self) -> list[LineClient]:
        sessions = [call.session for call in self._engine.calls.running]
        return [session.line for session in sessions if session is not None and isinstance(session.line, LineClient)]

    def spent_s(self) -> tuple[float, float]:
        """CPU seconds: the engine's, and that of all lines."""
        return time.process_time(), sum(cpu_s(line.pid) for line in self.lines)

    def states(self) -> dict[str, int]:
        found = [call.record.state.state for call in self._engine.calls.running]
        return {state: found.count(state) for state in sorted(set(found))}


async def analysed(calls: int, seconds: float, sipp: str, folder: Path) -> list[dict[str, object]]:
    async with sipp_process(sipp, folder, "company", company()) as (company_pid, port), answerer() as probe:
        uri = f"sip:company@127.0.0.1:{port}"
        floor = await _floor(calls, seconds, sipp, folder, port)
        engine = await engine_on_lines(calls, folder, {COMPANY_NUMBER: uri, PROBE_NUMBER: probe.uri})
        holding = Holding(engine)
        resident_before = private_mb(os.getpid())
        for first in range(0, calls, TOGETHER):
            await asyncio.gather(*(holding.call(f"c{number}", COMPANY_NUMBER) for number in range(first, min(first + TOGETHER, calls))))
        await asyncio.sleep(SETTLE_S)
        frames = engine.pulse.frames
        frames.worst_beat_s = 0.0
        heard, late, silent, beats, late_beats = frames.heard, frames.late, frames.silent, frames.beats, frames.late_beats
        before, company_before, started = holding.spent_s(), cpu_s(company_pid), time.perf_counter()
        await asyncio.sleep(seconds)
        spent = time.perf_counter() - started
        after, company_after = holding.spent_s(), cpu_s(company_pid)
        engine_cpu, line_cpu = ((now - was) / spent / calls * 100 for now, was in zip(after, before, strict=True))
        held: dict[str, object] = {
            "bench": "calls.analysed",
            "calls": calls,
            "seconds": round(spent, 1),
            "states": holding.states(),
            "frames_per_s_a_call": round((frames.heard - heard) / spent / calls, 2),
            "frames_lost": frames.lost,
            "frames_late": frames.late - late,
            "frames_made_up": frames.silent - silent,
            "beats_per_s": round((frames.beats - beats) / spent, 2),
            "late_beats": frames.late_beats - late_beats,
            "worst_beat_ms": round(frames.worst_beat_s * 1000, 1),
            "rtp_lost": sum(line.stats.lost for line in holding.lines),
            "cpu_percent_a_call": round(engine_cpu + line_cpu, 2),
            "cpu_percent_a_call_line": round(line_cpu, 2),
            "cpu_percent_a_call_engine": round(engine_cpu, 2),
            "cpu_percent_a_call_peer_sipp": floor["cpu_percent_a_call"],
            "cpu_percent_a_call_far_end": round((company_after - company_before) / spent / calls * 100, 2),
            "private_mb_a_call": round(
                statistics.mean([private_mb(line.pid) for line in holding.lines]) + (private_mb(os.getpid()) - resident_before) / calls, 1
            ),
            "words": "given, not recognised",
        }
        latency = {
            "bench": "calls.latency",
            "calls": calls,
            **await _set_up(holding),
            "set_up_ms_peer_bare_invite": round(await bare_invite_ms(probe.uri), 1),
            **await _digits(engine, holding, probe),
        }
        await engine.stop()
    return [held, latency]


async def engine_on_lines(calls: int, folder: Path, routes: dict[str, str]) -> app.Engine:
    limits = GuardSettings(concurrent=calls + ALONE + 1, per_hour=100_000, per_number_hour=100_000, per_token_hour=100_000)
    settings = Settings(data_dir=folder / "engine", port=0, routes=routes, guards=limits)
    engine = await app.build(
        settings, log=MemoryEventLog(), lines=SipLines(SipSettings(), spares=4, lines_max=calls + 2 * TOGETHER),
        transcriber=FixedTranscriber(ANNOUNCEMENT), speech=ToneSpeech(),
    )  # fmt: skip
    await engine.start()
    collection.set_aside()  # as serving does
    return engine


async def _floor(calls: int, seconds: float, sipp: str, folder: Path, port: int) -> dict[str, float]:
    """sipp in our place: the CPU of a process that places all calls and streams RTP, hearing nothing."""
    options = (f"127.0.0.1:{port}", "-m", str(calls), "-r", str(calls), "-l", str(calls))
    async with sipp_process(sipp, folder, "caller", caller(seconds + 4), *options) as (pid, _):
        await asyncio.sleep(2.0)
        before, started = cpu_s(pid), time.perf_counter()
        await asyncio.sleep(min(seconds, 5.0))
        spent = time.perf_counter() - started
        return {"cpu_percent_a_call": round((cpu_s(pid) - before) / spent / calls * 100, 2)}


async def _set_up(holding: Holding) -> dict[str, object]:
    """From the order to the answer, while all other calls go on."""
    holding.set_up_ms.clear()
    for number in range(ALONE):
        await asyncio.sleep(0.7)  # the next spare line warms up
        await holding.call(f"alone{number}", COMPANY_NUMBER)
    return {"set_up_ms_median": round(statistics.median(holding.set_up_ms), 1), "set_up_ms_worst": round(max(holding.set_up_ms), 1)}


async def _digits(engine: app.Engine, holding: Holding, probe: Any) -> dict[str, object]:
    """From the order to the first RFC 4733 packet at the far end, while all other calls go on."""
    await holding.call("probe", PROBE_NUMBER)
    await asyncio.sleep(1.0)
    (peer,) = [one for one in probe.peers.values() if one.received]
    found = []
    for _ in range(DIGITS):
        peer.payload_types.clear()
        started = time.perf_counter()
        await engine.calls.send_digits("probe", "1", by="bench")
        while not peer.payload_types - {0}:
            await moment()
        found.append((time.perf_counter() - started) * 1000)
        await asyncio.sleep(0.4)
    return {"digit_ms_median": round(statistics.median(found), 1), "digit_ms_worst": round(max(found), 1)}


def run() -> Iterator[dict[str, object]]:
    """What ``make bench`` prints."""
    yield from measure(100, 15.0)


def measure(calls: int, seconds: float) -> Iterator[dict[str, object]]:
    sipp = shutil.which("sipp")
    if sipp is None:
        yield {"bench": "calls.analysed", "skipped": "sipp is not here (Debian: sip-tester)"}
        return
    with tempfile.TemporaryDirectory() as folder:
        yield from asyncio.run(analysed(calls, seconds, sipp, Path(folder)))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Calls held and analysed at once, from SIP to the brain.")
    parser.add_argument("--calls", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=15.0)
    options = parser.parse_args()
    for figure in measure(options.calls, options.seconds):
        print(json.dumps(figure), flush=True)
