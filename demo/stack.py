"""Starts the event store, both services, a simulated company and the user's device, and stops them again."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import msgspec

from demo.processes import DidNotStart, Process, free_port, stop_all

PHONE_NUMBER = "+18005551234"
DEVICE_NAME = "sip_phone"
USER_SAYS = "Hello, I would like to dispute a charge on my card."


class Company(msgspec.Struct, frozen=True, kw_only=True):
    """The simulated company to be called and how long it lets one wait."""

    script: str = "chase_bank"
    hold_s: float | None = None


class Stack(msgspec.Struct, kw_only=True):
    """Everything that runs, and where it is to be reached."""

    folder: Path
    api_url: str = ""
    store_uri: str = ""
    engine_target: str = ""
    recording: Path = Path()
    processes: dict[str, Process] = {}

    async def start_store(self) -> None:
        port = free_port()
        self.store_uri = f"esdb://127.0.0.1:{port}?Tls=false"
        await self._start("event store", "event_log.node", "--db", str(self.folder / "events.db"), "--port", str(port))
        await self._reachable("event store", port)

    async def start_company(self, company: Company) -> int:
        options = [] if company.hold_s is None else ["--hold-s", str(company.hold_s)]
        await self._start("company", "ivr_sim", "company", company.script, "--sip", "127.0.0.1:0", *options)
        return await self._sip_port("company")

    async def start_device(self) -> int:
        self.recording = self.folder / "device.wav"
        options = ["--record", str(self.recording), "--hang-up-after-s", "9", "--say", USER_SAYS]
        await self._start("device", "ivr_sim", "device", "--sip", "127.0.0.1:0", *options)
        return await self._sip_port("device")

    async def start_phone(self, name: str, *options: str) -> int:
        """A phone that is not the user's: one that is busy, declines or never answers, say."""
        await self._start(name, "ivr_sim", "device", "--sip", "127.0.0.1:0", *options)
        return await self._sip_port(name)

    async def start_engine(self, company_port: int, device_port: int, other_routes: dict[str, int] | None = None) -> None:
        """``other_routes``: further numbers, each to a SIP port on this machine."""
        port = free_port()
        self.engine_target = f"127.0.0.1:{port}"
        routes = {PHONE_NUMBER: company_port, **(other_routes or {})}
        env = {
            "EVENTSTORE_URI": self.store_uri,
            "CALL_ENGINE_HOST": "127.0.0.1",
            "CALL_ENGINE_PORT": str(port),
            "CALL_ENGINE_DATA": str(self.folder / "call-engine"),
            "CALL_ENGINE_ROUTES": ",".join(f"{number}=sip:company@127.0.0.1:{port}" for number, port in routes.items()),
            "CALL_ENGINE_DEVICES": f"{DEVICE_NAME}=sip:user@127.0.0.1:{device_port}",
            "CALL_ENGINE_DEFAULT_DEVICE": DEVICE_NAME,
        }
        await self._start("call-engine", "call_engine", "serve", env=env)
        await self._reachable("call-engine", port)

    async def start_api(self) -> None:
        port = free_port()
        self.api_url = f"http://127.0.0.1:{port}"
        env = {
            "EVENTSTORE_URI": self.store_uri,
            "CALL_ENGINE_TARGET": self.engine_target,
            "FLOW_API_HOST": "127.0.0.1",
            "FLOW_API_PORT": str(port),
            "FLOW_API_DATA": str(self.folder / "flow-api"),
        }
        await self._start("flow-api", "flow_api", "serve", env=env)
        await self._ready()

    async def _start(self, name: str, *args: str, env: dict[str, str] | None = None) -> None:
        log = self.folder / f"{name.replace(' ', '-')}.log"
        self.processes[name] = await Process.start(name, *args, log=log, env=env)

    async def _sip_port(self, name: str) -> int:
        """The simulator's first line of JSON says where it listens."""
        line = await self.processes[name].said(lambda text: '"ready"' in text)
        return int(json.loads(line)["port"])

    async def _reachable(self, name: str, port: int, timeout_s: float = 180.0) -> None:
        deadline = asyncio.get_running_loop().time() + timeout_s
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                self.processes[name].check(deadline)
                await asyncio.sleep(0.1)
            else:
                writer.close()
                return

    async def _ready(self, timeout_s: float = 180.0) -> None:
        deadline = asyncio.get_running_loop().time() + timeout_s
        async with httpx.AsyncClient(base_url=self.api_url) as client:
            while True:
                with contextlib.suppress(httpx.TransportError):
                    if (await client.get("/health/ready")).status_code == 200:
                        return
                self.processes["flow-api"].check(deadline)
                await asyncio.sleep(0.1)

    async def stop(self) -> None:
        await stop_all([*reversed(self.processes.values())])


@contextlib.asynccontextmanager
async def running(folder: Path, company: Company) -> AsyncIterator[Stack]:
    """The whole system; what was started is stopped on leaving, also after a failure or Ctrl-C."""
    stack = Stack(folder=folder, processes={})
    try:
        await stack.start_store()
        company_port = await stack.start_company(company)
        device_port = await stack.start_device()
        await stack.start_engine(company_port, device_port)
        await stack.start_api()
        yield stack
    finally:
        await stack.stop()


__all__ = ["DEVICE_NAME", "PHONE_NUMBER", "Company", "DidNotStart", "Stack", "running"]
