"""The event store killed and started again under a running service: refused meanwhile, right afterwards, nothing lost."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
from event_log.client import connect

from tests.support.event_store import start_node
from tests.support.fake_call_engine import bank
from tests.support.flow_service import NUMBER, World, chase, running

FLOWS = "/api/call-flows"


async def healed(world: World) -> httpx.Response:
    """The first write that is taken again; every answer until then is a 503 that names the store."""
    async with asyncio.timeout(30):
        while True:
            answer = await world.client.post(FLOWS, json=chase(id="after"), headers={"idempotency-key": "after"})
            if answer.status_code != 503:
                return answer
            assert answer.json()["dependency"] == "event_store"
            await world.service.updates.wait_until(lambda: False, timeout_s=0.1)


async def test_an_outage_loses_nothing(tmp_path: Path) -> None:
    node = await start_node(tmp_path / "log.db")
    try:
        log = await connect(node.uri)
        async with running(tmp_path / "api", log=log, learn_automatically=True) as world:
            assert (await world.client.post(FLOWS, json=chase(id="before"))).status_code == 201
            node.kill()
            refused = await world.client.post(FLOWS, json=chase(id="meanwhile"))
            assert (refused.status_code, refused.json()["dependency"]) == (503, "event_store")
            assert (await world.client.post("/api/calls", json={"phone_number": NUMBER})).status_code == 503
            assert world.engine.calls == {}, "a call that cannot be recorded is not made"
            assert (await world.client.get(f"{FLOWS}/before")).status_code == 200
            node = await node.restart()
            assert (await healed(world)).status_code == 201
            world.engine.script = bank()
            call = {"phone_number": NUMBER, "mode": "explore", "intent": "dispute a charge"}
            assert (await world.client.post("/api/calls", json=call)).status_code == 201

            def learned() -> bool:
                row = world.service.reads.flow_for(NUMBER, "dispute a charge")
                return row is not None and row.flow.intent is not None

            assert await world.service.updates.wait_until(learned, timeout_s=20), "the subscriptions came back by themselves"
            listed = {flow["id"] for flow in (await world.client.get(FLOWS)).json()}
            assert {"before", "after"} < listed
        await log.close()
    finally:
        await node.stop()
