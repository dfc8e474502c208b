"""After a restart: what a dead engine left in its journals is brought to the store, and its calls are closed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec
from call_contract.call_events import CALL_EVENT_SCHEMA, CallEnded, CallOutcome, encode, event_type
from call_contract.streams import EventMetadata
from event_log.port import EventLog

from call_engine.journal.file import SUFFIX, Journal
from call_engine.journal.forwarder import Forwarder, Superseded

log = logging.getLogger(__name__)


def left_behind(directory: Path, now_iso: str) -> list[Journal]:
    """The journals found, each closed with CallEnded where the engine died before that. Unreadable ones are left and logged."""
    found = []
    for path in sorted(directory.glob("*" + SUFFIX)):
        try:
            journal = Journal.open(path)
        except (ValueError, msgspec.DecodeError) as problem:
            log.error("unreadable journal: %s", problem)
            continue
        if not journal.entries:
            journal.remove()
            continue
        if journal.entries[-1].type != "CallEnded":
            _close(journal, now_iso)
        found.append(journal)
    return found


async def bring_home(
    journals: list[Journal], store: EventLog, aside: Path, *, sleep: Callable[[float], Awaitable[None]], store_seen: Callable[[bool], None]
) -> None:
    """Forwards the journals, side by side. What the store will not take is set aside."""
    async with asyncio.TaskGroup() as group:
        for journal in journals:
            group.create_task(_bring(journal, Forwarder(journal, store, sleep=sleep, store_seen=store_seen), aside))


async def _bring(journal: Journal, forwarder: Forwarder, aside: Path) -> None:
    forwarder.finish()
    try:
        await forwarder.run()
        journal.remove()
    except Superseded:
        kept = journal.set_aside(aside)
        log.error("late journal set aside: %s", kept, extra={"call_id": journal.header.call_id})


def _close(journal: Journal, now_iso: str) -> None:
    bridged = any(entry.type == "CallBridged" for entry in journal.entries)
    last = msgspec.json.decode(journal.entries[-1].data)
    event = CallEnded(
        at_ms=int(last.get("at_ms", 0)),
        outcome=CallOutcome.ENGINE_LOST,
        reason="the engine stopped while the call was bridged" if bridged else "the engine stopped while the call ran",
    )
    metadata = EventMetadata(schema=CALL_EVENT_SCHEMA, actor="call-engine", recorded_at=now_iso, correlation_id=journal.header.call_id)
    journal.append(event_type(event), encode(event), msgspec.json.encode(metadata))
