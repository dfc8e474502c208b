"""Traces of calls: one span a call, with a span inside it for every state it goes through. None unless configured."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from call_contract.call_events import AnyCallEvent

from call_engine.call_state import CallState

#: Told of every event of one call, with the state that it leads to.
CallTrace = Callable[[CallState, AnyCallEvent], None]


class Traces(Protocol):
    def begin(self, call_id: str, parent: str) -> CallTrace:
        """``parent`` is the W3C ``traceparent`` of whoever asked for the call, or empty."""
        ...

    async def close(self) -> None:
        """Everything that is still to be exported is."""
        ...


def untraced(_state: CallState, _event: AnyCallEvent) -> None:
    pass


class NoTraces:
    def begin(self, call_id: str, parent: str) -> CallTrace:
        return untraced

    async def close(self) -> None:
        pass
