"""Request bodies that are not flows: read field by field, so that every fault is found and none hides another."""

from __future__ import annotations

import re
from typing import Literal, cast

import msgspec

from flow_api.domain.errors import Fault, Invalid
from flow_api.domain.faults import Faults, Json
from flow_api.domain.limits import DTMF, E164, FLOW_ID, MAX_DTMF, MAX_NAME

MAX_INTENT = 500
MAX_LIMIT = 86_400
CALL_ID = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,99}")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?")
DEVICE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}")
LIMITS = ("max_call_s", "max_menu_s", "max_hold_s", "max_presses", "max_menus")
MODES = ("explore", "follow", "auto")

Mode = Literal["explore", "follow", "auto"]


class CallRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A call that is asked for. ``mode`` auto: follow where a flow is known, else explore."""

    phone_number: str | None = None
    intent: str = ""
    company: str = ""
    language: str = ""
    mode: Mode = "auto"
    flow_id: str | None = None
    device: str = ""
    limits: dict[str, int] = {}
    ring_early: bool = False
    accept_callback: bool = False
    record_conversation: bool = False


class LearnRequest(msgspec.Struct, frozen=True, kw_only=True):
    call_id: str
    phone_number: str | None = None
    company: str | None = None


def call_request_of(body: Json) -> CallRequest:
    """Raises Invalid with every fault, as the others below do."""
    faults, fields = _object(body, CallRequest.__struct_fields__)
    mode = fields.get("mode", "auto")
    if mode not in MODES:
        faults.add("$.mode", f"must be one of {', '.join(MODES)}")
    number = faults.shaped(fields, "phone_number", "$", E164, "a number in E.164 form such as +18005551234")
    flow_id = faults.shaped(fields, "flow_id", "$", FLOW_ID, "the id of a flow")
    if fields.get("phone_number") is None and fields.get("flow_id") is None:
        faults.add("$.phone_number", "is required, unless flow_id names a flow that has one")
    request = CallRequest(
        phone_number=number,
        intent=faults.text(fields, "intent", "$", MAX_INTENT) or "",
        company=faults.text(fields, "company", "$", MAX_NAME) or "",
        language=faults.shaped(fields, "language", "$", LANGUAGE, "a language such as en or en-US") or "",
        mode=cast(Mode, mode), flow_id=flow_id,
        device=faults.shaped(fields, "device", "$", DEVICE, "the name of a device") or "",
        limits=_limits(fields, faults), ring_early=_flag(fields, "ring_early", faults),
        accept_callback=_flag(fields, "accept_callback", faults),
        record_conversation=_flag(fields, "record_conversation", faults),
    )  # fmt: skip
    faults.raise_if_any()
    return request


def learn_request_of(body: Json) -> LearnRequest:
    faults, fields = _object(body, LearnRequest.__struct_fields__)
    if fields.get("call_id") is None:
        faults.add("$.call_id", "is required")
    request = LearnRequest(
        call_id=faults.shaped(fields, "call_id", "$", CALL_ID, "the id of a call") or "",
        phone_number=faults.shaped(fields, "phone_number", "$", E164, "a number in E.164 form such as +18005551234"),
        company=faults.text(fields, "company", "$", MAX_NAME),
    )
    faults.raise_if_any()
    return request


def digits_of(body: Json) -> str:
    faults, fields = _object(body, ("digits",))
    digits = fields.get("digits")
    if not isinstance(digits, str) or not DTMF.fullmatch(digits) or len(digits) > MAX_DTMF:
        faults.add("$.digits", f"is required: 1 to {MAX_DTMF} of the characters 0-9 A-D * # , w")
    faults.raise_if_any()
    return str(digits)


def device_of(body: Json) -> str:
    faults, fields = _object(body, ("device",))
    device = faults.shaped(fields, "device", "$", DEVICE, "the name of a device") or ""
    faults.raise_if_any()
    return device


def version_of_body(body: Json) -> int:
    faults, fields = _object(body, ("version",))
    version = _whole(fields.get("version"))
    if version is None or not 1 <= version < 2**31:
        faults.add("$.version", "is required: the number of an earlier version")
    faults.raise_if_any()
    return version or 0


def _flag(fields: dict[str, Json], name: str, faults: Faults) -> bool:
    value = fields.get(name, False)
    if not isinstance(value, bool):
        faults.add(f"$.{name}", "must be true or false")
    return value is True


def _whole(value: Json) -> int | None:
    """A whole number, also where it was written as 3.0; None for anything else."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _object(body: Json, allowed: tuple[str, ...]) -> tuple[Faults, dict[str, Json]]:
    if not isinstance(body, dict):
        raise Invalid([Fault("$", "must be an object")])
    faults = Faults()
    faults.known(body, frozenset(allowed), "$")
    return faults, body


def _limits(fields: dict[str, Json], faults: Faults) -> dict[str, int]:
    limits = fields.get("limits", {})
    if not isinstance(limits, dict):
        faults.add("$.limits", "must be an object")
        return {}
    read: dict[str, int] = {}
    for name, value in limits.items():
        if name not in LIMITS:
            faults.add(f"$.limits.{name}", f"is not a limit; known are {', '.join(LIMITS)}")
        elif (number := _whole(value)) is None or not 0 <= number <= MAX_LIMIT:
            faults.add(f"$.limits.{name}", f"must be a whole number from 0 to {MAX_LIMIT}")
        else:
            read[name] = number
    return read
