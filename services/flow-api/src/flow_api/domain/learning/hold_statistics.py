"""How long people wait here, by weekday and hour.

Calls that ended while still on hold are censored: they waited *at least* that long. The Kaplan-Meier estimate counts them rightly,
where a mean over the calls that got through would flatter a queue that makes people give up.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from call_contract.step_metadata import HoldStatistics, WaitSummary

from flow_api.domain.learning.sampling import call_key

MAX_WAITS = 256
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def slot_of(at: dt.datetime) -> str:
    """``mon-09``: weekday and hour, in the offset the time was given in. Times of calls are in UTC."""
    return f"{_WEEKDAYS[at.weekday()]}-{at.hour:02d}"


def with_wait(hold: HoldStatistics | None, ms: int, *, got_through: bool, at: dt.datetime, call_id: str | None) -> HoldStatistics:
    """The statistics after one more call waited ``ms``, until a human came (``got_through``) or it ended some other way."""
    hold = hold or HoldStatistics()
    key = call_key(call_id, len(hold.waits) + 1)
    waits = sorted([*hold.waits, (key, slot_of(at), ms, got_through)])[:MAX_WAITS]
    slots = sorted({slot for _, slot, _, _ in waits}, key=lambda slot: (_WEEKDAYS.index(slot[:3]), slot))
    return HoldStatistics(
        overall=summary((ms, through) for _, _, ms, through in waits),
        slots={slot: summary((ms, through) for _, own, ms, through in waits if own == slot) for slot in slots},
        waits=waits,
    )


def summary(waits: Iterable[tuple[int, bool]]) -> WaitSummary:
    """``waits``: (milliseconds, got through)."""
    ordered = sorted(waits, key=lambda wait: (wait[0], not wait[1]))
    return WaitSummary(
        n=len(ordered), censored=sum(1 for _, through in ordered if not through),
        p50_ms=kaplan_meier_quantile(ordered, 0.5), p90_ms=kaplan_meier_quantile(ordered, 0.9),
    )  # fmt: skip


def kaplan_meier_quantile(ordered: list[tuple[int, bool]], share: float) -> int | None:
    """The wait by which this share has got through (Kaplan and Meier, 1958), or None where too many gave up to know.

    ``ordered`` by time, at equal times those who got through first.
    """
    waiting = 1.0
    at_risk = len(ordered)
    for ms, through in ordered:
        if through:
            waiting *= 1 - 1 / at_risk
            if waiting <= 1 - share + 1e-9:
                return ms
        at_risk -= 1
    return None
