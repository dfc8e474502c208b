"""Lines killed at random moments of their calls: ``python -m tests.benchmarks.calls_killed --lines 24 --seed 1``. One JSON line.

An engine with real lines holds calls to a company that rings for a while. Some of its line processes are killed (SIGKILL, SIGABRT as by an
assertion, SIGSEGV), each at a random moment from its dialling on. Counted are the calls that end as ``line_lost``, how fast, the BYE or
CANCEL that reaches the company, and what becomes of the calls that were not touched.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import signal
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec
from call_contract.v1 import call_engine_pb2 as pb
from call_engine import app
from call_engine.adapters.lines import SipLines
from call_engine.line.client import LineClient
from call_engine.line.settings import SipSettings
from call_engine.rpc.mapping import request_of
from call_engine.settings import GuardSettings, Settings
from event_log.memory import MemoryEventLog

from tests.benchmarks.calls_held import moment
from tests.support.engine_under_test import FixedTranscriber, ToneSpeech, explore
from tests.support.sip_answerer import Answerer, answerer

NUMBER = "+18005551234"
RING_S = 1.0
WITHIN_S = 3.0  #: of its dialling a line is killed
UNTOUCHED = 4
SIGNALS = (signal.SIGKILL, signal.SIGABRT, signal.SIGSEGV)


class Death(msgspec.Struct):
    """What became of one call whose line was killed. Milliseconds after the kill; None: it did not happen in time."""

    state: str  #: in which the call was
    ended_ms: float | None
    outcome: str
    told_ms: float | None  #: the far side


async def killed(lines: int, seed: int, folder: Path) -> dict[str, object]:
    chance = random.Random(seed)
    async with answerer(RING_S) as company:
        engine = await _engine(lines, folder, company.uri)
        untouched = [await _start(engine, f"untouched{number}") for number in range(UNTOUCHED)]
        deaths = []
        for first in range(0, lines, UNTOUCHED):
            batch = range(first, min(first + UNTOUCHED, lines))
            deaths += await asyncio.gather(
                *(_die(engine, company, f"c{number}", chance.uniform(0, WITHIN_S), chance.choice(SIGNALS)) for number in batch)
            )
        records = [engine.calls.record_of(f"untouched{number}") for number in range(UNTOUCHED)]
        result: dict[str, object] = {
            "bench": "calls.killed",
            "lines": lines,
            "seed": seed,
            "killed_in": {state: sum(death.state == state for death in deaths) for state in sorted({death.state for death in deaths})},
            "ended_line_lost": sum(death.outcome == "line_lost" and death.ended_ms is not None for death in deaths),
            **_spread("ended_ms", [death.ended_ms for death in deaths]),
            "far_side_told": sum(death.told_ms is not None for death in deaths),
            **_spread("far_side_told_ms", [death.told_ms for death in deaths]),
            "untouched": len(untouched),
            "untouched_still_running": sum(record is not None and not record.ended for record in records),
            "frames_lost": engine.pulse.frames.lost,
        }
        await engine.stop()
        return result


async def _start(engine: app.Engine, call_id: str) -> LineClient:
    await engine.calls.start(request_of(pb.StartCallRequest(call_id=call_id, plan=explore(NUMBER)), max_call_s=3600, actor="bench"))
    session = engine.calls.session_of(call_id)
    assert session is not None
    assert isinstance(session.line, LineClient)
    return session.line


async def _die(engine: app.Engine, company: Answerer, call_id: str, after_s: float, how: signal.Signals) -> Death:
    line = await _start(engine, call_id)
    record = engine.calls.record_of(call_id)
    assert record is not None
    await asyncio.sleep(after_s)
    state, dialogs = record.state.state, [dialog.call_id for dialog in line.dialogs.values()]
    clock = asyncio.get_running_loop().time
    at = clock()
    os.kill(line.pid, how)
    ended = await _within(5.0, lambda: record.ended)
    ended_ms = (clock() - at) * 1000 if ended else None
    told = await _within(5.0, lambda: all(dialog in company.ended for dialog in dialogs)) and bool(dialogs)
    told_ms = (max(company.ended[dialog] for dialog in dialogs) - at) * 1000 if told else None
    return Death(state=state, ended_ms=ended_ms, outcome=record.state.outcome, told_ms=told_ms)


async def _within(seconds: float, so: object) -> bool:
    assert callable(so)
    try:
        async with asyncio.timeout(seconds):
            while not so():
                await moment()
    except TimeoutError:
        return False
    return True


def _spread(name: str, found: list[float | None]) -> dict[str, float | None]:
    times = [time for time in found if time is not None]
    if not times:
        return {f"{name}_median": None, f"{name}_worst": None}
    return {f"{name}_median": round(statistics.median(times), 1), f"{name}_worst": round(max(times), 1)}


async def _engine(lines: int, folder: Path, company_uri: str) -> app.Engine:
    limits = GuardSettings(concurrent=lines + UNTOUCHED, per_hour=100_000, per_number_hour=100_000, per_token_hour=100_000)
    settings = Settings(data_dir=folder / "engine", port=0, routes={NUMBER: company_uri}, guards=limits)
    engine = await app.build(
        settings, log=MemoryEventLog(), lines=SipLines(SipSettings(), spares=UNTOUCHED, lines_max=lines + 2 * UNTOUCHED),
        transcriber=FixedTranscriber("please stay on the line"), speech=ToneSpeech(),
    )  # fmt: skip
    await engine.start()
    return engine


def run(lines: int = 24, seed: int = 1) -> Iterator[dict[str, object]]:
    with tempfile.TemporaryDirectory() as folder:
        yield asyncio.run(killed(lines, seed, Path(folder)))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Lines killed at random moments of their calls.")
    parser.add_argument("--lines", type=int, default=24)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    for figure in run(options.lines, options.seed):
        print(json.dumps(figure))
