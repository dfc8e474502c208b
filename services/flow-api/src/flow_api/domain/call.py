"""A call as it is shown: folded from the events of its stream."""

from __future__ import annotations

import datetime as dt

import msgspec
from call_contract.call_events import (
    EARLY,
    AnyCallEvent,
    CallAnswered,
    CallBridged,
    CallDialled,
    CallEnded,
    CallRefused,
    CallRequested,
    CallRinging,
    DigitsSent,
    HoldEnded,
    HoldStarted,
    HumanDetected,
    RecordingStarted,
    TransferFailed,
    TransferStarted,
)

STATES = ("requested", "dialling", "ringing", "walking", "holding", "human", "transferring", "bridged", "ended")


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """``state``: requested, dialling, ringing, walking, holding, human, transferring, bridged, ended. Times ``ms_…`` are call time.

    ``recording``: the file of the recorded conversation, in the engine's folder of recordings; empty if none was recorded.
    """

    id: str
    state: str
    mode: str
    phone_number: str
    intent: str = ""
    company: str = ""
    flow_id: str | None = None
    flow_version: int | None = None
    device: str = ""
    started_at: dt.datetime
    ended_at: dt.datetime | None = None
    outcome: str | None = None
    reason: str | None = None
    digits: str = ""
    ms_to_hold: int | None = None
    ms_to_human: int | None = None
    hold_ms: int = 0
    last_ordinal: int = 0
    engine: str = ""
    recording: str = ""


def evolve_call(call: Call | None, event: AnyCallEvent | None, *, call_id: str, ordinal: int, at: dt.datetime) -> Call:
    """The call after one event. None is an event of an unknown type. Raises ValueError where the first event is not CallRequested."""
    if call is None:
        if not isinstance(event, CallRequested):
            raise ValueError("a call begins with CallRequested")
        return _requested(event, call_id, ordinal, at)
    call = msgspec.structs.replace(call, last_ordinal=ordinal)
    match event:
        case CallDialled():
            return msgspec.structs.replace(call, state="dialling")
        case CallRinging():
            return msgspec.structs.replace(call, state="ringing")
        case CallAnswered():
            return msgspec.structs.replace(call, state="walking")
        case HoldEnded() if call.state == "holding":
            return msgspec.structs.replace(call, state="walking")
        case HoldStarted():
            return msgspec.structs.replace(call, state="holding")
        case HumanDetected() if call.state != "transferring":
            return msgspec.structs.replace(call, state="human")
        case TransferFailed(by="") if call.state == "transferring":
            return msgspec.structs.replace(call, state="human")
        case TransferStarted() if event.reason != EARLY:
            return msgspec.structs.replace(call, state="transferring")
        case CallBridged():
            return msgspec.structs.replace(call, state="bridged")
        case DigitsSent(digits=digits):
            return msgspec.structs.replace(call, digits=call.digits + digits)
        case RecordingStarted(file=file):
            return msgspec.structs.replace(call, recording=file)
        case CallRefused(reason=reason):
            return msgspec.structs.replace(call, reason=reason)
        case CallEnded():
            return _ended(call, event, at)
        case _:
            return call


def _requested(event: CallRequested, call_id: str, ordinal: int, at: dt.datetime) -> Call:
    return Call(
        id=call_id, state="requested", mode=event.mode, phone_number=event.phone_number, intent=event.intent, company=event.company,
        flow_id=event.flow_id or None, flow_version=event.flow_version or None, device=event.device, started_at=at,
        last_ordinal=ordinal, engine=event.engine,
    )  # fmt: skip


def _ended(call: Call, event: CallEnded, at: dt.datetime) -> Call:
    return msgspec.structs.replace(
        call, state="ended", ended_at=at, outcome=str(event.outcome), reason=event.reason, digits=event.digits or call.digits,
        ms_to_hold=event.ms_to_hold, ms_to_human=event.ms_to_human, hold_ms=event.hold_ms,
    )  # fmt: skip
