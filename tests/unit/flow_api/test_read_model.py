"""The read model: any batching, restart or duplicate delivery gives the same rows; a poison event stops nothing."""

from __future__ import annotations

import asyncio
import sqlite3
import uuid

import msgspec
from call_contract.streams import EventMetadata
from event_log.memory import MemoryEventLog
from event_log.records import Checkpoint, NewEvent, RecordedEvent
from flow_api.commands.handle import FlowCommands
from flow_api.domain.errors import DomainError
from flow_api.domain.flow import AnyCommand, CreateFlow, decide
from flow_api.flow_stream import FlowStreams
from flow_api.ports import CallOrder, Who
from flow_api.projections.flow_list import FlowFilter, Page
from flow_api.projections.projector import apply, checkpoint
from flow_api.projections.read_model import ReadModel, open_database
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.fake_call_engine import FakeCallEngine, bank
from tests.support.flow_commands import commands
from tests.support.flow_service import SteppingClock

TABLES = ("flows", "flow_words", "flow_tags", "calls", "dead_letters", "checkpoint")


def log_of(given_commands: list[AnyCommand]) -> list[RecordedEvent]:
    """A log with the commands spread over three flows, a call, and an event that is none of ours."""

    async def run() -> list[RecordedEvent]:
        log = MemoryEventLog()
        handling = FlowCommands(FlowStreams(log, SteppingClock()))
        for index, command in enumerate(given_commands):
            flow_id = f"f{index % 3}"
            own = msgspec.structs.replace(command, id=flow_id) if isinstance(command, CreateFlow) else command
            try:
                await handling.handle(flow_id, lambda state, own=own: decide(own, state), Who(actor="me"))  # type: ignore[misc]
            except DomainError:
                continue
        await log.append("callflow-bad", [poison()], expected=-1)
        engine = FakeCallEngine(log)
        engine.script = bank()
        await engine.start(CallOrder(call_id="c", phone_number="+18005551234"))
        return [event async for event in log.read_all()]

    return asyncio.run(run())


def poison() -> NewEvent:
    metadata = msgspec.json.encode(EventMetadata(schema=1, actor="x", recorded_at="2026-01-01T00:00:00+00:00"))
    return NewEvent(id=uuid.UUID(int=5), type="CallFlowRevised", data=b'{"cause":"x","content":{"name":"first"}}', metadata=metadata)


def rows(db: sqlite3.Connection) -> dict[str, list[tuple[object, ...]]]:
    return {table: sorted(db.execute(f"SELECT * FROM {table}").fetchall()) for table in TABLES}


@given(st.lists(commands(), min_size=3, max_size=10), st.data())
@settings(max_examples=25, deadline=None)
def test_any_batching_restart_or_duplicate_gives_the_same_rows(given_commands: list[AnyCommand], data: st.DataObject) -> None:
    events = log_of(given_commands)
    whole = open_database(":memory:")
    apply(whole, events)
    pieces, at = open_database(":memory:"), 0
    while at < len(events):
        size = data.draw(st.integers(1, len(events)))
        again = data.draw(st.integers(0, at))
        apply(pieces, events[again : at + size])
        at += size
    assert rows(pieces) == rows(whole)
    pieces.execute("INSERT INTO flow_trigrams (flow_trigrams, rank) VALUES ('integrity-check', 1)")
    assert [row[1] for row in rows(whole)["dead_letters"]] == ["callflow-bad"]
    assert ReadModel(whole).call("c") is not None


def test_checkpoints_without_events_are_kept() -> None:
    db = open_database(":memory:")
    assert apply(db, [Checkpoint(77)]) == 77
    assert apply(db, [Checkpoint(5)]) == 77
    assert checkpoint(db)[:2] == (77, 0)


def test_a_failing_transaction_leaves_rows_and_checkpoint_as_they_were() -> None:
    events = log_of([])
    db = open_database(":memory:")
    db.execute("CREATE TRIGGER full BEFORE INSERT ON checkpoint WHEN NEW.position > 900 BEGIN SELECT RAISE(ABORT, 'disk full'); END")
    apply(db, events[:2])
    before = rows(db)
    try:
        apply(db, events[2:])
    except sqlite3.IntegrityError:
        assert rows(db) == before
    else:
        raise AssertionError("the trigger should have fired")


def test_pages_by_every_order_show_every_flow_once() -> None:
    db = open_database(":memory:")
    steps = [CreateFlow(cause=str(n), id="x", content=msgspec.convert({"name": f"n{n % 2}", "steps": []}, _content())) for n in range(3)]
    apply(db, log_of(list(steps)))
    reads = ReadModel(db)
    for order in ("id", "name", "company", "created_at", "updated_at", "success_count", "fail_count"):
        for descending in (False, True):
            seen, after = [], None
            while True:
                found, after = reads.flows(FlowFilter(), Page(order=order, descending=descending, after=after, limit=1))
                seen += [row.flow.id for row in found]
                if after is None:
                    break
            assert sorted(seen) == ["f0", "f1", "f2"], (order, descending)


def _content() -> type:
    from flow_api.domain.flow_events import FlowContent

    return FlowContent
