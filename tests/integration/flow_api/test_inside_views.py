"""What operators see: lag, dead letters and failures of every subscriber; who may see them; what a token may do."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from call_contract.streams import EventMetadata
from event_log.memory import MemoryEventLog
from event_log.records import NewEvent
from flow_api.cli.main import main

from tests.support.flow_service import World, chase, running

AFAR = ("203.0.113.7", 40_000)


def from_afar(world: World, host: str = "api.example", **headers: str) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=world.app, raise_app_exceptions=False, client=AFAR)  # type: ignore[arg-type]
    return httpx.AsyncClient(transport=transport, base_url=f"http://{host}", headers=headers)


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


async def poison_call(log: MemoryEventLog) -> None:
    """A call that ends before it was requested: no lesson, no row."""
    metadata = msgspec.json.encode(EventMetadata(schema=1, actor="x", recorded_at="2026-01-01T00:00:00+00:00"))
    ended = NewEvent(id=uuid.UUID(int=9), type="CallEnded", data=b'{"at_ms":"soon"}', metadata=metadata)
    await log.append("call-poison", [ended], expected=-1)


async def test_dead_letters_of_every_subscriber_are_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = MemoryEventLog()
    await poison_call(log)
    async with running(tmp_path, log=log, learn_automatically=True) as world:
        await world.client.post("/api/call-flows", json=chase())

        async def checks() -> dict[str, Any]:
            found: dict[str, Any] = (await world.client.get("/health/ready")).json()["checks"]
            return found

        await world.service.updates.wait_until(lambda: world.service.checkpoints.dead_letters() > 0)
        seen = await checks()
        for name in ("read_model", "learning"):
            assert (seen[name]["ok"], seen[name]["dead_letters"], seen[name]["lag_events"]) == (True, 1, 0), seen
        text = (await world.client.get("/metrics")).text
        for name in ("read_model", "learning"):
            assert f'flow_api_dead_letters{{subscriber="{name}"}} 1.0' in text
            assert f'flow_api_lag_events{{subscriber="{name}"}} 0.0' in text
            assert f'flow_api_lag_seconds{{subscriber="{name}"}} 0.0' in text
    assert main(["projections", "dead-letters", "--data", str(tmp_path)]) == 0
    letters = [msgspec.json.decode(line) for line in capsys.readouterr().out.splitlines()]
    assert [(letter["subscriber"], letter["stream"]) for letter in letters] == [("read_model", "call-poison"), ("learning", "call-poison")]
    assert all(letter["error"] for letter in letters)
    for expected in (2, 1):
        assert main(["projections", "dead-letters", "--discard", "--data", str(tmp_path)]) == 0
        assert len(capsys.readouterr().out.splitlines()) == expected, "those of the read model stay until it is rebuilt"


async def test_a_subscriber_that_fails_is_not_ready_and_says_why(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        await world.client.post("/api/call-flows", json=chase())
        broken = next(loop for loop in world.service.loops if loop.name == "learning")
        broken.failure, broken.subscriber.caught_up = "ZeroDivisionError: division by zero", False
        answer = await world.client.get("/health/ready")
        check = answer.json()["checks"]["learning"]
        assert (answer.status_code, check["ok"]) == (503, False)
        assert "ZeroDivisionError" in check["detail"]


async def test_a_token_says_what_it_may_do(tmp_path: Path) -> None:
    async with running(tmp_path, rate_per_s=7.0, rate_burst=9) as world:
        local = (await world.client.get("/api/token")).json()
        assert (local["actor"], local["created_at"]) == ("local", None)
        assert local["scopes"] == ["flows:read", "flows:write", "calls:write", "audit:read"]
        assert local["limits"] == {"requests_per_s": 7.0, "burst": 9, "body_bytes": 1_000_000, "page_rows": 500}
        token = world.service.tokens.create("watcher", ["audit:read"])
        told = (await world.client.get("/api/token", headers=bearer(token))).json()
        assert (told["actor"], told["scopes"]) == ("watcher", ["audit:read"])
        assert told["created_at"].startswith("2026-03-01T12:00:00")
        assert (await world.client.get("/api/token")).status_code == 401
        world.service.tokens.revoke("watcher")
        assert (await world.client.get("/api/token", headers=bearer(token))).status_code == 401


@pytest.mark.parametrize(
    ("access", "local", "afar", "with_token"), [("local", 200, 401, 200), ("token", 401, 401, 200), ("open", 200, 200, 200)]
)
async def test_who_may_look_inside(tmp_path: Path, access: Any, local: int, afar: int, with_token: int) -> None:
    async with running(tmp_path, metrics_access=access) as world:
        assert (await world.client.get("/metrics")).status_code == 200, "without tokens only this machine is served at all"
        token = world.service.tokens.create("prometheus", ["flows:read"])
        async with from_afar(world) as stranger, from_afar(world, **bearer(token)) as known:
            asked = [await client.get("/metrics") for client in (world.client, stranger, known)]
            assert [answer.status_code for answer in asked] == [local, afar, with_token]
            for client, inside in zip((world.client, stranger, known), (local, afar, with_token), strict=True):
                ready = await client.get("/health/ready")
                assert (ready.status_code, ready.json()["status"]) == (200, "ready"), "a load balancer needs no token"
                assert bool(ready.json()["checks"]) == (inside == 200)
                assert (await client.get("/health/live")).status_code == 200


async def test_a_proxy_on_this_machine_is_not_this_machine(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        world.service.tokens.create("someone", ["flows:read"])
        assert (await world.client.get("/metrics", headers={"host": "api.example"})).status_code == 401
        assert (await world.client.get("/metrics", headers={"origin": "https://evil.example"})).status_code == 401
