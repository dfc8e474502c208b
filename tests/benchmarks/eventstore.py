"""The embedded event store through the stock client, beside ``eventsourcing`` on SQLite in the same run.

The peer writes to SQLite in its own process; ours answers over gRPC from another one, and fsyncs every commit.
EVENT_LOG_BENCH_EVENTS sets the size of the large log of the flatness figures (default 300 000; the claim is about 10 000 000).
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from esdbclient import AsyncEventStoreDBClient, EventStoreDBClient, NewEvent, StreamState
from event_log.node import file, wire
from event_log.node.expectation import ANY
from event_log.node.log_writer import LogWriter
from event_log.node.writes import Append, ProposedEvent

from tests.support.event_store import running_node

PEER = "eventsourcing==9.5.6"
PEER_FOLDER = Path(".cache/bench-eventsourcing")
DATA = b'{"n":1,"text":"' + b"x" * 100 + b'"}'
SINGLES, BATCHES, BATCH, WRITERS, EACH = 1500, 150, 100, 32, 60
SMALL, LARGE = 10_000, int(os.environ.get("EVENT_LOG_BENCH_EVENTS", "300000"))
EVENTS_A_STREAM = 50
PROBES = 300

NO_STREAM = StreamState.NO_STREAM
Figure = dict[str, Any]


def run() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        peer = _peer(Path(folder))
        with asyncio.Runner() as runner:
            figures = runner.run(_throughput(Path(folder)))
            for name, value in figures.items():
                yield _figure(f"eventstore.{name}", value, "events/s", peer, peer.get(_PEER_FIGURE[name]))
            small = runner.run(_latencies(Path(folder), SMALL))
            large = runner.run(_latencies(Path(folder), LARGE))
        for name in small:
            figure = _figure(f"eventstore.{name}_at_{LARGE}_events", large[name], "ms", {}, small[name])
            yield figure | {"peer": f"itself at {SMALL} events"}


_PEER_FIGURE = {
    "append_single": "append_single",
    "append_32_writers": "append_single",
    "append_batches_of_100": "append_batches",
    "replay": "replay",
    "replay_async": "replay",
}


def _figure(name: str, value: float, unit: str, peer: dict[str, Any], peer_value: float | None) -> Figure:
    ratio = round(value / peer_value, 3) if peer_value else None
    rounded = None if peer_value is None else round(peer_value, 3)
    return {
        "name": name,
        "value": round(value, 3),
        "unit": unit,
        "peer": peer.get("name", "not installed"),
        "peer_value": rounded,
        "ratio": ratio,
    }


def _peer(folder: Path) -> dict[str, Any]:
    """Its figures, or none where it cannot be installed."""
    python = PEER_FOLDER / "bin" / "python"
    try:
        if not python.exists():
            subprocess.run([sys.executable, "-m", "venv", str(PEER_FOLDER)], check=True, capture_output=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", PEER], check=True, capture_output=True)
        script = Path(__file__).with_name("eventstore_peer.py")
        answer = subprocess.run([str(python), str(script), str(folder)], check=True, capture_output=True, timeout=120)
    except (subprocess.SubprocessError, OSError):
        return {}
    return {"name": f"{PEER} on SQLite, in process", **json.loads(answer.stdout)}


def _new() -> NewEvent:
    return NewEvent(type="Happened", data=DATA, metadata=b'{"actor":"bench"}')


async def _throughput(folder: Path) -> dict[str, float]:
    async with running_node(folder / "throughput.db") as uri:
        figures = await asyncio.to_thread(_synchronous, uri)
        client = AsyncEventStoreDBClient(uri)
        await client.connect()

        async def write(stream: str) -> None:
            for number in range(EACH):
                await client.append_to_stream(stream, current_version=number - 1 if number else NO_STREAM, events=[_new()])

        begin = time.perf_counter()
        await asyncio.gather(*(write(f"writer-{number}") for number in range(WRITERS)))
        figures["append_32_writers"] = WRITERS * EACH / (time.perf_counter() - begin)
        begin, count = time.perf_counter(), 0
        async for _ in await client.read_all():
            count += 1
        figures["replay_async"] = count / (time.perf_counter() - begin)
        await client.close()
    return figures


def _synchronous(uri: str) -> dict[str, float]:
    client, figures = EventStoreDBClient(uri), dict[str, float]()
    begin = time.perf_counter()
    for number in range(SINGLES):
        client.append_to_stream("single", current_version=number - 1 if number else NO_STREAM, events=[_new()])
    figures["append_single"] = SINGLES / (time.perf_counter() - begin)
    batches = [[_new() for _ in range(BATCH)] for _ in range(BATCHES)]
    begin = time.perf_counter()
    for batch in batches:
        client.append_to_stream("batches", current_version=StreamState.ANY, events=batch)
    figures["append_batches_of_100"] = BATCHES * BATCH / (time.perf_counter() - begin)
    begin = time.perf_counter()
    count = len(client.get_stream("batches"))
    figures["replay"] = count / (time.perf_counter() - begin)
    client.close()
    return figures


async def _latencies(folder: Path, size: int) -> dict[str, float]:
    """Milliseconds, the median, of an append to and a read of streams all over a log of that size."""
    db = folder / f"log-{size}.db"
    _fill(db, size)
    async with running_node(db) as uri:
        return await asyncio.to_thread(_probe, uri, size // EVENTS_A_STREAM)


def _probe(uri: str, streams: int) -> dict[str, float]:
    client, appends, reads = EventStoreDBClient(uri), [], []
    for probe in range(PROBES):
        stream = f"filled-{probe * 7919 % streams}"
        begin = time.perf_counter()
        client.append_to_stream(stream, current_version=StreamState.ANY, events=[_new()])
        appends.append(time.perf_counter() - begin)
        stream = f"filled-{probe * 104729 % streams}"
        begin = time.perf_counter()
        client.get_stream(stream)
        reads.append(time.perf_counter() - begin)
    client.close()
    return {"append": statistics.median(appends) * 1000, "read_stream_of_50": statistics.median(reads) * 1000}


def _fill(db: Path, size: int) -> None:
    """Straight into the file: streams of 50 events, interleaved as they are in life."""
    store = file.open_file(db)
    store.writer.execute("PRAGMA synchronous = OFF")
    writer = LogWriter(store.writer, lambda: time.time_ns() // 100, time.monotonic, lambda: str(uuid.uuid4()))
    writer.begin_log()
    streams = size // EVENTS_A_STREAM
    for _ in range(EVENTS_A_STREAM):
        for first in range(0, streams, 1000):
            writer.commit([_append(f"filled-{number}") for number in range(first, min(first + 1000, streams))])
    store.close()


def _append(stream: str) -> Append:
    event_id = str(uuid.uuid4())
    known = wire.content(event_id, stream, "Happened", "application/json", b'{"actor":"bench"}', DATA)
    return Append(stream, ANY, (ProposedEvent(event_id, "Happened", known),))


if __name__ == "__main__":
    for measured in run():
        print(json.dumps(measured), flush=True)
