"""Decodes only those call events that change how a call is shown; the others, most of a stream, are not looked into."""

from __future__ import annotations

from typing import cast

from call_contract import call_events
from call_contract.call_events import AnyCallEvent

SHOWN = frozenset({
    "CallRequested", "CallRefused", "CallDialled", "CallRinging", "CallAnswered", "DigitsSent", "HoldStarted", "HoldEnded",
    "HumanDetected", "TransferStarted", "TransferFailed", "CallBridged", "RecordingStarted", "CallEnded",
})  # fmt: skip


def decode(type_name: str, body: bytes) -> AnyCallEvent | None:
    """The event, or None where it changes nothing. Raises ``msgspec.ValidationError``."""
    return cast(AnyCallEvent | None, call_events.decode(type_name, body)) if type_name in SHOWN else None
