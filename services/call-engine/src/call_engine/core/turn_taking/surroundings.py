"""How much of what sounded lately was known: where nearly everything is, what is not known is new."""

from __future__ import annotations

import math

from call_engine.core.call_time import samples

SHARES = (10, 40, 70)  #: per cent, from which on it is another
_LATELY = samples(40_000)


class Surroundings:
    """``known_share`` forgets by half in about 28 s of sound. Times are samples."""

    def __init__(self, since: int = 0) -> None:
        self.known_share = 0.0
        self._at = since

    def passed(self, at: int, *, heard: bool, known: bool) -> None:
        """Up to now something, or something known, was heard."""
        passed, self._at = at - self._at, at
        if passed > 0 and (heard or known):
            self.known_share += (known - self.known_share) * (1.0 - math.exp(-passed / _LATELY))

    def changes_at(self, *, known: bool) -> int | None:
        """When the share will pass the next of ``SHARES``, if from now on all that sounds is known, or nothing; None: never."""
        far = abs(known - self.known_share)
        crossed = [limit for limit in (share / 100 - 0.005 for share in SHARES) if (self.known_share < limit) == known]
        waits = [_LATELY * math.log(far / abs(known - limit)) for limit in crossed]
        return self._at + math.ceil(min(waits)) + 1 if waits else None
