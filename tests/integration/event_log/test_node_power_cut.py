"""The power goes at any moment, and what was not fsynced is forgotten: what was acknowledged is there, once and in order."""

from __future__ import annotations

import itertools
import os
import random
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from event_log.node import file, wire
from event_log.node.expectation import NO_STREAM
from event_log.node.log_writer import LogWriter
from event_log.node.tables import Tables
from event_log.node.writes import Append, ProposedEvent, Written

from tests.support import forgetful_files
from tests.support.forgetful_files import ForgetfulFiles, Told

COMMITS = 60
CUTS = int(os.environ.get("EVENT_LOG_POWER_CUTS", "150"))

pytestmark = pytest.mark.skipif(not ForgetfulFiles.are_possible(), reason="SQLite is built into this Python")


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[ForgetfulFiles]:
    disk = ForgetfulFiles()
    disk.install()
    monkeypatch.setattr(os, "fsync", disk.fsync)
    yield disk
    disk.remove()


def proposed(stream: str, number: int) -> ProposedEvent:
    event_id = str(uuid.UUID(int=number))
    return ProposedEvent(event_id, "Counted", wire.content(event_id, stream, "Counted", "application/json", b"", b"%d" % number))


def fill(disk: ForgetfulFiles, db: Path, pragmas: tuple[str, ...], chance: random.Random) -> None:
    """Groups of appends to three streams, each promised after its commit, with the log folded into the file now and then."""
    store = file.open_file(db, vfs=forgetful_files.NAME)
    for pragma in pragmas:
        store.writer.execute(f"PRAGMA {pragma}")
    clock = itertools.count(1)
    writer = LogWriter(store.writer, lambda: next(clock), lambda: 0.0, lambda: str(uuid.UUID(int=next(clock))))
    lengths = dict.fromkeys("abc", 0)
    number = 0
    for _ in range(COMMITS):
        group = []
        for stream in chance.choices("abc", k=chance.randint(1, 4)):
            count = chance.randint(1, 3)
            expected = lengths[stream] - 1 if lengths[stream] else NO_STREAM
            group.append(Append(stream, expected, tuple(proposed(stream, number + i) for i in range(count))))
            lengths[stream], number = lengths[stream] + count, number + count
        outcomes, _ = writer.commit(group)
        assert all(isinstance(outcome, Written) for outcome in outcomes)
        disk.tell(number)
    store.close()


def numbers_there(folder: Path, files: dict[str, bytes], db: Path) -> list[int]:
    """What a node finds on that disk."""
    for name, content in files.items():
        (folder / Path(name).name).write_bytes(content)
    store = file.open_file(folder / db.name)
    try:
        tables, found, position = Tables(store.reader), list[int](), 0
        if store.created:
            return []
        while page := tables.all_forwards(position):
            position = page[-1].position + 1
            found += [int(wire.ReadEvent.FromString(row.read_event).event.data) for row in page]
        return found
    finally:
        store.close()


def cut_points(disk: ForgetfulFiles, chance: random.Random) -> list[int]:
    first_promise = next(index for index, operation in enumerate(disk.operations) if isinstance(operation, Told))
    return [chance.randrange(first_promise + 1, len(disk.operations) + 1) for _ in range(CUTS)]


def test_no_promise_is_broken(disk: ForgetfulFiles, tmp_path: Path) -> None:
    chance, db = random.Random(7), tmp_path / "events.db"
    fill(disk, db, ("wal_autocheckpoint = 12",), chance)
    for number, at in enumerate(cut_points(disk, chance)):
        files, promises = disk.after_power_cut(at, chance)
        folder = tmp_path / f"cut-{number}"
        folder.mkdir()
        there = numbers_there(folder, files, db)
        assert there == list(range(len(there))), f"power cut after operation {at}"
        assert len(there) >= promises[-1], f"power cut after operation {at}"


def test_the_disk_does_forget(disk: ForgetfulFiles, tmp_path: Path) -> None:
    """Without fsync the same test finds broken promises: it can fail."""
    chance, db = random.Random(7), tmp_path / "events.db"
    fill(disk, db, ("synchronous = OFF",), chance)
    broken = 0
    for number, at in enumerate(cut_points(disk, chance)[:20]):
        files, promises = disk.after_power_cut(at, chance)
        folder = tmp_path / f"cut-{number}"
        folder.mkdir()
        try:
            broken += len(numbers_there(folder, files, db)) < promises[-1]
        except file.CannotOpen:
            broken += 1
    assert broken > 0
