"""When a decision stands: what the sound alone tells flickers, so two weighings in a row must agree; words need no second look."""

from __future__ import annotations

from call_engine.core.call_time import samples

_APART = samples(50)


class Standing:
    def __init__(self) -> None:
        self._turn, self._at, self._enough = 0, 0, False

    @property
    def undecided(self) -> bool:
        """Whether the last weighing was enough and waits for another to agree."""
        return self._enough

    def stands(self, turn: int, at: int, *, enough: bool, clear: bool) -> bool:
        """``enough``: the posterior is; ``clear``: it rests on more than the sound. ``at`` is in samples."""
        apart = turn != self._turn or at - self._at >= _APART
        agreed = turn == self._turn and apart and self._enough
        if apart:
            self._turn, self._at, self._enough = turn, at, enough
        else:
            self._enough = self._enough and enough
        return enough and (clear or agreed)
