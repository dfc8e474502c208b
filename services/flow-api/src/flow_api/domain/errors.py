"""The few ways in which the service says no. ``http/problems.py`` maps them once to problem documents."""

from __future__ import annotations

import msgspec


class Fault(msgspec.Struct, frozen=True):
    """One thing that is wrong with an input, and where: ``path`` is a JSON path such as ``$.steps[2].dtmf``."""

    path: str
    message: str


class DomainError(Exception):
    """Base of what a request can be refused with."""


class NotFound(DomainError):
    """There is no such thing."""


class Conflict(DomainError):
    """The thing is there already, or two wanted to change it at once and neither gave way."""


class IllegalNow(DomainError):
    """Possible in principle, but not in the present state."""


class LostUpdate(DomainError):
    """The caller's picture of the flow is not the present one."""


class Refused(DomainError):
    """A guard forbids it."""


class LimitReached(DomainError):
    """Too many at once, or too often."""

    def __init__(self, detail: str, retry_after_s: int = 1) -> None:
        super().__init__(detail)
        self.retry_after_s = retry_after_s


class Malformed(DomainError):
    """The input cannot be read at all."""


class Invalid(DomainError):
    """The input can be read and is wrong. Holds every fault that was found."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(f"{fault.path}: {fault.message}" for fault in faults[:3]))
        self.faults = faults


class Unavailable(DomainError):
    """A dependency is down. ``dependency`` is ``event_store``, ``call_engine`` or ``read_model``."""

    def __init__(self, dependency: str, detail: str) -> None:
        super().__init__(f"{dependency} is not available: {detail}")
        self.dependency = dependency
