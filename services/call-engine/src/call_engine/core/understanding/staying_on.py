"""Labels of keys that keep the caller waiting: in an offer to be called back, a survey, or a menu that is read out on hold."""

from __future__ import annotations

import re

_SURE = r"continue (to )?(hold|wait)|keep (holding|waiting)|(remain|stay) (in|on)|seguir esperando|patienter"
_WAITING = re.compile(rf"\b({_SURE})")
_WAITING_OR_NO = re.compile(rf"\b({_SURE}|remain|stay|hold for|wait for|no thank)")
_PLACE = re.compile(r"\bkeep your place")  #: with or without the line


def waits(label: str) -> bool:
    """Whether the key is for waiting on, whatever else the menu offers: "to change your stay" is not."""
    return _WAITING.search(label) is not None


def waits_or_declines(label: str) -> bool:
    """… where something is offered that one may take or wait on without: then less will do."""
    return _WAITING_OR_NO.search(label) is not None


def keeps_place(label: str) -> bool:
    return _PLACE.search(label) is not None
