"""``/health/live``, ``/health/ready`` and ``/metrics``."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable

import msgspec
from event_log.records import EventLogError
from litestar import Response, get
from prometheus_client import generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from flow_api.domain.errors import DomainError
from flow_api.domain.record import when
from flow_api.http.metrics import Metrics
from flow_api.http.wire import Api, Req, answer
from flow_api.projections.origin import STREAMS
from flow_api.service import Service

CHECK_S = 2.5
LAG_COUNTED_MAX = 1_000


class Check(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One dependency. ``lag_events`` counts up to 1000."""

    ok: bool
    detail: str = ""
    lag_events: int | None = None
    lag_s: float | None = None
    dead_letters: int | None = None


class Health(msgspec.Struct, frozen=True, kw_only=True):
    status: str
    checks: dict[str, Check]


@get("/health/live")
async def live() -> Response[bytes]:
    return answer({"status": "live"})


@get("/health/ready")
async def ready(service: Api) -> Response[bytes]:
    store, engine = await asyncio.gather(_asked(service.log.head_position()), _asked(service.engine.check()))
    checks = {"event_store": store, "call_engine": engine, "read_model": await _read_model(service, store)}
    ok = all(check.ok for check in checks.values())
    return answer(Health(status="ready" if ok else "not_ready", checks=checks), status=200 if ok else 503)


@get("/metrics")
async def metrics(request: Req, service: Api) -> Response[bytes]:
    shown: Metrics = request.app.state.metrics
    counts = service.reads.counts()
    shown.set_sizes(flows=counts["flows"], calls=counts["calls"], dead_letters=counts["dead_letters"])
    shown.set_lag(*await _lag(service))
    return Response(generate_latest(shown.registry), headers={"Content-Type": CONTENT_TYPE_LATEST})


async def _asked(question: Awaitable[object]) -> Check:
    try:
        async with asyncio.timeout(CHECK_S):
            await question
    except (DomainError, EventLogError) as error:
        return Check(ok=False, detail=str(error))
    except TimeoutError:
        return Check(ok=False, detail="does not answer")
    return Check(ok=True)


async def _read_model(service: Service, store: Check) -> Check:
    dead = service.reads.counts()["dead_letters"]
    if not store.ok:
        return Check(ok=False, detail="cannot be up to date without the event store", dead_letters=dead)
    lag_events, lag_s = await _lag(service)
    ok = service.updates.caught_up
    return Check(ok=ok, detail="" if ok else "is catching up", lag_events=lag_events, lag_s=lag_s, dead_letters=dead)


async def _lag(service: Service) -> tuple[int, float]:
    """(events not applied yet, age of the oldest of them in seconds)."""
    events, lag_s = 0, 0.0
    try:
        unseen = service.log.read_all(from_position=service.updates.position or None, streams=STREAMS, limit=LAG_COUNTED_MAX)
        async for event in unseen:
            events += 1
            if events == 1:
                lag_s = max(0.0, (service.clock.now() - _recorded_at(event.metadata)).total_seconds())
    except EventLogError:
        return -1, -1.0
    return events, round(lag_s, 3)


def _recorded_at(metadata: bytes) -> dt.datetime:
    return when(msgspec.json.decode(metadata)["recorded_at"])


handlers = [live, ready, metrics]
