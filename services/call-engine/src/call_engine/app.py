"""The composition root: the one place that knows which adapter stands behind which port. Tests override what they need."""

from __future__ import annotations

import asyncio
import functools
import logging
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import msgspec
from event_log.records import StoreUnavailable

from call_engine import wiring
from call_engine.adapters.system import SystemClock, new_id, random_bytes
from call_engine.call_setup import CallSetup, Parts, Transcribing, cost_of, make_journal_dir
from call_engine.calls import Calls
from call_engine.errors import Refused
from call_engine.guards import Guards
from call_engine.journal.file import Journal
from call_engine.journal.lease import Leases, OpenCall
from call_engine.journal.lock import DirectoryLock
from call_engine.journal.recovery import bring_home, left_behind
from call_engine.metrics import Metrics
from call_engine.pulse import Ears, Pulse
from call_engine.quota_ledger import QuotaLedger
from call_engine.rpc.server import RpcServer
from call_engine.settings import Settings, SettingsError
from call_engine.store_health import StoreHealth
from call_engine.stored_calls import StoredCalls

log = logging.getLogger(__name__)

KILL_SWITCH_S = 0.5
RETRY_S = 1.0


class Engine:
    """Everything of one call-engine process. ``start``, then ``drain`` (or ``stop``)."""

    def __init__(self, settings: Settings, parts: Parts, ears: Ears, clock: SystemClock, metrics: Metrics) -> None:
        self.settings = settings
        self._parts, self._clock, self.metrics = parts, clock, metrics
        self.store = StoreHealth(parts.log)
        self.guards = Guards(settings.guards, settings.routes, epoch_s=parts.epoch_s, killed=self._killed, devices=settings.sip.devices)
        self.pulse = Pulse(ears, failed=self._broke, over=self._over)
        try:
            self.guards.check_configured_devices()
        except Refused as refusal:
            raise SettingsError(f"CALL_ENGINE_DEVICES: {refusal}") from refusal
        self.quotas = QuotaLedger(parts.log, settings.guards, epoch_s=parts.epoch_s, now_iso=parts.now_iso)
        setup = CallSetup(settings, parts, self.guards, self.quotas, self.store, address=lambda: self.address)
        self.calls = Calls(setup, StoredCalls(parts.log), self.pulse, sleep=parts.sleep)
        self.rpc = RpcServer(settings, self.calls, lines_trouble=lambda: parts.lines.trouble)
        self.leases = Leases(
            parts.log, engine_id=settings.engine_id, address=lambda: self.address, now_iso=parts.now_iso, new_id=new_id, closed=self._closed
        )  # fmt: skip
        self._lock = DirectoryLock(settings.journal_dir)
        self.recovered = asyncio.Event()  #: what an earlier engine left behind is in the store
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self, *, beat: bool = True) -> None:
        """Raises PortTaken, DirectoryTaken, OSError. With ``beat=False`` the caller drives ``pulse.beat``."""
        make_journal_dir(self.settings)
        self._lock.take()
        self.metrics.observe(self)
        left = left_behind(self.settings.journal_dir, self._parts.now_iso())
        await self.rpc.start()
        self._spawn(self._parts.lines.start())
        self._spawn(self._parts.speech.start())
        self._spawn(self._recover(left))
        self._spawn(self.store.run(self._parts.sleep))
        self._spawn(self.leases.run(self._parts.sleep))
        if self.settings.guards.kill_switch_file:
            self._spawn(self._watch_kill_switch())
        if beat:
            self._spawn(self.pulse.run(self._clock.monotonic_s, self._parts.sleep))
        log.info("ready", extra={"listen": self.settings.listen, "port": self.rpc.port, "journals_left": len(left)})

    @property
    def transcriber(self) -> Transcribing:
        return self._parts.transcriber

    @property
    def trunk_ready(self) -> bool:
        """Whether numbers can be dialled through the trunk: it is registered, or wants no registration."""
        return self._parts.lines.ready

    async def drain(self) -> None:
        """Takes no new calls, waits for the running ones, lets go of conversations that take longer, ends the others, and stops."""
        self.calls.draining = True
        await self.rpc.set_serving(False)
        log.info("draining", extra={"running": len(self.calls.running)})
        if not await self._drained_within(self.settings.drain_s):
            self.calls.hand_over_bridged("the engine was stopped; the conversation goes on without it")
            self.calls.end_all("the engine is shutting down")
            await self._drained_within(5.0)
        await self.stop()

    async def stop(self) -> None:
        await self.rpc.stop(1.0)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.calls.close()
        await self._parts.lines.close()
        await self._parts.transcriber.close()
        await self._parts.traces.close()
        await self._parts.log.close()
        self._lock.release()

    @property
    def address(self) -> str:
        """Where others reach this engine."""
        return self.settings.advertise or self.settings.listening(self.rpc.port or self.settings.port)

    async def _recover(self, left: list[Journal]) -> None:
        """What an earlier life left in journals goes to the store; what its calls reserved is given back."""
        await bring_home(left, self._parts.log, self.settings.aside_dir, sleep=self._parts.sleep, store_seen=self.store.seen)
        for journal in left:
            await self._release(journal.header.call_id, cost_of(journal, self.guards))
        self.recovered.set()

    async def _release(self, call_id: str, cost: float) -> None:
        while True:
            try:
                return await self.quotas.release(call_id, cost)
            except StoreUnavailable:
                await self._parts.sleep(RETRY_S)

    async def _closed(self, call: OpenCall, call_id: str) -> None:
        """A call of an engine that is gone has been closed."""
        await self._release(call_id, self.guards.cost(call.number, call.at_ms / 1000))

    async def _drained_within(self, seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                await self.calls.drained()
        except TimeoutError:
            return False
        return True

    async def _broke(self, session: Any, error: Exception) -> None:
        self.metrics.broken.inc()
        await self.calls.broke(session, error)

    def _over(self, session: Any) -> None:
        self.calls.over(session)

    def _killed(self) -> bool:
        path = self.settings.guards.kill_switch_file
        return bool(path) and Path(path).exists()

    async def _watch_kill_switch(self) -> None:
        while True:
            if self._killed():
                self.calls.end_all("kill switch")
            await self._parts.sleep(KILL_SWITCH_S)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        task.add_done_callback(_report)
        self._tasks.append(task)


def _report(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and task.exception() is not None:
        log.error("a background task stopped", exc_info=task.exception())


async def build(settings: Settings, **overrides: Any) -> Engine:
    """The engine with its real adapters, or those given: any field of ``Parts``, and ``ears``.

    Raises what the adapters raise when they cannot be had: ``SettingsError`` for a missing model, a bad secrets file or a folder that
    cannot be written.
    """
    wiring.check_recordings(settings.recordings_dir)
    clock = SystemClock()
    identified = msgspec.structs.replace(settings, engine_id=settings.engine_id or new_id()[:12])
    ears = overrides.pop("ears", None) or wiring.ears(settings)
    similarity = functools.cache(wiring.similarity)
    makers: dict[str, Callable[[], Any]] = {
        "log": lambda: wiring.event_log(settings),
        "lines": lambda: wiring.lines(settings),
        "brain": lambda: wiring.brains(settings, similarity()),
        "recordings": wiring.recordings,
        "transcriber": lambda: wiring.prepared_transcriber(settings, similarity()),
        "speech": lambda: wiring.speech(settings),
        "secrets": lambda: wiring.secrets(settings),
        "traces": lambda: wiring.traces(identified),
        "now_iso": lambda: clock.now_iso,
        "epoch_s": lambda: clock.epoch_s,
        "sleep": lambda: clock.sleep,
        "nonce": lambda: random_bytes,
    }
    made: dict[str, Any] = {}
    for name, make in makers.items():
        part = overrides[name] if name in overrides else make()
        made[name] = await part if asyncio.iscoroutine(part) else part
    return Engine(identified, Parts(**made), ears, clock, Metrics())
