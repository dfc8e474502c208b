"""Stops: the places a call passes through, whether just heard on a call or read from a stored flow.

Both sides of a merge are sequences of stops, so that they can be compared like with like.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec
from call_contract.discoveries import HeardOption
from call_contract.flows import CallFlowStep, CallFlowStepType
from call_contract.step_metadata import Prompt, metadata_of


class Stop(msgspec.Struct, frozen=True, kw_only=True):
    """One place. What is not known, or has no meaning for the kind, stays at its default."""

    kind: CallFlowStepType
    description: str = ""
    transcript: str = ""
    pattern: str = ""  #: words a hand-written step expects
    fingerprint: str = ""
    cut: bool = False  #: only the beginning of the prompt is known
    options: tuple[HeardOption, ...] = ()
    digits: str | None = None  #: the response
    secret: str | None = None  #: the name of a secret that is the response
    apart: bool = False  #: the response is a step of its own
    label: str = ""  #: of the option taken
    text: str = ""  #: SPEAK: the words
    language: str = ""
    ends: str | None = None  #: closed | voicemail: not a place of the way, but its end
    duration_ms: int | None = None
    pressed_after_ms: int | None = None
    profile: str = ""
    reacted: bool | None = None
    preambles: tuple[Prompt, ...] = ()
    recordings: tuple[str, ...] = ()
    asides: tuple[Stop, ...] = ()  #: HOLD: offers answered while on hold
    leads: tuple[Stop, ...] = ()  #: the waits before it
    step_ids: tuple[str, ...] = ()  #: stored steps it consists of
    step_hint: str | None = None  #: heard while this stored step was followed


class Path(msgspec.Struct, frozen=True, kw_only=True):
    """The way one call went, loops taken out. ``reached``: there was a human at its end."""

    stops: tuple[Stop, ...]
    reached: bool


def main_path(steps: list[CallFlowStep]) -> list[Stop]:
    """The stops from the first step along ``next_step``; LISTEN without a response followed by DTMF is one stop."""
    by_id = {step.id: step for step in steps}
    ids = chain(by_id, steps[0].id if steps else None)
    stops: list[Stop] = []
    index = 0
    while index < len(ids):
        response = response_of(by_id[ids[index]], by_id)
        stops.append(stored_stop(by_id[ids[index]], response))
        index += 2 if response else 1
    return with_leads(stops)


def with_leads(stops: Iterable[Stop]) -> list[Stop]:
    """Waits become leads of the stop they come before; those at the end stay stops."""
    led: list[Stop] = []
    leads: list[Stop] = []
    for stop in stops:
        if stop.kind is CallFlowStepType.WAIT:
            leads.append(stop)
        else:
            led.append(msgspec.structs.replace(stop, leads=tuple(leads)))
            leads = []
    return led + leads


def response_of(step: CallFlowStep, by_id: Mapping[str, CallFlowStep]) -> CallFlowStep | None:
    """The DTMF step that answers this LISTEN, where listening and pressing are two steps."""
    following = by_id.get(step.next_step or "")
    unanswered = step.type is CallFlowStepType.LISTEN and step.dtmf is None and "secret" not in step.metadata
    return following if unanswered and following is not None and following.type is CallFlowStepType.DTMF else None


def chain(by_id: Mapping[str, CallFlowStep], first: str | None) -> list[str]:
    """Step ids along ``next_step`` from ``first``, each at most once."""
    ids: list[str] = []
    at = first
    while at is not None and at in by_id and at not in ids:
        ids.append(at)
        at = by_id[at].next_step
    return ids


def stored_stop(step: CallFlowStep, response: CallFlowStep | None = None) -> Stop:
    """A stored step as a stop; ``response`` is the DTMF step that answers a LISTEN."""
    known = metadata_of(step)
    prompt = known.prompt or Prompt()
    ids = (step.id, response.id) if response else (step.id,)
    digits = response.dtmf if response else step.dtmf
    label = known.chosen_label or next((option.label for option in known.options if option.digits == digits), "")
    return Stop(
        kind=step.type, description=step.description, transcript=prompt.transcript, pattern=known.transcript_pattern or "",
        fingerprint=prompt.fingerprint, cut=prompt.cut, digits=digits, secret=metadata_of(response).secret if response else known.secret,
        options=tuple(HeardOption(digits=option.digits, label=option.label) for option in known.options), label=label,
        text=known.text or "", language=known.language or "", duration_ms=prompt.duration_ms or None, step_ids=ids,
        apart=response is not None,
    )  # fmt: skip
