"""How many calls, and for how much: what all engines on one store share, folded from the events of one stream.

A call is reserved before it is dialled, at its worst cost, and released when it is over, at what it came to. Reservations of an
engine that never releases them end by themselves. Pure: ``Quotas.take`` folds, ``objection`` decides.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from call_engine.errors import LimitReached
from call_engine.settings import GuardSettings

HOUR_S = 3600.0
DAY_S = 24 * HOUR_S
QUOTA_STREAM = "quota-calls"


class CallReserved(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """``caller`` is who asked for the call: the name of a token. Times are seconds since 1970; ``cost`` is in the currency of the rates."""

    call_id: str
    number: str
    caller: str
    engine: str
    at_s: float
    until_s: float
    cost: float = 0.0


class CallReleased(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    call_id: str
    at_s: float
    cost: float = 0.0


QuotaEvent = CallReserved | CallReleased


class Quotas(msgspec.Struct):
    """What counts now: calls begun in the last hour, calls under way, money spent in the last day."""

    begun: list[CallReserved] = []
    running: dict[str, CallReserved] = {}
    spent: list[tuple[float, float]] = []  #: (time, cost)

    def take(self, event: QuotaEvent) -> None:
        match event:
            case CallReserved():
                self.begun.append(event)
                self.running[event.call_id] = event
            case CallReleased():
                known = self.running.pop(event.call_id, None)
                if known is not None and event.cost:
                    self.spent.append((event.at_s, event.cost))

    def forget_before(self, now_s: float) -> None:
        """What is too old to count. A reservation that ran out is spent in full: nobody said otherwise."""
        self.begun = [one for one in self.begun if one.at_s > now_s - HOUR_S]
        for call_id, one in list(self.running.items()):
            if one.until_s < now_s:
                self.take(CallReleased(call_id=call_id, at_s=one.until_s, cost=one.cost))
        self.spent = [(at_s, cost) for at_s, cost in self.spent if at_s > now_s - DAY_S]


def objection(quotas: Quotas, wanted: CallReserved, limits: GuardSettings) -> LimitReached | None:
    """Why this call may not begin now. Forget what is too old first."""
    running = len(quotas.running)
    if limits.concurrent_all and running >= limits.concurrent_all:
        return LimitReached("concurrent_calls_all", f"{running} calls are running on all engines, {limits.concurrent_all} are allowed")
    if len(quotas.begun) >= limits.per_hour:
        return LimitReached("calls_per_hour", f"{limits.per_hour} calls an hour are allowed")
    if _count(quotas.begun, number=wanted.number) >= limits.per_number_hour:
        return LimitReached("calls_per_number_hour", f"{limits.per_number_hour} calls an hour to {wanted.number} are allowed")
    if _count(quotas.begun, caller=wanted.caller) >= limits.per_token_hour:
        return LimitReached("calls_per_token_hour", f"{limits.per_token_hour} calls an hour are allowed to {wanted.caller}")
    committed = sum(cost for _, cost in quotas.spent) + sum(one.cost for one in quotas.running.values())
    if limits.cost_per_day and committed + wanted.cost > limits.cost_per_day:
        left = max(limits.cost_per_day - committed, 0.0)
        return LimitReached("cost_per_day", f"this call may cost {wanted.cost:.2f}; of {limits.cost_per_day:.2f} a day {left:.2f} are left")
    return None


def _count(begun: Sequence[CallReserved], **fields: str) -> int:
    return sum(all(getattr(one, name) == value for name, value in fields.items()) for one in begun)
