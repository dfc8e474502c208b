"""A phone rings because a person ordered it: whether a human is on the line meanwhile, or the call is still on hold.

Nothing need have been heard of the human whom the person believes to be there. Music or a known recording since then says that it was none.
"""

from __future__ import annotations

from call_engine.core.call_time import samples
from call_engine.core.facts import Fact, TurnEnded
from call_engine.core.holding.hold import Hold
from call_engine.core.kit import Kit

_WORTH_A_THOUGHT = samples(700)  #: shorter speech without words is a click, a breath, a note


class Meanwhile:
    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        self._spoken = False

    def begins(self, hold: Hold | None) -> None:
        self._spoken = hold is not None and hold.candidate is not None

    def heard(self, fact: Fact) -> None:
        if isinstance(fact, TurnEnded) and not fact.turn.recording_id:
            self._spoken |= bool(fact.turn.text) or fact.turn.end - fact.turn.start >= _WORTH_A_THOUGHT

    def nobody_waits(self, hold: Hold | None) -> bool:
        """``hold``: the one that goes on, if the call was on hold."""
        hearing = self._kit.hearing
        if hearing.human_near:
            return hold is not None and not self._spoken
        return hold is not None or hearing.music_told
