"""When a part of the core has something to do without anything being heard.

Each part with a ``tick`` tells by ``wake_at`` the next moment at which its tick can do anything, as things are now. A tick before that
moment changes nothing, so that whoever passes virtual time need not feed it.
"""

from __future__ import annotations

import math

from call_engine.core.call_time import SAMPLES_PER_MS


def soonest(now: int, *times: int | None) -> int | None:
    """The first of these moments that is still to come."""
    first = None
    for time in times:
        if time is not None and time > now and (first is None or time < first):
            first = time
    return first


def later(at: int, milliseconds: float) -> int:
    """The first moment at which so many whole milliseconds have passed since."""
    return at + math.ceil(milliseconds) * SAMPLES_PER_MS
