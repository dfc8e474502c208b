"""flow-api on the embedded store over HTTP, open loop at a fixed arrival rate; its read model at 100 000 flows; a rebuild.

Open loop: a request is due when it is due, whether or not those before it are answered, so that a queue shows as latency.
Processes of their own: the store, flow-api, and this one, which also has to make the requests.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import re
import socket
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
from call_contract.streams import EventMetadata, flow_stream
from event_log.client import connect
from event_log.memory import MemoryEventLog
from event_log.records import RecordedEvent
from flow_api.domain.flow_events import AnyFlowEvent, CallFlowCreated, CallFlowRevised, CallOutcomeRecorded, encode
from flow_api.domain.validation import flow_of
from flow_api.flow_stream import FlowStreams, Loaded
from flow_api.ports import Who
from flow_api.projections.flow_list import FlowFilter, Page
from flow_api.projections.read_model import ReadModel, open_database
from flow_api.projections.rebuild import rebuild

from tests.support.event_store import running_node
from tests.support.flow_service import SteppingClock, chase

READS_A_S, WRITES_A_S, SECONDS = 300, 100, 8
STORED_FLOWS = 2_000
FLOWS = int(os.environ.get("REST_BENCH_FLOWS", "100000"))
CONNECTIONS = 32
AT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)

#: What is listed of the many flows: all, few of them, those with a word that every flow, one flow or no flow has.
LISTS = {
    "all": FlowFilter(), "company": FlowFilter(company="company 7"), "tag": FlowFilter(tag="t3"), "q_in_all": FlowFilter(q="flow"),
    "q_in_one": FlowFilter(q="flow 99991"), "q_in_none": FlowFilter(q="mortgage"), "q_of_two_letters_in_none": FlowFilter(q="zq"),
}  # fmt: skip

Figure = dict[str, Any]


def run() -> Iterator[Figure]:
    yield from asyncio.run(_over_http())
    yield asyncio.run(_rebuilt_from_store())
    yield from _read_model()


async def _rebuilt_from_store() -> Figure:
    """Wall time from an empty file to the finished read model, with the store in a process of its own on the same machine."""
    with tempfile.TemporaryDirectory() as folder:
        async with running_node(Path(folder) / "log.db") as uri:
            log = await connect(uri)
            streams, at_once = FlowStreams(log, SteppingClock()), asyncio.Semaphore(CONNECTIONS)

            async def fill(number: int) -> None:
                async with at_once:
                    await streams.append(f"f{number}", Loaded(), _lives(number), Who(actor="bench"))

            await asyncio.gather(*(fill(number) for number in range(STORED_FLOWS)))
            began = time.perf_counter()
            rebuilt = await rebuild(log, Path(folder) / "api")
            took_s = time.perf_counter() - began
            await log.close()
    return _figure("rest.rebuild_from_store_events_per_s", rebuilt.events / took_s, events=rebuilt.events, target=15_000)


def _lives(number: int) -> list[AnyFlowEvent]:
    """What happens to a flow: made, revised twice, and seven calls that followed it."""
    made = [flow_of(chase(name=f"Flow {number}", description=f"revision {revision}"))[1] for revision in range(3)]
    counted = [
        CallOutcomeRecorded(cause=f"outcome:{call}", call_id=f"{number}-{call}", outcome="bridged", result="success") for call in range(7)
    ]
    return [
        CallFlowCreated(cause="0", id=f"f{number}", content=made[0]),
        *(CallFlowRevised(cause=str(revision), content=made[revision]) for revision in (1, 2)),
        *counted,
    ]


def _read_model() -> Iterator[Figure]:
    """In CPU seconds of this process, so that other work on the machine does not count."""
    with tempfile.TemporaryDirectory() as folder:
        log, began = ReadyLog(FLOWS), time.process_time()
        rebuilt = asyncio.run(rebuild(log, Path(folder)))
        yield _figure("rest.rebuild_events_per_cpu_s", FLOWS / (time.process_time() - began), target=15_000)
        reads = ReadModel(open_database(Path(folder) / rebuilt.file))
        for name, narrow in LISTS.items():
            first, after = _page_ms(reads, narrow, None)
            later = first
            if after is not None:
                for _ in range(30):
                    _, after = _page_ms(reads, narrow, after)
                later, _ = _page_ms(reads, narrow, after)
            yield _figure(f"rest.page_of_{FLOWS}_flows_ms.{name}", first, later_page_ms=round(later, 2))


class ReadyLog(MemoryEventLog):
    """A log whose events are there already, so that reading them costs nothing."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self._events = list(_events(count))

    async def read_all(self, **_: object) -> AsyncIterator[RecordedEvent]:
        for event in self._events:
            yield event


def _page_ms(reads: ReadModel, narrow: FlowFilter, after: Any) -> tuple[float, Any]:
    taken = []
    for _ in range(5):
        began = time.process_time()
        _, following = reads.flows(narrow, Page(limit=20, after=after))
        taken.append(time.process_time() - began)
    return statistics.median(taken) * 1000, following


def _events(count: int) -> Iterator[RecordedEvent]:
    metadata = msgspec.json.encode(EventMetadata(schema=1, actor="bench", recorded_at=AT.isoformat()))
    for number in range(count):
        _, content = flow_of(chase(name=f"Flow {number}", company=f"Company {number % 50}", tags=[f"t{number % 20}"]))
        data = encode(CallFlowCreated(cause=str(number), id=f"f{number}", content=content))
        yield RecordedEvent(
            id=uuid.UUID(int=number), type="CallFlowCreated", data=data, metadata=metadata, stream=flow_stream(f"f{number}"), revision=0,
            position=number + 1, stored_at=AT,
        )  # fmt: skip


async def _over_http() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        async with running_node(Path(folder) / "log.db") as store, _serving(store, Path(folder) / "api") as port:
            client = Client(port)
            body = msgspec.json.encode(chase(id="chase"))
            await client.ask("POST", "/api/call-flows", body)
            reads = await _open_loop(client, READS_A_S, lambda _: ("GET", "/api/call-flows/chase", b""))
            lists = await _open_loop(client, READS_A_S, lambda _: ("GET", "/api/call-flows?limit=20", b""))
            writes = await _open_loop(
                client, WRITES_A_S, lambda n: ("PUT", "/api/call-flows/chase", msgspec.json.encode(chase(description=f"revision {n}")))
            )
            saturated = {name: await _saturation(client, path) for name, path in {"get": "/api/call-flows/chase"}.items()}
            client.close()
    return [
        _figure("rest.get_p99_ms", _p99(reads), rate_per_s=READS_A_S, p50_ms=_p50(reads), target=20),
        _figure("rest.list_p99_ms", _p99(lists), rate_per_s=READS_A_S, p50_ms=_p50(lists), target=20),
        _figure("rest.write_p99_ms", _p99(writes), rate_per_s=WRITES_A_S, p50_ms=_p50(writes), target=40),
        _figure("rest.saturation_gets_per_s", saturated["get"]),
    ]


async def _open_loop(client: Client, rate_per_s: int, request: Any) -> list[float]:
    """Latencies in milliseconds, each from when the request was due."""
    loop = asyncio.get_running_loop()
    began = loop.time() + 0.2

    async def one(number: int) -> float:
        due = began + number / rate_per_s
        await asyncio.sleep(due - loop.time())
        await client.ask(*request(number))
        return (loop.time() - due) * 1000

    return await asyncio.gather(*(one(number) for number in range(rate_per_s * SECONDS)))


async def _saturation(client: Client, path: str) -> float:
    """Answers a second with every connection busy all the time."""
    loop = asyncio.get_running_loop()
    until, count = loop.time() + 4, 0

    async def busy() -> None:
        nonlocal count
        while loop.time() < until:
            await client.ask("GET", path)
            count += 1

    await asyncio.gather(*(busy() for _ in range(CONNECTIONS)))
    return count / 4


class Client:
    """HTTP/1.1 over kept connections, as little as it takes: the peer on the same two cores must not be the measure."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._free: asyncio.LifoQueue[tuple[asyncio.StreamReader, asyncio.StreamWriter] | None] = asyncio.LifoQueue()
        for _ in range(CONNECTIONS):
            self._free.put_nowait(None)

    async def ask(self, method: str, path: str, body: bytes = b"") -> bytes:
        connection = await self._free.get()
        if connection is None or connection[0].at_eof():  # the server closes connections that were idle for long
            connection = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = connection
        head = f"{method} {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        answer = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", answer)
        content = await reader.readexactly(int(length[1])) if length else b""
        self._free.put_nowait(connection)
        if answer[9:10] != b"2":
            raise RuntimeError(f"{method} {path}: {answer[:40]!r} {content[:300]!r}")
        return content

    def close(self) -> None:
        while not self._free.empty():
            connection = self._free.get_nowait()
            if connection is not None:
                connection[1].close()


@asynccontextmanager
async def _serving(store: str, folder: Path) -> Any:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    env = {
        **os.environ, "EVENTSTORE_URI": store, "FLOW_API_DATA": str(folder), "FLOW_API_PORT": str(port), "FLOW_API_RATE_PER_S": "1000000",
        "FLOW_API_RATE_BURST": "1000000",
    }  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-W", "ignore", "-m", "flow_api", "serve", env=env, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        for _ in range(200):
            try:
                await Client(port).ask("GET", "/health/live")
                break
            except OSError:
                await asyncio.sleep(0.1)
        yield port
    finally:
        process.terminate()
        await process.wait()


def _p50(latencies: list[float]) -> float:
    return round(statistics.median(latencies), 2)


def _p99(latencies: list[float]) -> float:
    return statistics.quantiles(latencies, n=100)[98]


def _figure(name: str, value: float, **more: Any) -> Figure:
    return {"name": name, "value": round(value, 2), **more}
