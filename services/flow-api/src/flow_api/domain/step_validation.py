"""What makes a step valid."""

from __future__ import annotations

from typing import Any

import msgspec
from call_contract.flows import CONDITION_OUTCOMES, CallFlowStep, CallFlowStepType
from call_contract.step_metadata import StepMetadata

from flow_api.domain.faults import Faults, Json
from flow_api.domain.limits import (
    ASSET,
    DTMF,
    MAX_CONDITIONS,
    MAX_DTMF,
    MAX_METADATA_BYTES,
    MAX_PHRASE,
    MAX_TEXT,
    MAX_TIMEOUT_S,
    STEP_FIELDS,
    STEP_ID,
)

#: The keys of metadata that have a meaning, and the types of their values.
_KNOWN = {field.encode_name: field.type for field in msgspec.structs.fields(StepMetadata)}


def step_of(step: dict[str, Json], path: str, ids: set[str], faults: Faults) -> CallFlowStep:
    """The step of a request body. ``ids``: the steps of the flow; ``path``: where this one stands."""
    faults.known(step, STEP_FIELDS, path)
    if step.get("id") is None:
        faults.add(f"{path}.id", "is required")
    step_id = faults.shaped(step, "id", path, STEP_ID, "letters, digits, '_', '-', '.' or ':', at most 100") or ""
    step_type = _type(step, path, faults)
    description = faults.text(step, "description", path, MAX_TEXT, required=True) or ""
    timeout = _timeout(step, path, faults)
    next_step = step.get("next_step")
    if next_step is not None and (not isinstance(next_step, str) or next_step not in ids):
        faults.add(f"{path}.next_step", f"there is no step {next_step!r}" if isinstance(next_step, str) else "must be a step id or null")
        next_step = None
    conditions = _conditions(step, path, ids, faults)
    metadata = _metadata(step, path, faults)
    dtmf = _dtmf(step, step_type, metadata, path, faults)
    return CallFlowStep(
        id=step_id, type=step_type, description=description, dtmf=dtmf, timeout=timeout, next_step=next_step, conditions=conditions,
        metadata=metadata,
    )  # fmt: skip


def _type(step: dict[str, Json], path: str, faults: Faults) -> CallFlowStepType:
    value = step.get("type")
    if isinstance(value, str) and value in CallFlowStepType.__members__:
        return CallFlowStepType(value)
    faults.add(f"{path}.type", "is required" if value is None else f"must be one of {', '.join(CallFlowStepType)}")
    return CallFlowStepType.WAIT


def _timeout(step: dict[str, Json], path: str, faults: Faults) -> float:
    value = step.get("timeout", 10.0)
    if isinstance(value, bool) or not isinstance(value, int | float):
        faults.add(f"{path}.timeout", "must be a number of seconds")
    elif not 0 < value <= MAX_TIMEOUT_S:  # also false for NaN; no conversion, an int may be too large for a float
        faults.add(f"{path}.timeout", f"must be more than 0 and at most {MAX_TIMEOUT_S} seconds")
    else:
        return float(value)
    return 10.0


def _dtmf(step: dict[str, Json], step_type: CallFlowStepType, metadata: dict[str, Json], path: str, faults: Faults) -> str | None:
    value = step.get("dtmf")
    secret = metadata.get("secret")
    if value is None:
        if step_type is CallFlowStepType.DTMF and "type" in step and not (isinstance(secret, str) and secret.strip()):
            faults.add(f"{path}.dtmf", "is required for a DTMF step, unless metadata.secret names a secret")
        return None
    if not isinstance(value, str) or not DTMF.fullmatch(value) or len(value) > MAX_DTMF:
        faults.add(f"{path}.dtmf", f"must be 1 to {MAX_DTMF} of the characters 0-9 A-D * # , w")
        return None
    if secret is not None:
        faults.add(f"{path}.dtmf", "must be null where metadata.secret names a secret")
    return value


def _conditions(step: dict[str, Json], path: str, ids: set[str], faults: Faults) -> dict[str, str]:
    conditions = step.get("conditions", {})
    if not isinstance(conditions, dict):
        faults.add(f"{path}.conditions", "must be an object of predicate → step id")
        return {}
    if len(conditions) > MAX_CONDITIONS:
        faults.add(f"{path}.conditions", f"must have at most {MAX_CONDITIONS} entries")
    read: dict[str, str] = {}
    for predicate, target in conditions.items():
        where = f"{path}.conditions[{msgspec.json.encode(predicate).decode()}]"
        if not _is_predicate(predicate):
            faults.add(where, f"must be heard:<phrase> or on:<outcome>, outcome one of {', '.join(CONDITION_OUTCOMES)}")
        if not isinstance(target, str) or target not in ids:
            faults.add(where, f"there is no step {target!r}")
        else:
            read[predicate] = target
    return read


def _is_predicate(predicate: str) -> bool:
    kind, _, rest = predicate.partition(":")
    if kind == "heard":
        return len(rest.strip()) > 0 and len(rest) <= MAX_PHRASE
    return kind == "on" and rest in CONDITION_OUTCOMES


def _check_type(value: Json, kind: Any, path: str, faults: Faults) -> None:
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        message, _, inner = str(error).partition(" - at `$")
        faults.add(f"{path}{inner.removesuffix('`')}", message[:1].lower() + message[1:])


def _metadata(step: dict[str, Json], path: str, faults: Faults) -> dict[str, Json]:
    metadata = step.get("metadata", {})
    if not isinstance(metadata, dict):
        faults.add(f"{path}.metadata", "must be an object")
        return {}
    found = len(faults.found)
    for name, kind in _KNOWN.items():
        if name in metadata:
            _check_type(metadata[name], kind, f"{path}.metadata.{name}", faults)
    if len(faults.found) > found:
        return {}
    try:
        known = msgspec.convert(metadata, StepMetadata)
        size = len(msgspec.json.encode(metadata))
    except (msgspec.MsgspecError, UnicodeEncodeError, RecursionError):
        faults.add(f"{path}.metadata", "must be plain JSON")
        return {}
    if size > MAX_METADATA_BYTES:
        faults.add(f"{path}.metadata", f"must have at most {MAX_METADATA_BYTES} bytes")
    if known.audio_file is not None and not ASSET.fullmatch(known.audio_file):
        faults.add(f"{path}.metadata.audio_file", "must be the name of an asset, not a path")
    if step.get("type") == CallFlowStepType.SPEAK and known.audio_file is None and known.text is None:
        faults.add(f"{path}.metadata", "a SPEAK step needs audio_file or text")
    return metadata
