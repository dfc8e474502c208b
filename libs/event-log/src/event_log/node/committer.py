"""The one writer: a thread that takes all writes that are waiting, commits them together, and only then answers each."""

from __future__ import annotations

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager

from event_log.node.log_writer import LogWriter
from event_log.node.writes import Failed, Outcome, Write

GROUP_MAX = 512

Published = Callable[[frozenset[str]], None]
_Asked = tuple[Write, "asyncio.Future[Outcome]"]


class Committer:
    """Started and asked in the event loop's thread. ``published`` is called there, after a commit, with the streams it touched."""

    def __init__(self, writer: LogWriter, guard: AbstractContextManager[object], published: Published) -> None:
        self._writer, self._guard, self._published = writer, guard, published
        self._queue: queue.SimpleQueue[_Asked | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="committer", daemon=True)
        self._broken: Failed | None = None
        self.ended = asyncio.Event()  # also by a fault of ours: then nobody would be answered any more, and the node has to end

    def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._thread.start()

    async def write(self, write: Write) -> Outcome:
        return await self.submit(write)

    def submit(self, write: Write) -> asyncio.Future[Outcome]:
        """Queue a write. Its order among others is the order of the calls."""
        answer: asyncio.Future[Outcome] = self._loop.create_future()
        self._queue.put((write, answer))
        return answer

    async def stop(self) -> None:
        """Finish what was asked."""
        self._queue.put(None)
        await asyncio.to_thread(self._thread.join)

    def _run(self) -> None:
        try:
            self._take_turns()
        finally:
            self._loop.call_soon_threadsafe(self.ended.set)

    def _take_turns(self) -> None:
        while (first := self._queue.get()) is not None:
            group, last = self._waiting(first)
            outcomes, touched = self._commit([write for write, _ in group])
            answers = [answer for _, answer in group]
            self._loop.call_soon_threadsafe(self._answer, answers, outcomes, touched)
            if last:
                break

    def _waiting(self, first: _Asked) -> tuple[list[_Asked], bool]:
        group = [first]
        while len(group) < GROUP_MAX:
            try:
                asked = self._queue.get_nowait()
            except queue.Empty:
                break
            if asked is None:
                return group, True
            group.append(asked)
        return group, False

    def _commit(self, writes: list[Write]) -> tuple[list[Outcome], frozenset[str]]:
        if self._broken is not None:
            return [self._broken] * len(writes), frozenset()
        try:
            with self._guard:
                return self._writer.commit(writes)
        except sqlite3.Error as error:
            failed = _failed(error)
            if not failed.disk_full:
                # After a failed write or fsync the system may have dropped the data and report success next time.
                self._broken = Failed(f"The store stopped writing after a disk error ({error}); it serves reads until it is restarted.")
            return [failed] * len(writes), frozenset()

    def _answer(self, answers: list[asyncio.Future[Outcome]], outcomes: list[Outcome], touched: frozenset[str]) -> None:
        if touched:
            self._published(touched)
        for answer, outcome in zip(answers, outcomes, strict=True):
            if not answer.done():
                answer.set_result(outcome)


def _failed(error: sqlite3.Error) -> Failed:
    full = error.sqlite_errorcode == sqlite3.SQLITE_FULL if hasattr(error, "sqlite_errorcode") else False
    reason = "The disk is full; nothing was written." if full else f"The disk did not take the write: {error}."
    return Failed(reason, full)
