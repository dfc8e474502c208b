"""How long to wait before what was said counts as over, and when to ask for its words.

Speech up to a silence long enough to answer in is one turn: 1.2 s when a menu was heard to its end, 2 s otherwise (facts of the
field: 1.0 to 5 s). Its audio is cut at pauses into pieces of less than 15 s, since a recogniser's window is costly and long pieces
are recognised worse.
"""

from __future__ import annotations

import msgspec


class Patience(msgspec.Struct, frozen=True, kw_only=True):
    """How long to wait before a turn counts as over, in ms, and when to ask for words."""

    complete_menu_ms: int = 1200
    turn_ms: int = 2000
    unfinished_ms: int = 3000
    piece_pause_ms: int = 450
    piece_max_ms: int = 14_000
    music_ms: int = 3000
    deferred_pause_ms: int = 1500  #: while a fingerprint is expected, words are asked for only after this silence …
    deferred_ms: int = 12_000  #: … or this much unknown speech
    peeks_ms: tuple[int, ...] = ()  #: look into speech that still goes on, this long after its start …
    peek_pause_ms: int = 0  #: … and at its first pause of this length; 0: not
    music_again_ms: int = 2000  #: a turn behind which music plays is over after this much
    purpose: str = "menu"


WALKING = Patience()
#: On hold the question is only whether a human speaks: early looks. A turn that waits stays open, for the silence tells, too.
HOLDING = Patience(
    complete_menu_ms=1500, turn_ms=1500, unfinished_ms=1500, music_again_ms=700, piece_pause_ms=250, peeks_ms=(700, 1600, 2800, 4500),
    peek_pause_ms=280, purpose="candidate",
)  # fmt: skip
