"""flow-api as a process on loopback, on an event log in memory and an engine that behaves: ``python -m tests.support.flow_server``.

Says where it listens in its first line.
"""

from __future__ import annotations

import asyncio
import socket
import sys
import tempfile
from pathlib import Path

import uvicorn
from event_log.memory import MemoryEventLog
from flow_api.app import build
from flow_api.settings import Settings

from tests.support.fake_call_engine import FakeCallEngine, bank


async def serve(folder: Path) -> None:
    log = MemoryEventLog()
    engine = FakeCallEngine(log)
    engine.script = bank()
    app = build(Settings(data=folder, rate_per_s=1e6, rate_burst=1_000_000, sse_heartbeat_s=0.2), log=log, engine=engine)
    listening = socket.create_server(("127.0.0.1", 0))
    print(f"http://127.0.0.1:{listening.getsockname()[1]}", flush=True)
    await uvicorn.Server(uvicorn.Config(app, log_level="error")).serve(sockets=[listening])


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        asyncio.run(serve(Path(sys.argv[1] if len(sys.argv) > 1 else scratch)))
