"""Limits of a call, so that no phone system is bothered without end. The first one reached ends the call with its reason."""

from __future__ import annotations

from call_contract.call_events import CallOutcome

from call_engine.core.call_time import samples
from call_engine.core.orders import EndCall
from call_engine.core.plan import Limits


def _s(seconds: int) -> int:
    return samples(seconds * 1000)


def limit_reached(limits: Limits, *, call: int, walking: int, holding: int, presses: int, menus: int, ringing: int) -> EndCall | None:
    """``call``, ``walking``, ``holding`` and ``ringing`` are samples so far; the others are counts."""
    if ringing >= _s(limits.no_answer_s):
        return EndCall(CallOutcome.NO_ANSWER, f"nobody answered within {limits.no_answer_s} s")
    if call >= _s(limits.max_call_s):
        return EndCall(CallOutcome.TIMED_OUT, f"the call reached its limit of {limits.max_call_s} s")
    if holding >= _s(limits.max_hold_s):
        return EndCall(CallOutcome.TIMED_OUT, f"on hold for {limits.max_hold_s} s")
    if walking >= _s(limits.max_menu_s):
        return EndCall(CallOutcome.TIMED_OUT, f"in the menus for {limits.max_menu_s} s")
    if presses > limits.max_presses:
        return EndCall(CallOutcome.STUCK, f"more than {limits.max_presses} keys pressed")
    if menus > limits.max_menus:
        return EndCall(CallOutcome.STUCK, f"more than {limits.max_menus} menus heard")
    return None
