"""An embedded event store in a process of its own, for tests.

async with running_node(None) as uri: ...            # in memory
node = await start_node(tmp_path / "events.db")      # on a file; node.kill(), await node.stop(), node.restart()
"""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

READY_TIMEOUT_S = 20.0
STOP_TIMEOUT_S = 10.0
_READY = re.compile(r"(esdb://[^:]+:(\d+)\S*)")


class NodeDidNotStart(Exception):
    """What it said instead."""


class RunningNode:
    def __init__(self, process: asyncio.subprocess.Process, uri: str, port: int, arguments: tuple[str, ...]) -> None:
        self.process, self.uri, self.port, self._arguments = process, uri, port, arguments

    def kill(self) -> None:
        """As a crash would: no goodbye."""
        self.process.kill()

    async def stop(self) -> int:
        """Ask it to end, and say how it did. No harm if it has ended."""
        if self.process.returncode is None:
            self.process.terminate()
        try:
            async with asyncio.timeout(STOP_TIMEOUT_S):
                await self.process.communicate()
        except TimeoutError:
            self.process.kill()
            await self.process.communicate()
        return self.process.returncode or 0

    async def restart(self) -> RunningNode:
        """The same file on the same port, after it has ended."""
        await self.process.communicate()
        return await _start(*self._arguments, "--port", str(self.port))


async def start_node(db: Path | None, *options: str) -> RunningNode:
    """Start a node on a free port. ``db`` None keeps the events in memory. Raises NodeDidNotStart."""
    return await _start("--db", str(db) if db else ":memory:", *options)


@asynccontextmanager
async def running_node(db: Path | None = None, *options: str) -> AsyncIterator[str]:
    """The URI of a node that runs as long as the block does."""
    node = await start_node(db, *options)
    try:
        yield node.uri
    finally:
        await node.stop()


async def _start(*arguments: str) -> RunningNode:
    options = arguments if "--port" in arguments else (*arguments, "--port", "0")
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "event_log.node", *options, stdout=pipe, stderr=pipe)
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        async with asyncio.timeout(READY_TIMEOUT_S):
            line = (await process.stdout.readline()).decode()
    except TimeoutError:
        process.kill()
        line = "not ready in time"
    if (ready := _READY.search(line)) is None:
        _, complaint = await process.communicate()
        raise NodeDidNotStart(f"{line}{complaint.decode()}".strip())
    return RunningNode(process, ready[1], int(ready[2]), arguments[: arguments.index("--port")] if "--port" in arguments else arguments)
