"""The one place where everything is put together, for real and for tests: ``build(settings, **overrides)``."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

from event_log import client
from event_log.port import EventLog
from litestar import Litestar, Request
from litestar.datastructures import State
from litestar.di import Provide

from flow_api.adapters.call_engine_grpc import GrpcCallEngine, Tls
from flow_api.adapters.call_engines import CallEngines
from flow_api.adapters.checkpoints import Checkpoints
from flow_api.adapters.idempotency import Idempotency
from flow_api.adapters.personal_data_keys import SqliteKeys
from flow_api.adapters.system import SystemClock, SystemIds
from flow_api.adapters.tokens import Tokens
from flow_api.domain.errors import NotFound
from flow_api.domain.limits import FLOW_ID
from flow_api.domain.requests import CALL_ID
from flow_api.http import audit, caller, calls, docs, flows, health, pages
from flow_api.http.access import check_access
from flow_api.http.headers import finish_answer
from flow_api.http.metrics import Metrics
from flow_api.http.problems import respond
from flow_api.http.rate_limit import RateLimit
from flow_api.ports import CallEngine, Clock, Ids
from flow_api.projections.files import live_file
from flow_api.projections.read_model import ReadModel, open_database
from flow_api.service import Service
from flow_api.settings import Settings
from flow_api.tracing import NoTraces, Traces, TracesUnavailable, valid_parent


def build(
    settings: Settings, *, log: EventLog | None = None, engine: CallEngine | None = None, clock: Clock | None = None,
    ids: Ids | None = None, traces: Traces | None = None, connect: Callable[[str], Awaitable[EventLog]] = client.connect,
) -> Litestar:  # fmt: skip
    """The application. Whatever is given is used in place of the real thing, and is not closed by the application.

    Raises OSError where a certificate that the settings name cannot be read, TracesUnavailable.
    """
    tls = _tls(settings)
    kept_traces = traces or _traces(settings)
    clock, ids = clock or SystemClock(), ids or SystemIds()

    @contextlib.asynccontextmanager
    async def running(app: Litestar) -> AsyncIterator[None]:
        async with contextlib.AsyncExitStack() as stack:
            service = await _service(settings, stack, log=log, engine=engine, clock=clock, ids=ids, connect=connect, tls=tls)
            app.state.service = service
            stack.push_async_callback(kept_traces.close)
            tasks = [asyncio.create_task(loop.run(), name=loop.name) for loop in service.loops]
            stack.push_async_callback(_stop, tasks)
            yield

    return Litestar(
        route_handlers=[
            flows.router, calls.router, audit.audit_events, caller.get_token, *health.handlers, *docs.handlers, *pages.routes(WEB),
        ],
        lifespan=[running],
        state=State({
            "metrics": Metrics(), "traces": kept_traces, "stopping": asyncio.Event(), "monotonic_s": clock.monotonic_s,
            "rate_limit": RateLimit(settings.rate_per_s, settings.rate_burst, clock.monotonic_s),
        }),
        dependencies={"service": Provide(_provide_service)},
        guards=[check_access],
        before_request=_begin,
        before_send=[finish_answer],
        exception_handlers={Exception: respond},
        request_max_body_size=settings.max_body_bytes,
        openapi_config=None,
        logging_config=None,
    )  # fmt: skip


#: The page, if it was built into the package.
WEB = Path(__file__).parent / "web"


async def _service(
    settings: Settings, stack: contextlib.AsyncExitStack, *, log: EventLog | None, engine: CallEngine | None, clock: Clock, ids: Ids,
    connect: Callable[[str], Awaitable[EventLog]], tls: Tls | None,
) -> Service:  # fmt: skip
    settings.data.mkdir(parents=True, exist_ok=True)
    if log is None:
        log = await connect(settings.eventstore_uri)
        stack.push_async_callback(log.close)
    reads = ReadModel(open_database(live_file(settings.data)))
    stack.callback(lambda: reads.db.close())
    if engine is None:
        engine = _engines(settings, reads, tls)
        stack.push_async_callback(engine.close)
    keys = SqliteKeys(settings.data / "personal-data-keys.sqlite", ids, clock)
    tokens = Tokens(settings.data / "tokens.sqlite", ids, clock)
    idempotency = Idempotency(settings.data / "idempotency.sqlite", clock)
    checkpoints = Checkpoints(settings.data / "reactors.sqlite")
    for closed in (keys, tokens, idempotency, checkpoints):
        stack.callback(closed.close)
    return Service(
        settings=settings, log=log, engine=engine, clock=clock, ids=ids, keys=keys, reads=reads, tokens=tokens,
        idempotency=idempotency, checkpoints=checkpoints,
    )  # fmt: skip


def _engines(settings: Settings, reads: ReadModel, tls: Tls | None) -> CallEngines:
    def connect(target: str) -> CallEngine:
        return GrpcCallEngine(target, token=settings.call_engine_token, tls=tls)

    def engine_of(call_id: str) -> str | None:
        call = reads.call(call_id)
        return call.engine if call is not None else None

    return CallEngines(settings.call_engine_target, connect=connect, engine_of=engine_of, reached_at=settings.call_engines)


def _traces(settings: Settings) -> Traces:
    """Raises TracesUnavailable."""
    if not settings.traces_endpoint:
        return NoTraces()
    try:
        from flow_api.adapters.otel import OtelTraces, exporter

        return OtelTraces(exporter())
    except ImportError as problem:
        remedy = "pip install opentelemetry-sdk opentelemetry-exporter-otlp-proto-grpc"
        raise TracesUnavailable(f"OTEL_EXPORTER_OTLP_ENDPOINT is set, and {problem.name} is not installed: {remedy}") from problem


def _tls(settings: Settings) -> Tls | None:
    if settings.call_engine_tls_ca is None:
        return None
    cert, key = settings.call_engine_tls_cert, settings.call_engine_tls_key
    return Tls(
        ca=settings.call_engine_tls_ca.read_bytes(),
        cert=cert.read_bytes() if cert is not None else None,
        key=key.read_bytes() if key is not None else None,
    )


async def _provide_service(state: State) -> Service:
    service: Service = state.service
    return service


async def _begin(request: Request[Any, Any, State]) -> None:
    """Before every handler: an id that could never be one names nothing."""
    for name, shape in (("flow_id", FLOW_ID), ("call_id", CALL_ID)):
        if name in request.path_params and not shape.fullmatch(request.path_params[name]):
            raise NotFound("There is no such thing.")
    request.state.began_s = request.app.state.monotonic_s()
    route = str(request.scope.get("path_template") or "unknown")
    traces: Traces = request.app.state.traces
    request.state.trace = traces.begin(request.method, route, valid_parent(request.headers.get("traceparent", "")))


async def _stop(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
