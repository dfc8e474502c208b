"""Does what is heard agree with the recordings that have played, where they should be by now?

A recording that is faint, or comes through loss, is lost for a while although it plays on. To recognise it anew anywhere much has to
agree; beside the one place where it is due, a second tells: half of the bits of anything else are wrong there.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from line_audio.familiar import LEAST_WORDS

Words = NDArray[np.uint16]
MOST_WORDS = 100  #: the last 2 s of what is heard
_SLIPS = range(-2, 3)  #: words by which it may have moved meanwhile
_WORD_BITS = 16


def wrong_part(heard: Words, known: Words, last: int) -> float | None:
    """Part of wrong bits of ``heard`` if its last word is the one at ``last`` of the recording, or close by; None with too little to
    compare. Where a word is 0 there is nothing to compare.
    """
    if not last + _SLIPS[-1] >= 0 or last + _SLIPS[0] - heard.size >= known.size:
        return None
    parts = [part for slip in _SLIPS if (part := _beside(heard, known, last + slip)) is not None]
    return min(parts, default=None)


def _beside(heard: Words, known: Words, last: int) -> float | None:
    first = last + 1 - heard.size
    here = heard[max(0, -first) : max(0, known.size - first)]
    there = known[max(0, first) : max(0, last + 1)]
    both = (here != 0) & (there != 0)
    compared = int(np.count_nonzero(both))
    if compared < max(LEAST_WORDS, (int(np.count_nonzero(heard)) + 1) // 2):
        return None
    return int(np.bitwise_count((here ^ there)[both]).sum(dtype=np.int64)) / (_WORD_BITS * compared)
