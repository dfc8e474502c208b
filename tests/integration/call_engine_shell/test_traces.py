"""Traces of a whole call, collected in memory, where OpenTelemetry is installed; what is said where it is not."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from call_contract.v1 import call_engine_pb2 as pb
from call_engine import wiring
from call_engine.environment import from_env
from call_engine.settings import Settings, SettingsError

from tests.support.engine_under_test import explore, running_engine

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def test_traces_are_off_unless_an_endpoint_is_named() -> None:
    assert not from_env({}).traces_endpoint
    assert from_env({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4317"}).traces_endpoint == "http://127.0.0.1:4317"
    assert type(wiring.traces(Settings())).__name__ == "NoTraces"


@pytest.mark.skipif(importlib.util.find_spec("opentelemetry") is not None, reason="OpenTelemetry is installed")
def test_wanted_and_not_installed_is_said_at_the_start() -> None:
    with pytest.raises(SettingsError, match="pip install opentelemetry-sdk"):
        wiring.traces(Settings(traces_endpoint="http://127.0.0.1:4317"))


async def test_a_call_is_a_span_with_its_states_inside(tmp_path: Path) -> None:
    memory = pytest.importorskip("opentelemetry.sdk.trace.export.in_memory_span_exporter", reason="OpenTelemetry is not installed")
    from call_engine.adapters.otel import OtelTraces

    spans = memory.InMemorySpanExporter()
    async with running_engine(tmp_path, traces=OtelTraces(spans, "e1")) as it:
        request = pb.StartCallRequest(call_id="c1", plan=explore())
        await it.stub.StartCall(request, metadata=(("traceparent", PARENT),))
        await it.beat(6)
        await it.stub.EndCall(pb.EndCallRequest(call_id="c1"))
        await it.beat(3)
    found = {span.name: span for span in spans.get_finished_spans()}
    assert list(found) == ["requested", "dialling", "ringing", "walking", "call"]
    whole = found["call"]
    assert (whole.attributes["call.id"], whole.attributes["call.outcome"]) == ("c1", "cancelled")
    assert f"{whole.context.trace_id:032x}" == PARENT.split("-")[1]
    assert {span.parent.span_id for name, span in found.items() if name != "call"} == {whole.context.span_id}
    assert [event.name for event in found["walking"].events] == ["CallAnswered", "EndOrdered"]
