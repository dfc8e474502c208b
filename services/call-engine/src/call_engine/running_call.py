"""A call that this engine has, or has just had."""

from __future__ import annotations

import msgspec

from call_engine.call_state import CallState
from call_engine.errors import Refused
from call_engine.journal.record import CallRecord
from call_engine.session import Session


class CallView(msgspec.Struct, frozen=True):
    """What is told about a call. ``stored_ordinal`` is the last event that the store is known to have."""

    state: CallState
    stored_ordinal: int


class RunningCall:
    """``session`` is None until the line is open, and for calls that were refused."""

    def __init__(self, record: CallRecord) -> None:
        self.record = record
        self.session: Session | None = None
        self.refusal: Refused | None = None
        self.reserved = False  #: it counts in the shared quotas until it is released

    @property
    def running(self) -> bool:
        return not self.record.ended

    @property
    def view(self) -> CallView:
        return CallView(self.record.state, self.record.forwarder.stored)
