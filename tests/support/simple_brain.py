"""A small brain with the manners of the real one: it answers every happening by a rule, and records what it does."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from call_contract import call_events as ev
from call_engine.core import effects as do
from call_engine.core import happenings as hap

Rule = Callable[[int, hap.AnyHappening], list[do.AnyEffect]]


def record(event: ev.AnyCallEvent, seal: str | None = None) -> do.Record:
    return do.Record(event=event, seal=do.Seal(seal) if seal is not None else None)


class SimpleBrain:
    """Rings, answers, obeys orders, ends. ``rules`` (by happening type) come instead of its own."""

    def __init__(self, rules: Mapping[type, Rule] | None = None, first: list[do.AnyEffect] | None = None) -> None:
        self.rules: dict[type, Rule] = {
            hap.Ringing: lambda at, _: [record(ev.CallRinging(at_ms=at // 8))],
            hap.Answered: lambda at, fact: [record(ev.CallAnswered(at_ms=at // 8, codec=fact.codec))],
            hap.DigitsOrdered: lambda at, order: [
                record(ev.DigitsOrdered(at_ms=at // 8, digits=order.digits, by=order.by)), do.Press(digits=order.digits)
            ],
            hap.DigitsDelivered: lambda at, fact: [record(ev.DigitsSent(at_ms=at // 8, digits=fact.digits, profile=fact.profile))],
            hap.TransferOrdered: lambda at, order: [
                record(ev.TransferStarted(at_ms=at // 8, device=order.device, reason="ordered")), do.RingDevice(device=order.device)
            ],
            hap.DevicePickedUp: lambda _, fact: [do.Bridge(device=fact.device)],
            hap.LegsBridged: lambda at, fact: [record(ev.CallBridged(at_ms=at // 8, device=fact.device))],
            hap.EndOrdered: lambda at, order: [record(ev.EndOrdered(at_ms=at // 8, reason=order.reason, by=order.by)), do.HangUp()],
            hap.LineEnded: lambda at, fact: [
                record(ev.CallEnded(at_ms=at // 8, outcome=ev.CallOutcome.CANCELLED, reason=fact.cause))
            ],
            **(rules or {}),
        }  # fmt: skip
        self.first = [record(ev.CallDialled(target="there")), *(first or [])]
        self.human_posterior = 0.0
        self.fed: list[tuple[int, hap.AnyHappening]] = []

    def start(self) -> list[do.AnyEffect]:
        return self.first

    def feed(self, at_sample: int, happening: hap.AnyHappening) -> list[do.AnyEffect]:
        self.fed.append((at_sample, happening))
        rule = self.rules.get(type(happening))
        return rule(at_sample, happening) if rule else []

    def got(self, kind: type) -> list[hap.AnyHappening]:
        return [happening for _, happening in self.fed if isinstance(happening, kind)]
