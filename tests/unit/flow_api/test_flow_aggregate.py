"""The aggregate's laws."""

from __future__ import annotations

import datetime as dt

import msgspec
import pytest
from flow_api.domain.errors import Conflict, DomainError, LostUpdate, NotFound
from flow_api.domain.flow import INITIAL, AnyCommand, CreateFlow, DeleteFlow, ReviseFlow, State, decide, evolve
from flow_api.domain.flow_events import AnyFlowEvent, FlowContent, decode, encode, event_type
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.flow_commands import AT, FLOW_ID, commands

CONTENT = FlowContent(name="One")


def run(given_commands: list[AnyCommand]) -> tuple[State, list[AnyFlowEvent]]:
    state, events = INITIAL, list[AnyFlowEvent]()
    for command in given_commands:
        try:
            decided = decide(command, state)
        except DomainError:
            continue
        for event in decided:
            state = evolve(state, event, at=AT + dt.timedelta(seconds=len(events)))
            events.append(event)
    return state, events


@given(st.lists(commands(), max_size=12))
@settings(max_examples=60)
def test_a_repeated_command_adds_nothing(given_commands: list[AnyCommand]) -> None:
    once = run(given_commands)
    doubled = run([command for command in given_commands for _ in range(2)])
    assert doubled[1] == once[1]
    assert run([*given_commands, *(command for command in given_commands if command.cause in once[0].causes)]) == once


@given(st.lists(commands(), max_size=12))
@settings(max_examples=60)
def test_versions_count_content_changes_and_counts_count_outcomes(given_commands: list[AnyCommand]) -> None:
    state, events = run(given_commands)
    if state.flow is None:
        assert events == []
        return
    makes_version = {"CallFlowCreated", "CallFlowRevised", "CallFlowReverted"}
    assert state.flow.version == sum(event_type(event) in makes_version for event in events)
    results = [event.result for event in events if event_type(event) == "CallOutcomeRecorded"]  # type: ignore[union-attr]
    assert (state.flow.success_count, state.flow.fail_count) == (results.count("success"), results.count("failure"))
    assert state.flow.created_at <= state.flow.updated_at


@given(st.lists(commands(), max_size=6))
@settings(max_examples=40)
def test_events_survive_the_wire(given_commands: list[AnyCommand]) -> None:
    for event in run(given_commands)[1]:
        assert decode(event_type(event), encode(event)) == event
        assert b'"event"' not in encode(event)


def test_what_cannot_be_done_says_why() -> None:
    created, _ = run([CreateFlow(cause="1", id=FLOW_ID, content=CONTENT)])
    with pytest.raises(Conflict):
        decide(CreateFlow(cause="2", id=FLOW_ID, content=CONTENT), created)
    with pytest.raises(LostUpdate):
        decide(ReviseFlow(cause="3", if_version=2, content=CONTENT), created)
    with pytest.raises(NotFound):
        decide(DeleteFlow(cause="4"), INITIAL)
    deleted, _ = run([CreateFlow(cause="1", id=FLOW_ID, content=CONTENT), DeleteFlow(cause="2")])
    with pytest.raises(NotFound, match="revert"):
        decide(ReviseFlow(cause="5", content=CONTENT), deleted)
    with pytest.raises(Conflict, match="deleted"):
        decide(CreateFlow(cause="6", id=FLOW_ID, content=CONTENT), deleted)


def test_an_unknown_type_is_not_decoded_and_a_bad_body_is_refused() -> None:
    assert decode("CallFlowPainted", b"{}") is None
    with pytest.raises(msgspec.ValidationError):
        decode("CallFlowRevised", b'{"cause":"x","content":{"name":5}}')
