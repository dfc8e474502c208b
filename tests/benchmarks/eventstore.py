"""The embedded event store, beside ``eventsourcing`` on SQLite in the same run, and beside a store that does nothing.

Ours answers over gRPC from a process of its own and fsyncs every commit. The peer writes to SQLite in its own process. Lines
``eventstore.floor.*`` are the same client against canned answers: what the client alone allows.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec

from tests.benchmarks.eventstore_workloads import REPLAYED, Measured, Rate, Rates, stock, stock_async, through_our_client
from tests.support.event_store import start_node

PEER = "eventsourcing==9.5.6"
PEER_FOLDER = Path(".cache/bench-eventsourcing")

Figure = dict[str, Any]
_PEER_FIGURE = {
    "append_single": "append_single",
    "append_32_writers": "append_single",
    "append_batches_of_100": "append_batches",
    "append_batches_of_100_by_4_writers": "append_batches",
    "replay": "replay",
}


def run() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        peer = _peer(Path(folder))
        rates = asyncio.run(_rates(Path(folder)))
    floors = asyncio.run(_floors())
    for name, rate in rates.items():
        yield _figure(f"eventstore.{name}", rate, peer.get("name", "not installed"), peer.get(_PEER_FIGURE[name.split(".")[-1]]))
    for name, rate in floors.items():
        yield _figure(f"eventstore.floor.{name}", rate, "the embedded store", rates[name].events_per_s)


def _figure(name: str, rate: Rate, peer: str, peer_value: float | None) -> Figure:
    return {
        "name": name,
        "value": round(rate.events_per_s),
        "unit": "events/s",
        "cpu_us": {"client": rate.client_us, "store": rate.store_us},
        "peer": peer,
        "peer_value": peer_value and round(peer_value),
        "ratio": peer_value and round(rate.events_per_s / peer_value, 3),
    }


async def _rates(folder: Path) -> Rates:
    node = await start_node(folder / "events.db")
    measured = Measured(node.process.pid)
    await _work(node.uri, measured)
    await node.stop()
    return measured.rates


async def _floors() -> Rates:
    async with _canned() as (uri, pid):
        measured = Measured(pid)
        await _work(uri, measured)
    return {name: msgspec.structs.replace(rate, store_us=0.0) for name, rate in measured.rates.items()}


async def _work(uri: str, measured: Measured) -> None:
    await asyncio.to_thread(stock, uri, measured)
    await stock_async(uri, measured)
    await through_our_client(uri, measured)


@asynccontextmanager
async def _canned() -> AsyncIterator[tuple[str, int]]:
    command = (sys.executable, "-m", "tests.benchmarks.eventstore_canned", str(REPLAYED))
    server = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert server.stdout is not None
    try:
        yield (await server.stdout.readline()).decode().strip(), server.pid
    finally:
        server.kill()
        await server.wait()


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


if __name__ == "__main__":
    for measured in run():
        print(json.dumps(measured), flush=True)
