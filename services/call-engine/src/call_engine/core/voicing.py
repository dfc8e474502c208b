"""How much like speech, and like music, the line has sounded to the ear lately, tick by tick.

What the ear calls speech is speech more or less: sung or sparse music that is taken for a voice sounds like music all the while. On a
line of words nobody judges, and everything here is unknown.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

_KEPT = 1500  #: ticks, at least


class Judged(NamedTuple):
    """Probabilities, each on its own."""

    speech: float
    music: float


class Voicing:
    """Times are samples of call time."""

    def __init__(self) -> None:
        self._at: list[int] = []
        self._sums: list[Judged] = []  #: of all up to then
        self._forgotten = Judged(0.0, 0.0)  #: the sum of those before

    def feed(self, at: int, judged: Judged | None) -> None:
        if judged is None:
            return
        so_far = self._sums[-1] if self._sums else self._forgotten
        self._at.append(at)
        self._sums.append(Judged(so_far.speech + judged.speech, so_far.music + judged.music))
        if len(self._at) > 2 * _KEPT:
            self._forgotten = self._sums[_KEPT - 1]
            del self._at[:_KEPT], self._sums[:_KEPT]

    def mean(self, start: int, end: int) -> Judged | None:
        """Over the ticks that ended within, as far as they are remembered; None where there are none."""
        first, last = bisect_right(self._at, start), bisect_right(self._at, end)
        if first >= last:
            return None
        before, until = self._sums[first - 1] if first else self._forgotten, self._sums[last - 1]
        return Judged((until.speech - before.speech) / (last - first), (until.music - before.music) / (last - first))
