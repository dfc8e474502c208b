"""The service as a process: starts, says that it is ready, drains on SIGTERM or Ctrl-C."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys

import msgspec
from call_contract.structured_logs import log_json

from call_engine import app, collection
from call_engine.environment import from_env
from call_engine.journal.lock import DirectoryTaken
from call_engine.rpc.server import PortTaken, check_port
from call_engine.settings import Settings

log = logging.getLogger(__name__)


def run() -> int:
    settings = from_env(os.environ)
    log_json(settings.log_level)
    try:
        with asyncio.Runner(loop_factory=_fast_loop()) as runner:
            return runner.run(_serve(settings))
    except (PortTaken, DirectoryTaken, OSError) as problem:
        print(f"call-engine: {problem}", file=sys.stderr)
        return 1


async def _serve(settings: Settings) -> int:
    check_port(settings)
    engine = await app.build(settings)
    asked_to_stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, asked_to_stop.set)
    await engine.start()
    collection.set_aside()
    print(msgspec.json.encode({"ready": f"{settings.host}:{engine.rpc.port}"}).decode(), flush=True)
    await asked_to_stop.wait()
    await engine.drain()
    return 0


def _fast_loop() -> type | None:
    try:
        import uvloop
    except ImportError:
        return None
    loop: type = uvloop.Loop
    return loop
