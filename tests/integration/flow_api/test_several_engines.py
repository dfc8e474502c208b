"""Several engines on one event log: what concerns a call goes to the engine that makes it; over TLS with certificates on both sides."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import grpc
import pytest
import pytest_asyncio
from event_log.memory import MemoryEventLog

from tests.support.certificates import Authority
from tests.support.engine_servicer import serving
from tests.support.fake_call_engine import FakeCallEngine, bank
from tests.support.flow_service import NUMBER, World, running

CALLS = "/api/calls"
ASKED = {"phone_number": NUMBER, "mode": "explore"}


class Fleet:
    """Two engines on one log, each with a server in front, and flow-apis whose new calls go to one of them."""

    def __init__(self, folder: Path, stack: AsyncExitStack) -> None:
        self.log = MemoryEventLog()
        self.one, self.two = FakeCallEngine(self.log), FakeCallEngine(self.log)
        self._folder, self._stack = folder, stack

    async def served(self) -> Fleet:
        for engine in (self.one, self.two):
            engine.address = await self._stack.enter_async_context(serving(engine))
        return self

    async def api(self, name: str, target: str, **settings: Any) -> World:
        return await self._stack.enter_async_context(running(self._folder / name, log=self.log, call_engine_target=target, **settings))


@pytest_asyncio.fixture
async def fleet(tmp_path: Path) -> AsyncIterator[Fleet]:
    async with AsyncExitStack() as stack:
        yield await Fleet(tmp_path, stack).served()


async def started(world: World, key: str) -> dict[str, Any]:
    """A new call. Its id comes from the key, since the services of a fleet count their ids alike."""
    answer = await world.client.post(CALLS, json=ASKED, headers={"idempotency-key": key})
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def test_a_call_is_steered_at_the_engine_that_makes_it_through_any_service(fleet: Fleet) -> None:
    first, second = await fleet.api("first", fleet.one.address), await fleet.api("second", fleet.two.address)
    call = await started(first, "call")
    assert (call["engine"], list(fleet.one.calls), fleet.two.calls) == (fleet.one.address, [call["id"]], {})
    await second.service.updates.wait_until(lambda: second.service.reads.call(call["id"]) is not None)
    address = f"{CALLS}/{call['id']}"
    assert (await second.client.post(f"{address}/digits", json={"digits": "12"})).json()["digits"] == "12"
    assert (await second.client.post(f"{address}/transfer")).json()["state"] == "transferring"
    assert (await second.client.delete(address)).json()["outcome"] == "cancelled"
    assert (await started(second, "other"))["engine"] == fleet.two.address


async def test_a_call_is_watched_live_at_its_engine(fleet: Fleet) -> None:
    first, second = await fleet.api("first", fleet.one.address), await fleet.api("second", fleet.two.address)
    fleet.one.script = bank()[:2]
    call = await started(first, "call")
    await second.service.updates.wait_until(lambda: second.service.reads.call(call["id"]) is not None)
    items = second.service.call_events.stream(call["id"], 0, meters=True)
    kinds = [type(await anext(items)).__name__ for _ in range(4)]
    assert kinds == ["WatchedEvent"] * 3 + ["Meter"], "meters are never stored: they come from the engine itself"
    await items.aclose()  # type: ignore[attr-defined]


async def test_one_engine_that_is_gone_does_not_stop_the_calls_of_the_other(fleet: Fleet) -> None:
    world = await fleet.api("api", fleet.two.address)
    fleet.two.address = "127.0.0.1:1"  # where nobody answers
    lost = await started(world, "lost")
    other = await started(await fleet.api("other", fleet.one.address), "other")
    await world.service.updates.wait_until(lambda: world.service.reads.call(other["id"]) is not None)
    refused = await world.client.post(f"{CALLS}/{lost['id']}/digits", json={"digits": "1"})
    assert (refused.status_code, refused.json()["dependency"]) == (503, "call_engine")
    assert (await world.client.get(f"{CALLS}/{lost['id']}")).status_code == 200, "what is stored is shown"
    assert (await world.client.post(f"{CALLS}/{other['id']}/digits", json={"digits": "1"})).status_code == 200


async def test_only_the_service_that_has_the_key_can_forget_what_was_said(fleet: Fleet) -> None:
    first, second = await fleet.api("first", fleet.one.address), await fleet.api("second", fleet.two.address)
    call = await started(first, "call")
    await second.service.updates.wait_until(lambda: second.service.reads.call(call["id"]) is not None)
    refused = await second.client.delete(f"{CALLS}/{call['id']}/personal-data")
    assert (refused.status_code, "the service that started it" in refused.json()["detail"]) == (404, True)
    for _ in range(2):
        assert (await first.client.delete(f"{CALLS}/{call['id']}/personal-data")).status_code == 204


async def test_an_engine_may_be_reached_elsewhere_than_it_says(fleet: Fleet) -> None:
    reached = fleet.one.address
    first, second = await fleet.api("first", reached), await fleet.api("second", fleet.two.address, call_engines={"inside:50051": reached})
    fleet.one.address = "inside:50051"
    call = await started(first, "call")
    await second.service.updates.wait_until(lambda: second.service.reads.call(call["id"]) is not None)
    assert (await second.client.post(f"{CALLS}/{call['id']}/digits", json={"digits": "7"})).json()["digits"] == "7"


@pytest.mark.parametrize("address", ["0.0.0.0:50051", "[::]:50051", "127.0.0.1:0"])
async def test_an_engine_that_names_no_place_is_the_one_of_the_settings(fleet: Fleet, address: str) -> None:
    world = await fleet.api("api", fleet.one.address)
    fleet.one.address = address
    call = await started(world, "call")
    assert (await world.client.post(f"{CALLS}/{call['id']}/digits", json={"digits": "7"})).json()["digits"] == "7"


async def test_both_sides_show_certificates(tmp_path: Path) -> None:
    authority, log = Authority(), MemoryEventLog()
    engine = FakeCallEngine(log)
    server_certificate, server_key = authority.signed("engine")
    credentials = grpc.ssl_server_credentials([(server_key, server_certificate)], authority.pem, require_client_auth=True)
    certificate, key = authority.signed("flow-api")
    files = {name: tmp_path / name for name in ("ca", "cert", "key")}
    for name, content in (("ca", authority.pem), ("cert", certificate), ("key", key)):
        files[name].write_bytes(content)
    async with serving(engine, credentials) as address:
        trusted: dict[str, Any] = {"call_engine_target": address, "call_engine_tls_ca": files["ca"]}
        shown: dict[str, Any] = {"call_engine_tls_cert": files["cert"], "call_engine_tls_key": files["key"]}
        async with running(tmp_path / "with", log=log, **trusted, **shown) as world:
            assert (await started(world, "call"))["state"] == "requested"
        async with running(tmp_path / "without", log=log, **trusted) as world:
            assert (await world.client.post(CALLS, json=ASKED)).status_code == 503
