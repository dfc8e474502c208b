"""Traces by OpenTelemetry, exported by OTLP. The packages are optional: ``opentelemetry-sdk`` and an OTLP exporter.

The endpoint, headers and protocol are those of OpenTelemetry's own variables (``OTEL_EXPORTER_OTLP_…``). Spans hold what the events
name (states, outcome, rules), and never words or digits.
"""

from __future__ import annotations

import asyncio
import importlib

from call_contract import call_events as ev
from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from call_engine.call_state import CallState
from call_engine.tracing import CallTrace

SERVICE = "call-engine"
#: Outcomes that are nobody's decision but a fault of ours or of the network.
FAULTS = (ev.CallOutcome.LINE_LOST, ev.CallOutcome.ENGINE_LOST, ev.CallOutcome.NO_AUDIO, ev.CallOutcome.UNREACHABLE)


class OtelTraces:
    """Implements ``Traces``."""

    def __init__(self, exporter: SpanExporter, engine_id: str = "") -> None:
        self._provider = TracerProvider(resource=Resource({"service.name": SERVICE, "service.instance.id": engine_id}))
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer(SERVICE)

    def begin(self, call_id: str, parent: str) -> CallTrace:
        context = TraceContextTextMapPropagator().extract({"traceparent": parent}) if parent else None
        whole = self._tracer.start_span("call", context=context, attributes={"call.id": call_id})
        return _TracedCall(self._tracer, whole)

    async def close(self) -> None:
        await asyncio.to_thread(self._provider.shutdown)


class _TracedCall:
    def __init__(self, tracer: trace.Tracer, whole: trace.Span) -> None:
        self._tracer, self._whole = tracer, whole
        self._inside = trace.set_span_in_context(whole)
        self._state = ""
        self._phase: trace.Span | None = None

    def __call__(self, state: CallState, event: ev.AnyCallEvent) -> None:
        if isinstance(event, ev.CallRequested):
            self._whole.set_attributes({"call.mode": event.mode, "call.number": event.phone_number, "call.flow": event.flow_id})
        elif isinstance(event, ev.CallRefused):
            self._whole.set_attribute("call.refused_by", event.rule)
        if state.state != self._state:
            self._enter(state.state)
        (self._phase or self._whole).add_event(ev.event_type(event), {"call.at_ms": getattr(event, "at_ms", 0)})
        if isinstance(event, ev.CallEnded):
            self._end(event)

    def _enter(self, state: str) -> None:
        if self._phase is not None:
            self._phase.end()
        self._state = state
        self._phase = None if state == "ended" else self._tracer.start_span(state, context=self._inside)

    def _end(self, ended: ev.CallEnded) -> None:
        self._whole.set_attribute("call.outcome", str(ended.outcome))
        if ended.outcome in FAULTS:
            self._whole.set_status(trace.StatusCode.ERROR, str(ended.outcome))
        self._whole.end()


def exporter() -> SpanExporter:
    """By gRPC where its package is there, else by HTTP. Raises ImportError."""
    try:
        module = importlib.import_module("opentelemetry.exporter.otlp.proto.grpc.trace_exporter")
    except ImportError:
        module = importlib.import_module("opentelemetry.exporter.otlp.proto.http.trace_exporter")
    made: SpanExporter = module.OTLPSpanExporter()
    return made
