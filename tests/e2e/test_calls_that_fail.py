"""Every way in which a call can come to nothing ends with its reason, as an event and in the REST answer; faults are told plainly."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from demo.processes import free_port
from demo.stack import Stack
from tests.support.line_calls import next_frame_time

pytestmark = pytest.mark.timeout(300)

BUSY, DECLINES, RINGS, NOBODY = "+18005550101", "+18005550102", "+18005550103", "+18005550104"


@pytest.fixture
def brief_drain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALL_ENGINE_DRAIN_S", "1")


@pytest.fixture
async def stack(tmp_path: Path) -> AsyncIterator[Stack]:
    stack = Stack(folder=tmp_path, processes={})
    try:
        await stack.start_store()
        routes = {
            BUSY: await stack.start_phone("busy", "--answer-code", "486", "--answer-after-s", "0.3"),
            DECLINES: await stack.start_phone("declines", "--answer-code", "603", "--answer-after-s", "0.3"),
            RINGS: await stack.start_phone("rings", "--never-answer"),
            NOBODY: free_port(socket.SOCK_DGRAM),
        }
        await stack.start_engine(routes[BUSY], routes[BUSY], routes)
        await stack.start_api()
        yield stack
    finally:
        await stack.stop()


async def ended(client: httpx.AsyncClient, request: dict[str, Any]) -> dict[str, Any]:
    """The CallEnded event of a call that is asked for now."""
    started = await client.post("/api/calls", json=request)
    assert started.status_code == 201, started.text
    last: dict[str, Any] = {}
    async with client.stream("GET", f"/api/calls/{started.json()['id']}/events", timeout=90) as events:
        async for line in events.aiter_lines():
            if line.startswith("data:"):
                last = json.loads(line.removeprefix("data:"))
    shown = (await client.get(f"/api/calls/{started.json()['id']}")).json()
    assert (shown["state"], shown["outcome"], shown["reason"]) == ("ended", last["outcome"], last["reason"])
    assert last["reason"]
    return last


async def test_calls_that_reach_nobody_say_why(stack: Stack) -> None:
    async with httpx.AsyncClient(base_url=stack.api_url, timeout=30) as client:
        wanted = {BUSY: "busy", DECLINES: "declined", RINGS: "no_answer", NOBODY: "unreachable"}
        calls = [ended(client, {"phone_number": number, "intent": "dispute a charge", "limits": {"max_call_s": 20}}) for number in wanted]
        outcomes = [event["outcome"] for event in await asyncio.gather(*calls)]
        assert outcomes[0] == "busy"
        assert outcomes[1] == "declined"
        assert outcomes[2] in ("no_answer", "timed_out")
        assert outcomes[3] == "unreachable"


async def test_what_is_down_is_named_and_comes_back(stack: Stack) -> None:
    request = {"phone_number": BUSY, "intent": "dispute a charge"}
    async with httpx.AsyncClient(base_url=stack.api_url, timeout=30) as client:
        await stack.processes["call-engine"].stop()
        refused = await client.post("/api/calls", json=request)
        assert refused.status_code == 503
        assert refused.json()["dependency"] == "call_engine"
        ready = await client.get("/health/ready")
        assert ready.status_code == 503
        assert not ready.json()["checks"]["call_engine"]["ok"]
        await stack.processes["event store"].stop()
        assert not (await client.get("/health/ready")).json()["checks"]["event_store"]["ok"]
        made = await client.post("/api/call-flows", json={"name": "x", "steps": []})
        assert made.status_code == 503
        assert made.json()["dependency"] == "event_store"


async def test_an_engine_told_to_stop_ends_its_calls_and_leaves_in_good_order(brief_drain: None, stack: Stack) -> None:
    async with httpx.AsyncClient(base_url=stack.api_url, timeout=30) as client:
        started = await client.post("/api/calls", json={"phone_number": RINGS, "intent": "dispute a charge"})
        call = f"/api/calls/{started.json()['id']}"
        async with asyncio.timeout(20):
            while (await client.get(call)).json()["state"] != "ringing":
                await next_frame_time()
        engine = stack.processes["call-engine"]
        os.kill(engine.pid, signal.SIGTERM)
        async with asyncio.timeout(20):
            assert await engine.ended() == 0
            while (shown := (await client.get(call)).json())["state"] != "ended":
                await next_frame_time()
        assert (shown["outcome"], shown["reason"]) == ("cancelled", "the engine is shutting down")
        assert not list((stack.folder / "call-engine" / "journal").glob("*.jsonl"))


@pytest.mark.parametrize(
    ("module", "env"),
    [
        (["event_log.node", "--db", ":memory:", "--port", "{port}"], {}),
        (["flow_api", "serve", "--port", "{port}", "--data", "{folder}"], {}),
        (["call_engine", "serve"], {"CALL_ENGINE_PORT": "{port}", "CALL_ENGINE_DATA": "{folder}"}),
    ],
)
async def test_a_taken_port_is_one_clear_line(module: list[str], env: dict[str, str], tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        fill = {"port": taken.getsockname()[1], "folder": tmp_path}
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", *[part.format(**fill) for part in module],
            env={"PATH": "", **{name: value.format(**fill) for name, value in env.items()}},
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        _, said = await process.communicate()
    lines = [line for line in said.decode().splitlines() if line.strip()]
    assert process.returncode not in (0, None)
    assert len(lines) == 1, lines
    assert str(fill["port"]) in lines[0]
