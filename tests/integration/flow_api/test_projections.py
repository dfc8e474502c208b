"""The read model rebuilt beside the live one and swapped in under a running service; lag; tokens by the command."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from event_log.client import connect
from flow_api.adapters.system import SystemClock, SystemIds
from flow_api.adapters.tokens import Tokens
from flow_api.cli.main import main
from flow_api.projections.files import live_file, next_file
from flow_api.projections.rebuild import rebuild

from tests.support.event_store import running_node
from tests.support.fake_call_engine import bank
from tests.support.flow_service import NUMBER, chase, running

FLOWS = "/api/call-flows"


async def test_a_rebuilt_read_model_is_swapped_in_under_a_running_service(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        for number in range(3):
            await world.client.post(FLOWS, json=chase(id=f"f{number}"))
        world.engine.script = bank()
        await world.client.post("/api/calls", json={"phone_number": NUMBER, "mode": "explore"})
        before = ((await world.client.get(FLOWS)).json(), (await world.client.get("/api/calls")).json())
        world.service.reads.db.execute("DELETE FROM flows WHERE id = 'f1'")
        old = live_file(tmp_path)
        rebuilt = await rebuild(world.log, tmp_path)
        assert (rebuilt.events, rebuilt.flows, rebuilt.calls, rebuilt.dead_letters) == (17, 3, 1, 0)
        assert live_file(tmp_path) != old
        assert await world.service.updates.wait_until(lambda: len(world.service.reads.flows_of_number(NUMBER)) == 3, timeout_s=10)
        assert ((await world.client.get(FLOWS)).json(), (await world.client.get("/api/calls")).json()) == before
        assert (await world.client.post(FLOWS, json=chase(id="f3"))).headers["read-model"] == "applied"
        being_made = next_file(tmp_path)  # by another rebuild
        being_made.touch()
        assert live_file(tmp_path).exists()
        assert not old.exists()
    assert being_made.exists()
    async with running(tmp_path, log=world.log, engine=world.engine) as again:
        assert len((await again.client.get(FLOWS)).json()) == 4


async def test_another_log_is_noticed_and_the_read_model_built_anew(tmp_path: Path) -> None:
    async with running(tmp_path, learn_automatically=True) as world:
        await world.client.post(FLOWS, json=chase(id="old"))
    async with running(tmp_path, learn_automatically=True) as other:
        await other.client.post(FLOWS, json=chase(id="new"))
        other.engine.script = bank()
        await other.client.post("/api/calls", json={"phone_number": NUMBER, "mode": "explore", "intent": "dispute a charge"})
        assert await other.service.updates.wait_until(lambda: len(other.service.reads.flows_of_number(NUMBER)) == 2)
        assert "old" not in {flow["id"] for flow in (await other.client.get(FLOWS)).json()}


async def test_the_commands_work_on_the_embedded_store(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import asyncio

    async def said(*argv: object) -> tuple[int, list[Any]]:
        status = await asyncio.to_thread(main, [str(arg) for arg in argv])
        return status, [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    async with running_node(tmp_path / "one.db") as one, running_node(tmp_path / "two.db") as two:
        log = await connect(one)
        async with running(tmp_path / "api", log=log) as world:
            flow = (await world.client.post(FLOWS, json=chase())).json()
            await world.client.put(f"{FLOWS}/{flow['id']}", json={**flow, "name": "Second"})
        await log.close()
        assert await said("projections", "rebuild", "--data", tmp_path / "api", "--store", one) == (
            0, [{"file": "read-model-v5.2.sqlite", "events": 2, "position": world.service.updates.position, "flows": 1, "calls": 0,
                 "dead_letters": 0}],
        )  # fmt: skip
        assert (await said("audit", "export", "--store", one, "--out", tmp_path / "x.ndjson"))[0] == 0
        assert await said("audit", "import", tmp_path / "x.ndjson", "--store", two) == (0, [{"events": 2, "streams": 1}])
        first, second = await said("audit", "replay", flow["id"], "--store", one), await said("audit", "replay", flow["id"], "--store", two)
        assert first == second
        assert (await said("audit", "verify", "--store", two))[1][0]["ok"]
    assert (await said("audit", "verify", "--store", one))[0] == 1, "a store that is away is an error, in one line"


def test_tokens_are_made_listed_and_revoked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["tokens", "--data", str(tmp_path)]
    assert main([*command, "create", "ann", "--scope", "flows:read"]) == 0
    token = capsys.readouterr().out.strip()
    stored = Tokens(tmp_path / "tokens.sqlite", SystemIds(), SystemClock())
    known = stored.known(token)
    assert known is not None
    assert (known.name, known.scopes) == ("ann", ["flows:read"])
    assert token.encode() not in (tmp_path / "tokens.sqlite").read_bytes(), "only its hash is at rest"
    for name in ("ann", "local", "learner", "", "a b", "a\nb", "x" * 65):
        assert main([*command, "create", name]) == 1
    assert main([*command, "list"]) == 0
    assert capsys.readouterr().out.startswith("ann\tflows:read\tsince ")
    assert main([*command, "revoke", "ann"]) == 0
    assert main([*command, "revoke", "ann"]) == 1
    assert stored.known(token) is None
