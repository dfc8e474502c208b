"""The headers of answers: what each says, and which answers have it."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]


def _header(description: str, schema: Schema) -> Schema:
    return {"description": description, "schema": schema}


_WORD: Schema = {"type": "string"}
_FLAG: Schema = {"enum": ["true", "false"]}
_HEADERS: dict[str, Schema] = {
    "ETag": _header('`"v<version>.r<revision>"`. If-Match compares the version, If-None-Match all of it.', {"type": "string"}),
    "Location": _header("Where it is now.", {"type": "string", "format": "uri-reference"}),
    "Read-Model": _header(
        "Of a write: whether lists show it already. Of a list: `behind` while not all of the event log has been taken in.",
        {"enum": ["applied", "behind"]},
    ),
    "Flow-Warnings": _header("What is odd about the flow, as a JSON list. Left out where nothing is.", _WORD),
    "Flow-Confidence": _header("How surely its main path leads to somebody, 0 to 1. Left out of a flow that no call has followed.", _WORD),
    "Flow-Last-Heard": _header("When a call last came through the step that was heard longest ago. Left out likewise.", _WORD),
    "Flow-Stale": _header("Whether that is long ago. Left out likewise.", _FLAG),
    "Idempotent-Replayed": _header("The answer is that of an earlier request with the same Idempotency-Key.", {"enum": ["true"]}),
    "Link": _header('`<address>; rel="next"`: the next page. Left out of the last.', _WORD),
    "Next-Cursor": _header("The `cursor` of the next page. Left out of the last.", _WORD),
    "Retry-After": _header("Seconds to wait.", {"type": "string", "pattern": "^[0-9]+$"}),
    "WWW-Authenticate": _header("`Bearer`", _WORD),
}

PAGE = ("Link", "Next-Cursor")
LIST = (*PAGE, "Read-Model")
FLOW = ("ETag", "Flow-Confidence", "Flow-Last-Heard", "Flow-Stale")
CHANGED = ("ETag", "Read-Model", "Flow-Warnings", "Idempotent-Replayed")
#: Of problems, whatever was asked.
PROBLEM = {401: ("WWW-Authenticate",), 429: ("Retry-After",), 503: ("Retry-After",)}


def described(names: tuple[str, ...]) -> Schema:
    """The ``headers`` of an answer in the OpenAPI document."""
    return {name: _HEADERS[name] for name in names}
