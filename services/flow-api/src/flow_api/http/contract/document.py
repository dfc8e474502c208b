"""Puts the OpenAPI document together."""

from __future__ import annotations

from typing import Any

from flow_api.http.access import ANY_SCOPE
from flow_api.http.contract.answer_headers import PROBLEM, described
from flow_api.http.contract.examples import ANSWERS, REQUESTS
from flow_api.http.contract.operations import OPERATIONS, Operation
from flow_api.http.contract.schemas import components, ref
from flow_api.http.problems import MEDIA_TYPE

TITLES = {
    200: "Done", 201: "Created", 204: "Done", 304: "Not changed since", 400: "Cannot be read", 401: "No valid token", 403: "Not allowed",
    404: "Not found", 409: "Conflicts with the present state", 412: "Changed since it was read", 413: "Too large", 415: "Not JSON",
    422: "Not valid; every fault with its path", 429: "Too many requests", 503: "A dependency is down",
}  # fmt: skip
_ALWAYS = (401, 403, 429, 503)


def document() -> dict[str, Any]:
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Flow API", "version": "1.0.0", "description": "Call flows as events, and the calls that learn and follow them."},
        "paths": paths,
        "components": {"schemas": components(), "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}},
        "security": [{}, {"bearer": []}],
    }  # fmt: skip


def _operation(operation: Operation) -> dict[str, Any]:
    answers = {status: _answer(operation, status) for status in operation.answers}
    problems = sorted({*operation.problems, *(_ALWAYS if operation.scope else (403,))})
    answers.update({str(status): _problem(operation, status) for status in problems if str(status) not in answers})
    plain: dict[str, Any] = {
        "operationId": operation.name, "summary": operation.summary, "parameters": list(operation.parameters), "responses": answers,
    }  # fmt: skip
    if operation.scope == ANY_SCOPE:
        plain["description"] = "Needs a token, whatever its scopes, where tokens are in use."
    elif operation.scope:
        plain["description"] = f"Needs the scope `{operation.scope}` where tokens are in use."
    if operation.body:
        content = {"schema": ref(operation.body)} | _sent(REQUESTS.get(operation.name, {}))
        plain["requestBody"] = {"required": operation.body_required, "content": {"application/json": content}}
    return plain


def _answer(operation: Operation, status: str) -> dict[str, Any]:
    schema = operation.answers[status]
    answer: dict[str, Any] = {"description": operation.titles.get(status, TITLES[int(status)])}
    if operation.headers:
        answer["headers"] = described(operation.headers if status != "304" else ("ETag",))
    if schema is not None:
        answer["content"] = {operation.media_type: {"schema": schema} | _answered(operation, status)}
    if operation.links and status == "201":
        answer["links"] = {name: _link(name) for name in operation.links}
    return answer


def _link(name: str) -> dict[str, Any]:
    path = next(operation.path for operation in OPERATIONS if operation.name == name)
    parameter = "call_id" if "{call_id}" in path else "flow_id"
    return {"operationId": name, "parameters": {parameter: "$response.body#/id"}}


def _sent(examples: dict[str, Any]) -> dict[str, Any]:
    return {"examples": {name: {"value": value} for name, value in examples.items()}} if examples else {}


def _answered(operation: Operation, status: str) -> dict[str, Any]:
    example = ANSWERS.get((operation.name, status))
    return {} if example is None else {"example": example}


def _problem(operation: Operation, status: int) -> dict[str, Any]:
    content = {"schema": ref("Problem")} | _answered(operation, str(status))
    problem: dict[str, Any] = {"description": TITLES[status], "content": {MEDIA_TYPE: content}}
    if status in PROBLEM:
        problem["headers"] = described(PROBLEM[status])
    return problem
