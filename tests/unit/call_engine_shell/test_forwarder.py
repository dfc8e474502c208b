"""The forwarder against a store that fails at every possible place."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from call_contract.streams import event_id
from call_engine.journal.file import Journal, JournalHeader
from call_engine.journal.forwarder import Forwarder, Superseded
from event_log.memory import MemoryEventLog
from event_log.records import NO_STREAM, Appended, NewEvent, RecordedEvent, StoreUnavailable

STREAM = "call-c1"


class FailingLog(MemoryEventLog):
    """The n-th append fails: before it took effect, or after."""

    def __init__(self, n: int, *, after: bool) -> None:
        super().__init__()
        self.n, self.after, self.appends = n, after, 0

    async def append(self, stream: str, events: Sequence[NewEvent], *, expected: int, timeout_s: float = 5.0) -> Appended:
        self.appends += 1
        if self.appends - 1 != self.n:
            return await super().append(stream, events, expected=expected, timeout_s=timeout_s)
        if self.after:
            await super().append(stream, events, expected=expected, timeout_s=timeout_s)
        raise StoreUnavailable("the answer was lost")


async def no_wait(_seconds: float) -> None:
    await asyncio.sleep(0)


def forwarder_of(journal: Journal, log: MemoryEventLog) -> Forwarder:
    return Forwarder(journal, log, sleep=no_wait, store_seen=lambda _up: None)


def new_journal(folder: Path) -> Journal:
    return Journal.create(folder, JournalHeader(call_id="c1", request="", engine=""))


async def all_of(log: MemoryEventLog) -> list[RecordedEvent]:
    events: AsyncIterator[RecordedEvent] = log.read_all()
    return [event async for event in events]


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("n", range(7))
async def test_the_nth_append_fails_and_nothing_is_lost_doubled_or_reordered(tmp_path: Path, n: int, after: bool) -> None:
    journal, log = new_journal(tmp_path), FailingLog(n, after=after)
    forwarder = forwarder_of(journal, log)
    run = asyncio.create_task(forwarder.run())
    for i in range(6):
        journal.append("StepStarted", b'{"step_id":"%d"}' % i, b"{}")
        forwarder.wake()
        if i % 2:  # sometimes one by one, sometimes two at once
            await forwarder.stored_up_to(i)
    forwarder.finish()
    await run
    assert [(e.revision, e.id) for e in await all_of(log)] == [(i, event_id(STREAM, "call", i)) for i in range(6)]


@pytest.mark.parametrize("stored", range(5))
async def test_an_engine_killed_after_any_event_goes_on_from_there(tmp_path: Path, stored: int) -> None:
    journal, log = new_journal(tmp_path), MemoryEventLog()
    for i in range(4):
        journal.append("StepStarted", b'{"step_id":"%d"}' % i, b"{}")
    if stored:
        events = [NewEvent(id=event_id(STREAM, "call", i), type="StepStarted", data=b"{}") for i in range(stored)]
        await log.append(STREAM, events, expected=NO_STREAM)
    journal.close()
    journal = Journal.open(journal.path)
    forwarder = forwarder_of(journal, log)
    forwarder.finish()
    await forwarder.run()
    assert [e.id for e in await all_of(log)] == [event_id(STREAM, "call", i) for i in range(4)]


async def test_what_another_wrote_is_not_mixed_with_ours(tmp_path: Path) -> None:
    journal, log = new_journal(tmp_path), MemoryEventLog()
    for _ in range(3):
        journal.append("StepStarted", b"{}", b"{}")
    theirs = [
        NewEvent(id=event_id(STREAM, "call", 0), type="StepStarted", data=b"{}"),
        NewEvent(id=event_id("x", "y", 1), type="CallEnded", data=b"{}"),
    ]
    await log.append(STREAM, theirs, expected=NO_STREAM)
    forwarder = forwarder_of(journal, log)
    forwarder.finish()
    with pytest.raises(Superseded):
        await forwarder.run()
    with pytest.raises(Superseded):
        await forwarder.stored_up_to(2)
    assert len(await all_of(log)) == 2


async def test_a_disk_that_fails_does_not_keep_events_from_the_store(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    class Failing(Journal):
        def sync(self) -> None:
            raise OSError(errno.EIO, "Input/output error")

    journal, log = Failing.create(tmp_path, JournalHeader(call_id="c1", request="", engine="")), MemoryEventLog()
    forwarder = forwarder_of(journal, log)
    for n in range(3):
        journal.append("StepStarted", f'{{"step_id":"{n}"}}'.encode(), b"{}")
    forwarder.finish()
    await forwarder.run()
    assert len(await all_of(log)) == 3
    assert "Input/output error" in caplog.text
