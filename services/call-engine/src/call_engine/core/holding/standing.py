"""When a decision stands: what the sound alone tells flickers, so all weighings of a while must agree; words need no second look."""

from __future__ import annotations

from call_engine.core.call_time import samples

AGREED_MS = 400


class Standing:
    def __init__(self) -> None:
        self._turn = 0
        self._since: int | None = None  #: of the weighings that agree that it is enough

    @property
    def undecided(self) -> bool:
        """Whether the last weighing was enough and waits for others to agree."""
        return self._since is not None

    def stands(self, turn: int, at: int, *, enough: bool, clear: bool, agreed_ms: int = AGREED_MS) -> bool:
        """``enough``: the posterior is; ``clear``: it rests on more than the sound, else all weighings of ``agreed_ms`` must agree.
        ``at`` is in samples."""
        if turn != self._turn or not enough:
            self._turn, self._since = turn, None
        if not enough:
            return False
        self._since = at if self._since is None else self._since
        return clear or at - self._since >= samples(agreed_ms)
