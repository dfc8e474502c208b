"""Writers on the real protocol: N of them on one flow lose nothing, and two learners make one flow."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from event_log import client
from event_log.port import EventLog
from flow_api.commands.handle import FlowCommands
from flow_api.domain.flow import CreateFlow, RecordOutcome, State, decide
from flow_api.domain.flow_events import AnyFlowEvent, CallOutcomeRecorded, FlowContent
from flow_api.domain.hash_chain import breaks
from flow_api.flow_stream import FlowStreams, link_of
from flow_api.ports import Who

from tests.support.event_store import running_node
from tests.support.flow_service import SteppingClock

WRITERS, EACH = 4, 6


@pytest_asyncio.fixture
async def store(tmp_path: Path) -> AsyncIterator[str]:
    async with running_node(tmp_path / "log.db") as uri:
        yield uri


async def counted(commands: FlowCommands, call_id: str) -> None:
    event = CallOutcomeRecorded(cause=f"outcome:{call_id}", call_id=call_id, outcome="bridged", result="success")

    def decision(state: State) -> list[AnyFlowEvent]:
        return decide(RecordOutcome(cause=event.cause, outcome=event), state)

    await commands.handle("chase", decision, Who(actor=call_id))


@pytest.mark.parametrize("apart", [False, True], ids=["one service", "services apart"])
async def test_writers_on_one_flow_lose_nothing(store: str, apart: bool) -> None:
    async with contextlib.AsyncExitStack() as stack:
        logs: list[EventLog] = []
        for _ in range(WRITERS):
            logs.append(await client.connect(store))
            stack.push_async_callback(logs[-1].close)
        shared = FlowCommands(FlowStreams(logs[0], SteppingClock()))
        each = [FlowCommands(FlowStreams(log, SteppingClock())) if apart else shared for log in logs]
        create = CreateFlow(cause="create", id="chase", content=FlowContent(name="Chase"))
        await each[0].handle("chase", lambda state: decide(create, state), Who(actor="me"))

        async def write(writer: int) -> None:
            for number in range(EACH):
                await counted(each[writer], f"{writer}.{number}")
                await counted(each[writer], f"{writer}.{number}")

        await asyncio.gather(*(write(writer) for writer in range(WRITERS)))
        stored = await each[0].streams.stored("chase")
        assert len(stored) == 1 + WRITERS * EACH
        assert breaks([link_of(event) for event in stored]) == []
        flow = (await each[-1].streams.load("chase")).state.flow
        assert flow is not None
        assert flow.success_count == WRITERS * EACH
