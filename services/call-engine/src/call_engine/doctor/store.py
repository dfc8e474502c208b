"""Whether the event store answers."""

from __future__ import annotations

import asyncio

from event_log.records import StoreUnavailable

from call_engine import wiring
from call_engine.doctor.finding import Finding, broken, well
from call_engine.settings import Settings

PATIENCE_S = 5.0


async def look(settings: Settings) -> Finding:
    uri = settings.eventstore_uri
    remedy = "start it (`make run` starts the embedded one by itself), or set EVENTSTORE_URI"
    try:
        async with asyncio.timeout(PATIENCE_S):
            log = await wiring.event_log(settings)
            try:
                position = await log.head_position()
            finally:
                await log.close()
    except (StoreUnavailable, TimeoutError, ValueError) as problem:
        return broken("event store", f"{uri} does not answer: {problem or 'timed out'}", remedy)
    return well("event store", f"{uri} answers, position {position}")
