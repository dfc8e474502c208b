"""A menu that never pauses: nothing ends its turn, so it is taken as heard once it repeats itself, or after a while."""

from __future__ import annotations

import msgspec

from call_engine.core.call_time import samples
from call_engine.core.facts import Turn

_LONG = samples(45_000)


def heard_enough(turn: Turn, now: int) -> Turn | None:
    """The turn up to its last word, if it need not be heard further."""
    menu = turn.utterance.menu
    if not menu.options or not (menu.repeats or now - turn.start >= _LONG):
        return None
    end = turn.words[-1].end_sample if turn.words else now
    return msgspec.structs.replace(turn, end=max(turn.end, end))
