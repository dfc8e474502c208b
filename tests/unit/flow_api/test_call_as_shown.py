"""What a call is shown to be in while a phone rings: both services fold the same events to the same state."""

from __future__ import annotations

import datetime as dt

import pytest
from call_contract import call_events as ev
from call_engine.call_state import CallState, evolve
from flow_api.domain.call import Call, evolve_call

AT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
ON_HOLD: tuple[ev.CallEvent, ...] = (
    ev.CallRequested(call_id="c", mode="explore", phone_number="+18005551234", engine="e"),
    ev.CallDialled(target="+18005551234"), ev.CallAnswered(), ev.HoldStarted(reason="music"),
)  # fmt: skip
HUMAN = (ev.HoldEnded(duration_ms=9, reason="human"), ev.HumanDetected(posterior=0.99))
ORDERED = (ev.TransferOrdered(by="ann"), ev.TransferStarted(device="phone", reason="ordered"))
EARLY = ev.TransferStarted(device="phone", reason="early")
IN_VAIN = ev.TransferFailed(device="phone", reason="no_answer")
ORDERED_IN_VAIN = ev.TransferFailed(device="phone", reason="no_answer", by="ann")


def shown(*events: ev.CallEvent) -> list[str]:
    """In the engine's view and in the flow API's."""
    call: Call | None = None
    state = CallState(call_id="c")
    for ordinal, event in enumerate((*ON_HOLD, *events)):
        call = evolve_call(call, event, call_id="c", ordinal=ordinal, at=AT)  # type: ignore[arg-type]
        state = evolve(state, event, ordinal, "")
    assert call is not None
    return [state.state, call.state]


@pytest.mark.parametrize(
    ("events", "is_in"),
    [
        ((EARLY,), "holding"),
        ((EARLY, IN_VAIN), "holding"),
        ((EARLY, *HUMAN), "human"),
        (ORDERED, "transferring"),
        ((*ORDERED, ORDERED_IN_VAIN), "transferring"),
        ((*ORDERED, ORDERED_IN_VAIN, ev.HoldStarted(reason="nobody picked up")), "holding"),
        ((*ORDERED, *HUMAN), "transferring"),
        ((*ORDERED, ev.HoldEnded(duration_ms=9), ev.CallBridged(device="phone")), "bridged"),
    ],
)
def test_a_call_on_hold(events: tuple[ev.CallEvent, ...], is_in: str) -> None:
    assert shown(*events) == [is_in] * 2


def test_the_human_whom_nobody_came_for_is_there() -> None:
    assert shown(*HUMAN, ev.TransferStarted(device="phone"), IN_VAIN)[1] == "human"
