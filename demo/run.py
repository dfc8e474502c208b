"""``make run``: the embedded event store and both services for real use, until Ctrl-C or until one of them ends.

Settings come from the environment (``make run`` reads .env). With EVENTSTORE_URI set, no store of our own is started.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

STOP_TIMEOUT_S = 30.0
STORE_PORT = 2113


class Part:
    """One of the processes, with its output on this terminal."""

    def __init__(self, name: str, process: asyncio.subprocess.Process) -> None:
        self.name, self.process = name, process

    @classmethod
    async def start(cls, name: str, *args: str, env: dict[str, str]) -> Part:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", *args, env={**os.environ, **env}, stdin=asyncio.subprocess.DEVNULL, start_new_session=True
        )
        return cls(name, process)

    async def stop(self) -> None:
        """Ask first, so that running calls may end well; insist after a while."""
        if self.process.returncode is None:
            self.process.terminate()
            try:
                await asyncio.wait_for(self.process.wait(), STOP_TIMEOUT_S)
            except TimeoutError:
                self.process.kill()
                await self.process.wait()


async def listening(port: int, part: Part) -> bool:
    """True once the port answers, False if the part has ended before."""
    while part.process.returncode is None:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.1)
        else:
            writer.close()
            return True
    return False


async def start(parts: list[Part], data: Path) -> None:
    """The store first, since both services want it; what cannot start has said why on the terminal."""
    env = {"CALL_ENGINE_DATA": str(data / "call-engine"), "FLOW_API_DATA": str(data / "flow-api")}
    env = {name: os.environ.get(name, value) for name, value in env.items()}
    if not os.environ.get("EVENTSTORE_URI"):
        env["EVENTSTORE_URI"] = f"esdb://127.0.0.1:{STORE_PORT}?Tls=false"
        store = await Part.start("event store", "event_log.node", "--db", str(data / "events.db"), "--port", str(STORE_PORT), env=env)
        parts.append(store)
        if not await listening(STORE_PORT, store):
            return
    parts.append(await Part.start("call-engine", "call_engine", "serve", env=env))
    parts.append(await Part.start("flow-api", "flow_api", "serve", env=env))


async def main() -> int:
    data = Path(os.environ.get("DATA", "data"))
    data.mkdir(parents=True, exist_ok=True)  # noqa: ASYNC240 (once, at the start)
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    parts: list[Part] = []
    try:
        await start(parts, data)
        waits = {asyncio.create_task(part.process.wait()): part for part in parts}
        stop = asyncio.create_task(stopped.wait())
        done, _ = await asyncio.wait({*waits, stop}, return_when=asyncio.FIRST_COMPLETED)
        ended = [waits[task].name for task in done if task in waits]
        if ended:
            print(f"{' and '.join(ended)} ended; stopping the rest", file=sys.stderr)
        stop.cancel()
        return 1 if ended else 0
    finally:
        for part in reversed(parts):
            await part.stop()


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
