"""flow-api as a process on loopback, on an event log in memory and an engine that behaves: ``python -m tests.support.flow_server``.

Says where it listens in its first line. A folder keeps its data (and brings its tokens); ``--flows N`` begins with so many flows; with
``--holding`` calls stay on hold until somebody steers them; ``--past N``: so many calls were made in the weeks before.
"""

from __future__ import annotations

import argparse
import asyncio
import socket
import tempfile
from pathlib import Path

import uvicorn
from call_contract.flows import CallFlowStep, CallFlowStepType
from event_log.memory import MemoryEventLog
from flow_api.adapters.system import SystemClock
from flow_api.app import build
from flow_api.domain.flow_events import CallFlowCreated, FlowContent
from flow_api.flow_stream import FlowStreams, Loaded
from flow_api.ports import Who
from flow_api.settings import Settings

from tests.support.fake_call_engine import FakeCallEngine
from tests.support.known_bank import HOLD_AT_MS, call_at_the_bank
from tests.support.past_calls import past_calls


async def fill(log: MemoryEventLog, flows: int) -> None:
    """So many companies with one flow each."""
    streams = FlowStreams(log, SystemClock())
    steps = [CallFlowStep(id="hold", type=CallFlowStepType.HOLD, description="Wait on hold", timeout=7200)]
    for n in range(flows):
        content = FlowContent(name=f"Flow {n:04}", company=f"Company {n:04}", phone_number=f"+1800555{n:04}", steps=steps, tags=["many"])
        await streams.append(
            f"flow_{n:04}", Loaded(), [CallFlowCreated(cause=f"fill-{n}", id=f"flow_{n:04}", content=content)], Who(actor="fill")
        )


async def serve(folder: Path, flows: int, holding: bool, past: int) -> None:
    log = MemoryEventLog()
    await fill(log, flows)
    await past_calls(log, past, SystemClock().now())
    engine = FakeCallEngine(log)
    engine.script = call_at_the_bank()
    if holding:
        engine.script = [event for event in engine.script if event.at_ms <= HOLD_AT_MS]
    app = build(Settings(data=folder, rate_per_s=1e6, rate_burst=1_000_000, sse_heartbeat_s=0.2), log=log, engine=engine)
    listening = socket.create_server(("127.0.0.1", 0))
    print(f"http://127.0.0.1:{listening.getsockname()[1]}", flush=True)
    await uvicorn.Server(uvicorn.Config(app, log_level="error")).serve(sockets=[listening])


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        parser = argparse.ArgumentParser()
        parser.add_argument("folder", type=Path, nargs="?", default=Path(scratch))
        parser.add_argument("--flows", type=int, default=0)
        parser.add_argument("--holding", action="store_true")
        parser.add_argument("--past", type=int, default=0)
        wanted = parser.parse_args()
        asyncio.run(serve(wanted.folder, wanted.flows, wanted.holding, wanted.past))
