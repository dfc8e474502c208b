"""What flow-api needs from outside. ``tests/contract`` holds the suite of each port; every adapter passes it."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from typing import Any, Protocol

import msgspec
from call_contract.flows import CallFlow


class Clock(Protocol):
    """Wall-clock time in UTC, and a monotonic clock for waiting."""

    def now(self) -> dt.datetime: ...

    def monotonic_s(self) -> float: ...


class Ids(Protocol):
    """Fresh ids and secrets."""

    def new_id(self) -> str: ...

    def secret(self, size: int) -> bytes: ...


class CallOrder(msgspec.Struct, frozen=True, kw_only=True):
    """A call to be made: ``flow`` is set where one is to be followed. Zero limits are the engine's own."""

    call_id: str
    phone_number: str
    intent: str = ""
    company: str = ""
    language: str = ""
    flow: CallFlow | None = None
    known_flow: CallFlow | None = None
    audio_files: dict[str, bytes] = {}
    device: str = ""
    ring_early: bool = False
    accept_callback: bool = False
    record_conversation: bool = False
    limits: dict[str, int] = {}
    personal_data_key: bytes = b""
    actor: str = ""
    correlation_id: str = ""
    trace_parent: str = ""  #: W3C traceparent of the request


class EngineCall(msgspec.Struct, frozen=True, kw_only=True):
    """A call as the engine sees it. ``last_ordinal`` is -1 before the first event; ``engine`` is the address that makes the call."""

    call_id: str
    state: str
    mode: str = ""
    phone_number: str = ""
    flow_id: str = ""
    last_ordinal: int = -1
    stored_ordinal: int = -1
    outcome: str = ""
    reason: str = ""
    started_at: str = ""
    ended_at: str = ""
    engine: str = ""

    @property
    def is_over(self) -> bool:
        return self.state == "ended"


class WatchedEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One event of a call, wherever it was read. ``ordinal`` is also its revision in the store."""

    ordinal: int
    type: str
    body: dict[str, Any]
    recorded_at: str


class Meter(msgspec.Struct, frozen=True, kw_only=True):
    """What the ear makes of the line just now. Never stored."""

    at_ms: int
    level_dbm0: float
    label: str
    human_posterior: float


class CallEngine(Protocol):
    """The service that makes calls.

    Every method may raise Unavailable("call_engine"). Those that name a call raise NotFound where the engine does not know it.
    """

    async def start(self, order: CallOrder) -> EngineCall:
        """Start a call, or answer with the one already started under this id. Raises Conflict (same id, another plan), Invalid,
        Refused (a guard), LimitReached."""
        ...

    async def get(self, call_id: str) -> EngineCall: ...

    def watch(self, call_id: str, from_ordinal: int, *, meters: bool = False) -> AsyncIterator[WatchedEvent | Meter]:
        """The call's events from an ordinal on, live, until the call has ended."""
        ...

    async def end(self, call_id: str, *, reason: str, actor: str) -> EngineCall:
        """Ending an ended call is not an error."""
        ...

    async def send_digits(self, call_id: str, digits: str, *, actor: str) -> EngineCall:
        """Raises IllegalNow where the call takes no digits, Refused for keys that must not be pressed."""
        ...

    async def transfer(self, call_id: str, device: str, *, actor: str) -> EngineCall:
        """Raises IllegalNow where the call cannot be transferred, Invalid for a device that nobody configured, Refused."""
        ...

    async def check(self) -> None:
        """Returns where the engine answers and takes new calls; raises Unavailable."""
        ...

    async def close(self) -> None: ...


class PersonalDataKeys(Protocol):
    """One key a call, kept outside the event log. What it sealed is readable only while it is kept."""

    def make(self, call_id: str) -> bytes:
        """The call's key, 32 bytes; the same again if there is one. Raises KeyForgotten."""
        ...

    def unseal(self, call_id: str, sealed: str) -> str | None:
        """The words, or None where the key is gone or does not fit."""
        ...

    def forget(self, call_id: str) -> bool:
        """Destroy the key for good. False where there was none."""
        ...

    def is_forgotten(self, call_id: str) -> bool: ...


class Who(msgspec.Struct, frozen=True, kw_only=True):
    """On whose behalf something is done, and in the course of what."""

    actor: str
    correlation_id: str = ""
    causation_id: str = ""
    trace_parent: str = ""  #: W3C traceparent, for what others are asked to do
