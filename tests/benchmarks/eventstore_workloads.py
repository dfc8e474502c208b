"""What the event store's benchmarks do to a store, through the stock client and through ours. Each returns events a second."""

from __future__ import annotations

import asyncio
import os
import time
import uuid
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
from esdbclient import AsyncEventStoreDBClient, EventStoreDBClient, NewEvent, StreamState
from event_log import client as ours
from event_log.records import ANY, NO_STREAM
from event_log.records import NewEvent as OurEvent

DATA = b'{"n":1,"text":"' + b"x" * 100 + b'"}'
METADATA = b'{"actor":"bench"}'
SINGLES, BATCHES, BATCH, WRITERS, EACH = 1500, 200, 100, 32, 60
REPLAYED = BATCHES * BATCH
_TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


class Rate(msgspec.Struct, frozen=True):
    """``client_us`` and ``store_us``: CPU time an event, of this process and of the store's. They say more on a busy machine."""

    events_per_s: float
    client_us: float
    store_us: float


Rates = dict[str, Rate]


class Measured:
    """``with measured(events, "name"): …`` fills ``rates``."""

    def __init__(self, store_pid: int) -> None:
        self._pid, self.rates = store_pid, Rates()

    @contextmanager
    def __call__(self, events: int, name: str) -> Iterator[None]:
        begin, client, store = time.perf_counter(), time.process_time(), self._store_s()
        yield
        elapsed_s = time.perf_counter() - begin
        spent = (time.process_time() - client, self._store_s() - store)
        self.rates[name] = Rate(events / elapsed_s, *(round(seconds / events * 1e6, 1) for seconds in spent))

    def _store_s(self) -> float:
        fields = Path(f"/proc/{self._pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS_A_SECOND


def stock_event() -> NewEvent:
    return NewEvent(type="Happened", data=DATA, metadata=METADATA)


def our_event() -> OurEvent:
    return OurEvent(id=uuid.uuid4(), type="Happened", data=DATA, metadata=METADATA)


def stock(uri: str, measured: Measured) -> None:
    """``EventStoreDBClient`` as it comes, one call after another."""
    client = EventStoreDBClient(uri)
    client.append_to_stream("warm", current_version=StreamState.ANY, events=[stock_event()])
    with measured(SINGLES, "append_single"):
        for _ in range(SINGLES):
            client.append_to_stream("single", current_version=StreamState.ANY, events=[stock_event()])
    batches = [[stock_event() for _ in range(BATCH)] for _ in range(BATCHES)]
    with measured(REPLAYED, "append_batches_of_100"):
        for batch in batches:
            client.append_to_stream("batches", current_version=StreamState.ANY, events=batch)
    with measured(REPLAYED, "replay"):
        assert len(client.get_stream("batches")) == REPLAYED
    client.close()


async def stock_async(uri: str, measured: Measured) -> None:
    """``AsyncEventStoreDBClient`` as it comes, 32 writers at once."""
    client = AsyncEventStoreDBClient(uri)
    await client.connect()
    with measured(WRITERS * EACH, "append_32_writers"):
        await _by_writers(lambda stream: client.append_to_stream(stream, current_version=StreamState.ANY, events=[stock_event()]))
    await client.close()


async def through_our_client(uri: str, measured: Measured) -> None:
    """``event_log.client``, which the services use: the stock client's connection, appends over one call, reads in a thread."""
    log = await ours.connect(uri)
    await log.append("warm-ours", [our_event()], expected=ANY)
    with measured(SINGLES, "our_client.append_single"):
        for number in range(SINGLES):
            await log.append("ours-single", [our_event()], expected=number - 1 if number else NO_STREAM)
    with measured(WRITERS * EACH, "our_client.append_32_writers"):
        await _by_writers(lambda stream: log.append(f"ours-{stream}", [our_event()], expected=ANY))
    batches = [[our_event() for _ in range(BATCH)] for _ in range(BATCHES)]
    with measured(REPLAYED, "our_client.append_batches_of_100"):
        for batch in batches:
            await log.append("ours-batches", batch, expected=ANY)
    with measured(REPLAYED, "our_client.append_batches_of_100_by_4_writers"):
        await asyncio.gather(*(_append_all(log, f"ours-batches-{writer}", batches[writer::4]) for writer in range(4)))
    with measured(REPLAYED, "our_client.replay"):
        assert len(await log.read("ours-batches")) == REPLAYED
    await log.close()


async def _append_all(log: ours.EsdbEventLog, stream: str, batches: list[list[OurEvent]]) -> None:
    for batch in batches:
        await log.append(stream, batch, expected=ANY)


async def _by_writers(append: Callable[[str], Coroutine[Any, Any, object]]) -> None:
    async def write(stream: str) -> None:
        for _ in range(EACH):
            await append(stream)

    await asyncio.gather(*(write(f"writer-{number}") for number in range(WRITERS)))
