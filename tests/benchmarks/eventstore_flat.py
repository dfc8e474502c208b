"""Does the embedded store stay as fast when it is full? Appends to and reads of streams all over a small log and a large one.

EVENT_LOG_BENCH_EVENTS sets the size of the large one (default 300 000; the claim is about 10 000 000, which takes some minutes to fill
and 5 GB). EVENT_LOG_BENCH_DB names a file to keep it in: a second run finds it full.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from esdbclient import EventStoreDBClient, StreamState
from event_log.node import file, wire
from event_log.node.expectation import ANY
from event_log.node.log_writer import LogWriter
from event_log.node.writes import Append, ProposedEvent

from tests.benchmarks.eventstore_workloads import DATA, METADATA, stock_event
from tests.support.event_store import RunningNode, start_node

SMALL, LARGE = 10_000, int(os.environ.get("EVENT_LOG_BENCH_EVENTS", "300000"))
EVENTS_A_STREAM = 50
STREAMS_AT_ONCE = 1_000
ROUNDS, PROBES = 6, 100

Times = dict[str, list[float]]


def run() -> Iterator[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        small, kept = Path(folder) / "small.db", os.environ.get("EVENT_LOG_BENCH_DB")
        large = Path(kept) if kept else Path(folder) / "large.db"
        for db, size in ((small, SMALL), (large, LARGE)):
            if not db.exists():
                fill(db, size)
        at_small, at_large = asyncio.run(_compared(small, large))
    for name, times in at_large.items():
        value, peer = statistics.median(times) * 1e3, statistics.median(at_small[name]) * 1e3
        yield {
            "name": f"eventstore.{name}_at_{LARGE}_events",
            "value": round(value, 3),
            "unit": "ms",
            "peer": f"itself at {SMALL} events",
            "peer_value": round(peer, 3),
            "ratio": round(value / peer, 3),
        }


async def _compared(small: Path, large: Path) -> tuple[Times, Times]:
    """Turn and turn about, so that what else the machine does falls on both."""
    nodes = [await start_node(db) for db in (small, large)]
    times: list[Times] = [{}, {}]
    for number in range(ROUNDS):
        for node, size, taken in zip(nodes, (SMALL, LARGE), times, strict=True):
            await asyncio.to_thread(_probe, node, size // EVENTS_A_STREAM, number * PROBES, taken)
    for node in nodes:
        await node.stop()
    return times[0], times[1]


def _probe(node: RunningNode, streams: int, first: int, taken: Times) -> None:
    client = EventStoreDBClient(node.uri)
    client.get_commit_position()
    for probe in range(first, first + PROBES):
        begin = time.perf_counter()
        client.append_to_stream(f"filled-{probe * 7919 % streams}", current_version=StreamState.ANY, events=[stock_event()])
        between = time.perf_counter()
        client.get_stream(f"filled-{probe * 104729 % streams}", limit=EVENTS_A_STREAM)
        taken.setdefault("append", []).append(between - begin)
        taken.setdefault("read_stream_of_50", []).append(time.perf_counter() - between)
    client.close()


def fill(db: Path, size: int) -> None:
    """Through the store's own writer: streams of 50 events, a thousand of them growing at once, as calls do."""
    store = file.open_file(db)
    store.writer.execute("PRAGMA synchronous = OFF")
    writer = LogWriter(store.writer, lambda: time.time_ns() // 100, time.monotonic, lambda: str(uuid.uuid4()))
    writer.begin_log()
    streams = size // EVENTS_A_STREAM
    for first in range(0, streams, STREAMS_AT_ONCE):
        for _ in range(EVENTS_A_STREAM):
            writer.commit([_append(f"filled-{number}") for number in range(first, min(first + STREAMS_AT_ONCE, streams))])
    store.close()


def _append(stream: str) -> Append:
    event_id = str(uuid.uuid4())
    known = wire.content(event_id, stream, "Happened", "application/json", METADATA, DATA)
    return Append(stream, ANY, (ProposedEvent(event_id, "Happened", known),))
