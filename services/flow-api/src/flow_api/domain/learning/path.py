"""From discoveries to the path the call took.

Menus become LISTEN stops, music and queue announcements one HOLD, a human the TRANSFER. Announcements before a menu become its
preambles: they are heard, but nothing is done about them. A menu heard again takes its earlier visit out of the path.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from call_contract.discoveries import Discovery, DiscoveryType
from call_contract.flows import CallFlowStepType
from call_contract.prompts import normalise
from call_contract.step_metadata import Prompt

from flow_api.domain.learning.signature import same_menu
from flow_api.domain.learning.stops import Path, Stop
from flow_api.domain.slug import slug

MAX_TRANSCRIPT = 2_000
MAX_PREAMBLES = 4
_DOTS = ("...", "…")  #: and so on
_MASK = "•"


def path_of(discoveries: Iterable[Discovery]) -> Path:
    """Everything up to the first human."""
    stops: list[Stop] = []
    preambles: list[Prompt] = []
    reached = False
    for discovery in _offers_with_answers(discoveries):
        if discovery.type is DiscoveryType.HUMAN_DETECTED:
            stops.append(Stop(kind=CallFlowStepType.TRANSFER, description=discovery.description))
            reached = True
            break
        stops, preambles = _after(stops, preambles, discovery)
    return Path(stops=tuple(stops), reached=reached)


def _offers_with_answers(discoveries: Iterable[Discovery]) -> list[Discovery]:
    """Keys that follow an offer to be called back are the answer to it: at the end of the hold they would reach the human."""
    told: list[Discovery] = []
    for discovery in discoveries:
        last = told[-1] if told else None
        if discovery.type is DiscoveryType.DTMF and last and last.type is DiscoveryType.CALLBACK_OFFER and not last.dtmf_sent:
            told[-1] = msgspec.structs.replace(last, dtmf_sent=discovery.dtmf_sent)
        else:
            told.append(discovery)
    return told


def _after(stops: list[Stop], preambles: list[Prompt], discovery: Discovery) -> tuple[list[Stop], list[Prompt]]:
    holding = bool(stops) and stops[-1].kind is CallFlowStepType.HOLD
    match discovery.type:
        case DiscoveryType.TONE | DiscoveryType.DISCONNECTED | DiscoveryType.HUMAN_DETECTED:
            return stops, preambles
        case DiscoveryType.HOLD | DiscoveryType.TRANSFER_NOTICE:
            return _held(stops, discovery), []
        case DiscoveryType.CALLBACK_OFFER:
            return _offered(stops, discovery), []
        case DiscoveryType.ANNOUNCEMENT if not holding:
            return stops, [*preambles, _prompt(discovery)][-MAX_PREAMBLES:]
        case DiscoveryType.ANNOUNCEMENT:
            return _held(stops, discovery), preambles
        case DiscoveryType.WAIT if holding:
            return _held(stops, discovery), preambles
        case DiscoveryType.WAIT:
            wait = Stop(kind=CallFlowStepType.WAIT, description=discovery.description, duration_ms=_duration_ms(discovery))
            return [*stops, wait], preambles
        case DiscoveryType.DTMF:
            return _answered(stops, _pressed(discovery, CallFlowStepType.DTMF)), preambles
        case DiscoveryType.OPEN_QUESTION if not discovery.dtmf_sent and discovery.chosen_label:
            spoken = Stop(kind=CallFlowStepType.SPEAK, text=discovery.chosen_label)
            return [*_heard(stops, preambles, discovery), spoken], []
        case _:
            return _heard(stops, preambles, discovery), []


def _heard(stops: list[Stop], preambles: list[Prompt], discovery: Discovery) -> list[Stop]:
    """A prompt was heard. If the call had been here before, what lies between was a loop."""
    stop = msgspec.structs.replace(_pressed(discovery, CallFlowStepType.LISTEN), preambles=tuple(preambles))
    for index, earlier in enumerate(stops):
        if not same_menu(earlier, stop):
            continue
        if index == len(stops) - 1 or earlier.digits != stop.digits:
            return [*stops[:index], _again(earlier, stop)]
    return [*stops, stop]


def _answered(stops: list[Stop], press: Stop) -> list[Stop]:
    """Digits sent right after a prompt that had no answer yet are its answer."""
    last = stops[-1] if stops else None
    open_prompt = last is not None and last.kind is CallFlowStepType.LISTEN and not (last.digits or last.secret or last.ends)
    if last is None or not open_prompt:
        return [*stops, press]
    answered = msgspec.structs.replace(
        last, digits=press.digits, secret=press.secret, label=press.label or last.label, profile=press.profile, apart=True,
        reacted=press.reacted, pressed_after_ms=press.pressed_after_ms,
    )  # fmt: skip
    return [*stops[:-1], answered]


def _again(earlier: Stop, later: Stop) -> Stop:
    """The later visit counts: its press is the one that led on. What only the earlier one heard is kept."""
    known = {option.digits for option in later.options}
    options = later.options + tuple(option for option in earlier.options if option.digits not in known)
    fuller = earlier if later.cut and not earlier.cut else later
    return msgspec.structs.replace(
        later, options=options, preambles=earlier.preambles, transcript=fuller.transcript, cut=fuller.cut,
        fingerprint=later.fingerprint or earlier.fingerprint, digits=later.digits or earlier.digits, label=later.label or earlier.label,
    )  # fmt: skip


def _held(stops: list[Stop], discovery: Discovery) -> list[Stop]:
    recordings = (*discovery.recordings, *([discovery.fingerprint] if discovery.fingerprint else []))
    duration_ms = _duration_ms(discovery) or 0
    last = stops[-1] if stops else None
    if last is None or last.kind is not CallFlowStepType.HOLD:
        return [*stops, Stop(
            kind=CallFlowStepType.HOLD, description=discovery.description, duration_ms=duration_ms, recordings=recordings,
            step_hint=discovery.step_id,
        )]  # fmt: skip
    longer = msgspec.structs.replace(
        last, duration_ms=(last.duration_ms or 0) + duration_ms, recordings=tuple(dict.fromkeys(last.recordings + recordings))
    )
    return [*stops[:-1], longer]


def _offered(stops: list[Stop], discovery: Discovery) -> list[Stop]:
    """An offer to be called back belongs to the hold it interrupts. How it was answered is kept if keys were pressed."""
    held = _held(stops, discovery)
    if not discovery.dtmf_sent:
        return held
    aside = _pressed(discovery, CallFlowStepType.LISTEN)
    return [*held[:-1], msgspec.structs.replace(held[-1], asides=(*held[-1].asides, aside)[:1])]


def _pressed(discovery: Discovery, kind: CallFlowStepType) -> Stop:
    digits = discovery.dtmf_sent or None
    secret = None
    if digits and _MASK in digits:
        digits, secret = None, slug(discovery.chosen_label or "typed_data")
    label = discovery.chosen_label or next((option.label for option in discovery.options if option.digits == digits), "")
    ended = discovery.type in (DiscoveryType.CLOSED, DiscoveryType.VOICEMAIL)
    return Stop(
        kind=kind, description=discovery.description, transcript=_words(discovery.transcript),
        fingerprint=discovery.fingerprint, cut=not discovery.complete or discovery.transcript.rstrip().endswith(_DOTS),
        options=tuple(discovery.options),
        digits=None if ended else digits, secret=secret, label="" if ended else label, language=discovery.language,
        ends=discovery.type.value if ended else None, duration_ms=_duration_ms(discovery), pressed_after_ms=discovery.pressed_after_ms,
        profile=discovery.dtmf_profile, reacted=discovery.reacted, step_hint=discovery.step_id,
    )  # fmt: skip


def _prompt(discovery: Discovery) -> Prompt:
    return Prompt(
        transcript=_words(discovery.transcript), fingerprint=discovery.fingerprint,
        duration_ms=_duration_ms(discovery) or 0,
    )  # fmt: skip


def _words(transcript: str) -> str:
    return " ".join(normalise(transcript))[:MAX_TRANSCRIPT]


def _duration_ms(discovery: Discovery) -> int | None:
    return None if discovery.duration is None else round(discovery.duration * 1000)
