"""Limits survive a restart: the calls dialled in the last hour are read back from the event store."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable

import msgspec
from call_contract.streams import EventMetadata
from event_log.port import EventLog
from event_log.records import StoreUnavailable

from call_engine.guards import HOUR_S, Guards

log = logging.getLogger(__name__)


class _Requested(msgspec.Struct):
    phone_number: str


async def remember_last_hour(store: EventLog, guards: Guards, epoch_s: Callable[[], float]) -> None:
    """Best effort: with the store away no call starts anyway, and the forwarders' own memory counts from there."""
    since = epoch_s() - HOUR_S
    found: list[tuple[float, str]] = []
    dialled: set[str] = set()
    try:
        async for event in store.read_all(backwards=True, streams=r"call-.*"):
            recorded = msgspec.json.decode(event.metadata, type=EventMetadata).recorded_at
            at_s = dt.datetime.fromisoformat(recorded).timestamp()
            if at_s < since:
                break
            if event.type == "CallDialled":
                dialled.add(event.stream)
            elif event.type == "CallRequested" and event.stream in dialled:
                found.append((at_s, msgspec.json.decode(event.data, type=_Requested).phone_number))
    except StoreUnavailable:
        log.warning("the event store is away: the calls of the last hour are not counted")
    guards.remember_before(sorted(found))
