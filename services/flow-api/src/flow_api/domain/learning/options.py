"""The options of a menu over time: when each was first and last heard."""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec
from call_contract.discoveries import HeardOption
from call_contract.step_metadata import LearnedOption

from flow_api.domain.learning.signature import labels_alike

MAX_OPTIONS = 40
MAX_LABEL = 120
_PRESSABLE = re.compile(r"[0-9A-D*#,w]{1,64}")


def with_heard(known: Iterable[LearnedOption], heard: Iterable[HeardOption], at: str) -> list[LearnedOption]:
    """Known options in the order of their digits; a digit that has another label now has got another option.

    Options no longer heard stay, with the time they last were: a menu may have been cut off.
    """
    options = {option.digits: option for option in known}
    for new in heard:
        label = new.label.strip()[:MAX_LABEL]
        old = options.get(new.digits)
        if not label or not _PRESSABLE.fullmatch(new.digits):
            continue
        if old is not None and labels_alike(old.label, label):
            options[new.digits] = msgspec.structs.replace(
                old, first_heard=earlier(old.first_heard, at), last_heard=later(old.last_heard, at)
            )
        elif old is None or later(old.last_heard, at) == at:
            options[new.digits] = LearnedOption(digits=new.digits, label=label, first_heard=at, last_heard=at)
    return [options[digits] for digits in sorted(options, key=lambda digits: (len(digits), digits))][:MAX_OPTIONS]


def later(a: str | None, b: str) -> str:
    """The later of two ISO times in UTC."""
    return b if a is None else max(a, b)


def earlier(a: str | None, b: str) -> str:
    return b if a is None else min(a, b)
