"""Whether a human who was met may still be on the line: nobody says goodbye to a call that rings a phone in vain.

Until it is sure that a recording or the hold is heard again (music, ringback, a known recording), all that is said may be the human's
words: they are sealed, and no sound of theirs is kept.
"""

from __future__ import annotations

from line_audio.segments import Label

from call_engine.core.call_time import samples
from call_engine.core.facts import Fact, MusicHeard, Recognised, ToneHeard

_RECOGNISED_IN = samples(1200)  #: the sound by which a recording is recognised, at most


class HumanNear:
    """Times are samples. ``gone_since``: from then on only recordings and tones have been heard; None while a human may speak."""

    def __init__(self) -> None:
        self.gone_since: int | None = 0
        self._met_at = 0

    def __bool__(self) -> bool:
        return self.gone_since is None

    def met(self, at: int) -> None:
        self.gone_since, self._met_at = None, at

    def heard(self, fact: Fact) -> None:
        if not self:
            return
        match fact:
            case MusicHeard() | ToneHeard(label=Label.RINGBACK):
                self.gone_since = max(self._met_at, fact.start)
            case Recognised():  # of a loop that began long ago, only what was heard now
                heard_since = fact.start + samples(fact.position_ms) - _RECOGNISED_IN
                self.gone_since = max(self._met_at, fact.start, heard_since)
            case _:
                pass
