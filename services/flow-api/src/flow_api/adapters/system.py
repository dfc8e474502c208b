"""The machine's clock and chance; nothing else in this service asks for them."""

from __future__ import annotations

import datetime as dt
import secrets
import time
import uuid


class SystemClock:
    def now(self) -> dt.datetime:
        return dt.datetime.now(dt.UTC)

    def monotonic_s(self) -> float:
        return time.monotonic()


class SystemIds:
    def new_id(self) -> str:
        return uuid.uuid4().hex

    def secret(self, size: int) -> bytes:
        return secrets.token_bytes(size)
