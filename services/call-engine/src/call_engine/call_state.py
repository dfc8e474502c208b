"""Where a call stands, folded from its events."""

from __future__ import annotations

import msgspec
from call_contract import call_events as ev


class CallState(msgspec.Struct, frozen=True, kw_only=True):
    """``state``: requested, dialling, ringing, walking, holding, human, transferring, bridged, ended."""

    call_id: str
    state: str = "requested"
    mode: str = ""
    phone_number: str = ""
    flow_id: str = ""
    last_ordinal: int = -1
    outcome: str = ""
    reason: str = ""
    started_at: str = ""
    ended_at: str = ""
    engine: str = ""


def evolve(state: CallState, event: ev.CallEvent | None, ordinal: int, at_iso: str) -> CallState:
    """The state after this event; None stands for an event of a type that this version does not know."""
    return msgspec.structs.replace(_after(state, event, at_iso), last_ordinal=ordinal)


def _after(state: CallState, event: ev.CallEvent | None, at_iso: str) -> CallState:
    replace = msgspec.structs.replace
    match event:
        case ev.CallRequested():
            return replace(
                state, mode=event.mode, phone_number=event.phone_number, flow_id=event.flow_id, engine=event.engine, started_at=at_iso
            )
        case ev.CallDialled():
            return replace(state, state="dialling")
        case ev.CallRinging():
            return replace(state, state="ringing")
        case ev.CallAnswered() | ev.HoldEnded() if state.state in ("dialling", "ringing", "holding", "requested"):
            return replace(state, state="walking")
        case ev.HoldStarted() if state.state != "bridged":
            return replace(state, state="holding")
        case ev.HumanDetected() if state.state not in ("transferring", "bridged"):
            return replace(state, state="human")
        case ev.TransferStarted() if event.reason != ev.EARLY:
            return replace(state, state="transferring")
        case ev.CallBridged():
            return replace(state, state="bridged")
        case ev.CallEnded():
            return replace(state, state="ended", outcome=str(event.outcome), reason=event.reason, ended_at=at_iso)
        case _:
            return state
