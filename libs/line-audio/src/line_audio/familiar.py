"""How unlike every known recording is what has just been said? For a second in which nothing has been recognised yet.

To recognise a recording in a sound that goes on for hours, much has to agree. Here the question is another one: of speech that has
just begun, whether it may still be a known recording at all. What no alignment comes near to is something new.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from line_audio import _kernels_fingerprint as kernels

Words = NDArray[np.uint16]
LEAST_WORDS = 25  #: 0.5 s of sound
MOST_WORDS = 100  #: the last 2 s of what was said …
FIRST_WORDS = 1000  #: … beside the first 20 s of a recording: announcements are no longer, and of music much agrees by chance


def wrong_part(said: Words, known: Iterable[Words]) -> float | None:
    """Part of wrong bits where ``said`` agrees best with one of the recordings, about 0.4 by chance; None with too little to compare."""
    live = said[-MOST_WORDS:]
    parts = [part for one in known if (part := _best(live, one[:FIRST_WORDS])) is not None]
    return min(parts, default=None)


def _best(live: Words, known: Words) -> float | None:
    """Up to half of it may lie before the recording, which was noticed late when it was kept, or behind its end."""
    if known.size < LEAST_WORDS:
        return None
    beyond = np.zeros(live.size // 2, np.uint16)
    known = np.concatenate([beyond, known, beyond])
    live = live[-known.size :]
    if live.size < LEAST_WORDS:
        return None
    part = float(kernels.best_beside(live, known, max(LEAST_WORDS, int(np.count_nonzero(live)) // 2)))
    return part if part <= 1.0 else None
