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
from flow_api.http.access import may_look_inside
from flow_api.http.metrics import Metrics
from flow_api.http.problems import Unauthorized
from flow_api.http.wire import Api, Req, answer
from flow_api.reactors.loop import Loop, Subscriber
from flow_api.service import Service

CHECK_S = 2.5
LAG_COUNTED_MAX = 1_000


class Check(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One of them. ``lag_events`` counts up to 1000; ``dead_letters`` are events that could not be taken in."""

    ok: bool
    detail: str = ""
    lag_events: int | None = None
    lag_s: float | None = None
    dead_letters: int | None = None


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """``checks``: each dependency and each subscriber of the event log; empty for callers who may not look inside."""

    status: str
    checks: dict[str, Check]


@get("/health/live")
async def live() -> Response[bytes]:
    return answer({"status": "live"})


@get("/health/ready", limited=True)
async def ready(request: Req, service: Api) -> Response[bytes]:
    store, engine = await asyncio.gather(_asked(service.log.head_position()), _asked(service.engine.check()))
    checks = {"event_store": store, "call_engine": engine}
    for loop in service.loops:
        checks[loop.name] = await _following(service, loop, store)
    checks["read_model"] = _up_to_date(service, checks["read_model"])
    ok = all(check.ok for check in checks.values())
    shown = checks if may_look_inside(request, service) else {}
    return answer(Health(status="ready" if ok else "not_ready", checks=shown), status=200 if ok else 503)


@get("/metrics", limited=True)
async def metrics(request: Req, service: Api) -> Response[bytes]:
    if not may_look_inside(request, service):
        raise Unauthorized("Send a bearer token, or ask from this machine.")
    shown: Metrics = request.app.state.metrics
    shown.set_sizes(**service.reads.counts())
    for loop in service.loops:
        lag_events, lag_s = await _lag(service, loop.subscriber)
        shown.set_subscriber(loop.name, lag_events=lag_events, lag_s=lag_s, dead_letters=loop.subscriber.dead_letters())
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


async def _following(service: Service, loop: Loop, store: Check) -> Check:
    dead = loop.subscriber.dead_letters()
    if not store.ok:
        return Check(ok=False, detail="cannot be up to date without the event store", dead_letters=dead)
    lag_events, lag_s = await _lag(service, loop.subscriber)
    failing = loop.failing
    return Check(ok=failing is None, detail=failing or "", lag_events=lag_events, lag_s=lag_s, dead_letters=dead)


def _up_to_date(service: Service, check: Check) -> Check:
    """Lists are asked for: a read model that is still catching up does not answer rightly."""
    if not check.ok or service.updates.caught_up:
        return check
    return msgspec.structs.replace(check, ok=False, detail="is catching up")


async def _lag(service: Service, subscriber: Subscriber) -> tuple[int, float]:
    """(events not taken in yet, age of the oldest of them in seconds); (-1, -1) where the store does not say."""
    events, lag_s = 0, 0.0
    try:
        unseen = service.log.read_all(from_position=subscriber.position or None, streams=subscriber.streams, limit=LAG_COUNTED_MAX)
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
