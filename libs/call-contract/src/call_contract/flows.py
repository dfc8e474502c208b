"""CallFlow and its steps, as the user's design document defines them. JSON is snake_case, step types are upper-case.

The structs carry the shape only. What makes a flow *valid* (targets exist, digits are digits, bounds) is decided by flow-api.
"""

from __future__ import annotations

import datetime as dt
import enum
from typing import Any

import msgspec


class CallFlowStepType(enum.StrEnum):
    """What a step does."""

    DTMF = "DTMF"
    WAIT = "WAIT"
    LISTEN = "LISTEN"
    HOLD = "HOLD"
    SPEAK = "SPEAK"
    TRANSFER = "TRANSFER"


class CallFlowStep(msgspec.Struct, frozen=True, kw_only=True):
    """A single step of the navigation. ``timeout`` is in seconds, the field name is the user's."""

    id: str
    type: CallFlowStepType
    description: str
    dtmf: str | None = None
    timeout: float = 10.0
    next_step: str | None = None
    conditions: dict[str, str] = msgspec.field(default_factory=dict)
    metadata: dict[str, Any] = msgspec.field(default_factory=dict)


class CallFlow(msgspec.Struct, frozen=True, kw_only=True):
    """A complete navigation tree. The first step is where a call begins."""

    id: str
    name: str
    company: str | None = None
    phone_number: str | None = None
    description: str | None = None
    steps: list[CallFlowStep]
    created_at: dt.datetime
    updated_at: dt.datetime
    version: int = 1
    tags: list[str] = msgspec.field(default_factory=list)
    success_count: int = 0
    fail_count: int = 0


#: What may stand after ``on:`` in a condition.
CONDITION_OUTCOMES = (
    "timeout", "no_match", "drift", "silence", "hold", "human", "busy", "voicemail", "closed", "callback_offer", "invalid_digit",
)  # fmt: skip
