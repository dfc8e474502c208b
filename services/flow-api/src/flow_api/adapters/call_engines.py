"""The CallEngine port over several engines: new calls go to one of them, what concerns a call goes to the one that makes it.

``CallRequested`` names that engine's address. It is taken at its word: only engines write to the streams of calls. With TLS an engine
must also show a certificate that was signed by the authority we trust, before it sees our token.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Mapping

from flow_api.ports import CallEngine, CallOrder, EngineCall, Meter, WatchedEvent

#: Calls just started, that the read model may not have yet.
REMEMBERED = 1_000
#: Addresses to bind to (every interface, any free port) that lead nowhere.
_NOWHERE = re.compile(r"(?:0\.0\.0\.0|\[::\]):\d+|.*:0")


class CallEngines:
    """One channel to each engine, opened when it is first needed.

    ``engine_of``: call id → the address that the call names, where it is known. ``reached_at``: the address that an engine names → where
    it is reached from here, if that is not the same.
    """

    def __init__(
        self, target: str, *, connect: Callable[[str], CallEngine], engine_of: Callable[[str], str | None],
        reached_at: Mapping[str, str],
    ) -> None:  # fmt: skip
        self._target, self._connect, self._engine_of, self._reached_at = target, connect, engine_of, reached_at
        self._channels: dict[str, CallEngine] = {}
        self._started: OrderedDict[str, str] = OrderedDict()

    async def start(self, order: CallOrder) -> EngineCall:
        """At the default engine, or again at the one that makes this call already."""
        call = await self._of(order.call_id).start(order)
        self._started[order.call_id] = call.engine
        if len(self._started) > REMEMBERED:
            self._started.popitem(last=False)
        return call

    async def get(self, call_id: str) -> EngineCall:
        return await self._of(call_id).get(call_id)

    def watch(self, call_id: str, from_ordinal: int, *, meters: bool = False) -> AsyncIterator[WatchedEvent | Meter]:
        return self._of(call_id).watch(call_id, from_ordinal, meters=meters)

    async def end(self, call_id: str, *, reason: str, actor: str) -> EngineCall:
        return await self._of(call_id).end(call_id, reason=reason, actor=actor)

    async def send_digits(self, call_id: str, digits: str, *, actor: str) -> EngineCall:
        return await self._of(call_id).send_digits(call_id, digits, actor=actor)

    async def transfer(self, call_id: str, device: str, *, actor: str) -> EngineCall:
        return await self._of(call_id).transfer(call_id, device, actor=actor)

    async def check(self) -> None:
        """Whether new calls can be made."""
        await self._at(self._target).check()

    async def close(self) -> None:
        while self._channels:
            await self._channels.popitem()[1].close()

    def _of(self, call_id: str) -> CallEngine:
        named = self._started.get(call_id) or self._engine_of(call_id) or self._target
        return self._at(self._target if _NOWHERE.fullmatch(named) else self._reached_at.get(named, named))

    def _at(self, target: str) -> CallEngine:
        if target not in self._channels:
            self._channels[target] = self._connect(target)
        return self._channels[target]
