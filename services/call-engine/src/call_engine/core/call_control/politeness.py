"""Limits of a call, so that no phone system is bothered without end. The first one reached ends the call with its reason."""

from __future__ import annotations

from call_contract.call_events import CallOutcome

from call_engine.core.call_time import samples
from call_engine.core.orders import EndCall
from call_engine.core.plan import Limits
from call_engine.core.waking import soonest

_S = samples(1000)


def next_limit(limits: Limits, now: int, *, walking: int | None, hold_since: int | None, answered: bool) -> int:
    """When the next limit of time is reached, as things are. ``walking``: samples so far, if the call is in the menus."""
    menus = None if walking is None else now + limits.max_menu_s * _S - walking
    hold = None if hold_since is None else hold_since + limits.max_hold_s * _S
    return soonest(now, limits.max_call_s * _S, menus, hold, None if answered else limits.no_answer_s * _S) or now + 1


def limit_reached(limits: Limits, *, call: int, walking: int, holding: int, presses: int, menus: int, ringing: int) -> EndCall | None:
    """``call``, ``walking``, ``holding`` and ``ringing`` are samples so far; the others are counts."""
    if ringing >= limits.no_answer_s * _S:
        return EndCall(CallOutcome.NO_ANSWER, f"nobody answered within {limits.no_answer_s} s")
    if call >= limits.max_call_s * _S:
        return EndCall(CallOutcome.TIMED_OUT, f"the call reached its limit of {limits.max_call_s} s")
    if holding >= limits.max_hold_s * _S:
        return EndCall(CallOutcome.TIMED_OUT, f"on hold for {limits.max_hold_s} s")
    if walking >= limits.max_menu_s * _S:
        return EndCall(CallOutcome.TIMED_OUT, f"in the menus for {limits.max_menu_s} s")
    if presses > limits.max_presses:
        return EndCall(CallOutcome.STUCK, f"more than {limits.max_presses} keys pressed")
    if menus > limits.max_menus:
        return EndCall(CallOutcome.STUCK, f"more than {limits.max_menus} menus heard")
    return None
