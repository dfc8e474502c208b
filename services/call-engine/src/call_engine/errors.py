"""The ways call-engine says no. ``rpc/mapping.py`` turns each into a gRPC status, once."""

from __future__ import annotations


class CallError(Exception):
    """Base of the refusals below."""


class CallNotFound(CallError):
    """No such call, neither running here nor in the store."""


class CallMismatch(CallError):
    """The call id is taken by a call with another plan."""


class CallOver(CallError):
    """The call has ended: it takes no more orders."""


class BadRequest(CallError):
    """A request that cannot be carried out as it is. ``faults`` are (field path, what is wrong with it)."""

    def __init__(self, *faults: tuple[str, str]) -> None:
        super().__init__("; ".join(f"{field}: {problem}" for field, problem in faults))
        self.faults = faults


class Refused(CallError):
    """A guard will not have this number dialled."""

    def __init__(self, rule: str, reason: str) -> None:
        super().__init__(reason)
        self.rule, self.reason = rule, reason


class LimitReached(Refused):
    """A guard would have it later: too many calls just now."""


class EngineUnavailable(CallError):
    """``what`` is away: event_store, line, or draining."""

    def __init__(self, what: str, reason: str) -> None:
        super().__init__(reason)
        self.what = what


class UnknowableRecording(Exception):
    """A flow has a fingerprint that cannot be read; the text says where."""


class NoRecogniser(Exception):
    """No process of the recogniser starts; the text says what became of the last."""
