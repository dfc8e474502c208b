"""The way in: plain dicts or ``Discovery`` values become checked discoveries; times become aware datetimes."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from call_contract.discoveries import Discovery, DiscoveryType

from flow_api.domain.errors import Fault, Invalid

#: Keys that can be pressed, pauses, and the mark that stands for a masked key.
_DIGITS = re.compile(r"[0-9A-D*#,w•]{1,64}")
_KNOWN = frozenset(field.encode_name for field in msgspec.structs.fields(Discovery))
_TYPES = frozenset(DiscoveryType)
_SAYS_SOMETHING = frozenset((DiscoveryType.IVR_MENU, DiscoveryType.DATA_ENTRY, DiscoveryType.OPEN_QUESTION, DiscoveryType.ANNOUNCEMENT))


def accept(discoveries: Iterable[Mapping[str, Any] | Discovery]) -> list[Discovery]:
    """The discoveries, checked. Raises ``Invalid`` with a fault for each bad one, its path such as ``$.discoveries[2].type``."""
    faults: list[Fault] = []
    accepted: list[Discovery] = []
    if isinstance(discoveries, str | bytes | Mapping) or not isinstance(discoveries, Iterable):
        raise Invalid([Fault("$.discoveries", "must be a list of discoveries")])
    for index, raw in enumerate(discoveries):
        path = f"$.discoveries[{index}]"
        found = _faults_of(raw, path)
        if not found:
            discovery = _converted(raw, path, found)
            if discovery is not None:
                found += _value_faults(discovery, path)
                accepted.append(discovery)
        faults += found
    if faults:
        raise Invalid(faults)
    return accepted


def places(discoveries: Iterable[Discovery]) -> list[Discovery]:
    """Those that can be a place of a flow, or tell of one."""
    return [discovery for discovery in discoveries if not _is_nobodys_place(discovery)]


def _is_nobodys_place(discovery: Discovery) -> bool:
    """Sealed words: a human may have said them, and nobody could tell that they are heard again. Only a key that showed an effect was
    asked for by a recording, and what was heard at a stored step tells of that.
    """
    if not discovery.sealed or discovery.transcript or discovery.fingerprint or discovery.type not in _SAYS_SOMETHING:
        return False
    return not (discovery.step_id or (discovery.dtmf_sent and discovery.reacted))


def moment(at: dt.datetime | str | None, fallback: dt.datetime) -> dt.datetime:
    """``at`` as an aware datetime (naive means UTC), or the fallback. Raises ``Invalid`` for what is no time."""
    if at is None:
        return fallback
    if isinstance(at, str):
        try:
            at = dt.datetime.fromisoformat(at)
        except ValueError:
            raise Invalid([Fault("$.at", f"{at!r} is not an ISO 8601 time")]) from None
    if not isinstance(at, dt.datetime):
        raise Invalid([Fault("$.at", "must be a datetime or an ISO 8601 time")])
    return at if at.tzinfo is not None else at.replace(tzinfo=dt.UTC)


def _faults_of(raw: object, path: str) -> list[Fault]:
    if isinstance(raw, Discovery):
        return []
    if not isinstance(raw, Mapping):
        return [Fault(path, "must be an object with a type")]
    if "type" not in raw:
        return [Fault(f"{path}.type", "is required")]
    if not isinstance(raw["type"], str) or raw["type"] not in _TYPES:
        return [Fault(f"{path}.type", f"{raw['type']!r} is not a known discovery; known are {', '.join(DiscoveryType)}")]
    return [Fault(f"{path}.{name}", "is not a field of a discovery") for name in raw if name not in _KNOWN]


def _converted(raw: Mapping[str, Any] | Discovery, path: str, faults: list[Fault]) -> Discovery | None:
    if isinstance(raw, Discovery):
        return raw
    given = {name: value for name, value in raw.items() if value is not None}
    try:
        return msgspec.convert(given, Discovery)
    except msgspec.ValidationError as error:
        message, _, inner = str(error).partition(" - at `$")
        faults.append(Fault(path + inner.removesuffix("`"), message[:1].lower() + message[1:]))
        return None


def _value_faults(discovery: Discovery, path: str) -> list[Fault]:
    faults = []
    if discovery.duration is not None and not (math.isfinite(discovery.duration) and 0 <= discovery.duration <= 86_400):
        faults.append(Fault(f"{path}.duration", "must be 0 to 86400 seconds"))
    if discovery.dtmf_sent and not _DIGITS.fullmatch(discovery.dtmf_sent):
        faults.append(Fault(f"{path}.dtmf_sent", "must be 1 to 64 of the characters 0-9 A-D * # , w"))
    if discovery.type is DiscoveryType.DTMF and not discovery.dtmf_sent:
        faults.append(Fault(f"{path}.dtmf_sent", "is required for dtmf"))
    if discovery.pressed_after_ms is not None and discovery.pressed_after_ms < 0:
        faults.append(Fault(f"{path}.pressed_after_ms", "must not be negative"))
    for index, option in enumerate(discovery.options):
        if not _DIGITS.fullmatch(option.digits):
            faults.append(Fault(f"{path}.options[{index}].digits", "must be 1 to 64 of the characters 0-9 A-D * # , w"))
    return faults
