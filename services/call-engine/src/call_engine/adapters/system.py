"""The one place of this service where the clock, chance and waiting are read from the machine."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import time
import uuid


class SystemClock:
    """Wall-clock time for metadata, and a monotonic one for pacing."""

    def now_iso(self) -> str:
        return dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def monotonic_s(self) -> float:
        return time.monotonic()

    def epoch_s(self) -> float:
        return time.time()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


def random_bytes(n: int) -> bytes:
    return os.urandom(n)


def new_id() -> str:
    return uuid.uuid4().hex
