"""Writers on the real protocol: whatever N of them do to one flow, nothing is lost; learners that race make one flow."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from event_log import client
from event_log.port import EventLog
from flow_api.commands.handle import FlowCommands
from flow_api.domain.flow import AnyCommand, CreateFlow, RecordOutcome, ReviseFlow, State, decide
from flow_api.domain.flow_events import AnyFlowEvent, CallFlowRevised, CallOutcomeRecorded, FlowContent
from flow_api.domain.hash_chain import breaks
from flow_api.flow_stream import FlowStreams, link_of, record_of
from flow_api.ports import Who
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.support.event_store import RunningNode, start_node
from tests.support.fake_call_engine import FakeCallEngine, bank
from tests.support.flow_service import NUMBER, SteppingClock, World, running

INTENT = "dispute a charge"
#: What a writer does, by turns: counts an outcome, counts the same once more, gives the flow another name.
DEEDS = st.lists(st.sampled_from(["outcome", "again", "rename"]), min_size=1, max_size=6)

Store = tuple[asyncio.Runner, RunningNode]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One node for all tests, and a loop to use it in."""
    with asyncio.Runner() as runner:
        node = runner.run(start_node(tmp_path_factory.mktemp("store") / "log.db"))
        yield runner, node
        runner.run(node.stop())


@contextlib.asynccontextmanager
async def connected(uri: str, count: int) -> AsyncIterator[list[EventLog]]:
    async with contextlib.AsyncExitStack() as stack:
        logs: list[EventLog] = []
        for _ in range(count):
            logs.append(await client.connect(uri))
            stack.push_async_callback(logs[-1].close)
        yield logs


def deed(kind: str, name: str) -> AnyCommand:
    if kind == "rename":
        return ReviseFlow(cause=f"rename:{name}", content=FlowContent(name=name))
    outcome = CallOutcomeRecorded(cause=f"outcome:{name}", call_id=name, outcome="bridged", result="success")
    return RecordOutcome(cause=outcome.cause, outcome=outcome)


async def done(commands: FlowCommands, flow_id: str, command: AnyCommand) -> None:
    def decision(state: State) -> list[AnyFlowEvent]:
        return decide(command, state)

    await commands.handle(flow_id, decision, Who(actor=command.cause))


async def written_at_once(uri: str, flow_id: str, writers: list[list[str]], apart: bool) -> None:
    async with connected(uri, len(writers)) as logs:
        shared = FlowCommands(FlowStreams(logs[0], SteppingClock()))
        each = [FlowCommands(FlowStreams(log, SteppingClock())) if apart else shared for log in logs]
        await done(shared, flow_id, CreateFlow(cause="create", id=flow_id, content=FlowContent(name="at first")))

        async def write(writer: int) -> None:
            for number, kind in enumerate(writers[writer]):
                command = deed(kind, f"{writer}.{number}")
                await done(each[writer], flow_id, command)
                if kind == "again":
                    await done(each[writer - 1], flow_id, command)

        await asyncio.gather(*(write(writer) for writer in range(len(writers))))
        stored = await shared.streams.stored(flow_id)
        kinds = [kind for kinds in writers for kind in kinds]
        assert len(stored) == 1 + len(kinds)
        assert breaks([link_of(event) for event in stored]) == []
        flow = (await each[-1].streams.load(flow_id)).state.flow
        assert flow is not None
        assert (flow.version, flow.success_count) == (1 + kinds.count("rename"), len(kinds) - kinds.count("rename"))
        for writer in range(len(writers)):
            mine = [event for event in map(record_of, stored) if event.metadata.actor.split(":")[-1].split(".")[0] == str(writer)]
            assert [event.metadata.actor.split(".")[-1] for event in mine] == [str(n) for n in range(len(writers[writer]))], (
                "in their order"
            )
            assert sum(isinstance(event.event, CallFlowRevised) for event in mine) == writers[writer].count("rename")


FLOW_IDS = (f"flow-{number}" for number in itertools.count())


@given(st.lists(DEEDS, min_size=2, max_size=5), st.booleans())
@example([["outcome", "again"] * 3] * 4, True)
@example([["outcome", "again"] * 3] * 4, False)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_writers_on_one_flow_lose_nothing(store: Store, writers: list[list[str]], apart: bool) -> None:
    """In one service, and in services apart."""
    runner, node = store
    runner.run(written_at_once(node.uri, next(FLOW_IDS), writers, apart))


def test_learners_of_two_services_racing_make_one_flow(store: Store, tmp_path: Path) -> None:
    runner, node = store
    runner.run(race(node.uri, tmp_path))


async def race(uri: str, folder: Path) -> None:
    async with connected(uri, 2) as logs:
        engine = FakeCallEngine(logs[0])
        engine.script = bank()
        async with running(folder / "one", log=logs[0], engine=engine) as one, running(folder / "two", log=logs[1], engine=engine) as two:
            calls = [await called(one, f"call-{number}") for number in range(3)]
            asked = [learned(world, call) for call in calls for world in (one, two)]
            answers = await asyncio.gather(*asked)
            results = sorted(answer["learning"]["result"] for answer in answers)
            assert len({answer["id"] for answer in answers}) == 1
            assert (results.count("created"), results.count("unchanged")) == (1, 3), "each call is learned once, whoever is first"
            shown = (await one.client.get(f"/api/call-flows/{answers[0]['id']}/verify")).json()
            assert (shown["ok"], shown["breaks"]) == (True, [])
            flows = (await two.client.get("/api/call-flows", params={"phone_number": NUMBER})).json()
            assert [(flow["success_count"], flow["fail_count"]) for flow in flows] == [(3, 0)]


async def called(world: World, key: str) -> str:
    asked = {"phone_number": NUMBER, "intent": INTENT, "mode": "explore"}
    answer = await world.client.post("/api/calls", json=asked, headers={"idempotency-key": key})
    return str(answer.json()["id"])


async def learned(world: World, call_id: str) -> Any:
    answer = await world.client.post("/api/call-flows/learn", json={"call_id": call_id})
    assert answer.status_code in (200, 201), answer.text
    return answer.json()
