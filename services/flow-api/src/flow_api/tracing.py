"""Traces of requests: one span a request, which the trace of the call it starts continues. None unless configured."""

from __future__ import annotations

import re
from typing import Protocol

#: W3C Trace Context, version 00: trace id and span id that are not all zeros.
_TRACEPARENT = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")


def valid_parent(header: str) -> str:
    """The ``traceparent`` that was sent, or nothing where it is none."""
    return header if _TRACEPARENT.fullmatch(header) else ""


class TracesUnavailable(Exception):
    """Traces are wanted, and their packages are not installed; the text says what to do."""


class RequestTrace(Protocol):
    @property
    def parent(self) -> str:
        """W3C ``traceparent`` for what is asked of others in the course of the request; may be empty."""
        ...

    def end(self, status: int) -> None: ...


class Traces(Protocol):
    def begin(self, method: str, route: str, parent: str) -> RequestTrace:
        """``route`` is the template of the address, ``parent`` the valid ``traceparent`` of whoever asks, or empty."""
        ...

    async def close(self) -> None:
        """Everything that is still to be exported is."""
        ...


class Untraced:
    """No span of our own; the trace of whoever asks goes on behind us."""

    def __init__(self, parent: str) -> None:
        self.parent = parent

    def end(self, status: int) -> None:
        pass


class NoTraces:
    def begin(self, method: str, route: str, parent: str) -> RequestTrace:
        return Untraced(parent)

    async def close(self) -> None:
        pass
