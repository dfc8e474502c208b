"""The one way in which a flow changes: load, decide, append at the expected revision; on a conflict, load and decide again."""

from __future__ import annotations

import asyncio
import weakref
import zlib
from collections.abc import Callable

import msgspec
from event_log.records import WrongExpectedRevision

from flow_api.domain.errors import Conflict
from flow_api.domain.flow import State
from flow_api.domain.flow_events import AnyFlowEvent
from flow_api.flow_stream import FlowStreams, Loaded
from flow_api.ports import Who

#: Writers of this process wait for each other; these attempts are against writers of other processes.
MAX_ATTEMPTS = 12
#: The longest pause before the n-th attempt is n times this.
PAUSE_S = 0.01

Decide = Callable[[State], list[AnyFlowEvent]]


class Handled(msgspec.Struct, frozen=True, kw_only=True):
    """``position`` is None where nothing had to be appended."""

    loaded: Loaded
    events: list[AnyFlowEvent]
    position: int | None


class FlowCommands:
    """Runs commands, one at a time a flow."""

    def __init__(self, streams: FlowStreams) -> None:
        self.streams = streams
        self._locks: weakref.WeakValueDictionary[str, asyncio.Lock] = weakref.WeakValueDictionary()

    async def handle(self, flow_id: str, decide: Decide, who: Who) -> Handled:
        """Raises what ``decide`` raises, Conflict after too many attempts, and StoreUnavailable."""
        lock = self._locks.setdefault(flow_id, asyncio.Lock())
        async with lock:
            for attempt in range(MAX_ATTEMPTS):
                await asyncio.sleep(_pause_s(attempt, who))
                loaded = await self.streams.load(flow_id)
                events = decide(loaded.state)
                if not events:
                    return Handled(loaded=loaded, events=[], position=None)
                try:
                    after, position = await self.streams.append(flow_id, loaded, events, who)
                except WrongExpectedRevision:
                    self.streams.forget(flow_id)
                else:
                    return Handled(loaded=after, events=events, position=position)
        raise Conflict(f"Others keep changing the flow {flow_id}; try again.")


def _pause_s(attempt: int, who: Who) -> float:
    """Writers that met once should not meet again: each waits its own time, longer from one attempt to the next."""
    own = zlib.crc32(f"{who.actor} {who.correlation_id} {attempt}".encode()) % 1000 / 1000
    return attempt * PAUSE_S * own
