"""What a tone of the network means for a call, whether its way is known or not."""

from __future__ import annotations

from call_contract.call_events import CallOutcome
from line_audio.segments import Label

BUSY, FAX, NOT_IN_SERVICE, RINGBACK = "busy", "fax", "not_in_service", "ringback"

_MEANS = {Label.BUSY: BUSY, Label.REORDER: BUSY, Label.SIT: BUSY, Label.FAX: FAX, Label.RINGBACK: RINGBACK}
#: Special information tones after which calling again is of no use (Bellcore: intercept, vacant code); the others mean: later.
_NO_USE = frozenset(("intercept", "vacant_code"))


def meaning_of(label: Label, detail: str) -> str:
    """Empty: nothing."""
    return NOT_IN_SERVICE if label is Label.SIT and detail in _NO_USE else _MEANS.get(label, "")


def ending_by(meaning: str, *, arrived: bool) -> CallOutcome | None:
    """How a call ends by this. ``arrived``: the call was taken before, by a menu that was answered or by a queue. None: it goes on."""
    if meaning == BUSY:
        return CallOutcome.QUEUE_FULL if arrived else CallOutcome.BUSY
    return {FAX: CallOutcome.FAX, NOT_IN_SERVICE: CallOutcome.UNREACHABLE}.get(meaning)
