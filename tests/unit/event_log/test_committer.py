"""The writing thread: writes that wait are committed together, each gets its own answer, and a failed disk is not believed again."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import Sequence

from event_log.node.committer import Committer
from event_log.node.expectation import ANY
from event_log.node.writes import Append, Failed, Outcome, Write, Written


class ScriptedWriter:
    """Answers commits, or fails them, in the order it was told; then goes on answering."""

    def __init__(self, *errors: sqlite3.Error | None) -> None:
        self._errors = list(errors)
        self.groups: list[int] = []

    def commit(self, writes: Sequence[Write]) -> tuple[list[Outcome], frozenset[str]]:
        error = self._errors.pop(0) if self._errors else None
        if error is not None:
            raise error
        self.groups.append(len(writes))
        return [Written(index, index) for index, _ in enumerate(writes)], frozenset({"s"})


def failure(code: int) -> sqlite3.Error:
    error = sqlite3.OperationalError("the disk")
    error.sqlite_errorcode = code
    return error


async def outcomes(writer: ScriptedWriter, count: int, *, together: bool = False) -> list[Outcome]:
    published: list[frozenset[str]] = []
    committer = Committer(writer, contextlib.nullcontext(), published.append)  # type: ignore[arg-type]
    committer.start()
    write = Append("s", ANY, ())
    answers = [committer.submit(write) for _ in range(count)] if together else []
    done = await asyncio.gather(*answers) if together else [await committer.write(write) for _ in range(count)]
    await committer.stop()
    assert committer.ended.is_set() or await asyncio.wait_for(committer.ended.wait(), 1)
    assert len(published) == len(writer.groups)
    return list(done)


async def test_everyone_is_answered_and_groups_form() -> None:
    writer = ScriptedWriter()
    assert len(await outcomes(writer, 50, together=True)) == 50
    assert sum(writer.groups) == 50


async def test_after_a_full_disk_writing_goes_on() -> None:
    full, then = await outcomes(ScriptedWriter(failure(sqlite3.SQLITE_FULL)), 2)
    assert isinstance(full, Failed)
    assert full.disk_full
    assert isinstance(then, Written)


async def test_after_a_failed_write_nothing_is_written_until_a_restart() -> None:
    """A second fsync may report success for data the system has dropped."""
    failed, then = await outcomes(ScriptedWriter(failure(sqlite3.SQLITE_IOERR)), 2)
    assert isinstance(failed, Failed)
    assert isinstance(then, Failed)
    assert "until it is restarted" in then.reason
