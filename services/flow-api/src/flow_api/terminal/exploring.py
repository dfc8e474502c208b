"""Several calls to one number, each looking at what the calls before did not try, until the phone tree is known or the budget is used up.

What was found is kept with the flow, so that a later run goes on where this one stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from flow_api.terminal.rest import Refused, Rest

Json = dict[str, Any]


class Budget(NamedTuple):
    calls: int
    minutes: float


class Explored(NamedTuple):
    """One exploring call. ``known``: options of the tree that some call has tried; ``unknown``: the others, None without a tree."""

    call_id: str
    outcome: str
    minutes: float
    known: int
    unknown: int | None
    flow_id: str | None


def why_stop(calls: list[Explored], budget: Budget) -> str | None:
    """None: another call is worth it."""
    if calls and calls[-1].unknown == 0:
        return "every option that was heard is known"
    if len(calls) >= budget.calls:
        return f"{budget.calls} calls were allowed"
    if not calls:
        return None
    last = calls[-1]
    if sum(call.minutes for call in calls) >= budget.minutes:
        return f"{budget.minutes:g} minutes were allowed"
    if len(calls) >= 2 and (last.known, last.unknown) == (calls[-2].known, calls[-2].unknown):
        return "the last call found nothing new"
    return None


def explore(rest: Rest, wanted: Json, budget: Budget, tell: Callable[[Explored], None]) -> tuple[list[Explored], str]:
    """The calls made, and why no more were. Raises Refused where the service will not call."""
    calls: list[Explored] = []
    while (why := why_stop(calls, budget)) is None:
        started = rest.post("/api/calls", {**wanted, "mode": "explore"})
        ended = _over(rest.events(started["id"]))
        calls.append(_explored(rest, started["id"], ended))
        tell(calls[-1])
    return calls, why


def _over(events: Iterable[Json]) -> Json:
    return [event for event in events if event["type"] == "CallEnded"][-1]


def _explored(rest: Rest, call_id: str, ended: Json) -> Explored:
    flow = _learned(rest, call_id)
    options = [option for menu in _tree(flow) for option in menu.get("options", [])] if flow else []
    known = sum(bool(option.get("led_to")) for option in options)
    return Explored(
        call_id=call_id, outcome=ended["outcome"], minutes=ended["at_ms"] / 60_000, known=known,
        unknown=len(options) - known if options else None, flow_id=flow["id"] if flow else None,
    )  # fmt: skip


def _learned(rest: Rest, call_id: str) -> Json | None:
    """The flow after this call; learning twice changes nothing. None: the call taught nothing."""
    try:
        flow: Json = rest.post("/api/call-flows/learn", {"call_id": call_id})
    except Refused:
        return None
    return flow


def _tree(flow: Json) -> list[Json]:
    return [menu for step in flow["steps"][:1] for menu in step["metadata"].get("tree", [])]
