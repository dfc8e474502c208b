"""Whether a human who was met may still be on the line: nobody says goodbye to a call that rings a phone in vain.

Until it is sure that a recording or the hold is heard again (music that lasts, more than one ring of ringback, a known recording), all that
is said may be the human's words: they are sealed, and no sound of theirs is kept.
"""

from __future__ import annotations

from call_engine.core.call_time import samples
from call_engine.core.facts import Fact, MusicHeard, Recognised
from call_engine.core.waking import later

_RECOGNISED_IN = samples(1200)  #: the sound by which a recording is recognised, at most
#: The ear takes the pause behind a ring for ringback until the next ring is overdue: 6.7 s from its beginning in the slowest cadence. A
#: phone on the desk may ring once, and one that is picked up in that pause has somebody on it.
_RINGS_MS = 7000


class HumanNear:
    """Times are samples. ``gone_since``: from then on only recordings and tones have been heard; None while a human may speak."""

    def __init__(self) -> None:
        self.gone_since: int | None = 0
        self._met_at = 0
        self._ringing_since: int | None = None

    def __bool__(self) -> bool:
        return self.gone_since is None

    def met(self, at: int) -> None:
        self.gone_since, self._met_at, self._ringing_since = None, at, None

    def heard(self, fact: Fact) -> None:
        if not self:
            return
        match fact:
            case MusicHeard():
                self.gone_since = max(self._met_at, fact.start)
            case Recognised():  # of a loop that began long ago, only what was heard now
                heard_since = fact.start + samples(fact.position_ms) - _RECOGNISED_IN
                self.gone_since = max(self._met_at, fact.start, heard_since)
            case _:
                pass

    def rings(self, since: int) -> None:
        """Ringback is heard."""
        self._ringing_since = since

    def rings_no_more(self, at: int) -> None:
        self.passed(at)
        self._ringing_since = None

    def passed(self, at: int) -> None:
        due = self.wake_at
        if due is not None and at >= due:
            assert self._ringing_since is not None
            self.gone_since = max(self._met_at, self._ringing_since)

    @property
    def wake_at(self) -> int | None:
        """When the ringback that goes on will have lasted for more than one ring."""
        return later(self._ringing_since, _RINGS_MS) if self and self._ringing_since is not None else None
