"""Why a leg ended, from its final SIP status (RFC 3261 section 21)."""

from __future__ import annotations

BUSY = frozenset({486, 600})
DECLINED = frozenset({401, 403, 407, 433, 603, 607, 608})
NO_ANSWER = frozenset({408, 480, 487})
NO_MEDIA = frozenset({415, 488, 606})  #: the two sides share no codec
NO_RESPONSE = 408  #: also what the stack reports when nothing came back at all


def cause_of(code: int, *, answered: bool, progressed: bool, by_us: bool) -> str:
    """One of busy, declined, no_answer, unreachable, disconnected, no_audio, hung_up. ``progressed``: the far side said anything before."""
    if by_us:
        return "hung_up"
    if answered:
        return "no_audio" if code in NO_MEDIA else "disconnected"
    if code in BUSY:
        return "busy"
    if code in DECLINED:
        return "declined"
    if code in NO_ANSWER and (progressed or code != NO_RESPONSE):
        return "no_answer"
    return "unreachable"
