"""The record of one call: what is written, sealed, redacted and stamped, and read by those who watch."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

import msgspec
from call_contract.call_events import CALL_EVENT_SCHEMA, AnyCallEvent, CallEnded, DiscoveryMade, encode, event_type
from call_contract.streams import EventMetadata
from event_log.port import EventLog

from call_engine.call_state import CallState, evolve
from call_engine.core.effects import Seal
from call_engine.journal.file import Entry, Journal
from call_engine.journal.forwarder import Forwarder
from call_engine.redaction import redact, redact_fields
from call_engine.sealing import Sealer
from call_engine.tracing import CallTrace, untraced

log = logging.getLogger(__name__)


class CallRecord:
    """Writes the events of a call to its journal; keeps their fold; wakes the forwarder and the watchers.

    ``secrets`` are digit strings typed on this call; they are masked wherever they turn up in words.
    """

    def __init__(
        self,
        journal: Journal,
        log: EventLog,
        sealer: Sealer,
        *,
        actor: str,
        correlation_id: str,
        now_iso: Callable[[], str],
        sleep: Callable[[float], Awaitable[None]],
        store_seen: Callable[[bool], None],
        trace: CallTrace = untraced,
    ) -> None:
        self.journal = journal
        self.forwarder = Forwarder(journal, log, sleep=sleep, store_seen=store_seen)
        self.state = CallState(call_id=journal.header.call_id)
        self.secrets: set[str] = set()
        self._sealer, self._actor, self._correlation, self._now_iso = sealer, actor, correlation_id, now_iso
        self._trace = trace
        self._news = asyncio.Event()

    @property
    def entries(self) -> list[Entry]:
        return self.journal.entries

    @property
    def ids(self) -> dict[str, str]:
        """What every log line about this call carries."""
        found = {"call_id": self.state.call_id, "correlation_id": self._correlation, "actor": self._actor, "flow_id": self.state.flow_id}
        return {name: value for name, value in found.items() if value}

    @property
    def ended(self) -> bool:
        return bool(self.state.outcome)

    def write(self, event: AnyCallEvent, seal: Seal | None = None) -> Entry:
        """Raises JournalFailed: then nothing was written, and what the event stands for must not be done."""
        if seal is not None:
            event = _with_seal(event, self._sealer.seal(redact(seal.text, self.secrets)))
        at_iso = self._now_iso()
        metadata = EventMetadata(schema=CALL_EVENT_SCHEMA, actor=self._actor, recorded_at=at_iso, correlation_id=self._correlation)
        body = redact_fields(msgspec.json.decode(encode(event)), self.secrets)
        entry = self.journal.append(event_type(event), msgspec.json.encode(body), msgspec.json.encode(metadata))
        before, self.state = self.state.state, evolve(self.state, event, entry.n, at_iso)
        if self.state.state != before or entry.n == 0:
            log.info("call %s", self.state.state, extra=self.ids | ({"outcome": self.state.outcome} if self.state.outcome else {}))
        self._trace(self.state, event)
        if isinstance(event, CallEnded):
            self.forwarder.finish()
        self.forwarder.wake()
        self._news.set()
        self._news = asyncio.Event()
        return entry

    @property
    def news(self) -> asyncio.Event:
        """Set when the next event has been written. Take it before looking at ``entries``."""
        return self._news


def _with_seal(event: AnyCallEvent, sealed: str) -> AnyCallEvent:
    if isinstance(event, DiscoveryMade):
        return msgspec.structs.replace(event, discovery=msgspec.structs.replace(event.discovery, sealed=sealed))
    return msgspec.structs.replace(event, sealed=sealed)
