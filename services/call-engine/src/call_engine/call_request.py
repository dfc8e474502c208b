"""What somebody asks for when a call is to be started."""

from __future__ import annotations

import hashlib
import re

import msgspec
import numpy as np
from call_contract.call_events import CallRequested
from numpy.typing import NDArray

from call_engine.core.plan import Explore, Limits, Plan

CALL_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")


class CallRequest(msgspec.Struct, frozen=True, kw_only=True):
    """``assets`` are 8 kHz PCM by name. ``key`` seals the words of live humans; empty: those words are not kept."""

    call_id: str
    plan: Plan
    assets: dict[str, NDArray[np.int16]] = {}
    key: bytes = b""
    actor: str = ""
    correlation_id: str = ""
    trace_parent: str = ""  #: W3C traceparent of the request

    @property
    def phone_number(self) -> str:
        goal = self.plan.goal
        return goal.phone_number if isinstance(goal, Explore) else goal.flow.phone_number or ""

    @property
    def mode(self) -> str:
        return "explore" if isinstance(self.plan.goal, Explore) else "follow"

    def digest(self) -> str:
        """The same for the same request; the key and who asks are no part of it."""
        return hashlib.sha256(msgspec.json.encode(self.plan, order="sorted")).hexdigest()

    def requested(self, engine: str) -> CallRequested:
        plan, goal = self.plan, self.plan.goal
        flow = None if isinstance(goal, Explore) else goal.flow
        limits: dict[str, int] = msgspec.to_builtins(plan.limits)
        return CallRequested(
            call_id=self.call_id,
            mode=self.mode,
            phone_number=self.phone_number,
            engine=engine,
            intent=goal.intent,
            company=goal.company if isinstance(goal, Explore) else goal.flow.company or "",
            flow_id=flow.id if flow is not None else "",
            flow_version=flow.version if flow is not None else 0,
            device=plan.device,
            limits=limits,
        )


def capped(limits: Limits, max_call_s: int) -> Limits:
    """The limits, none above the engine's own; zero means the engine's own."""
    own = Limits()
    fields: dict[str, int] = msgspec.to_builtins(limits)
    ceiling: dict[str, int] = msgspec.to_builtins(own) | {"max_call_s": max_call_s}
    return Limits(**{name: min(value or ceiling[name], ceiling[name]) for name, value in fields.items()})
