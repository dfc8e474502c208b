"""Where open lines come from in production: the pool of line processes, and the trunk that keeps the account registered."""

from __future__ import annotations

from call_engine.line.client import LineClient
from call_engine.line.pool import LinePool
from call_engine.line.settings import SipSettings
from call_engine.line.trunk import Trunk


class SipLines:
    def __init__(self, settings: SipSettings, *, spares: int, lines_max: int) -> None:
        self._pool = LinePool(settings, spares=spares, lines_max=lines_max)
        self._trunk = Trunk(settings)

    @property
    def ready(self) -> bool:
        """Whether a number can be dialled: registered, or no registration is wanted."""
        return self._trunk.ready

    @property
    def trouble(self) -> str:
        """What is amiss with the lines or the account just now; empty where all is well."""
        return self._pool.problem or self._trunk.trouble

    @property
    def trunk_problem(self) -> str:
        """Why the account cannot be used at all, as long as it cannot."""
        return self._trunk.trouble if self._trunk.problem else ""

    async def start(self) -> None:
        """Whatever does not start is tried again."""
        await self._trunk.start()
        await self._pool.warm()

    async def open(self) -> LineClient:
        """Raises LineUnavailable."""
        return await self._pool.open()

    async def close(self) -> None:
        await self._pool.close()
        await self._trunk.close()
