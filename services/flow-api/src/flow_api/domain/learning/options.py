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

    Options not heard this time stay: a recogniser may have lost them.
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


def without_gone(
    options: list[LearnedOption], former: list[LearnedOption], *, now: str, before: str | None, keep: str | None
) -> tuple[list[LearnedOption], list[LearnedOption]]:
    """(options of the menu, former ones): an option missing from two whole hearings in a row, now and ``before``, is gone; so is at once
    one that is heard under another key now.

    ``keep``: the digits just pressed, which are surely there.
    """
    here = [option.label for option in options if option.last_heard == now]

    def is_gone(option: LearnedOption) -> bool:
        heard = option.last_heard or ""
        twice = before is not None and heard < min(before, now)
        return option.digits != keep and (twice or (heard < now and any(labels_alike(option.label, label) for label in here)))

    gone = [option for option in options if is_gone(option)]
    present = [option for option in options if option not in gone]
    digits = {option.digits for option in present}
    known = {option.digits: option for option in [*former, *gone] if option.digits not in digits}
    return present, [known[key] for key in sorted(known)]


def later(a: str | None, b: str) -> str:
    """The later of two ISO times in UTC."""
    return b if a is None else max(a, b)


def earlier(a: str | None, b: str) -> str:
    return b if a is None else min(a, b)
