"""Traces by OpenTelemetry, exported by OTLP. The packages are optional: ``opentelemetry-sdk`` and an OTLP exporter.

The endpoint, headers and protocol are those of OpenTelemetry's own variables (``OTEL_EXPORTER_OTLP_…``). Attributes are those of its
semantic conventions for HTTP servers: the route, never the address with what was asked in it.
"""

from __future__ import annotations

import asyncio
import importlib

from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from flow_api.tracing import RequestTrace

SERVICE = "flow-api"
SERVER_FAULT = 500


class OtelTraces:
    """Implements ``Traces``."""

    def __init__(self, exporter: SpanExporter) -> None:
        self._provider = TracerProvider(resource=Resource({"service.name": SERVICE}))
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer(SERVICE)

    def begin(self, method: str, route: str, parent: str) -> RequestTrace:
        context = TraceContextTextMapPropagator().extract({"traceparent": parent}) if parent else None
        attributes = {"http.request.method": method, "http.route": route}
        span = self._tracer.start_span(f"{method} {route}", context=context, kind=trace.SpanKind.SERVER, attributes=attributes)
        return _TracedRequest(span)

    async def close(self) -> None:
        await asyncio.to_thread(self._provider.shutdown)


class _TracedRequest:
    def __init__(self, span: trace.Span) -> None:
        self._span = span
        carrier: dict[str, str] = {}
        TraceContextTextMapPropagator().inject(carrier, trace.set_span_in_context(span))
        self.parent = carrier.get("traceparent", "")

    def end(self, status: int) -> None:
        self._span.set_attribute("http.response.status_code", status)
        if status >= SERVER_FAULT:
            self._span.set_status(trace.StatusCode.ERROR)
        self._span.end()


def exporter() -> SpanExporter:
    """By gRPC where its package is there, else by HTTP. Raises ImportError."""
    try:
        module = importlib.import_module("opentelemetry.exporter.otlp.proto.grpc.trace_exporter")
    except ImportError:
        module = importlib.import_module("opentelemetry.exporter.otlp.proto.http.trace_exporter")
    made: SpanExporter = module.OTLPSpanExporter()
    return made
