"""The events of one call as a stream: live from the engine while it runs there, else from the event store."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import msgspec
from call_contract.streams import EventMetadata, call_stream
from event_log.port import EventLog
from event_log.records import RecordedEvent

from flow_api.domain.errors import NotFound, Unavailable
from flow_api.ports import CallEngine, Meter, PersonalDataKeys, WatchedEvent
from flow_api.projections.read_model import ReadModel

LAST = "CallEnded"


class CallEvents:
    """Reads calls' events, with the words of humans opened where their key is still there."""

    def __init__(self, log: EventLog, engine: CallEngine, reads: ReadModel, keys: PersonalDataKeys) -> None:
        self._log, self._engine, self._reads, self._keys = log, engine, reads, keys

    async def stream(self, call_id: str, from_ordinal: int, *, meters: bool = False) -> AsyncIterator[WatchedEvent | Meter]:
        """From an ordinal on until CallEnded. Where the engine is lost on the way, the store goes on from there."""
        ordinal = from_ordinal
        if not self._is_over(call_id):
            try:
                async for item in self._engine.watch(call_id, ordinal, meters=meters):
                    if isinstance(item, WatchedEvent):
                        ordinal = item.ordinal + 1
                        yield self._opened(call_id, item)
                        if item.type == LAST:
                            return
                    else:
                        yield item
            except (NotFound, Unavailable):
                pass
        async for event in self._from_store(call_id, ordinal):
            yield self._opened(call_id, event)

    def _is_over(self, call_id: str) -> bool:
        call = self._reads.call(call_id)
        return call is not None and call.state == "ended"

    async def _from_store(self, call_id: str, ordinal: int) -> AsyncIterator[WatchedEvent]:
        call = self._reads.call(call_id)
        if call is not None and call.state == "ended" and ordinal > call.last_ordinal:
            return
        async for item in self._log.subscribe_stream(call_stream(call_id), after_revision=ordinal - 1 if ordinal else None):
            if isinstance(item, RecordedEvent):
                yield watched(item)
                if item.type == LAST:
                    return

    def _opened(self, call_id: str, event: WatchedEvent) -> WatchedEvent:
        return msgspec.structs.replace(event, body=self._open(call_id, event.body))

    def _open(self, call_id: str, body: dict[str, Any]) -> dict[str, Any]:
        """The body with ``sealed`` words opened as ``said``, at any depth; ``said`` is null where they are forgotten."""
        opened = {name: self._open(call_id, value) if isinstance(value, dict) else value for name, value in body.items()}
        sealed = opened.pop("sealed", None)
        if isinstance(sealed, str) and sealed:
            opened["said"] = self._keys.unseal(call_id, sealed)
        return opened


def watched(event: RecordedEvent) -> WatchedEvent:
    metadata = msgspec.json.decode(event.metadata, type=EventMetadata)
    return WatchedEvent(ordinal=event.revision, type=event.type, body=msgspec.json.decode(event.data), recorded_at=metadata.recorded_at)
