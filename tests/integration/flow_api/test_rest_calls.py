"""Calls over REST: start, watch, steer, learn, follow; with an engine that behaves."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from call_contract import call_events as ev
from flow_api.http.sse import body
from flow_api.projections.flow_list import FlowFilter, Page

from tests.support.fake_call_engine import START, bank, busy, shut
from tests.support.flow_service import NUMBER, World, chase, running

CALLS, FLOWS = "/api/calls", "/api/call-flows"
ASKED = {"phone_number": NUMBER, "intent": "dispute a charge", "company": "Chase Bank"}


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with running(tmp_path) as world:
        yield world


async def call(world: World, script: list[ev.CallEvent], **more: Any) -> dict[str, Any]:
    world.engine.script = script
    response = await world.client.post(CALLS, json={**ASKED, **more})
    assert response.status_code == 201, response.text
    answer: dict[str, Any] = response.json()
    return answer


async def events(world: World, call_id: str, **options: Any) -> list[dict[str, Any]]:
    text = (await world.client.get(f"{CALLS}/{call_id}/events", **options)).text
    return [json.loads(line.removeprefix("data: ")) for line in text.splitlines() if line.startswith("data: ")]


async def learn(world: World, call_id: str, **more: Any) -> Any:
    return await world.client.post(f"{FLOWS}/learn", json={"call_id": call_id, **more})


async def test_a_started_call_is_got_and_listed_at_once(world: World) -> None:
    started = await call(world, [])
    assert (started["state"], started["mode"], started["why"]) == ("requested", "explore", "no flow is known for this number and intent")
    got = (await world.client.get(f"{CALLS}/{started['id']}")).json()
    assert got == {name: value for name, value in started.items() if name != "why"}
    assert (await world.client.get(CALLS)).json() == [got]
    assert (await world.client.get(CALLS, params={"state": "ended"})).json() == []
    order = world.engine.calls[started["id"]].order
    assert len(order.personal_data_key) == 32


async def test_an_exploration_is_learned_and_then_followed(world: World) -> None:
    explored = await call(world, bank())
    response = await learn(world, explored["id"], phone_number=NUMBER, company="Chase Bank")
    flow = response.json()
    assert (response.status_code, flow["learning"]["result"]) == (201, "created")
    assert [step["type"] for step in flow["steps"]] == ["WAIT", "LISTEN", "LISTEN", "HOLD", "TRANSFER"]
    assert (flow["version"], flow["success_count"], flow["fail_count"]) == (1, 1, 0)
    followed = await call(world, bank())
    assert (followed["mode"], followed["flow_id"], followed["flow_version"]) == ("follow", flow["id"], 1)
    sent = world.engine.calls[followed["id"]].order.flow
    assert sent is not None
    assert [step.dtmf for step in sent.steps] == [None, "3", "1", None, None]
    again = await call(world, bank(), mode="explore")
    assert again["why"] == "an exploration was asked for; every option that was heard is known"
    assert world.engine.calls[again["id"]].order.known_flow is not None


async def test_what_a_call_teaches_is_of_when_it_was_made_and_says_how_far_it_can_be_trusted(world: World) -> None:
    """Weekday and hour are those at which it was called: the hold may end in another."""
    explored = await call(world, bank())
    flow = (await learn(world, explored["id"])).json()
    made_at = START.isoformat(timespec="milliseconds")
    assert flow["steps"][0]["metadata"]["learned_from"] == {explored["id"]: made_at}
    assert list(flow["steps"][3]["metadata"]["hold"]["slots"]) == ["sun-09"]
    shown = await world.client.get(f"{FLOWS}/{flow['id']}")
    trust = [shown.headers[name] for name in ("Flow-Confidence", "Flow-Last-Heard", "Flow-Stale")]
    assert trust == ["0.2065", made_at, "false"]
    world.clock.advance(days=120)
    found = await world.client.get(f"{FLOWS}/lookup", params={"phone_number": NUMBER, "intent": ASKED["intent"]})
    assert found.headers["Flow-Stale"] == "true"
    by_hand = await world.client.post(FLOWS, json=chase())
    assert "Flow-Confidence" not in (await world.client.get(f"{FLOWS}/{by_hand.json()['id']}")).headers


async def test_learning_a_call_twice_changes_nothing(world: World) -> None:
    explored = await call(world, bank())
    first = await learn(world, explored["id"])
    together = await asyncio.gather(*(learn(world, explored["id"]) for _ in range(4)))
    assert {(answer.status_code, answer.json()["learning"]["result"]) for answer in together} == {(200, "unchanged")}
    assert together[0].json()["steps"] == first.json()["steps"]
    assert len((await world.client.get(f"{FLOWS}/{first.json()['id']}/history")).json()) == 2


async def test_two_learners_racing_make_one_flow(world: World) -> None:
    calls = [await call(world, bank(), mode="explore") for _ in range(3)]
    answers = await asyncio.gather(*(learn(world, one["id"]) for one in calls))
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert sorted(answer.json()["learning"]["result"] for answer in answers)[0] == "created"
    flows = (await world.client.get(FLOWS)).json()
    assert [(flow["success_count"], flow["fail_count"]) for flow in flows] == [(3, 0)]


async def test_what_cannot_be_learned_says_why(world: World) -> None:
    assert (await learn(world, "nobody")).status_code == 404
    running_call = await call(world, [])
    assert (await learn(world, running_call["id"])).status_code == 409
    nothing = await call(world, busy())
    answer = await learn(world, nothing["id"])
    assert (answer.status_code, answer.json()["faults"][0]["path"]) == (422, "$.call_id")
    explored = await call(world, bank())
    elsewhere = await learn(world, explored["id"], phone_number="+15550009999")
    assert (elsewhere.status_code, elsewhere.json()["faults"][0]["path"]) == (422, "$.phone_number")
    assert (await world.client.post(f"{FLOWS}/learn", json={"call": 1})).status_code == 422


async def test_events_are_streamed_to_the_end_and_resumed(world: World) -> None:
    started = await call(world, bank())
    whole = await events(world, started["id"])
    assert [event["ordinal"] for event in whole] == list(range(14))
    assert (whole[0]["type"], whole[-1]["type"], whole[-1]["outcome"]) == ("CallRequested", "CallEnded", "bridged")
    assert await events(world, started["id"], headers={"last-event-id": "11"}) == whole[12:]
    assert await events(world, started["id"], params={"from": 12}) == whole[12:]
    world.engine.calls.clear()
    assert await events(world, started["id"]) == whole, "the store has them too"
    over = await world.client.get(f"{CALLS}/{started['id']}/events", headers={"last-event-id": "13"})
    assert (over.status_code, over.content) == (204, b""), "an EventSource that is told so does not come back"
    assert await events(world, started["id"], params={"from": 14}) == []
    for odd in ("x", "", "-1", "1" * 10):
        refused = await world.client.get(f"{CALLS}/{started['id']}/events", headers={"last-event-id": odd})
        assert refused.status_code == 422, odd
    assert (await world.client.get(f"{CALLS}/nobody/events")).status_code == 404


async def test_events_are_live_while_the_call_runs(world: World) -> None:
    started = await call(world, bank()[:3])
    stream = body(world.service.call_events.stream(started["id"], 0), heartbeat_s=0.01)
    seen: list[bytes] = []
    async for piece in stream:
        seen.append(piece)
        if b"heartbeat" in piece:
            await world.engine.meet(started["id"], *bank()[3:])
    assert b"event: CallEnded" in seen[-1]
    assert sum(piece.startswith(b"id:") for piece in seen) == 14
    assert any(piece.startswith(b": heartbeat") for piece in seen)


async def test_where_the_engine_is_lost_the_store_goes_on(world: World) -> None:
    started = await call(world, bank()[:3])
    stream = body(world.service.call_events.stream(started["id"], 0), heartbeat_s=0.01)
    types: list[bytes] = []
    async for piece in stream:
        if piece.startswith(b"id:"):
            types.append(piece.split(b"\n")[1])
        elif b"heartbeat" in piece and not world.engine.away:
            world.engine.away = True
            await world.engine.meet(started["id"], *bank()[3:])
    assert (len(types), types[-1]) == (14, b"event: CallEnded")


async def test_a_call_is_steered_and_ended(world: World) -> None:
    started = await call(world, bank()[:3])
    address = f"{CALLS}/{started['id']}"
    assert (await world.client.post(f"{address}/digits", json={"digits": "12#"})).json()["digits"] == "12#"
    assert (await world.client.post(f"{address}/digits", json={"digits": "1;"})).status_code == 422
    assert (await world.client.post(f"{address}/transfer")).json()["state"] == "transferring"
    ended = await world.client.delete(address)
    assert (ended.status_code, ended.json()["state"], ended.json()["outcome"]) == (200, "ended", "cancelled")
    assert (await world.client.delete(address)).status_code == 200
    assert (await world.client.post(f"{address}/digits", json={"digits": "1"})).status_code == 409
    assert (await world.client.delete(f"{CALLS}/nobody")).status_code == 404


async def test_requests_for_calls_are_checked_whole(world: World) -> None:
    asked = {"phone_number": "911", "mode": "guess", "limits": {"max_call_s": -1, "max_fun": 1}, "intent": 3, "nonsense": 1}
    response = await world.client.post(CALLS, json=asked)
    assert {fault["path"] for fault in response.json()["faults"]} == {
        "$.phone_number", "$.mode", "$.limits.max_call_s", "$.limits.max_fun", "$.intent", "$.nonsense",
    }  # fmt: skip
    assert (await world.client.post(CALLS, json={**ASKED, "flow_id": "nobody"})).status_code == 404
    assert (await world.client.post(CALLS, json={**ASKED, "mode": "follow"})).status_code == 404
    await world.client.post(FLOWS, json=chase(id="empty", steps=[]))
    assert (await world.client.post(CALLS, json={"flow_id": "empty", "mode": "follow"})).status_code == 422
    assert world.engine.calls == {}


async def test_an_idempotency_key_never_dials_twice(world: World) -> None:
    keyed = {"idempotency-key": "once"}
    answers = await asyncio.gather(*(world.client.post(CALLS, json=ASKED, headers=keyed) for _ in range(3)))
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert len(world.engine.calls) == 1


async def test_while_the_read_model_is_behind_nobody_is_called_on_what_it_lacks(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A flow that it has not taken in yet would be explored instead of followed."""
    await world.service.updates.whole()
    monkeypatch.setattr("flow_api.projections.subscription.CATCH_UP_S", 0.0)
    assert (await world.client.get("/api/call-flows")).headers["read-model"] == "applied"
    world.service.updates.caught_up = False
    refused = await world.client.post(CALLS, json={"phone_number": NUMBER})
    assert (refused.status_code, refused.json()["dependency"], refused.headers["retry-after"]) == (503, "read_model", "2")
    assert world.engine.calls == {}
    looked_up = await world.client.get("/api/call-flows/lookup", params={"phone_number": NUMBER})
    assert (looked_up.status_code, looked_up.json()["dependency"]) == (503, "read_model")
    for path in ("/api/call-flows", CALLS):
        assert (await world.client.get(path)).headers["read-model"] == "behind"
    assert (await world.client.post(CALLS, json={"phone_number": NUMBER, "mode": "explore"})).status_code == 201


async def test_a_read_model_that_is_behind_because_the_store_is_away_says_that(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await world.service.updates.whole()
    monkeypatch.setattr("flow_api.projections.subscription.CATCH_UP_S", 0.0)
    world.log.go_away()  # type: ignore[attr-defined]
    world.service.updates.caught_up = False
    refused = await world.client.post(CALLS, json={"phone_number": NUMBER})
    assert (refused.status_code, refused.json()["dependency"]) == (503, "event_store")
    assert world.engine.calls == {}


async def test_the_engine_away_is_a_503_that_says_so(world: World) -> None:
    world.engine.away = True
    refused = await world.client.post(CALLS, json=ASKED)
    assert (refused.status_code, refused.json()["dependency"]) == (503, "call_engine")
    ready = (await world.client.get("/health/ready")).json()
    assert (ready["checks"]["call_engine"]["ok"], ready["checks"]["event_store"]["ok"]) == (False, True)


async def test_a_guard_that_refuses_is_a_403(world: World) -> None:
    world.engine.refuse = "refused by rule premium: premium numbers are not dialled"
    refused = await world.client.post(CALLS, json=ASKED)
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/refused")


async def test_erased_personal_data_is_unreadable_and_the_rest_is_not(world: World) -> None:
    started = await call(world, bank())
    before = await events(world, started["id"])
    assert (await world.client.delete(f"{CALLS}/{started['id']}/personal-data")).status_code == 204
    after = await events(world, started["id"])
    assert next(event for event in after if event["type"] == "HumanDetected")["said"] is None
    assert [event["type"] for event in after] == [event["type"] for event in before]
    assert world.service.keys.is_forgotten(started["id"])
    assert (await world.client.delete(f"{CALLS}/nobody/personal-data")).status_code == 404


async def test_a_recorded_conversation_is_a_file_that_is_left_and_the_answer_says_where(world: World) -> None:
    whole = bank()
    at = next(index for index, event in enumerate(whole) if isinstance(event, ev.CallBridged)) + 1
    recorded = ev.RecordingStarted(at_ms=81_000, announced="This call is recorded.", file="c.wav")
    started = await call(world, [*whole[:at], recorded, *whole[at:]])
    await events(world, started["id"])  # to its end
    answered = await world.client.delete(f"{CALLS}/{started['id']}/personal-data")
    assert (answered.status_code, answered.json()["recording"]) == (200, "c.wav")
    assert "delete this file" in answered.json()["note"]
    shown = (await world.client.get(f"{CALLS}/{started['id']}")).json()
    assert (shown["recording"], shown["engine"]) == ("c.wav", answered.json()["engine"])


async def test_ended_calls_teach_by_themselves(tmp_path: Path) -> None:
    async with running(tmp_path, learn_automatically=True) as world:
        await call(world, bank())

        def learned() -> bool:
            return world.service.reads.flow_for(NUMBER, ASKED["intent"]) is not None

        assert await world.service.updates.wait_until(learned)
        await call(world, bank())

        def counted() -> bool:
            row = world.service.reads.flow_for(NUMBER, ASKED["intent"])
            return row is not None and row.flow.success_count == 2

        assert await world.service.updates.wait_until(counted)
    async with running(tmp_path, log=world.log, engine=world.engine, learn_automatically=True) as again:
        flow = (await again.client.get(FLOWS)).json()[0]
        assert (flow["version"], flow["success_count"]) == (1, 2), "a restart learns nothing twice"


async def test_followed_calls_add_to_what_is_known_and_make_no_version(tmp_path: Path) -> None:
    """The waits and timings of every call count; but a flow written by hand is not rewritten by being followed."""
    async with running(tmp_path, learn_automatically=True) as world:
        await call(world, bank())

        def learned_from(count: int) -> bool:
            row = world.service.reads.flow_for(NUMBER, ASKED["intent"])
            return row is not None and len(row.flow.content.steps[0].metadata["learned_from"]) == count

        assert await world.service.updates.wait_until(lambda: learned_from(1))
        followed = await call(world, bank())
        assert await world.service.updates.wait_until(lambda: learned_from(2))
        row = world.service.reads.flow_for(NUMBER, ASKED["intent"])
        assert row is not None
        hold = row.flow.content.steps[3].metadata["hold"]
        assert (row.flow.version, row.flow.success_count, hold["overall"]["n"]) == (1, 2, 2)
        assert (await learn(world, followed["id"])).json()["learning"]["result"] == "unchanged"
        await call(world, shut())

        def told_when() -> bool:
            row = world.service.reads.flow_for(NUMBER, ASKED["intent"])
            seen = [step.metadata.get("endings", {}) for step in row.flow.content.steps] if row is not None else []
            return any(one.get("closed", {}).get("slots") == {"sun-09": 1} for one in seen)

        assert await world.service.updates.wait_until(told_when)
        await world.client.delete(f"{FLOWS}/{row.flow.id}")
        by_hand = (await world.client.post(FLOWS, json=chase(description=ASKED["intent"]))).json()
        await call(world, bank(), flow_id=by_hand["id"], mode="follow")

        def counted() -> bool:
            rows, _ = world.service.reads.flows(FlowFilter(), Page())
            return any(one.flow.id == by_hand["id"] and one.flow.success_count == 1 for one in rows)

        assert await world.service.updates.wait_until(counted)
        after = (await world.client.get(f"{FLOWS}/{by_hand['id']}")).json()
        assert (after["version"], after["steps"]) == (1, by_hand["steps"])


async def test_calls_are_narrowed_by_what_a_call_can_be(world: World) -> None:
    await call(world, bank())
    assert len((await world.client.get(CALLS, params={"state": "ended", "outcome": "bridged"})).json()) == 1
    for odd in ({"state": "finished"}, {"outcome": "success"}):
        refused = await world.client.get(CALLS, params=odd)
        assert (refused.status_code, refused.json()["faults"][0]["path"]) == (422, f"query.{next(iter(odd))}")
