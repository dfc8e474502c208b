"""Where a simulated party listens."""

from __future__ import annotations

import msgspec


class CannotCall(RuntimeError):
    """SIP refuses: the port is taken, or the address is none. The text says which."""


class Address(msgspec.Struct, frozen=True):
    """``port`` 0: any free one. ``rtp_ports``: first and last UDP port for sound."""

    host: str
    port: int
    rtp_ports: tuple[int, int] | None = None
