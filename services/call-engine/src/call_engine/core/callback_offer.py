"""An offer to be called back: which key keeps us waiting on the line, and which accepts.

"To keep your place in line and be called back, press 1" keeps the place, not the line. So does "… call you back, press 1 you will keep your
place in line", of which the recogniser has left out the full stop.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from call_engine.core.menu import Option

_STAY = re.compile(
    r"\b(continue (to )?(hold|wait)|keep (holding|waiting)|keep your place|remain|stay|hold for|wait for|no thank|"
    r"seguir esperando|patienter)"
)
_PROMISE = re.compile(r"^(and )?(you'll|you (will|won't|do not|don't))\b")  #: said of the call-back, whatever key it was heard beside
_CALLED = re.compile(r"\b(call(ed|ing)? (you |me )?back|call-?back|return (your|my|the) call|devol\w+ la llamada|rappel)")


def staying(options: Sequence[Option]) -> Option | None:
    """The option that goes on waiting, if one is offered."""
    return next((one for one in options if _STAY.search(one.label) and not (_CALLED.search(one.label) or _PROMISE.search(one.label))), None)


def accepting(options: Sequence[Option]) -> Option | None:
    """The option that accepts to be called back: the one that says so, or else the first that is not for staying."""
    stay = staying(options)
    others = [one for one in options if one is not stay]
    return next((one for one in others if _CALLED.search(one.label)), others[0] if others else None)
