"""Builds the read model anew from the event log, beside the live one, and swaps it in."""

from __future__ import annotations

import contextlib
import gc
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import msgspec
from event_log.port import EventLog
from event_log.records import RecordedEvent

from flow_api.projections.files import next_file, swap_in
from flow_api.projections.origin import STREAMS
from flow_api.projections.projector import apply, checkpoint
from flow_api.projections.read_model import ReadModel, open_database
from flow_api.projections.schema import make_indexes

BATCH = 2_000
#: Events and rows have no cycles, and the collector would walk over all of them every 700 objects: a third of the time of a rebuild.
COLLECT_EVERY = 200_000


class Rebuilt(msgspec.Struct, frozen=True, kw_only=True):
    file: str
    events: int
    position: int
    flows: int
    calls: int
    dead_letters: int


async def rebuild(log: EventLog, folder: Path) -> Rebuilt:
    """Reads the whole log. A running service notices the swap and goes on with the new file. Raises StoreUnavailable."""
    file = next_file(folder)
    db = open_database(file, indexed=False)
    db.execute("PRAGMA synchronous = OFF")  # a rebuild that a power loss cuts short is never swapped in
    try:
        with _seldom_collecting():
            await _apply_all(log, db)
            make_indexes(db)
        db.executescript("PRAGMA synchronous = FULL; PRAGMA wal_checkpoint(TRUNCATE);")
        position, events, _ = checkpoint(db)
        counts = {**ReadModel(db).counts(), "dead_letters": ReadModel(db).dead_letters()}
    finally:
        db.close()
    swap_in(folder, file)
    return Rebuilt(file=file.name, events=events, position=position, **counts)


async def _apply_all(log: EventLog, db: sqlite3.Connection) -> None:
    batch: list[RecordedEvent] = []
    async for event in log.read_all(streams=STREAMS):
        batch.append(event)
        if len(batch) == BATCH:
            apply(db, batch)
            batch = []
    apply(db, batch)


@contextlib.contextmanager
def _seldom_collecting() -> Iterator[None]:
    before = gc.get_threshold()
    gc.set_threshold(COLLECT_EVERY, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
