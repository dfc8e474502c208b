"""Python's garbage collector in a process that has a beat to keep.

A full collection looks at everything that was ever loaded: more than 100 ms here, five beats of 20 ms. What is there once the engine has
started stays for its life, so it is set aside; what calls leave behind is young, and looked through often and briefly.
"""

from __future__ import annotations

import gc

YOUNG = 10_000  #: new objects until the youngest are looked through
MIDDLE = 20
OLD = 100  #: with what is set aside not among them, a full collection is brief as well


def set_aside() -> None:
    """Call once all that lasts is loaded."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
