"""From a stop to the step (or two) that do it on the next call."""

from __future__ import annotations

import math
from collections.abc import Callable

import msgspec
from call_contract.flows import CallFlowStep, CallFlowStepType
from call_contract.step_metadata import StepMetadata, as_dict

from flow_api.domain.learning.stops import Stop
from flow_api.domain.slug import slug

MAX_DESCRIPTION = 200
MAX_ID_WORDS = 28
WAIT_TIMEOUT_S = 5.0
LISTEN_TIMEOUT_S = 15.0
LISTEN_TIMEOUT_S_MAX = 120.0
HOLD_TIMEOUT_S = 7200.0
TRANSFER_TIMEOUT_S = 30.0

NewId = Callable[[str], str]


def steps_of(stop: Stop, new_id: NewId, *, split_dtmf: bool = False) -> list[CallFlowStep]:
    """The steps, linked to each other, without what they know yet; ``new_id`` makes an id unique."""
    match stop.kind:
        case CallFlowStepType.WAIT:
            return [_step(stop, new_id("wait"), "Wait for the next prompt", timeout=_wait_s(stop))]
        case CallFlowStepType.DTMF:
            return [_response(stop, new_id)]
        case CallFlowStepType.HOLD:
            longest = math.ceil(1.5 * (stop.duration_ms or 0) / 1000)
            return [_step(stop, new_id("hold"), "Wait on hold for a human", timeout=max(HOLD_TIMEOUT_S, float(min(longest, 86_400))))]
        case CallFlowStepType.SPEAK:
            return [_step(stop, new_id("speak"), f"Say: {stop.text}", text=stop.text)]
        case CallFlowStepType.TRANSFER:
            return [_step(stop, new_id("transfer"), "Transfer to the user's phone", timeout=TRANSFER_TIMEOUT_S)]
        case _:
            return _listening(stop, new_id, split_dtmf=split_dtmf or stop.apart)


def _listening(stop: Stop, new_id: NewId, *, split_dtmf: bool) -> list[CallFlowStep]:
    answered = stop.digits is not None or stop.secret is not None
    timeout = _listen_s(stop)
    if not answered:
        return [_step(stop, new_id(_name("listen", stop)), "Listen, and press nothing", timeout=timeout)]
    if not split_dtmf:
        described = f"Listen to the menu, then {_pressing(stop)}"
        step = _step(stop, new_id(_name("menu", stop)), described, timeout=timeout, dtmf=stop.digits, secret=stop.secret, label=stop.label)
        return [step]
    response = _response(stop, new_id)
    listen = _step(stop, new_id(_name("menu", stop)), "Listen to the menu", timeout=timeout, label=stop.label)
    return [msgspec.structs.replace(listen, next_step=response.id), response]


def _response(stop: Stop, new_id: NewId) -> CallFlowStep:
    described = _pressing(stop)
    plain = stop if stop.kind is CallFlowStepType.DTMF else Stop(kind=CallFlowStepType.DTMF)
    name = f"press_{_key_name(stop.digits)}" if stop.digits else f"enter_{stop.secret}"
    return _step(
        plain, new_id(name), described[:1].upper() + described[1:], dtmf=stop.digits, secret=stop.secret, label=stop.label,
        kind=CallFlowStepType.DTMF,
    )  # fmt: skip


def _step(
    stop: Stop, step_id: str, described: str, *, timeout: float = 10.0, dtmf: str | None = None, secret: str | None = None,
    label: str = "", text: str = "", kind: CallFlowStepType | None = None,
) -> CallFlowStep:  # fmt: skip
    known = StepMetadata(secret=secret, chosen_label=label or None, text=text or None, language=stop.language or None)
    return CallFlowStep(
        id=step_id, type=kind or stop.kind, description=(stop.description or described)[:MAX_DESCRIPTION], dtmf=dtmf, timeout=timeout,
        metadata=as_dict(known),
    )  # fmt: skip


def _pressing(stop: Stop) -> str:
    what = f"press {stop.digits}" if stop.digits else f"enter {stop.secret}"
    return f"{what} for {stop.label}" if stop.label and stop.digits else what


def _name(kind: str, stop: Stop) -> str:
    words = [kind, _key_name(stop.digits) if stop.digits else "", slug(stop.label)[:MAX_ID_WORDS].strip("_") if stop.label else ""]
    return "_".join(word for word in words if word)


def _key_name(digits: str) -> str:
    return slug(digits.replace("*", "star").replace("#", "pound"))


def _wait_s(stop: Stop) -> float:
    return WAIT_TIMEOUT_S if stop.duration_ms is None else max(0.1, stop.duration_ms / 1000)


def _listen_s(stop: Stop) -> float:
    longest_ms = max(stop.duration_ms or 0, stop.pressed_after_ms or 0)
    return min(LISTEN_TIMEOUT_S_MAX, max(LISTEN_TIMEOUT_S, float(math.ceil(1.5 * longest_ms / 1000))))
