"""The CallEngine port of flow-api: what every adapter does, the one in memory and the one over gRPC."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator

import msgspec
import pytest
import pytest_asyncio
from call_contract.flows import CallFlow, CallFlowStep, CallFlowStepType
from event_log.memory import MemoryEventLog
from flow_api.adapters.call_engine_grpc import GrpcCallEngine
from flow_api.adapters.call_engines import CallEngines
from flow_api.domain.errors import Conflict, IllegalNow, NotFound, Refused, Unavailable
from flow_api.ports import CallEngine, CallOrder, Meter, WatchedEvent

from tests.support.engine_servicer import serving
from tests.support.fake_call_engine import FakeCallEngine, bank

AT = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
EXPLORE = CallOrder(call_id="c1", phone_number="+18005551234", intent="dispute a charge", company="Chase Bank", personal_data_key=b"k" * 32)
FLOW = CallFlow(
    id="chase", name="Chase", phone_number="+18005551234", created_at=AT, updated_at=AT, version=3,
    steps=[
        CallFlowStep(id="a", type=CallFlowStepType.DTMF, description="", dtmf="3", timeout=2.5, next_step="b", metadata={"x": [1, None]}),
        CallFlowStep(id="b", type=CallFlowStepType.HOLD, description="hold", conditions={"on:silence": "a", "heard:hello": "b"}),
    ],
)  # fmt: skip
FOLLOW = CallOrder(
    call_id="c2", phone_number="+18005551234", intent="x", flow=FLOW, audio_files={"a.wav": b"\x00\xff"}, device="phone", ring_early=True,
    accept_callback=True,
    limits={"max_call_s": 60}, actor="me", correlation_id="why",
)  # fmt: skip


class Both:
    """The engine behind, and the port in front of it."""

    def __init__(self, behind: FakeCallEngine, port: CallEngine) -> None:
        self.behind, self.port = behind, port


@pytest_asyncio.fixture(params=["memory", "grpc", "several"])
async def engine(request: pytest.FixtureRequest) -> AsyncIterator[Both]:
    behind = FakeCallEngine(MemoryEventLog())
    if request.param == "memory":
        yield Both(behind, behind)
        return
    async with serving(behind) as address:
        behind.address = address
        port = GrpcCallEngine(address) if request.param == "grpc" else several(address)
        yield Both(behind, port)
        await port.close()


def several(target: str) -> CallEngines:
    return CallEngines(target, connect=GrpcCallEngine, engine_of=lambda _: None, reached_at={})


@pytest.mark.parametrize("order", [EXPLORE, FOLLOW, msgspec.structs.replace(EXPLORE, known_flow=FLOW)])
async def test_an_order_arrives_whole_and_is_started_once(engine: Both, order: CallOrder) -> None:
    started = await engine.port.start(order)
    assert (started.call_id, started.last_ordinal, started.is_over) == (order.call_id, 0, False)
    assert engine.behind.calls[order.call_id].order == order
    assert await engine.port.start(order) == started
    with pytest.raises(Conflict):
        await engine.port.start(msgspec.structs.replace(order, intent="something else"))


async def test_conditions_keep_their_order(engine: Both) -> None:
    await engine.port.start(FOLLOW)
    flow = engine.behind.calls["c2"].order.flow
    assert flow is not None
    assert list(flow.steps[1].conditions) == ["on:silence", "heard:hello"]


async def test_watching_gives_past_and_future_events_up_to_the_end(engine: Both) -> None:
    engine.behind.script = bank()[:4]
    await engine.port.start(EXPLORE)
    seen: list[WatchedEvent] = []
    async for item in engine.port.watch("c1", 2):
        assert isinstance(item, WatchedEvent)
        seen.append(item)
        if len(seen) == 3:
            await engine.behind.meet("c1", *bank()[4:])
    assert [item.ordinal for item in seen] == list(range(2, 14))
    assert (seen[-1].type, seen[-1].body["outcome"]) == ("CallEnded", "bridged")
    assert seen[0].recorded_at


async def test_meters_are_given_where_asked_for(engine: Both) -> None:
    await engine.port.start(EXPLORE)
    watching = engine.port.watch("c1", 0, meters=True)
    kinds = [type(await anext(watching)), type(await anext(watching))]
    assert kinds == [WatchedEvent, Meter]
    await watching.aclose()  # type: ignore[attr-defined]


async def test_a_call_is_steered_and_ended(engine: Both) -> None:
    await engine.port.start(EXPLORE)
    assert (await engine.port.send_digits("c1", "12", actor="me")).last_ordinal == 2
    assert (await engine.port.transfer("c1", "phone", actor="me")).last_ordinal == 4
    ended = await engine.port.end("c1", reason="enough", actor="me")
    assert (ended.is_over, ended.outcome, ended.reason) == (True, "cancelled", "enough")
    assert await engine.port.end("c1", reason="again", actor="me") == ended
    with pytest.raises(IllegalNow):
        await engine.port.send_digits("c1", "1", actor="me")


async def test_unknown_calls_and_guards(engine: Both) -> None:
    for question in (engine.port.get("no"), engine.port.end("no", reason="", actor=""), engine.port.send_digits("no", "1", actor="")):
        with pytest.raises(NotFound):
            await question
    with pytest.raises(NotFound):
        await anext(engine.port.watch("no", 0))
    engine.behind.refuse = "premium"
    with pytest.raises(Refused, match="premium"):
        await engine.port.start(EXPLORE)
    await engine.port.check()


async def test_a_guard_that_refuses_an_order_is_told_from_a_call_that_is_over(engine: Both) -> None:
    await engine.port.start(EXPLORE)
    engine.behind.refuse = "refused by rule emergency"
    for order in (engine.port.send_digits("c1", "911", actor="me"), engine.port.transfer("c1", "phone", actor="me")):
        with pytest.raises(Refused, match="refused by rule emergency"):
            await order


async def test_an_engine_that_takes_no_new_calls_is_not_ready_for_any(engine: Both) -> None:
    await engine.port.start(EXPLORE)
    await engine.behind.drain()
    with pytest.raises(Unavailable, match="call_engine"):
        await engine.port.check()
    assert (await engine.port.get("c1")).call_id == "c1"


async def test_an_engine_without_lines_says_why(engine: Both) -> None:
    engine.behind.lines_trouble = "the SIP account cannot be used: port 5060 is in use – by Zoë"
    with pytest.raises(Unavailable, match="port 5060 is in use – by Zoë"):
        await engine.port.check()


async def test_an_engine_that_is_not_there_is_unavailable() -> None:
    port = GrpcCallEngine("127.0.0.1:1")
    for question in (port.check(), port.get("c1"), port.start(EXPLORE), anext(port.watch("c1", 0))):
        with pytest.raises(Unavailable, match="call_engine"):
            await asyncio.ensure_future(question)
    await port.close()
