"""What makes a flow valid. Every fault is collected, each with its JSON path; warnings are things that are odd but allowed."""

from __future__ import annotations

import re
from typing import Any

import msgspec
from call_contract.flows import CONDITION_OUTCOMES, CallFlowStep, CallFlowStepType
from call_contract.step_metadata import StepMetadata

from flow_api.domain.errors import Fault, Invalid
from flow_api.domain.flow_events import FlowContent

MAX_NAME = 200
MAX_TEXT = 2_000
MAX_STEPS = 500
MAX_TAGS = 50
MAX_TAG = 64
MAX_CONDITIONS = 50
MAX_PHRASE = 200
MAX_DTMF = 64
MAX_TIMEOUT_S = 86_400
MAX_METADATA_BYTES = 256 * 1024
MAX_CONTENT_BYTES = 900 * 1024  # an append of the event store is limited to 1 MiB

RESERVED_IDS = frozenset({"learn", "lookup", "validate"})
FLOW_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,119}")
STEP_ID = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.:-]{0,99}")
E164 = re.compile(r"\+[1-9][0-9]{6,14}")
DTMF = re.compile(r"[0-9A-D*#,w]+")
ASSET = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}")

#: Fields the server owns: taken back without complaint, so that a PUT accepts the body of a GET.
SERVER_OWNED = frozenset({"created_at", "updated_at", "version", "success_count", "fail_count"})
FLOW_FIELDS = frozenset({"id", "name", "company", "phone_number", "description", "steps", "tags"}) | SERVER_OWNED
STEP_FIELDS = frozenset({"id", "type", "description", "dtmf", "timeout", "next_step", "conditions", "metadata"})

Json = Any


class Faults:
    """Collects faults; each check says what it wants and gets a usable value or a default back."""

    def __init__(self) -> None:
        self.found: list[Fault] = []

    def add(self, path: str, message: str) -> None:
        self.found.append(Fault(path, message))

    def known(self, body: dict[str, Json], allowed: frozenset[str], path: str) -> None:
        for name in body:
            if name not in allowed:
                self.add(f"{path}.{name}", "is not a field this API knows")

    def text(self, body: dict[str, Json], name: str, path: str, most: int, *, required: bool = False, least: int = 0) -> str | None:
        if name not in body or (body[name] is None and not required):
            if required:
                self.add(f"{path}.{name}", "is required")
            return None
        value = body[name]
        if not isinstance(value, str):
            self.add(f"{path}.{name}", "must be a string")
        elif len(value) < least or (least and not value.strip()):
            self.add(f"{path}.{name}", "must not be empty")
        elif len(value) > most:
            self.add(f"{path}.{name}", f"must have at most {most} characters")
        elif "\x00" in value or not _encodable(value):
            self.add(f"{path}.{name}", "must be text without NUL and lone surrogates")
        else:
            return value
        return None

    def shaped(self, body: dict[str, Json], name: str, path: str, shape: re.Pattern[str], what: str) -> str | None:
        value = body.get(name)
        if value is None:
            return None
        if not isinstance(value, str) or not shape.fullmatch(value):
            self.add(f"{path}.{name}", f"must be {what}")
            return None
        return value

    def raise_if_any(self) -> None:
        if self.found:
            raise Invalid(self.found)


def _encodable(value: str) -> bool:
    return not any(0xD800 <= ord(char) <= 0xDFFF for char in value)


def flow_of(body: Json) -> tuple[str | None, FlowContent]:
    """(id if one was given, content) of a request body. Raises Invalid with every fault."""
    faults = Faults()
    if not isinstance(body, dict):
        raise Invalid([Fault("$", "must be an object")])
    faults.known(body, FLOW_FIELDS, "$")
    flow_id = faults.shaped(body, "id", "$", FLOW_ID, "letters, digits, '_', '-' or '.', at most 120, beginning with a letter or digit")
    if flow_id in RESERVED_IDS:
        faults.add("$.id", f"{flow_id!r} is reserved")
    name = faults.text(body, "name", "$", MAX_NAME, required=True, least=1)
    company = faults.text(body, "company", "$", MAX_NAME)
    phone_number = faults.shaped(body, "phone_number", "$", E164, "a number in E.164 form such as +18005551234")
    description = faults.text(body, "description", "$", MAX_TEXT)
    tags, steps = _tags(body, faults), _steps(body, faults)
    content = FlowContent(name=name or "", company=company, phone_number=phone_number, description=description, steps=steps, tags=tags)
    if not faults.found and len(msgspec.json.encode(content)) > MAX_CONTENT_BYTES:
        faults.add("$", f"must have at most {MAX_CONTENT_BYTES} bytes")
    faults.raise_if_any()
    return flow_id, content


def check(content: FlowContent) -> None:
    """Raises Invalid where content that was made by the service itself breaks a rule."""
    flow_of(msgspec.to_builtins(content))


def _tags(body: dict[str, Json], faults: Faults) -> list[str]:
    tags = body.get("tags", [])
    if not isinstance(tags, list):
        faults.add("$.tags", "must be a list of strings")
        return []
    if len(tags) > MAX_TAGS:
        faults.add("$.tags", f"must have at most {MAX_TAGS} items")
    for index, tag in enumerate(tags):
        faults.text({"t": tag}, "t", f"$.tags[{index}]", MAX_TAG, required=True, least=1) if isinstance(tag, str) else faults.add(
            f"$.tags[{index}]", "must be a string"
        )
    faults.found = [Fault(fault.path.removesuffix(".t"), fault.message) for fault in faults.found]
    return [tag for tag in tags if isinstance(tag, str)]


def _steps(body: dict[str, Json], faults: Faults) -> list[CallFlowStep]:
    steps = body.get("steps")
    if not isinstance(steps, list):
        faults.add("$.steps", "is required" if "steps" not in body else "must be a list of steps")
        return []
    if len(steps) > MAX_STEPS:
        faults.add("$.steps", f"must have at most {MAX_STEPS} items")
        return []
    ids = [step.get("id") for step in steps if isinstance(step, dict)]
    known_ids = {step_id for step_id in ids if isinstance(step_id, str)}
    read: list[CallFlowStep] = []
    seen: set[str] = set()
    for index, step in enumerate(steps):
        path = f"$.steps[{index}]"
        if not isinstance(step, dict):
            faults.add(path, "must be an object")
            continue
        step_id = step.get("id")
        if isinstance(step_id, str):
            if step_id in seen:
                faults.add(f"{path}.id", f"{step_id!r} is the id of an earlier step")
            seen.add(step_id)
        read.append(_step(step, path, known_ids, faults))
    return read


def _step(step: dict[str, Json], path: str, ids: set[str], faults: Faults) -> CallFlowStep:
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
        if step_type is CallFlowStepType.DTMF and "type" in step and not isinstance(secret, str):
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


def _metadata(step: dict[str, Json], path: str, faults: Faults) -> dict[str, Json]:
    metadata = step.get("metadata", {})
    if not isinstance(metadata, dict):
        faults.add(f"{path}.metadata", "must be an object")
        return {}
    try:
        known = msgspec.convert(metadata, StepMetadata)
        size = len(msgspec.json.encode(metadata))
    except msgspec.ValidationError as error:
        message, _, inner = str(error).partition(" - at `$")
        faults.add(f"{path}.metadata{inner.removesuffix('`')}", message[:1].lower() + message[1:])
        return {}
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


def warnings(content: FlowContent) -> list[Fault]:
    """What is allowed but odd: no steps at all, steps that nothing leads to."""
    if not content.steps:
        return [Fault("$.steps", "has no steps, so that no call can follow it")]
    by_id = {step.id: step for step in content.steps}
    reached: set[str] = set()
    ahead = [content.steps[0].id]
    while ahead:
        step_id = ahead.pop()
        if step_id not in reached:
            reached.add(step_id)
            step = by_id[step_id]
            ahead.extend(step.conditions.values())
            ahead.extend([step.next_step] if step.next_step else [])
    return [
        Fault(f"$.steps[{index}]", f"nothing leads to step {step.id!r}")
        for index, step in enumerate(content.steps)
        if step.id not in reached
    ]
