"""Discoveries as plain dicts, and the check that a learned flow is one the service would accept."""

from __future__ import annotations

from typing import Any

from call_contract.flows import CallFlow
from flow_api.domain.flow import content_of
from flow_api.domain.validation import check

Plain = dict[str, Any]

SPEC_EXAMPLE: list[Plain] = [
    {"type": "wait", "duration": 3.0, "description": "Initial silence"},
    {"type": "ivr_menu", "transcript": "Press 1 for billing...", "dtmf_sent": "1"},
    {"type": "ivr_menu", "transcript": "Press 3 for disputes...", "dtmf_sent": "3"},
    {"type": "hold", "duration": 480.0},
    {"type": "human_detected", "transcript": "Thank you for calling..."},
]
HOLD: Plain = {"type": "hold", "duration": 60.0}
HUMAN: Plain = {"type": "human_detected"}
HUNG_UP: Plain = {"type": "disconnected"}


def menu(transcript: str, pressed: str | None = None, options: dict[str, str] | None = None, **more: Any) -> Plain:
    listed = [{"digits": digits, "label": label} for digits, label in (options or {}).items()]
    return {"type": "ivr_menu", "transcript": transcript, "dtmf_sent": pressed, "options": listed, **more}


def announcement(transcript: str) -> Plain:
    return {"type": "announcement", "transcript": transcript}


def valid(flow: CallFlow) -> CallFlow:
    """The flow, if flow-api would store it; raises ``Invalid`` otherwise."""
    check(content_of(flow))
    return flow
