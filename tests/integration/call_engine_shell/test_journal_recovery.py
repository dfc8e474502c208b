"""What a killed engine left in a journal, whatever it was doing: all of it reaches the store, once and in order."""

from __future__ import annotations

import itertools
from pathlib import Path

import msgspec
import pytest
from call_contract.call_events import AnyCallEvent, CallAnswered, CallDialled, CallRequested, CallRinging, decode, encode, event_type
from call_contract.streams import EventMetadata, event_id
from call_engine.journal.file import Journal, JournalHeader
from call_engine.journal.forwarder import Forwarder
from call_engine.journal.recovery import bring_home, left_behind
from event_log.memory import MemoryEventLog
from event_log.records import NO_STREAM, NewEvent

STREAM, NOW = "call-c1", "2026-01-01T12:00:00.000Z"
EVENTS: list[AnyCallEvent] = [
    CallRequested(call_id="c1", mode="explore", phone_number="+18005551234", engine="a:1"), CallDialled(target="x"), CallRinging(),
    CallAnswered(at_ms=700),
]  # fmt: skip
METADATA = msgspec.json.encode(EventMetadata(schema=1, actor="call-engine", recorded_at=NOW))
#: A journal as version 1 writes it: this must be read for ever, or until nobody can have one left.
GOLDEN = (
    b'{"call_id":"c1","request":"d","engine":"a:1","journal":1}\n'
    b'{"crc":1098471600,"entry":{"n":0,"type":"CallDialled","data":{"at_ms":0,"target":"x"},"metadata":{"schema":1}}}\n'
)


def journal_in(folder: Path) -> Journal:
    folder.mkdir(parents=True)
    journal = Journal.create(folder, JournalHeader(call_id="c1", request="d", engine="a:1"))
    for event in EVENTS:
        journal.append(event_type(event), encode(event), METADATA)
    journal.close()
    return journal


async def sleepless(_seconds: float) -> None:
    pass


async def recovered(folder: Path, log: MemoryEventLog) -> list[str]:
    await bring_home(left_behind(folder, NOW), log, folder / "aside", sleep=sleepless, store_seen=lambda _up: None)
    return [event.type for event in await log.read(STREAM)]


async def test_killed_at_any_byte_and_with_any_number_of_events_stored(tmp_path: Path) -> None:
    whole = journal_in(tmp_path / "whole").path.read_bytes()
    ends = [i + 1 for i, byte in enumerate(whole) if byte == 10]
    cuts = sorted({end + shift for end in ends for shift in (-20, -1, 0, 7) if ends[0] <= end + shift <= len(whole)})
    for number, (cut, stored) in enumerate(itertools.product(cuts, range(len(EVENTS) + 1))):
        kept = sum(end <= cut for end in ends) - 1
        if stored > kept:
            continue  # what is stored was on the disk before
        folder, log = tmp_path / str(number), MemoryEventLog()
        folder.mkdir()
        (folder / "c1.jsonl").write_bytes(whole[:cut])
        if stored:
            first = [NewEvent(id=event_id(STREAM, "call", n), type=event_type(e), data=encode(e)) for n, e in enumerate(EVENTS[:stored])]
            await log.append(STREAM, first, expected=NO_STREAM)
        expected = [event_type(event) for event in EVENTS[:kept]] + ["CallEnded"]
        if not kept:
            assert left_behind(folder, NOW) == []  # nothing was said to anybody
        else:
            assert await recovered(folder, log) == expected
        assert not list(folder.glob("*.jsonl"))


async def test_recovery_that_is_itself_killed_is_done_again(tmp_path: Path) -> None:
    folder, log = tmp_path / "j", MemoryEventLog()
    journal_in(folder)
    first = left_behind(folder, NOW)
    for journal in first:
        journal.close()
    assert [entry.type for entry in first[0].entries][-1] == "CallEnded"
    assert (await recovered(folder, log)).count("CallEnded") == 1


async def test_the_store_is_away_for_an_hour(tmp_path: Path) -> None:
    log, slept = MemoryEventLog(), [0.0]
    log.go_away()

    async def time_passes(seconds: float) -> None:
        slept[0] += seconds
        if slept[0] >= 3600:
            log.come_back()

    journal_in(tmp_path / "j")
    journal = Journal.open(tmp_path / "j" / "c1.jsonl")
    forwarder = Forwarder(journal, log, sleep=time_passes, store_seen=lambda _up: None)
    forwarder.finish()
    await forwarder.run()
    assert slept[0] >= 3600
    assert [event.type for event in await log.read(STREAM)] == [event_type(event) for event in EVENTS]


def test_a_journal_of_this_version_is_read_as_it_was_written(tmp_path: Path) -> None:
    (tmp_path / "c1.jsonl").write_bytes(GOLDEN)
    (entry,) = Journal.open(tmp_path / "c1.jsonl").entries
    assert decode(entry.type, entry.data) == CallDialled(target="x")


def test_a_journal_of_another_version_is_left_alone(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    newer = GOLDEN.replace(b'"journal":1', b'"journal":2')
    (tmp_path / "c1.jsonl").write_bytes(newer)
    assert left_behind(tmp_path, NOW) == []
    assert "written by another version" in caplog.text
    assert (tmp_path / "c1.jsonl").read_bytes() == newer


async def test_an_event_that_this_version_does_not_know_is_brought_home_as_it_is(tmp_path: Path) -> None:
    folder, log = tmp_path / "j", MemoryEventLog()
    journal_in(folder)
    journal = Journal.open(folder / "c1.jsonl")
    journal.append("CallTeleported", b'{"at_ms":900,"where":"the moon"}', METADATA)
    journal.close()
    assert (await recovered(folder, log))[-2:] == ["CallTeleported", "CallEnded"]
    assert (await log.read(STREAM))[-2].data == b'{"at_ms":900,"where":"the moon"}'
