"""What can be asked: one line an operation, with what it takes and how it answers."""

from __future__ import annotations

import msgspec
from call_contract.call_events import CallOutcome

from flow_api.domain import limits as rules
from flow_api.domain.call import STATES
from flow_api.domain.requests import CALL_ID, MAX_INTENT
from flow_api.http.access import ANY_SCOPE
from flow_api.http.contract.answer_headers import CHANGED, FLOW, LIST, PAGE
from flow_api.http.contract.schemas import Schema, pattern, ref, text
from flow_api.http.wire import PAGE_MAX
from flow_api.projections.flow_list import FLOW_ORDERS


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """``answers``: status → schema (None: no body), each with the ``headers`` that answers may have. Problems are added from ``problems``.
    ``titles``: what an answer is, where its status does not say it. ``links``: operation → its path parameter.
    """

    method: str
    path: str
    name: str
    summary: str
    scope: str | None
    parameters: tuple[Schema, ...] = ()
    body: str | None = None
    body_required: bool = True
    answers: dict[str, Schema | None]
    titles: dict[str, str] = {}
    problems: tuple[int, ...] = ()
    links: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    media_type: str = "application/json"


def query(name: str, schema: Schema, *, required: bool = False) -> Schema:
    return {"name": name, "in": "query", "required": required, "schema": schema}


def header(name: str, schema: Schema) -> Schema:
    return {"name": name, "in": "header", "required": False, "schema": schema}


def path_id(name: str, schema: Schema) -> Schema:
    return {"name": name, "in": "path", "required": True, "schema": schema}


def many(name: str) -> Schema:
    return {"type": "array", "items": ref(name)}


_word = text(200, least=1)
_version = {"type": "integer", "minimum": 1, "maximum": 2**31 - 1}
_paging = (query("limit", {"type": "integer", "minimum": 1, "maximum": PAGE_MAX}), query("cursor", {"type": "string"}))
_key = header("Idempotency-Key", {"type": "string", "pattern": r"^[\x21-\x7e]{1,255}$"})
_if_match, _if_none_match = header("If-Match", {"type": "string"}), header("If-None-Match", {"type": "string"})
_flow_id, _call_id = path_id("flow_id", pattern(rules.FLOW_ID)), path_id("call_id", pattern(CALL_ID))
_flow_sorts = {"enum": [sign + name for name in FLOW_ORDERS for sign in ("", "-")]}
_flow, _call = ref("CallFlow"), ref("Call")
_SSE = {
    "type": "object",
    "properties": {name: {"type": "string"} for name in ("id", "event", "data")} | {"retry": {"type": "integer"}},
    "description": "id = ordinal, event = type, data = the event as JSON",
}
_FLOW_LINKS = ("getFlow", "replaceFlow", "getFlowHistory", "diffFlow", "verifyFlow", "blameFlow", "revertFlow", "deleteFlow")
_CALL_LINKS = ("getCall", "sendDigits", "transferCall", "watchCall", "endCall", "forgetPersonalData")

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        method="get", path="/api/call-flows", name="listFlows", summary="List flows", scope="flows:read",
        parameters=(
            query("company", _word), query("tag", _word), query("phone_number", _word), query("q", _word), query("sort", _flow_sorts),
            *_paging,
        ),
        headers=LIST, answers={"200": many("CallFlow")}, problems=(422,),
    ),
    Operation(
        method="post", path="/api/call-flows", name="createFlow", summary="Create a flow", scope="flows:write", parameters=(_key,),
        body="CallFlowBody", headers=("Location", *CHANGED), answers={"201": _flow}, problems=(400, 409, 413, 415, 422), links=_FLOW_LINKS,
    ),
    Operation(
        method="get", path="/api/call-flows/{flow_id}", name="getFlow", summary="Get a flow, now, at a version or at a time",
        scope="flows:read",
        parameters=(
            _flow_id, query("version", _version), query("as_of", {"type": "string", "format": "date-time"}), _if_none_match,
        ),
        headers=FLOW, answers={"200": _flow, "304": None}, problems=(404, 422),
    ),
    Operation(
        method="put", path="/api/call-flows/{flow_id}", name="replaceFlow", summary="Replace a flow's content", scope="flows:write",
        parameters=(_flow_id, _if_match, _key), body="CallFlowBody",
        headers=CHANGED, answers={"200": _flow}, problems=(400, 404, 409, 412, 413, 415, 422),
    ),
    Operation(
        method="delete", path="/api/call-flows/{flow_id}", name="deleteFlow", summary="Delete a flow; its history stays",
        scope="flows:write", parameters=(_flow_id, _if_match),
        headers=("Read-Model",), answers={"204": None}, problems=(404, 409, 412, 422),
    ),
    Operation(
        method="get", path="/api/call-flows/{flow_id}/history", name="getFlowHistory", summary="Every event of a flow",
        scope="flows:read", parameters=(_flow_id, query("sort", {"enum": ["revision", "-revision"]}), *_paging),
        headers=PAGE, answers={"200": many("HistoryEntry")}, problems=(404, 422),
    ),
    Operation(
        method="get", path="/api/call-flows/{flow_id}/diff", name="diffFlow", summary="What is different between two versions",
        scope="flows:read", parameters=(_flow_id, query("from", _version, required=True), query("to", _version, required=True)),
        answers={"200": ref("FlowDiff")}, problems=(404, 422),
    ),
    Operation(
        method="get", path="/api/call-flows/{flow_id}/blame", name="blameFlow", summary="Which event gave each step its present form",
        scope="flows:read", parameters=(_flow_id,), answers={"200": many("StepBlame")}, problems=(404, 422),
    ),
    Operation(
        method="post", path="/api/call-flows/{flow_id}/revert", name="revertFlow", summary="Make an earlier version the present one",
        scope="flows:write", parameters=(_flow_id, _if_match, _key), body="RevertBody", headers=CHANGED, answers={"200": _flow},
        problems=(400, 404, 409, 412, 413, 415, 422),
    ),
    Operation(
        method="get", path="/api/call-flows/{flow_id}/verify", name="verifyFlow", summary="Check the hash chain of a flow's history",
        scope="flows:read", parameters=(_flow_id,), answers={"200": ref("Verified")}, problems=(404, 422),
    ),
    Operation(
        method="get", path="/api/call-flows/lookup", name="lookUpFlow", summary="The flow to follow for a number and an intent",
        scope="flows:read",
        parameters=(
            query("phone_number", pattern(rules.E164), required=True), query("intent", text(MAX_INTENT, least=1)), _if_none_match,
        ),
        headers=FLOW, answers={"200": _flow, "304": None}, problems=(404, 422),
    ),
    Operation(
        method="post", path="/api/call-flows/learn", name="learnFlow", summary="Build or merge a flow from a call's discoveries",
        scope="flows:write", parameters=(_key,), body="LearnBody",
        headers=("ETag", "Location", "Read-Model", "Idempotent-Replayed"), answers={"200": ref("LearnedFlow"), "201": ref("LearnedFlow")},
        problems=(400, 404, 409, 413, 415, 422),
    ),
    Operation(
        method="get", path="/api/calls", name="listCalls", summary="List calls, the latest first", scope="flows:read",
        parameters=(
            query("phone_number", _word), query("flow_id", _word), query("state", {"enum": list(STATES)}),
            query("outcome", {"enum": [str(outcome) for outcome in CallOutcome]}),
            query("sort", {"enum": ["started_at", "-started_at"]}), *_paging,
        ),
        headers=LIST, answers={"200": many("Call")}, problems=(422,),
    ),
    Operation(
        method="post", path="/api/calls", name="startCall", summary="Start a call; explore or follow is chosen and explained",
        scope="calls:write", parameters=(_key,), body="CallBody",
        headers=("Location", "Read-Model", "Idempotent-Replayed"), answers={"201": ref("StartedAnswer")},
        problems=(400, 403, 404, 409, 413, 415, 422), links=_CALL_LINKS,
    ),
    Operation(
        method="get", path="/api/calls/{call_id}", name="getCall", summary="Get a call", scope="flows:read", parameters=(_call_id,),
        answers={"200": _call}, problems=(404, 422),
    ),
    Operation(
        method="delete", path="/api/calls/{call_id}", name="endCall", summary="End a call", scope="calls:write", parameters=(_call_id,),
        answers={"200": _call}, problems=(404, 409, 422),
    ),
    Operation(
        method="post", path="/api/calls/{call_id}/digits", name="sendDigits", summary="Press keys", scope="calls:write",
        parameters=(_call_id, _key), body="DigitsBody",
        headers=("Idempotent-Replayed",), answers={"200": _call}, problems=(400, 404, 409, 413, 415, 422),
    ),
    Operation(
        method="post", path="/api/calls/{call_id}/transfer", name="transferCall",
        summary="Ring the device and bridge, now; in vain, a call on hold waits on",
        scope="calls:write", parameters=(_call_id, _key), body="TransferBody", body_required=False,
        headers=("Idempotent-Replayed",), answers={"200": _call},
        problems=(400, 404, 409, 413, 415, 422),
    ),
    Operation(
        method="delete", path="/api/calls/{call_id}/personal-data", name="forgetPersonalData",
        summary="Make what live humans said unreadable. A recorded conversation is a file that is left: 200 says where",
        scope="calls:write", parameters=(_call_id,), answers={"200": ref("ForgottenAnswer"), "204": None},
        problems=(404, 422),
    ),
    Operation(
        method="get", path="/api/calls/{call_id}/events", name="watchCall",
        summary="The call's events as they happen (server-sent events), until CallEnded", scope="flows:read",
        parameters=(
            _call_id, query("from", {"type": "integer", "minimum": 0, "maximum": 2**31}), query("meters", {"enum": ["true", "false"]}),
            header("Last-Event-ID", {"type": "string", "pattern": "^[0-9]{1,9}$"}),
        ),
        answers={"200": _SSE, "204": None},
        titles={"204": "The call has ended, and Last-Event-ID is its last event: an EventSource does not come back"},
        problems=(404, 422), media_type="text/event-stream",
    ),
    Operation(
        method="get", path="/api/audit/events", name="auditEvents",
        summary="Every event of all flows and calls, one JSON object a line; resumed after a position", scope="audit:read",
        parameters=(
            query("after", {"type": "integer", "minimum": 0, "maximum": 2**62}),
            query("limit", {"type": "integer", "minimum": 1, "maximum": 1_000_000}),
            query("flow_id", _word), query("call_id", _word), query("actor", _word), query("correlation_id", _word),
            query("since", {"type": "string", "format": "date-time"}), query("until", {"type": "string", "format": "date-time"}),
        ),
        answers={"200": {"type": "string"}}, problems=(422,), media_type="application/x-ndjson",
    ),
    Operation(
        method="get", path="/api/token", name="getToken", summary="Who the caller is, and what the caller may do and how much of it",
        scope=ANY_SCOPE, answers={"200": ref("Caller")},
    ),
    Operation(
        method="get", path="/health/live", name="live", summary="Whether the process runs", scope=None,
        answers={"200": {"type": "object"}},
    ),
    Operation(
        method="get", path="/health/ready", name="ready", summary="Whether everything needed is there; says what is not", scope=None,
        answers={"200": ref("Health"), "503": ref("Health")}, problems=(429,),
    ),
    Operation(
        method="get", path="/metrics", name="metrics", summary="Measures, in Prometheus' form: to this machine or with a token", scope=None,
        answers={"200": {"type": "string"}}, problems=(401, 429), media_type="text/plain",
    ),
)  # fmt: skip
