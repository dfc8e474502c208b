"""What may be a key of a menu."""

from __future__ import annotations

import msgspec

STAY = ""  #: digits of the key that is pressed by doing nothing
UNHEARD = "?"  #: digits of a key that the text was cut off before


class Key(msgspec.Struct, frozen=True):
    """Tokens ``start:end`` name these digits. ``spoken`` keys come after a verb. ``cost``: of believing it; others may be passed over.
    ``told``: what it is for has been said ("… by pressing 1")."""

    start: int
    end: int
    digits: str
    spoken: bool = True
    confidence: float = 1.0
    cost: float = 0.0
    told: bool = False

    @property
    def is_stay(self) -> bool:
        return self.digits == STAY

    @property
    def is_unheard(self) -> bool:
        return self.digits == UNHEARD
