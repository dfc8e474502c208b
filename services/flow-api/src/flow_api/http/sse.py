"""A call's events as server-sent events: id = ordinal, event = type, data = JSON, with heartbeats while nothing happens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing

import msgspec
from event_log.records import EventLogError

from flow_api.domain.errors import DomainError
from flow_api.ports import Meter, WatchedEvent

HEARTBEAT = b": heartbeat\n\n"
#: How long a client waits before it connects again, milliseconds.
RETRY = b"retry: 1000\n\n"


def message(item: WatchedEvent | Meter) -> bytes:
    """One event. Meters have no id: they are not part of what can be resumed."""
    if isinstance(item, Meter):
        return b"event: meter\ndata: " + msgspec.json.encode(item) + b"\n\n"
    body = {name: value for name, value in item.body.items() if name not in ("ordinal", "type", "at_ms", "recorded_at")}
    # StepStarted has a field ``type`` of its own; the event's type wins, and the step's is ``step_type``.
    if "type" in item.body:
        body["step_type"] = item.body["type"]
    data = {"ordinal": item.ordinal, "type": item.type, "at_ms": item.body.get("at_ms", 0), "recorded_at": item.recorded_at, **body}
    return f"id: {item.ordinal}\nevent: {item.type}\ndata: ".encode() + msgspec.json.encode(data) + b"\n\n"


async def body(
    items: AsyncIterator[WatchedEvent | Meter], heartbeat_s: float, stopping: asyncio.Event | None = None
) -> AsyncIterator[bytes]:
    """The body of the answer. A dependency that goes away, or our stopping, ends it; the client comes back with Last-Event-ID."""
    yield RETRY
    stop = asyncio.ensure_future((stopping or asyncio.Event()).wait())
    async with aclosing(items) as stream:  # type: ignore[type-var]
        upcoming: asyncio.Task[WatchedEvent | Meter] | None = None
        try:
            while True:
                upcoming = upcoming or asyncio.ensure_future(anext(stream))
                done, _ = await asyncio.wait({upcoming, stop}, timeout=heartbeat_s, return_when=asyncio.FIRST_COMPLETED)
                if upcoming in done:
                    task, upcoming = upcoming, None
                    yield message(task.result())
                elif stop in done:
                    return
                else:
                    yield HEARTBEAT
        except (StopAsyncIteration, DomainError, EventLogError):
            return
        finally:
            stop.cancel()
            if upcoming is not None:
                upcoming.cancel()
                await asyncio.wait({upcoming})
