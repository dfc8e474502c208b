"""How unlike every known recording is what has just been said? For a second in which nothing has been recognised yet.

To recognise a recording in a sound that goes on for hours, much has to agree. Here the question is another one: of speech that has
just begun, whether it may still be a known recording at all. What no alignment comes near to is something new.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint16]
LEAST_WORDS = 20  #: 0.4 s of sound
MOST_WORDS = 100  #: the last 2 s of what was said …
FIRST_WORDS = 1000  #: … beside the first 20 s of a recording: announcements are no longer, and of music much agrees by chance
_BITS = 16


def wrong_part(said: Words, known: Iterable[Words]) -> float | None:
    """Part of wrong bits where ``said`` agrees best with one of the recordings, about 0.4 by chance; None with too little to compare."""
    live = said[-MOST_WORDS:]
    parts = [part for one in known if (part := _best(live, one[:FIRST_WORDS])) is not None]
    return min(parts, default=None)


def _best(live: Words, known: Words) -> float | None:
    if live.size > known.size:
        live = live[-known.size :]
    if live.size < LEAST_WORDS:
        return None
    beside = np.lib.stride_tricks.sliding_window_view(known, live.size)
    both = (beside != 0) & (live != 0)
    compared = both.sum(axis=1)
    enough = compared >= max(LEAST_WORDS, int(np.count_nonzero(live)) // 2)
    if not enough.any():
        return None
    wrong = np.where(both, np.bitwise_count(beside ^ live), 0).sum(axis=1)
    return float(np.min(wrong[enough] / compared[enough])) / _BITS
