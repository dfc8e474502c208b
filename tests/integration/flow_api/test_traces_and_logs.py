"""What one request leaves behind for those who run the service: a span that the call's trace continues, and a line of log."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest
from call_contract.structured_logs import JsonLines
from event_log.memory import MemoryEventLog
from flow_api.adapters.otel import OtelTraces
from flow_api.settings import Settings, from_environment
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from tests.support.engine_servicer import serving
from tests.support.fake_call_engine import FakeCallEngine
from tests.support.flow_service import NUMBER, chase, running

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
CALL = {"phone_number": NUMBER, "intent": "dispute a charge"}


async def parent_that_came(folder: Path, header: str, spans: InMemorySpanExporter | None = None) -> str:
    """The ``traceparent`` with which a request to call reached the engine, over gRPC."""
    log = MemoryEventLog()
    engine = FakeCallEngine(log)
    traces = OtelTraces(spans) if spans is not None else None
    async with serving(engine) as target, running(folder, log=log, call_engine_target=target, traces=traces) as world:
        answer = await world.client.post("/api/calls", json=CALL, headers={"traceparent": header})
        assert answer.is_success, answer.text
    (call,) = engine.calls.values()
    return call.order.trace_parent


async def test_the_trace_of_whoever_asks_goes_on_in_the_engine(tmp_path: Path) -> None:
    assert await parent_that_came(tmp_path, PARENT) == PARENT


@pytest.mark.parametrize("header", ["", "nonsense", PARENT.upper(), f"00-{'0' * 32}-b7ad6b7169203331-01", f"{PARENT}-x"])
async def test_what_is_no_trace_is_not_passed_on(tmp_path: Path, header: str) -> None:
    assert await parent_that_came(tmp_path, header) == ""


async def test_with_traces_configured_a_request_is_a_span_in_between(tmp_path: Path) -> None:
    spans = InMemorySpanExporter()
    came = await parent_that_came(tmp_path, PARENT, spans)
    (span,) = spans.get_finished_spans()
    assert span.context is not None
    assert span.parent is not None
    assert span.name == "POST /api/calls"
    assert f"{span.parent.span_id:016x}" == PARENT.split("-")[2]
    assert came == f"{PARENT.rsplit('-', 2)[0]}-{span.context.span_id:016x}-01"
    assert dict(span.attributes or {})["http.response.status_code"] in (201, 202)


def test_traces_are_off_unless_an_endpoint_is_named() -> None:
    assert from_environment({}).traces_endpoint == ""
    assert from_environment({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4317"}).traces_endpoint == "http://127.0.0.1:4317"
    assert Settings().traces_endpoint == ""


async def test_what_changes_something_is_a_line_of_json_with_its_ids(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="flow_api.requests")
    async with running(tmp_path) as world:
        made = await world.client.post("/api/call-flows", json=chase(), headers={"x-correlation-id": "case-7"})
        flow_id = made.json()["id"]
        await world.client.get(f"/api/call-flows/{flow_id}")
        await world.client.delete(f"/api/call-flows/{flow_id}", headers={"x-correlation-id": "case-8"})
    lines = [json.loads(JsonLines().format(record)) for record in caplog.records if record.name == "flow_api.requests"]
    assert [(line["message"], line["status"], line["correlation_id"]) for line in lines] == [
        ("POST /api/call-flows", 201, "case-7"),
        ("DELETE /api/call-flows/{flow_id}", 204, "case-8"),
    ]
    assert lines[1]["flow_id"] == flow_id
    assert lines[0]["actor"]


def test_a_line_of_the_log_has_nothing_for_terminals() -> None:
    record = logging.makeLogRecord(
        {"msg": "Started server process [%d]", "args": (7,), "color_message": "\x1b[36m%d\x1b[0m", "flow_id": "f"}
    )
    line = json.loads(JsonLines().format(record))
    assert (line["message"], line["flow_id"]) == ("Started server process [7]", "f")
    assert "color_message" not in line
