"""flow-api whole, in process, on an event log in memory and an engine that behaves."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
from event_log.memory import MemoryEventLog
from event_log.port import EventLog
from flow_api.app import build
from flow_api.service import Service
from flow_api.settings import Settings
from flow_api.tracing import Traces
from litestar import Litestar

from tests.support.fake_call_engine import FakeCallEngine

NUMBER = "+18005551234"


class SteppingClock:
    """Every look at the clock is a millisecond later; the monotonic clock stands still unless moved."""

    def __init__(self) -> None:
        self._now, self.monotonic = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC), 0.0

    def now(self) -> dt.datetime:
        self._now += dt.timedelta(milliseconds=1)
        return self._now

    def advance(self, *, days: float) -> None:
        self._now += dt.timedelta(days=days)

    def monotonic_s(self) -> float:
        return self.monotonic


class CountingIds:
    def __init__(self) -> None:
        self._count = 0

    def new_id(self) -> str:
        self._count += 1
        return f"{self._count:032x}"

    def secret(self, size: int) -> bytes:
        self._count += 1
        return self._count.to_bytes(size, "big")


class World:
    """A running service and its surroundings."""

    def __init__(self, app: Litestar, client: httpx.AsyncClient, log: EventLog, engine: FakeCallEngine, clock: SteppingClock) -> None:
        self.app, self.client, self.log, self.engine, self.clock = app, client, log, engine, clock

    @property
    def service(self) -> Service:
        service: Service = self.app.state.service
        return service


@contextlib.asynccontextmanager
async def running(
    folder: Path, *, log: EventLog | None = None, engine: FakeCallEngine | None = None, traces: Traces | None = None, **settings: Any
) -> AsyncIterator[World]:
    """With ``call_engine_target`` among the settings, the engine there is spoken to by gRPC."""
    log = log if log is not None else MemoryEventLog()
    engine, clock = engine or FakeCallEngine(log), SteppingClock()
    wanted = msgspec.structs.replace(Settings(data=folder, learn_automatically=False), **settings)
    given = None if "call_engine_target" in settings else engine
    app = build(wanted, log=log, engine=given, clock=clock, ids=CountingIds(), traces=traces)
    async with _alive(app):
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            yield World(app, client, log, engine, clock)


@contextlib.asynccontextmanager
async def _alive(app: Litestar) -> AsyncIterator[None]:
    """The application's lifespan in one task of its own, since a fixture may be left in another task than it was entered in."""
    begun: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    leave = asyncio.Event()

    async def live() -> None:
        async with app.lifespan():
            begun.set_result(None)
            await leave.wait()

    task = asyncio.create_task(live())
    await asyncio.wait({task, begun}, return_when=asyncio.FIRST_COMPLETED)
    try:
        yield
    finally:
        leave.set()
        await task


def step(step_id: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"id": step_id, "type": kind, "description": f"the step {step_id}", **more}


def chase(**more: Any) -> dict[str, Any]:
    """The spec's example as a request body."""
    return {
        "name": "Chase Bank — Disputes", "company": "Chase Bank", "phone_number": NUMBER,
        "steps": [
            step("wait_greeting", "WAIT", timeout=5.0, next_step="main_menu"),
            step("main_menu", "LISTEN", timeout=15.0, next_step="press_3"),
            step("press_3", "DTMF", dtmf="3", next_step="hold"),
            step("hold", "HOLD", timeout=7200, next_step="transfer"),
            step("transfer", "TRANSFER"),
        ],
        **more,
    }  # fmt: skip
