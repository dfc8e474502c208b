"""Diff, blame, history, the past, and the hash chain."""

from __future__ import annotations

import asyncio
import datetime as dt
import itertools

import msgspec
import pytest
from call_contract.flows import CallFlowStep, CallFlowStepType
from event_log.memory import MemoryEventLog
from flow_api.commands.handle import FlowCommands
from flow_api.domain.blame import blame
from flow_api.domain.diff import diff
from flow_api.domain.errors import DomainError
from flow_api.domain.flow import INITIAL, AnyCommand, decide, evolve
from flow_api.domain.flow_events import FlowContent
from flow_api.domain.hash_chain import ChainLink, breaks
from flow_api.domain.history import history
from flow_api.domain.record import FlowRecord, as_of, state_after, version_of
from flow_api.flow_stream import FlowStreams, link_of
from flow_api.ports import Who
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.flow_commands import FLOW_ID, commands, contents
from tests.support.flow_service import SteppingClock


def recorded(given_commands: list[AnyCommand]) -> tuple[list[FlowRecord], list[ChainLink]]:
    """What the commands leave in the store."""

    async def run() -> tuple[list[FlowRecord], list[ChainLink]]:
        streams = FlowStreams(MemoryEventLog(), SteppingClock())
        handling = FlowCommands(streams)
        for command in given_commands:
            try:
                await handling.handle(FLOW_ID, lambda state, command=command: decide(command, state), Who(actor="me"))  # type: ignore[misc]
            except DomainError:
                continue
        return await streams.records(FLOW_ID), [link_of(event) for event in await streams.stored(FLOW_ID)]

    return asyncio.run(run())


@given(contents(), contents())
@settings(max_examples=60)
def test_a_diff_says_all_that_is_different(before: FlowContent, after: FlowContent) -> None:
    difference = diff(before, after)
    assert difference.is_empty == (msgspec.json.encode(before) == msgspec.json.encode(after))
    assert diff(before, before).is_empty
    moved = {move.id for move in difference.moved}
    both = [step.id for step in before.steps if step.id in {one.id for one in after.steps}]
    stayed = [step_id for step_id in both if step_id not in moved]
    assert stayed == [step.id for step in after.steps if step.id in stayed], "what did not move is in its old order"


@given(st.permutations("abcdef"))
@settings(max_examples=60)
def test_as_few_steps_as_can_be_are_said_to_have_moved(order: list[str]) -> None:
    before, after = (FlowContent(name="x", steps=[_step(step_id) for step_id in ids]) for ids in ("abcdef", order))
    kept = max(
        size for size in range(1, 7) for some in itertools.combinations(order, size) if list(some) == sorted(some)
    )  # fmt: skip
    assert len(diff(before, after).moved) == len(order) - kept


def _step(step_id: str) -> CallFlowStep:
    return CallFlowStep(id=step_id, type=CallFlowStepType.WAIT, description="")


@given(st.lists(commands(), max_size=10), st.integers(0, 10))
@settings(max_examples=40)
def test_many_records_folded_at_once_are_the_same_as_one_after_the_other(given_commands: list[AnyCommand], known: int) -> None:
    records, _ = recorded(given_commands)
    one_by_one = INITIAL
    for record in records:
        assert record.event is not None
        one_by_one = evolve(one_by_one, record.event, at=record.at)
    assert state_after(records[known:], state_after(records[:known])) == one_by_one


@given(st.lists(commands(), max_size=10))
@settings(max_examples=40)
def test_the_past_is_what_it_was(given_commands: list[AnyCommand]) -> None:
    records, links = recorded(given_commands)
    assert breaks(links) == []
    for count in range(1, len(records) + 1):
        flow = state_after(records[:count]).flow
        assert flow is not None
        assert as_of(records, records[count - 1].at) == flow
        at_version = version_of(records, flow.version)
        assert at_version is not None
        assert at_version.content == flow.content
    entries = history(records)
    assert [entry.revision for entry in entries] == list(range(len(records)))
    assert len(blame(records)) == (len(state_after(records).flow.content.steps) if records else 0)  # type: ignore[union-attr]
    assert as_of(records, dt.datetime(2000, 1, 1, tzinfo=dt.UTC)) is None


@given(st.lists(commands(), min_size=6, max_size=10), st.data())
@settings(max_examples=40)
def test_any_change_of_any_stored_part_breaks_the_chain(given_commands: list[AnyCommand], data: st.DataObject) -> None:
    _, links = recorded(given_commands)
    if not links:
        return
    index = data.draw(st.integers(0, len(links) - 1))
    link = links[index]
    forged = data.draw(
        st.sampled_from([
            msgspec.structs.replace(link, data=link.data.replace(b"cause", b"Cause", 1)),
            msgspec.structs.replace(link, type="CallFlowPainted"),
            msgspec.structs.replace(link, event_id="00000000-0000-0000-0000-000000000000"),
            msgspec.structs.replace(link, stream="callflow-other"),
            msgspec.structs.replace(link, metadata=link.metadata.replace(b'"me"', b'"you"')),
        ])
    )  # fmt: skip
    assert breaks([*links[:index], forged, *links[index + 1 :]])
    if index < len(links) - 1:
        assert breaks([*links[:index], *links[index + 1 :]]), "a gap"
    assert breaks([msgspec.structs.replace(links[0], metadata=b"[]"), *links[1:]])


@pytest.mark.parametrize(("before", "after", "moved"), [("abcd", "dabc", {"d"}), ("abcd", "bacd", {"a"}), ("abcd", "abcd", set())])
def test_the_fewest_steps_are_said_to_have_moved(before: str, after: str, moved: set[str]) -> None:
    def content(order: str) -> FlowContent:
        from call_contract.flows import CallFlowStep, CallFlowStepType

        return FlowContent(name="x", steps=[CallFlowStep(id=one, type=CallFlowStepType.WAIT, description="") for one in order])

    assert {move.id for move in diff(content(before), content(after)).moved} in (moved, {"b"} if after == "bacd" else moved)
