"""Flows over REST, the whole service in process."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.support.flow_service import NUMBER, World, chase, running, step

FLOWS = "/api/call-flows"


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with running(tmp_path) as world:
        yield world


async def created(world: World, **more: Any) -> dict[str, Any]:
    response = await world.client.post(FLOWS, json=chase(**more))
    assert response.status_code == 201, response.text
    body: dict[str, Any] = response.json()
    return body


async def test_a_created_flow_is_got_and_listed_at_once(world: World) -> None:
    response = await world.client.post(FLOWS, json=chase(tags=["banking"]))
    flow = response.json()
    assert (response.status_code, response.headers["location"]) == (201, f"{FLOWS}/chase_bank_disputes")
    assert (flow["id"], flow["version"], flow["success_count"], flow["fail_count"]) == ("chase_bank_disputes", 1, 0, 0)
    assert response.headers["read-model"] == "applied"
    assert (await world.client.get(f"{FLOWS}/{flow['id']}")).json() == flow
    assert (await world.client.get(FLOWS)).json() == [flow]
    assert (await world.client.get(FLOWS, params={"company": "chase bank"})).json() == [flow]
    assert (await world.client.get(FLOWS, params={"tag": "banking"})).json() == [flow]
    for narrow in ({"company": "Other"}, {"tag": "x"}, {"phone_number": "+15550000000"}, {"q": "nothing"}):
        assert (await world.client.get(FLOWS, params=narrow)).json() == []
    assert len((await world.client.get(FLOWS, params={"q": "disputes CHASE", "phone_number": NUMBER})).json()) == 1


async def test_the_example_of_the_document_is_accepted_as_it_stands(world: World) -> None:
    flow = await created(world, id="chase_bank_disputes")
    assert [item["type"] for item in flow["steps"]] == ["WAIT", "LISTEN", "DTMF", "HOLD", "TRANSFER"]
    assert flow["steps"][3]["timeout"] == 7200
    assert flow["steps"][0] == {
        "id": "wait_greeting", "type": "WAIT", "description": "the step wait_greeting", "dtmf": None, "timeout": 5.0,
        "next_step": "main_menu", "conditions": {}, "metadata": {},
    }  # fmt: skip


async def test_ids_are_slugs_made_unique_and_a_given_id_is_taken_once(world: World) -> None:
    assert [(await created(world))["id"] for _ in range(2)] == ["chase_bank_disputes", "chase_bank_disputes_2"]
    await created(world, id="mine")
    assert (await world.client.post(FLOWS, json=chase(id="mine"))).status_code == 409
    assert (await world.client.post(FLOWS, json=chase(id="learn"))).status_code == 422


async def test_a_name_that_is_a_reserved_word_gives_an_id_that_can_be_reached(world: World) -> None:
    response = await world.client.post(FLOWS, json=chase(name="Lookup"))
    assert (response.status_code, response.json()["id"]) == (201, "lookup_2")
    assert (await world.client.get(response.headers["location"])).json() == response.json()


async def test_a_name_never_runs_out_of_ids(world: World) -> None:
    """A name without a single Latin letter gives none of its own to the id."""
    ids = [(await created(world, name="電話", steps=[]))["id"] for _ in range(53)]
    assert (ids[0], ids[1], len(set(ids))) == ("flow", "flow_2", 53)


async def test_a_put_takes_the_body_of_a_get_and_counts_versions_by_content(world: World) -> None:
    flow = await created(world)
    address = f"{FLOWS}/{flow['id']}"
    same = await world.client.put(address, json=flow)
    assert (same.status_code, same.json()["version"]) == (200, 1)
    revised = await world.client.put(address, json={**flow, "name": "New name"})
    assert (revised.json()["version"], revised.json()["name"]) == (2, "New name")
    assert [row["name"] for row in (await world.client.get(FLOWS)).json()] == ["New name"]
    assert (await world.client.get(address, params={"version": 1})).json()["name"] == flow["name"]
    assert (await world.client.put(f"{FLOWS}/nobody", json=flow | {"id": "nobody"})).status_code == 404
    assert (await world.client.put(address, json={**flow, "id": "other"})).status_code == 422


async def test_etags_answer_304_and_stop_lost_updates(world: World) -> None:
    flow = await created(world)
    address = f"{FLOWS}/{flow['id']}"
    tag = (await world.client.get(address)).headers["etag"]
    assert tag == '"v1.r0"'
    assert (await world.client.get(address, headers={"if-none-match": tag})).status_code == 304
    assert (await world.client.put(address, json={**flow, "name": "A"}, headers={"if-match": tag})).status_code == 200
    late = await world.client.put(address, json={**flow, "name": "B"}, headers={"if-match": tag})
    assert (late.status_code, late.json()["type"]) == (412, "/problems/lost-update")
    assert (await world.client.delete(address, headers={"if-match": tag})).status_code == 412
    assert (await world.client.get(address, headers={"if-none-match": tag})).status_code == 200


async def test_deleting_keeps_the_history_and_can_be_reverted(world: World) -> None:
    flow = await created(world)
    address = f"{FLOWS}/{flow['id']}"
    await world.client.put(address, json={**flow, "name": "Second"})
    assert (await world.client.delete(address)).status_code == 204
    assert (await world.client.get(address)).status_code == 404
    assert (await world.client.get(FLOWS)).json() == []
    assert (await world.client.put(address, json=flow)).status_code == 404
    assert (await world.client.post(f"{address}/revert", json={"version": 9})).status_code == 422
    back = await world.client.post(f"{address}/revert", json={"version": 1})
    assert (back.status_code, back.json()["version"], back.json()["name"]) == (200, 3, flow["name"])
    entries = (await world.client.get(f"{address}/history")).json()
    assert [(entry["type"], entry["version"]) for entry in entries] == [
        ("CallFlowCreated", 1), ("CallFlowRevised", 2), ("CallFlowDeleted", 2), ("CallFlowReverted", 3),
    ]  # fmt: skip
    assert entries[0]["actor"] == "local"


@pytest.mark.parametrize("sort", ["revision", "-revision"])
async def test_a_history_is_paged_both_ways(world: World, sort: str) -> None:
    flow = await created(world)
    address = f"{FLOWS}/{flow['id']}"
    for number in range(4):
        await world.client.put(address, json={**flow, "name": f"Name {number}"})
    whole = (await world.client.get(f"{address}/history", params={"sort": sort})).json()
    assert [entry["revision"] for entry in whole] == (list(range(5)) if sort == "revision" else list(range(4, -1, -1)))
    seen, target = [], f"{address}/history?limit=2&sort={sort}"
    while target:
        page = await world.client.get(target)
        seen += page.json()
        target = page.headers.get("link", "").split(">")[0].lstrip("<")
    assert seen == whole
    assert "$.name changed" in whole[1]["summary"]


async def test_the_past_can_be_read_by_time(world: World) -> None:
    flow = await created(world)
    address = f"{FLOWS}/{flow['id']}"
    second = (await world.client.put(address, json={**flow, "name": "Second"})).json()
    first = await world.client.get(address, params={"as_of": flow["updated_at"]})
    assert first.json()["name"] == flow["name"]
    assert (await world.client.get(address, params={"as_of": second["updated_at"]})).json()["name"] == "Second"
    assert (await world.client.get(address, params={"as_of": "2001-01-01T00:00:00Z"})).status_code == 404
    assert (await world.client.get(address, params={"as_of": "yesterday"})).status_code == 422


async def test_diff_and_blame_name_what_changed_and_who_did_it(world: World) -> None:
    flow = await created(world)
    address = f"{FLOWS}/{flow['id']}"
    steps = [{**item, "dtmf": "4"} if item["id"] == "press_3" else item for item in flow["steps"][1:]]
    await world.client.put(address, json={**flow, "steps": [*steps, step("bye", "WAIT")]})
    difference = (await world.client.get(f"{address}/diff", params={"from": 1, "to": 2})).json()
    assert [item["id"] for item in difference["added"]] == ["bye"]
    assert [item["id"] for item in difference["removed"]] == ["wait_greeting"]
    assert difference["changed"] == [{"id": "press_3", "changes": [{"path": "$.dtmf", "before": "3", "after": "4"}]}]
    assert difference["moved"] == difference["fields"] == []
    origins = {item["step_id"]: item for item in (await world.client.get(f"{address}/blame")).json()}
    assert (origins["press_3"]["introduced"]["version"], origins["press_3"]["form"]["version"]) == (1, 2)
    assert (origins["hold"]["form"]["version"], origins["bye"]["introduced"]["version"]) == (1, 2)
    assert (await world.client.get(f"{address}/diff", params={"from": 1})).status_code == 422
    assert (await world.client.get(f"{address}/diff", params={"from": 1, "to": 7})).status_code == 404


async def test_the_hash_chain_verifies(world: World) -> None:
    flow = await created(world)
    await world.client.put(f"{FLOWS}/{flow['id']}", json={**flow, "name": "Second"})
    verified = (await world.client.get(f"{FLOWS}/{flow['id']}/verify")).json()
    assert (verified["ok"], verified["events"], verified["breaks"]) == (True, 2, [])
    assert (await world.client.get(f"{FLOWS}/nobody/verify")).status_code == 404


async def test_every_fault_is_named_with_its_path_and_nothing_is_stored(world: World) -> None:
    steps = [
        step("a", "DTMF", next_step="nowhere"), step("a", "JUMP", timeout=-1), step("b", "DTMF", dtmf="3x", surprise=1),
        step("c", "WAIT", conditions={"when:x": "a", "on:timeout": "zz"}),
    ]  # fmt: skip
    response = await world.client.post(FLOWS, json={"company": 5, "phone_number": "555", "steps": steps, "extra": True})
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    paths = {fault["path"] for fault in response.json()["faults"]}
    assert paths == {
        "$.name", "$.company", "$.phone_number", "$.extra", "$.steps[0].next_step", "$.steps[0].dtmf", "$.steps[1].id",
        "$.steps[1].type", "$.steps[1].timeout", "$.steps[2].dtmf", "$.steps[2].surprise", '$.steps[3].conditions["when:x"]',
        '$.steps[3].conditions["on:timeout"]',
    }  # fmt: skip
    assert (await world.client.get(FLOWS)).json() == []
    assert await world.log.head_position() == 0


@pytest.mark.parametrize(
    ("content", "media_type", "status"),
    [
        (b"{", "application/json", 400), (b'"\xff"', "application/json", 400), (b"{}", "text/plain", 415), (b"[]", "application/json", 422),
        (b"[" * 5_000 + b"]" * 5_000, "application/json", 400), (b"[" * 40 + b"]" * 40, "application/json", 400),
        (b" " * 1_100_000, "application/json", 413), (b'{"a":1e999}', "application/json", 400),
        (b'{"name":"\\ud800"}', "application/json", 400),
    ],
)  # fmt: skip
async def test_bodies_that_cannot_be_read(world: World, content: bytes, media_type: str, status: int) -> None:
    response = await world.client.post(FLOWS, content=content, headers={"content-type": media_type})
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json"), response.text


async def test_pages_follow_the_cursor_while_flows_change(world: World) -> None:
    for number in range(7):
        await created(world, id=f"f{number}", name=f"Flow {number}")
    first = await world.client.get(FLOWS, params={"limit": 3})
    assert [flow["id"] for flow in first.json()] == ["f0", "f1", "f2"]
    await created(world, id="f00", name="Flow 0 and more")
    await world.client.delete(f"{FLOWS}/f3")
    second = await world.client.get(first.headers["link"].split(">")[0].lstrip("<"))
    assert [flow["id"] for flow in second.json()] == ["f4", "f5", "f6"]
    assert "link" not in second.headers
    backwards = await world.client.get(FLOWS, params={"sort": "-name", "limit": 2})
    assert [flow["id"] for flow in backwards.json()] == ["f6", "f5"]
    assert (await world.client.get(FLOWS, params={"cursor": "x"})).status_code == 422
    assert (await world.client.get(FLOWS, params={"limit": "0", "sort": "colour", "colour": "red"})).json()["faults"][2][
        "path"
    ] == "query.limit"


async def test_an_idempotency_key_gives_the_same_answer_also_after_a_restart(world: World, tmp_path: Path) -> None:
    keyed = {"idempotency-key": "k1"}
    first = await world.client.post(FLOWS, json=chase(), headers=keyed)
    again = await world.client.post(FLOWS, json=chase(), headers=keyed)
    assert (again.status_code, again.json(), again.headers["idempotent-replayed"]) == (201, first.json(), "true")
    assert again.headers["etag"] == first.headers["etag"]
    other = await world.client.post(FLOWS, json=chase(name="Other"), headers=keyed)
    assert (other.status_code, other.json()["faults"][0]["path"]) == (422, "header.Idempotency-Key")
    async with running(tmp_path, log=world.log, engine=world.engine) as restarted:
        assert (await restarted.client.post(FLOWS, json=chase(), headers=keyed)).json() == first.json()
        assert len((await restarted.client.get(FLOWS)).json()) == 1


async def test_the_store_away_is_a_503_that_says_so(world: World) -> None:
    flow = await created(world)
    world.log.go_away()  # type: ignore[attr-defined]
    refused = await world.client.post(FLOWS, json=chase())
    assert (refused.status_code, refused.json()["dependency"]) == (503, "event_store")
    ready = await world.client.get("/health/ready")
    assert (ready.status_code, ready.json()["checks"]["event_store"]["ok"]) == (503, False)
    assert [row["id"] for row in (await world.client.get(FLOWS)).json()] == [flow["id"]]
    assert (await world.client.get("/health/live")).status_code == 200


async def test_health_and_metrics(world: World) -> None:
    await created(world)
    ready = await world.client.get("/health/ready")
    assert (ready.status_code, ready.json()["status"]) == (200, "ready"), ready.text
    assert ready.json()["checks"]["read_model"]["lag_events"] == 0
    text = (await world.client.get("/metrics")).text
    assert "flow_api_flows 1.0" in text
    assert 'flow_api_requests_total{method="POST",route="/api/call-flows",status="201"} 1.0' in text


async def test_unreachable_steps_are_allowed_and_said(world: World) -> None:
    response = await world.client.post(FLOWS, json={"name": "x", "steps": [step("a", "WAIT"), step("b", "WAIT")]})
    assert response.headers["flow-warnings"] == "[\"$.steps[1]: nothing leads to step 'b'\"]"


async def test_sound_that_is_not_there_is_said_before_a_call_needs_it(tmp_path: Path) -> None:
    (tmp_path / "here.wav").touch()
    steps = [
        step(name, "SPEAK", metadata={"audio_file": f"{name}.wav"}, next_step=then) for name, then in (("here", "gone"), ("gone", None))
    ]
    async with running(tmp_path / "data", audio_folder=tmp_path) as world:
        made = await world.client.post(FLOWS, json=chase(steps=steps))
        assert json.loads(made.headers["flow-warnings"]) == ["$.steps[1].metadata.audio_file: 'gone.wav' is not in the audio folder"]
        refused = await world.client.post("/api/calls", json={"flow_id": made.json()["id"]})
        assert refused.json()["detail"] == f"$.flow_id: the flow {made.json()['id']} plays 'gone.wav', which is not in the audio folder"
    async with running(tmp_path / "other") as world:
        made = await world.client.post(FLOWS, json=chase(steps=[*steps[:1], step("gone", "WAIT")]))
        assert "FLOW_API_AUDIO_FOLDER is not set" in made.headers["flow-warnings"]


async def test_lookup_finds_the_flow_to_follow(world: World) -> None:
    await created(world)
    found = await world.client.get(f"{FLOWS}/lookup", params={"phone_number": NUMBER, "intent": "dispute"})
    assert found.json()["id"] == "chase_bank_disputes"
    assert (await world.client.get(f"{FLOWS}/lookup", params={"phone_number": "+15550001111"})).status_code == 404
    assert (await world.client.get(f"{FLOWS}/lookup")).status_code == 422


async def test_security_headers_and_foreign_pages(world: World) -> None:
    response = await world.client.get(FLOWS)
    assert response.headers["content-security-policy"].startswith("default-src 'self'")
    for headers in ({"host": "evil.example"}, {"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
        assert (await world.client.get(FLOWS, headers=headers)).status_code == 403
    assert (await world.client.get(FLOWS, headers={"origin": "http://localhost"})).status_code == 200


async def test_tokens_with_scopes(world: World) -> None:
    reader = world.service.tokens.create("reader", ["flows:read"])
    writer = world.service.tokens.create("writer", ["flows:read", "flows:write"])
    assert (await world.client.get(FLOWS)).status_code == 401
    assert (await world.client.get(FLOWS, headers={"authorization": "Bearer nonsense"})).status_code == 401
    as_reader, as_writer = ({"authorization": f"Bearer {token}"} for token in (reader, writer))
    assert (await world.client.get(FLOWS, headers=as_reader)).status_code == 200
    assert (await world.client.post(FLOWS, json=chase(), headers=as_reader)).status_code == 403
    flow = (await world.client.post(FLOWS, json=chase(), headers=as_writer)).json()
    assert (await world.client.get(f"{FLOWS}/{flow['id']}/history", headers=as_reader)).json()[0]["actor"] == "writer"
    world.service.tokens.revoke("writer")
    assert (await world.client.post(FLOWS, json=chase(), headers=as_writer)).status_code == 401


async def test_too_many_requests_are_slowed(tmp_path: Path) -> None:
    async with running(tmp_path, rate_per_s=1.0, rate_burst=3) as world:
        assert [(await world.client.get(FLOWS)).status_code for _ in range(4)] == [200, 200, 200, 429]
        world.clock.monotonic += 1.0
        assert (await world.client.get(FLOWS)).status_code == 200


async def test_a_plus_that_was_not_escaped_is_still_a_plus(world: World) -> None:
    """In a query a bare plus is a space, and no number begins with one."""
    flow = await created(world)
    for path in (f"{FLOWS}?phone_number={NUMBER}", f"{FLOWS}?phone_number=%2B{NUMBER[1:]}"):
        assert [one["id"] for one in (await world.client.get(path)).json()] == [flow["id"]]
    started = (await world.client.post("/api/calls", json={"phone_number": NUMBER, "mode": "explore"})).json()
    assert [one["id"] for one in (await world.client.get(f"/api/calls?phone_number={NUMBER}")).json()] == [started["id"]]


async def test_an_if_match_that_is_no_etag_of_ours_says_so(world: World) -> None:
    flow = await created(world)
    refused = await world.client.put(f"{FLOWS}/{flow['id']}", json=flow, headers={"if-match": "bogus"})
    assert (refused.status_code, refused.json()["detail"]) == (412, "The flow is at version 1, and If-Match names no version.")


async def test_each_end_of_a_diff_that_is_missing_is_named(world: World) -> None:
    flow = await created(world)
    refused = await world.client.get(f"{FLOWS}/{flow['id']}/diff", params={"x": "1"})
    assert [fault["path"] for fault in refused.json()["faults"]] == ["query.x", "query.from", "query.to"]


async def test_a_version_of_a_deleted_flow_is_what_it_was(world: World) -> None:
    flow = await created(world)
    await world.client.delete(f"{FLOWS}/{flow['id']}")
    assert (await world.client.get(f"{FLOWS}/{flow['id']}", params={"version": 1})).json() == flow


async def test_an_address_where_nothing_is(world: World) -> None:
    for path in ("/nowhere", "/api/nothing", f"{FLOWS}/a%2Fb"):
        missing = await world.client.get(path)
        assert (missing.status_code, missing.json()["detail"]) == (404, "There is nothing at this address.")


async def test_a_key_that_is_there_twice_is_refused_and_named(world: World) -> None:
    """Whichever of the two were kept, something that was sent would be lost."""
    body = json.dumps(chase()).replace('"dtmf": "3"', '"dtmf": "4", "dtmf": "3"')
    answer = await world.client.post(FLOWS, content=body, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["faults"]) == (422, [{"path": "$.steps[2].dtmf", "message": "is there twice"}])
