"""Nothing acknowledged is lost, doubled or reordered: when the node is killed, when the power goes, when the disk is full."""

from __future__ import annotations

import asyncio
import os
import random
import uuid
from pathlib import Path

import pytest
from event_log.client import EsdbEventLog, connect
from event_log.records import ANY, NO_STREAM, CaughtUp, NewEvent, StoreUnavailable, StreamNotFound

from tests.support.event_store import NodeDidNotStart, running_node, start_node

KILLS = int(os.environ.get("EVENT_LOG_KILLS", "20"))  # hundreds: EVENT_LOG_KILLS=400 make test
WRITERS = 4


def numbered(number: int) -> NewEvent:
    return NewEvent(id=uuid.uuid4(), type="Counted", data=str(number).encode())


class Writer:
    """Appends 0, 1, 2 … to its stream, batch after batch, and remembers what it was told is there."""

    def __init__(self, stream: str, chance: random.Random) -> None:
        self.stream, self._chance = stream, chance
        self.acknowledged, self._attempt = -1, list[NewEvent]()

    async def run(self, log: EsdbEventLog) -> None:
        """Until the store goes. What was not answered is tried again after the restart, with the same ids."""
        while True:
            if not self._attempt:
                first = self.acknowledged + 1
                self._attempt = [numbered(n) for n in range(first, first + self._chance.randint(1, 5))]
            try:
                await log.append(self.stream, self._attempt, expected=self.acknowledged, timeout_s=10)
            except StoreUnavailable:
                return
            self.acknowledged += len(self._attempt)
            self._attempt = []

    async def check(self, log: EsdbEventLog) -> None:
        try:
            there = [int(event.data) for event in await log.read(self.stream)]
        except StreamNotFound:
            there = []
        assert there == list(range(len(there)))  # in order, none doubled, no gap
        assert len(there) >= self.acknowledged + 1
        assert len(there) in (self.acknowledged + 1, self.acknowledged + 1 + len(self._attempt))  # an append is whole or not there


@pytest.mark.timeout(60 + 15 * KILLS)
async def test_killed_at_any_moment(tmp_path: Path) -> None:
    chance = random.Random(20)
    writers = [Writer(f"count-{number}", random.Random(number)) for number in range(WRITERS)]
    node = await start_node(tmp_path / "events.db")
    log = await connect(node.uri)
    for _ in range(KILLS):
        running = [asyncio.create_task(writer.run(log)) for writer in writers]
        asyncio.get_running_loop().call_later(chance.uniform(0.01, 0.15), node.kill)
        await asyncio.gather(*running)
        node = await node.restart()
        await reachable(log)
        for writer in writers:
            await writer.check(log)
    assert sum(writer.acknowledged + 1 for writer in writers) > KILLS
    everything = [event.position async for event in log.read_all()]
    assert everything == sorted(set(everything))
    await log.close()
    assert await node.stop() == 0


async def reachable(log: EsdbEventLog) -> None:
    """The same client object finds the store again by itself."""
    async with asyncio.timeout(10):
        while True:
            try:
                await log.head_position()
                return
            except StoreUnavailable:
                continue


async def test_a_retry_after_a_restart_is_no_second_event(tmp_path: Path) -> None:
    node = await start_node(tmp_path / "events.db")
    log = await connect(node.uri)
    event = numbered(1)
    before = await log.append("once", [event], expected=ANY)
    node.kill()
    node = await node.restart()
    await reachable(log)
    assert await log.append("once", [event], expected=ANY) == before
    assert len(await log.read("once")) == 1
    await log.close()
    await node.stop()


async def test_a_subscriber_is_told_that_the_store_went(tmp_path: Path) -> None:
    node = await start_node(None)
    log = await connect(node.uri)
    events = log.subscribe_all()
    while not isinstance(await anext(events), CaughtUp):
        pass
    node.kill()
    with pytest.raises(StoreUnavailable):
        await anext(events)
    with pytest.raises(StoreUnavailable):
        await log.append("x", [numbered(1)], expected=NO_STREAM, timeout_s=1)
    await log.close()
    await node.stop()


async def test_a_full_disk_refuses_writes_and_serves_reads(tmp_path: Path) -> None:
    bigs = [NewEvent(id=uuid.uuid4(), type="Big", data=b"1" * 100_000) for _ in range(13)]
    async with running_node(tmp_path / "events.db", "--size-max-mib", "1") as uri:
        log = await connect(uri)
        kept = [await log.append("big", [big], expected=ANY) for big in bigs[:4]]
        with pytest.raises(StoreUnavailable, match="disk is full"):
            await log.append("big", bigs[4:], expected=ANY)
        assert [event.revision for event in await log.read("big")] == [appended.revision for appended in kept]
        assert (await log.append("small", [numbered(1)], expected=NO_STREAM)).revision == 0  # there is room for a small one
        await log.close()


async def test_a_second_node_is_refused(tmp_path: Path) -> None:
    node = await start_node(tmp_path / "events.db")
    with pytest.raises(NodeDidNotStart, match="in use by another node"):
        await start_node(tmp_path / "events.db")
    with pytest.raises(NodeDidNotStart, match=f"127.0.0.1:{node.port} cannot be listened on"):
        await start_node(tmp_path / "other.db", "--port", str(node.port))
    assert await node.stop() == 0


async def filled(db: Path, *, kill: bool = False) -> None:
    node = await start_node(db)
    log = await connect(node.uri)
    for number in range(40):
        await log.append("filled", [numbered(number)], expected=number - 1)
    await log.close()
    if kill:
        node.kill()
    await node.stop()


@pytest.mark.parametrize("damage", ["no database", "another database", "a spoilt page", "cut short"])
async def test_a_damaged_file_is_refused(tmp_path: Path, damage: str) -> None:
    db = tmp_path / "events.db"
    await filled(db)
    content = db.read_bytes()
    match damage:
        case "no database":
            db.write_bytes(b"something else entirely\n" * 1000)
        case "another database":
            db.write_bytes(content[:68] + b"\x00\x00\x00\x01" + content[72:])
        case "a spoilt page":
            db.write_bytes(content[:8192] + os.urandom(8192) + content[16384:])
        case _:
            db.write_bytes(content[: len(content) // 2])
    before = db.read_bytes()
    with pytest.raises(NodeDidNotStart, match=r"events\.db"):
        await start_node(db)
    assert db.read_bytes() == before


async def test_a_spoilt_write_ahead_log_is_refused_but_a_torn_end_is_not(tmp_path: Path) -> None:
    db, wal = tmp_path / "events.db", tmp_path / "events.db-wal"
    await filled(db, kill=True)
    content = bytearray(wal.read_bytes())
    wal.write_bytes(content[:-100])  # the last transaction was not whole when the power went
    async with running_node(db) as uri:
        log = await connect(uri)
        assert [int(e.data) for e in await log.read("filled")] == list(range(39))
        await log.close()
    other = tmp_path / "spoilt"
    other.mkdir()
    await filled(other / "events.db", kill=True)
    good = (other / "events.db-wal").read_bytes()
    for spoilt_at in (3, 20, len(good) // 2):
        content = bytearray(good)
        content[spoilt_at] ^= 0xFF
        (other / "events.db-wal").write_bytes(content)
        with pytest.raises(NodeDidNotStart, match="damaged at byte"):
            await start_node(other / "events.db")
    (other / "events.db-wal").write_bytes(good)
    async with running_node(other / "events.db") as uri:
        log = await connect(uri)
        assert len(await log.read("filled")) == 40
        await log.close()


async def test_an_event_that_rotted_on_disk_is_not_served(tmp_path: Path) -> None:
    """Old events are looked at when they are read (or all of them with --check), the latest when the node starts."""
    db = tmp_path / "events.db"
    async with running_node(db) as uri:
        log = await connect(uri)
        await log.append("rots", [NewEvent(id=uuid.uuid4(), type="Said", data=b"a long sentence that rots away")], expected=NO_STREAM)
        for _ in range(6):
            await log.append("keeps", [numbered(number) for number in range(1000)], expected=ANY)
        await log.close()
    db.write_bytes(db.read_bytes().replace(b"a long sentence", b"a lung sentence"))
    async with running_node(db) as uri:
        log = await connect(uri)
        with pytest.raises(StoreUnavailable, match="damaged on disk"):
            await log.read("rots")
        assert len(await log.read("keeps", backwards=True, limit=5)) == 5
        await log.close()
    with pytest.raises(NodeDidNotStart, match=r"position \d+ is damaged on disk"):
        await start_node(db, "--check")
