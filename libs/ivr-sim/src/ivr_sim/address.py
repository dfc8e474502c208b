"""Where a simulated party listens."""

from __future__ import annotations

import msgspec


class Address(msgspec.Struct, frozen=True):
    """``port`` 0: any free one. ``rtp_ports``: first and last UDP port for sound."""

    host: str
    port: int
    rtp_ports: tuple[int, int] | None = None
