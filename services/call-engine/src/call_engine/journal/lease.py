"""Engines that share a store: each says that it lives, and the calls of one that no longer does are closed by another.

An engine renews its lease on ``engine-{id}``. Every engine follows call and lease events; an open call whose engine has let its lease run
out is closed with CallEnded{engine_lost} at the expected revision, so that of several who try one wins, and none cuts off an engine
that wrote in between. Should the dead engine come back, its late journal meets a wrong revision and is set aside.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Awaitable, Callable
from uuid import UUID

import msgspec
from call_contract.call_events import CALL_EVENT_SCHEMA, CallEnded, CallOutcome, CallRequested, decode, encode, event_type
from call_contract.streams import CALL_PREFIX, ENGINE_PREFIX, EventMetadata, event_id
from event_log.port import EventLog
from event_log.records import ANY, NewEvent, RecordedEvent, StoreUnavailable, StreamGone, WrongExpectedRevision

log = logging.getLogger(__name__)

LEASE_S = 60.0
RENEW_S = 20.0
#: After the store was away, or at the start: the others need a round to renew their leases, and sleep through part of it.
ROUNDS_BEFORE_CLOSING = 2
LEASE_TYPE = "EngineLeaseRenewed"
FOLLOWED = f"(?:{CALL_PREFIX}|{ENGINE_PREFIX}).*"


class Lease(msgspec.Struct, frozen=True, kw_only=True):
    """Body of the event. ``until`` is ISO 8601 in UTC. One that stops has no open calls, or leaves them in journals for its next start."""

    engine: str  #: the address that CallRequested names
    until: str


class OpenCall(msgspec.Struct):
    engine: str
    revision: int
    number: str = ""
    at_ms: int = 0


class Fleet(msgspec.Struct):
    """What is known of all engines, folded from their events."""

    leases: dict[str, str] = {}
    calls: dict[str, OpenCall] = {}
    position: int = 0

    def take(self, event: RecordedEvent) -> None:
        self.position = event.position
        if event.type == LEASE_TYPE:
            lease = msgspec.json.decode(event.data, type=Lease)
            self.leases[lease.engine] = max(lease.until, self.leases.get(lease.engine, ""))
            return
        if not event.stream.startswith(CALL_PREFIX):
            return
        body = decode(event.type, event.data)
        if isinstance(body, CallRequested):
            self.calls[event.stream] = OpenCall(body.engine, event.revision, body.phone_number)
        elif isinstance(body, CallEnded):
            self.calls.pop(event.stream, None)
        elif event.stream in self.calls:
            call = self.calls[event.stream]
            call.revision = event.revision
            call.at_ms = body.at_ms if body is not None else call.at_ms

    def lost(self, now_iso: str, me: str) -> list[tuple[str, OpenCall]]:
        """Open calls of engines whose lease has run out. An engine that never had a lease is left alone."""
        return [
            (stream, call)
            for stream, call in self.calls.items()
            if call.engine != me and (until := self.leases.get(call.engine)) is not None and until < now_iso
        ]


class Leases:
    """Renews this engine's lease, and closes the calls of engines that are gone."""

    def __init__(
        self,
        store: EventLog,
        *,
        engine_id: str,
        address: Callable[[], str],
        now_iso: Callable[[], str],
        new_id: Callable[[], str],
        closed: Callable[[OpenCall, str], Awaitable[None]] | None = None,
    ) -> None:
        """``closed`` is told every call that was closed for an engine that is gone, and its id."""
        self._store, self._stream, self._address = store, ENGINE_PREFIX + engine_id, address
        self._now_iso, self._new_id = now_iso, new_id
        self._closed = closed
        self._fleet = Fleet()
        self._rounds = 0  #: for how many rounds the store has answered without a break

    async def run(self, sleep: Callable[[float], Awaitable[None]]) -> None:
        """A store that comes back holds only leases that have run out, also of engines that live: nothing is closed before these had
        the time to renew them.
        """
        while True:
            try:
                await self.renew(LEASE_S)
                self._rounds += 1
                if self._rounds > ROUNDS_BEFORE_CLOSING:
                    await self.close_lost_calls()
            except StoreUnavailable:
                self._rounds = 0
                log.warning("the event store is away: the lease is not renewed")
            await sleep(RENEW_S)

    async def renew(self, seconds: float) -> None:
        """Raises StoreUnavailable."""
        until = dt.datetime.fromisoformat(self._now_iso()) + dt.timedelta(seconds=seconds)
        lease = Lease(engine=self._address(), until=until.isoformat(timespec="milliseconds").replace("+00:00", "Z"))
        event = NewEvent(id=UUID(self._new_id()), type=LEASE_TYPE, data=msgspec.json.encode(lease), metadata=self._metadata(""))
        await self._store.append(self._stream, [event], expected=ANY)

    async def close_lost_calls(self) -> list[str]:
        """The streams closed. Raises StoreUnavailable."""
        async for event in self._store.read_all(from_position=self._fleet.position or None, streams=FOLLOWED):
            self._fleet.take(event)
        closed = []
        for stream, call in self._fleet.lost(self._now_iso(), self._address()):
            if await self._close(stream, call):
                closed.append(stream)
                if self._closed is not None:
                    await self._closed(call, stream.removeprefix(CALL_PREFIX))
        return closed

    async def _close(self, stream: str, call: OpenCall) -> bool:
        ended = CallEnded(at_ms=call.at_ms, outcome=CallOutcome.ENGINE_LOST, reason=f"the lease of engine {call.engine} has run out")
        cause = f"closed by {self._address()}"
        event = NewEvent(
            id=event_id(stream, cause, call.revision + 1), type=event_type(ended), data=encode(ended), metadata=self._metadata(stream)
        )
        try:
            await self._store.append(stream, [event], expected=call.revision)
        except (WrongExpectedRevision, StreamGone):
            return False  # its engine wrote after all, or another was faster: the next round sees
        log.warning("closed a call of a lost engine", extra={"stream": stream, "engine": call.engine})
        return True

    def _metadata(self, stream: str) -> bytes:
        metadata = EventMetadata(
            schema=CALL_EVENT_SCHEMA, actor=f"call-engine {self._address()}", recorded_at=self._now_iso(),
            correlation_id=stream.removeprefix(CALL_PREFIX),
        )  # fmt: skip
        return msgspec.json.encode(metadata)
