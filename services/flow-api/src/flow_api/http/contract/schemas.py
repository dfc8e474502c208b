"""The shapes that go in and come out: requests from the limits of ``domain/validation``, answers from the structs themselves."""

from __future__ import annotations

from typing import Any

import msgspec
from call_contract.flows import CONDITION_OUTCOMES, CallFlow, CallFlowStepType

from flow_api.domain import limits as rules
from flow_api.domain.blame import StepBlame
from flow_api.domain.call import Call
from flow_api.domain.diff import FlowDiff
from flow_api.domain.history import HistoryEntry
from flow_api.domain.requests import CALL_ID, DEVICE, LANGUAGE, LIMITS, MAX_INTENT, MAX_LIMIT, MODES
from flow_api.http.caller import Caller
from flow_api.http.calls import ForgottenAnswer, StartedAnswer
from flow_api.http.flows import LearnedFlow, Verified
from flow_api.http.health import Health
from flow_api.http.problems import Problem

Schema = dict[str, Any]

_ANSWERS = (
    CallFlow,
    LearnedFlow,
    Call,
    StartedAnswer,
    ForgottenAnswer,
    HistoryEntry,
    FlowDiff,
    StepBlame,
    Verified,
    Caller,
    Health,
    Problem,
)
#: JSON can carry NUL; no text should.
_TEXT, _SAID = r"^[^\u0000]*$", r"^[^\u0000]*[^\s\u0000][^\u0000]*$"


def pattern(compiled: Any) -> Schema:
    return {"type": "string", "pattern": f"^(?:{compiled.pattern})$"}


def nullable(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def text(most: int, *, least: int = 0) -> Schema:
    return {"type": "string", "maxLength": most, **({"minLength": least, "pattern": _SAID} if least else {"pattern": _TEXT})}


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def components() -> dict[str, Schema]:
    """Every named schema."""
    _, answers = msgspec.json.schema_components(_ANSWERS, ref_template="#/components/schemas/{name}")
    requests = {
        "CallFlowBody": _flow(), "CallFlowStepBody": _step(), "LearnBody": _learn(), "CallBody": _call(), "RevertBody": _revert(),
        "DigitsBody": _digits(), "TransferBody": _object({"device": nullable(pattern(DEVICE))}),
    }  # fmt: skip
    return {**answers, **requests}


def _object(properties: dict[str, Schema], required: tuple[str, ...] = ()) -> Schema:
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


def _flow() -> Schema:
    owned = {name: {"description": "Owned by the server: accepted and ignored."} for name in sorted(rules.SERVER_OWNED)}
    given: dict[str, Schema] = {
        "id": nullable({**pattern(rules.FLOW_ID), "not": {"enum": sorted(rules.RESERVED_IDS)}}),
        "name": text(rules.MAX_NAME, least=1),
        "company": nullable(text(rules.MAX_NAME)),
        "phone_number": nullable(pattern(rules.E164)),
        "description": nullable(text(rules.MAX_TEXT)),
        "steps": {"type": "array", "maxItems": rules.MAX_STEPS, "items": ref("CallFlowStepBody")},
        "tags": {"type": "array", "maxItems": rules.MAX_TAGS, "items": text(rules.MAX_TAG, least=1)},
    }
    return _object({**given, **owned}, ("name", "steps"))


def _step() -> Schema:
    predicate = rf"^(?:heard:.*\S.*|on:(?:{'|'.join(CONDITION_OUTCOMES)}))$"
    properties: dict[str, Schema] = {
        "id": pattern(rules.STEP_ID),
        "type": {"enum": [kind.value for kind in CallFlowStepType]},
        "description": text(rules.MAX_TEXT),
        "dtmf": nullable({**pattern(rules.DTMF), "maxLength": rules.MAX_DTMF}),
        "timeout": {"type": "number", "exclusiveMinimum": 0, "maximum": rules.MAX_TIMEOUT_S, "default": 10.0},
        "next_step": nullable({"type": "string"}),
        "conditions": {
            "type": "object", "maxProperties": rules.MAX_CONDITIONS, "propertyNames": {"pattern": predicate},
            "additionalProperties": {"type": "string"},
        },
        "metadata": {
            "type": "object",
            "description": (
                "What calls have shown of this step, or what a person has written. Weekdays and hours in `hold.slots` and `endings` "
                "(`mon-09`) are in UTC."
            ),
        },
    }  # fmt: skip
    return _object(properties, ("id", "type", "description"))


def _learn() -> Schema:
    properties = {
        "call_id": pattern(CALL_ID), "phone_number": nullable(pattern(rules.E164)), "company": nullable(text(rules.MAX_NAME)),
    }  # fmt: skip
    return _object(properties, ("call_id",))


def _call() -> Schema:
    limit = {"type": "integer", "minimum": 0, "maximum": MAX_LIMIT}
    properties: dict[str, Schema] = {
        "phone_number": nullable(pattern(rules.E164)),
        "intent": nullable(text(MAX_INTENT)),
        "company": nullable(text(rules.MAX_NAME)),
        "language": nullable(pattern(LANGUAGE)),
        "mode": {"enum": list(MODES)},
        "flow_id": nullable(pattern(rules.FLOW_ID)),
        "device": nullable(pattern(DEVICE)),
        "limits": _object(dict.fromkeys(LIMITS, limit)),
        "ring_early": {"type": "boolean"},
        "accept_callback": {"type": "boolean"},
        "record_conversation": {"type": "boolean"},
    }
    number, flow = ({"required": [name], "properties": {name: {"type": "string"}}} for name in ("phone_number", "flow_id"))
    return {**_object(properties), "anyOf": [number, flow]}


def _revert() -> Schema:
    return _object({"version": {"type": "integer", "minimum": 1, "maximum": 2**31 - 1}}, ("version",))


def _digits() -> Schema:
    return _object({"digits": {**pattern(rules.DTMF), "maxLength": rules.MAX_DTMF}}, ("digits",))
