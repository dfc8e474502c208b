"""Random flows and commands on them, for laws that must hold whatever is done."""

from __future__ import annotations

import datetime as dt

from call_contract.flows import CallFlowStep, CallFlowStepType
from flow_api.domain.flow import AnyCommand, CreateFlow, DeleteFlow, RecordOutcome, RevertFlow, ReviseFlow
from flow_api.domain.flow_events import CallOutcomeRecorded, FlowContent
from hypothesis import strategies as st

AT = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
FLOW_ID = "chase"

_ids = st.sampled_from(["a", "b", "c", "d"])


@st.composite
def contents(draw: st.DrawFn) -> FlowContent:
    """A valid content of up to four steps, in any order, linked in any way."""
    step_ids = draw(st.permutations(["a", "b", "c", "d"]))[: draw(st.integers(1, 4))]
    steps = [
        CallFlowStep(
            id=step_id, type=draw(st.sampled_from([CallFlowStepType.WAIT, CallFlowStepType.LISTEN])), description="x",
            timeout=draw(st.sampled_from([1.0, 5.0])), next_step=draw(st.none() | st.sampled_from(step_ids)),
            conditions=dict(draw(st.permutations([("on:timeout", step_ids[0]), ("on:silence", step_ids[-1])]))),
        )
        for step_id in step_ids
    ]  # fmt: skip
    return FlowContent(name=draw(st.sampled_from(["One", "Two"])), steps=steps, tags=draw(st.lists(_ids, max_size=2, unique=True)))


def commands() -> st.SearchStrategy[AnyCommand]:
    causes = st.integers(0, 12).map(lambda number: f"cause:{number}")
    return st.one_of(
        st.builds(CreateFlow, cause=causes, id=st.just(FLOW_ID), content=contents()),
        st.builds(ReviseFlow, cause=causes, if_version=st.none() | st.integers(1, 4), content=contents()),
        st.builds(DeleteFlow, cause=causes),
        st.builds(RevertFlow, cause=causes, to_version=st.integers(1, 3), content=contents()),
        st.builds(
            lambda number, result: RecordOutcome(
                cause=f"outcome:{number}",
                outcome=CallOutcomeRecorded(cause=f"outcome:{number}", call_id=str(number), outcome="bridged", result=result),
            ),
            st.integers(0, 3), st.sampled_from(["success", "failure", "neutral"]),
        ),
    )  # fmt: skip
