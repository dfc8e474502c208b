"""What the walking parts (explorer, executor, hold) tell the brain to do next; the brain alone changes the call's state."""

from __future__ import annotations

import msgspec
from call_contract.call_events import CallOutcome

from call_engine.core.facts import Turn

ORDERED = "ordered"  #: why a device is rung


class GoOnHold(msgspec.Struct, frozen=True):
    reason: str


class LeaveHold(msgspec.Struct, frozen=True):
    """Hold is over without a human: this turn was a menu, or a condition of the step leads elsewhere. ``outcome``: without a turn."""

    reason: str
    turn: Turn | None = None
    outcome: str = ""


class MeetHuman(msgspec.Struct, frozen=True):
    """A human speaks."""

    turn: Turn
    posterior: float
    evidence: dict[str, float]


class ReachDevice(msgspec.Struct, frozen=True):
    """``ring_s``: how long the device rings each time, if a step says so; else the call's limit. ``leads_off``: outcomes (timeout, busy)
    after which the flow goes elsewhere at once; ``goes_on``: there is a step for after the last try. ``by``: the person who ordered it.
    """

    device: str
    reason: str = "human"
    ring_s: float | None = None
    leads_off: frozenset[str] = frozenset()
    goes_on: bool = False
    by: str = ""

    @property
    def ordered(self) -> bool:
        """By a person, who need not have heard a human there."""
        return self.reason == ORDERED


class LeaveTransfer(msgspec.Struct, frozen=True):
    """The device was rung in vain, and the flow goes on elsewhere."""

    outcome: str
    reason: str


class WaitOn(msgspec.Struct, frozen=True):
    """The device that a person ordered was rung in vain, and nobody waits: the call keeps its place on hold."""

    reason: str


class EndCall(msgspec.Struct, frozen=True):
    """``after_keys``: only once the keys that were just pressed have been sent."""

    outcome: CallOutcome
    reason: str
    after_keys: bool = False


Order = GoOnHold | LeaveHold | MeetHuman | ReachDevice | LeaveTransfer | WaitOn | EndCall


class Orders:
    """A queue that the brain empties after every happening."""

    def __init__(self) -> None:
        self._orders: list[Order] = []

    def give(self, order: Order) -> None:
        self._orders.append(order)

    def take(self) -> list[Order]:
        taken, self._orders = self._orders, []
        return taken
