"""The shared quotas in the event store: every engine reads the same stream and reserves at the revision it has read.

Of two engines that reserve at once one meets a wrong expected revision, reads what the other wrote, and decides again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import msgspec
from call_contract.call_events import CALL_EVENT_SCHEMA
from call_contract.streams import EventMetadata, event_id
from event_log.port import EventLog
from event_log.records import ANY, NO_STREAM, NewEvent, RecordedEvent, StreamNotFound, WrongExpectedRevision

from call_engine.errors import LimitReached
from call_engine.quota import DAY_S, QUOTA_STREAM, CallReleased, CallReserved, QuotaEvent, Quotas, objection
from call_engine.settings import GuardSettings

TRIES = 20
PAGE = 500


class QuotaLedger:
    def __init__(self, log: EventLog, limits: GuardSettings, *, epoch_s: Callable[[], float], now_iso: Callable[[], str]) -> None:
        self._log, self._limits = log, limits
        self._epoch_s, self._now_iso = epoch_s, now_iso
        self._quotas = Quotas()
        self._revision: int | None = None  #: of the last event folded; None before the first look
        self._one_at_a_time = asyncio.Lock()

    async def reserve(self, wanted: CallReserved) -> None:
        """Raises LimitReached, StoreUnavailable."""
        async with self._one_at_a_time:
            for _ in range(TRIES):
                await self._catch_up()
                refusal = objection(self._quotas, wanted, self._limits)
                if refusal is not None:
                    raise refusal
                try:
                    await self._append(wanted, NO_STREAM if self._revision is None else self._revision)
                except WrongExpectedRevision:
                    continue
                return
        raise LimitReached("busy", "too many engines reserve calls at once: try again")

    async def release(self, call_id: str, cost: float) -> None:
        """The call is over. Saying so twice is harmless. Raises StoreUnavailable."""
        await self._append(CallReleased(call_id=call_id, at_s=self._epoch_s(), cost=cost), ANY)

    async def _catch_up(self) -> None:
        events = await self._recent() if self._revision is None else await self._newer(self._revision + 1)
        for event in events:
            self._quotas.take(msgspec.json.decode(event.data, type=QuotaEvent))
            self._revision = event.revision
        self._quotas.forget_before(self._epoch_s())

    async def _newer(self, revision: int) -> list[RecordedEvent]:
        try:
            return await self._log.read(QUOTA_STREAM, from_revision=revision)
        except StreamNotFound:
            return []

    async def _recent(self) -> list[RecordedEvent]:
        """The events of the last day, oldest first: older ones do not count."""
        found: list[RecordedEvent] = []
        since = self._epoch_s() - DAY_S
        before: int | None = None
        while True:
            try:
                page = await self._log.read(QUOTA_STREAM, from_revision=before, backwards=True, limit=PAGE)
            except StreamNotFound:
                return []
            found += page
            if len(page) < PAGE or page[-1].revision == 0 or _at_s(page[-1]) < since:
                return found[::-1]
            before = page[-1].revision - 1

    async def _append(self, event: QuotaEvent, expected: int) -> None:
        kind = type(event).__name__
        metadata = EventMetadata(schema=CALL_EVENT_SCHEMA, actor="call-engine", recorded_at=self._now_iso(), correlation_id=event.call_id)
        new = NewEvent(
            id=event_id(QUOTA_STREAM, f"{kind} {event.call_id}", 0), type=kind, data=msgspec.json.encode(event),
            metadata=msgspec.json.encode(metadata),
        )  # fmt: skip
        await self._log.append(QUOTA_STREAM, [new], expected=expected)


def _at_s(event: RecordedEvent) -> float:
    at_s: float = msgspec.json.decode(event.data, type=QuotaEvent).at_s
    return at_s
