"""Calls that follow a flow to a human and ring the person's phones, each of which is picked up, busy or left ringing."""

from __future__ import annotations

from typing import Any

from call_contract import call_events as ev
from call_contract.flows import CallFlow
from call_engine.core import effects as fx
from call_engine.core import happenings as hp
from call_engine.core.brain import Brain
from call_engine.core.plan import Follow, Plan

from tests.support.scripted_call import Node, ScriptedCall, WordSimilarity, music, pause, say

AGENT = say("Thank you for calling Chase disputes, this is Mary, how can I help you today?")


class Phones(ScriptedCall):
    """``phones``: what becomes of each: seconds until it is picked up, or why it is gone at once; those not named ring on."""

    def __init__(self, what: CallFlow, nodes: dict[str, Node], phones: dict[str, float | str] | None = None, **plan: Any) -> None:
        self.phones = phones or {}
        brain = Brain(Plan(goal=Follow(flow=what), device="phone", **plan), call_id="c", similarity=WordSimilarity())
        super().__init__(brain, nodes, pickup_s=None)

    def _perform(self, effect: Any) -> None:
        super()._perform(effect)
        if isinstance(effect, fx.RingDevice):
            self._rings(effect.device, self.phones.get(effect.device))

    def _rings(self, device: str, becomes: float | str | None) -> None:
        if isinstance(becomes, str):
            self._at(self.now + 8000, lambda: self._feed(hp.DeviceGone(device=device, cause=becomes)))
        elif becomes is not None:
            self._at(self.now + int(becomes * 8000), lambda: self._feed(hp.DevicePickedUp(device=device)))

    def rang(self) -> list[tuple[str, float]]:
        """Each ringing: which phone, and for how many seconds until it was cancelled; -1: it was not."""
        rung: list[tuple[str, float]] = []
        began = 0.0
        for at, effect in zip(self._times, self.effects, strict=True):
            if isinstance(effect, fx.RingDevice):
                began = at
                rung.append((effect.device, -1.0))
            elif isinstance(effect, fx.CancelDevice) and rung:
                rung[-1] = (rung[-1][0], round(at - began, 1))
        return rung

    def ended(self) -> list[tuple[str, str, str | None]]:
        return [(one.step_id, one.outcome, one.next_step) for one in self.of(ev.StepEnded)]


def queue(**more: Node) -> dict[str, Node]:
    """A queue, and a human who stays on the line."""
    return {"start": Node([pause(1), music(12), pause(0.8)], then="agent"), "agent": Node([AGENT, pause(200)], hangs_up=True), **more}
