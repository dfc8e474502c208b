"""How much a client may send and ask for, each at its edge; and that no secret of a request reaches a log or an answer."""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from flow_api.domain import limits as rules
from flow_api.domain.requests import MAX_INTENT
from flow_api.http.wire import MAX_DEPTH, PAGE_MAX

from tests.support.flow_service import NUMBER, World, chase, running, step

FLOWS = "/api/call-flows"
JSON = {"content-type": "application/json"}


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with running(tmp_path) as world:
        yield world


async def in_pieces(content: bytes) -> AsyncIterator[bytes]:
    """As a client sends that does not say how much will come."""
    for at in range(0, len(content), 10_000):
        yield content[at : at + 10_000]


def nested(depth: int) -> dict[str, Any]:
    """A flow whose body is so many levels deep."""
    value: Any = "x"
    for _ in range(depth - 4):  # the body, its steps, the step, its metadata
        value = {"a": value}
    return chase(steps=[step("a", "WAIT", metadata={"deep": value})])


async def test_a_body_too_large_is_refused_however_it_comes(tmp_path: Path) -> None:
    async with running(tmp_path, max_body_bytes=5_000) as world:
        padded = json.dumps(chase(description="x" * 1_000)).encode()
        fits, too_large = padded.ljust(5_000), padded.ljust(5_001)
        assert (await world.client.post(FLOWS, content=fits, headers=JSON)).status_code == 201
        for content in (too_large, in_pieces(padded.ljust(40_000))):
            refused = await world.client.post(FLOWS, content=content, headers=JSON)
            assert (refused.status_code, refused.headers["content-type"]) == (413, "application/problem+json")


async def test_a_body_may_be_so_deep_and_no_deeper(world: World) -> None:
    assert (await world.client.post(FLOWS, json=nested(MAX_DEPTH))).status_code == 201
    assert (await world.client.post(FLOWS, json=nested(MAX_DEPTH + 1))).status_code == 400


@pytest.mark.parametrize(
    ("longest", "too_long"),
    [
        ({"name": "x" * rules.MAX_NAME}, {"name": "x" * (rules.MAX_NAME + 1)}),
        ({"description": "☎" * rules.MAX_TEXT}, {"description": "☎" * (rules.MAX_TEXT + 1)}),
        ({"tags": ["t" * rules.MAX_TAG] * rules.MAX_TAGS}, {"tags": ["t"] * (rules.MAX_TAGS + 1)}),
        ({"tags": []}, {"tags": ["t" * (rules.MAX_TAG + 1)]}),
        ({"id": "i" * 120}, {"id": "i" * 121}),
        ({"phone_number": "+" + "1" * 15}, {"phone_number": "+" + "1" * 16}),
    ],
    ids=["name", "description", "tags", "tag", "id", "number"],
)
async def test_a_text_may_be_so_long_and_no_longer(world: World, longest: dict[str, Any], too_long: dict[str, Any]) -> None:
    assert (await world.client.post(FLOWS, json=chase(**longest))).status_code == 201
    refused = await world.client.post(FLOWS, json=chase(**too_long))
    assert (refused.status_code, refused.json()["faults"][0]["path"].split("[")[0]) == (422, f"$.{next(iter(too_long))}")


async def test_metadata_and_the_whole_flow_have_their_limits(tmp_path: Path) -> None:
    async with running(tmp_path, max_body_bytes=3_000_000) as world:
        half = {"note": "x" * (rules.MAX_METADATA_BYTES // 2)}
        full = {"note": "x" * rules.MAX_METADATA_BYTES}
        whole = [step(str(number), "WAIT", metadata=half) for number in range(8)]
        assert (await world.client.post(FLOWS, json=chase(steps=whole[:2]))).status_code == 201
        for steps in (whole, [step("a", "WAIT", metadata=full)]):
            assert (await world.client.post(FLOWS, json=chase(steps=steps))).status_code == 422


async def test_pages_and_queries_have_their_limits(world: World) -> None:
    for path in (FLOWS, "/api/calls"):
        assert (await world.client.get(path, params={"limit": PAGE_MAX})).status_code == 200
        for limit in (0, PAGE_MAX + 1, -1, "1e2", "٣", 10**30):
            assert (await world.client.get(path, params={"limit": limit})).status_code == 422, limit
    assert (await world.client.get(FLOWS, params={"q": "x" * 200})).status_code == 200
    for query in ({"q": "x" * 201}, {"q": " "}, {"q": "\x00"}, {"cursor": "x" * 5_000}):
        assert (await world.client.get(FLOWS, params=query)).status_code == 422
    asked = {"phone_number": NUMBER, "intent": "x" * (MAX_INTENT + 1)}
    assert (await world.client.post("/api/calls", json=asked)).status_code == 422
    assert (await world.client.get(f"{FLOWS}/lookup", params=asked)).status_code == 422


@pytest.mark.parametrize("value", [10**30, -(10**30), 2**63, 1.5, None, True, "1", [1]], ids=str)
async def test_a_cursor_of_our_own_making_is_refused_or_harmless(world: World, value: Any) -> None:
    for path, order in ((FLOWS, "success_count"), (FLOWS, "name"), ("/api/calls", "-started_at"), (f"{FLOWS}/chase/history", "revision")):
        await world.client.post(FLOWS, json=chase(id="chase"))
        cursor = base64.urlsafe_b64encode(json.dumps([order, value, "x"]).encode()).decode()
        answer = await world.client.get(path, params={"sort": order, "cursor": cursor})
        assert answer.status_code in (200, 422), (path, order, answer.text)


async def test_each_token_has_its_own_rate(tmp_path: Path) -> None:
    async with running(tmp_path, rate_per_s=0.5, rate_burst=2) as world:
        ann, bob = ({"authorization": f"Bearer {world.service.tokens.create(name, ['flows:read'])}"} for name in ("ann", "bob"))
        statuses = [(await world.client.get(FLOWS, headers=ann)).status_code for _ in range(3)]
        assert statuses == [200, 200, 429]
        refused = await world.client.get(FLOWS, headers=ann)
        assert (refused.headers["retry-after"], refused.json()["type"]) == ("2", "/problems/limit-reached")
        assert (await world.client.get(FLOWS, headers=bob)).status_code == 200
        assert (await world.client.get("/health/live", headers=ann)).status_code == 200
        assert (await world.client.get("/metrics", headers=ann)).status_code == 429, "it asks the store"
        world.clock.monotonic += 2.0
        assert (await world.client.get(FLOWS, headers=ann)).status_code == 200


async def test_no_secret_of_a_request_is_logged_or_told(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    token = world.service.tokens.create("ann", ["flows:read", "calls:write"])
    call = (await world.client.post("/api/calls", json={"phone_number": NUMBER}, headers={"authorization": f"Bearer {token}"})).json()
    key = world.engine.calls[call["id"]].order.personal_data_key.hex()
    world.service.reads.db.close()  # a fault inside: the error and its traceback are logged
    secret = "fa_not-a-token-of-ours"
    answers = [await world.client.get(FLOWS, headers={"authorization": f"Bearer {one}"}) for one in (token, secret)]
    assert [answer.status_code for answer in answers] == [500, 401]
    assert "fault in GET" in caplog.text
    told = caplog.text + "".join(answer.text for answer in answers)
    assert not [one for one in (token, secret, key) if one in told]
