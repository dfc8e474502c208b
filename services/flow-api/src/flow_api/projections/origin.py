"""Which log something was made of: known by its first event, so that a checkpoint is never used on another log."""

from __future__ import annotations

from contextlib import aclosing

from event_log.port import EventLog

#: Whole names of the streams of flows and calls.
STREAMS = r"(?:callflow|call)-.+"


async def origin_of(log: EventLog) -> str | None:
    """The id of the log's first event of a flow or call; None where there is none yet. Raises StoreUnavailable."""
    async with aclosing(log.read_all(streams=STREAMS, limit=1)) as events:  # type: ignore[type-var]
        async for event in events:
            return str(event.id)
    return None
