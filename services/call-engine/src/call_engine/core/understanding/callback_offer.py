"""An offer to be called back: which key keeps us waiting on the line, and which accepts.

"To keep your place in line and be called back, press 1" keeps the place, not the line. So does "… call you back, press 1 you will keep your
place in line", of which the recogniser has left out the full stop.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from call_engine.core.menu import Option
from call_engine.core.understanding.staying_on import keeps_place, waits_or_declines

_PROMISE = re.compile(r"^(and )?(you'll|you (will|won't|do not|don't))\b")  #: said of the call-back, whatever key it was heard beside
_CALLED = re.compile(
    r"\b(call(ed|ing)? (you |me )?back|call-?back|return (your|my|the) call|devol\w+ la llamada|rappel|hang up"
    r"|without (staying|waiting|holding|remaining|losing))"
)


def gives_up_the_line(option: Option) -> bool:
    """Whether the option says that we shall be called."""
    return _CALLED.search(option.label) is not None


def staying(options: Sequence[Option]) -> Option | None:
    """The option that goes on waiting, if one is offered."""
    staying_on = [one for one in options if not (gives_up_the_line(one) or _PROMISE.search(one.label))]
    stay = next((one for one in staying_on if waits_or_declines(one.label)), None)
    if stay is None and len(staying_on) < len(options):
        stay = next((one for one in staying_on if keeps_place(one.label)), None)
    return stay


def accepting(options: Sequence[Option]) -> Option | None:
    """The option that accepts to be called back: the one that says so, or else the first that is not for staying."""
    stay = staying(options)
    others = [one for one in options if one is not stay]
    return next((one for one in others if gives_up_the_line(one)), others[0] if others else None)
