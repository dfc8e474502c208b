"""Reading requests and writing answers: JSON in, JSON out, ETags, cursors, query parameters."""

from __future__ import annotations

import base64
import datetime as dt
import re
from typing import Annotated, Any
from urllib.parse import urlencode

import msgspec
from call_contract.flows import CallFlow
from litestar import Request, Response
from litestar.datastructures import State
from litestar.di import NamedDependency

from flow_api.commands.flows import Changed
from flow_api.domain.errors import Fault, Invalid, Malformed
from flow_api.domain.flow import Flow, call_flow
from flow_api.domain.learning.confidence import path_confidence
from flow_api.domain.learning.staleness import staleness
from flow_api.domain.record import when
from flow_api.domain.validation import warnings
from flow_api.http.problems import UnsupportedMediaType
from flow_api.http.twice import keys_there_twice
from flow_api.service import Service

Req = Request[Any, Any, State]
Api = NamedDependency[Service]

MAX_DEPTH = 32
FAULTS_MAX = 50
PAGE_DEFAULT, PAGE_MAX = 100, 500
#: What no flow is ever at: an ``If-Match`` that is no ETag of ours never matches.
NO_VERSION = 0
#: (order, value that the last row shown has in it, id of that row).
_CURSOR = tuple[str, str | Annotated[int, msgspec.Meta(ge=0, lt=2**53)], str]
_ETAG = re.compile(r'(?:W/)?"v(\d{1,9})\.r(\d{1,9})"')


async def json_body(request: Req, *, optional: bool = False) -> Any:
    """The body. Raises UnsupportedMediaType, Malformed and Invalid; an optional one that is not there is an empty object."""
    raw = await request.body()
    if not raw and optional:
        return {}
    media_type = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if media_type != "application/json" and not media_type.endswith("+json"):
        raise UnsupportedMediaType(f"Send application/json, not {media_type or 'nothing'}.")
    try:
        body = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(f"The body is not JSON: {error}") from None
    if _depth(body) > MAX_DEPTH:
        raise Malformed(f"The body is nested deeper than {MAX_DEPTH} levels.")
    if twice := keys_there_twice(raw, FAULTS_MAX):
        raise Invalid([Fault(path, "is there twice") for path in twice])
    return body


def _depth(value: Any) -> int:
    level, depth = [value], 0
    while level:
        depth += 1
        nested = (inner.values() if isinstance(inner, dict) else inner for inner in level if isinstance(inner, dict | list))
        level = [item for items in nested for item in items if isinstance(item, dict | list)]
    return depth


def answer(content: Any, *, status: int = 200, headers: dict[str, str] | None = None) -> Response[bytes]:
    """Any msgspec value as JSON."""
    return Response(msgspec.json.encode(content), status_code=status, media_type="application/json", headers=headers or {})


def etag(version: int, revision: int) -> str:
    return f'"v{version}.r{revision}"'


def flow_answer(request: Req, flow: Flow, revision: int, *, now: dt.datetime) -> Response[bytes]:
    """The flow with its ETag and how far it can be trusted, or 304 where the client has it already."""
    tag = etag(flow.version, revision)
    known = request.headers.get("if-none-match", "")
    if tag in [one.strip().removeprefix("W/") for one in known.split(",")] or known.strip() == "*":
        return Response(b"", status_code=304, headers={"ETag": tag})
    return answer(call_flow(flow), headers={"ETag": tag, "Cache-Control": "no-cache", **trust_headers(call_flow(flow), now)})


def trust_headers(flow: CallFlow, now: dt.datetime) -> dict[str, str]:
    """What calls have shown of its main path: how surely it leads to a human, and how old that is. Nothing of a flow nobody has called."""
    age = staleness(flow, now)
    if age.last_heard is None:
        return {}
    sure = f"{path_confidence(flow):.4g}"
    return {"Flow-Confidence": sure, "Flow-Last-Heard": age.last_heard, "Flow-Stale": "true" if age.stale else "false"}


def changed_answer(changed: Changed, missing: list[Fault], *, status: int = 200) -> Response[bytes]:
    """``missing``: what the flow needs and this service does not have."""
    headers = {
        "ETag": etag(changed.flow.version, changed.revision),
        **applied_header(changed.applied),
        **warning_header(changed.flow, missing),
    }
    if status == 201:
        headers["Location"] = f"/api/call-flows/{changed.flow.id}"
    return answer(call_flow(changed.flow), status=status, headers=headers)


def applied_header(applied: bool) -> dict[str, str]:
    """Whether lists show the write that this answers; of a list, whether it comes of a read model that has taken in the whole log."""
    return {"Read-Model": "applied" if applied else "behind"}


def warning_header(flow: Flow, missing: list[Fault]) -> dict[str, str]:
    """What is odd about the flow, as a JSON list in ASCII."""
    found = [*warnings(flow.content), *missing][:10]
    lines = [f"{fault.path}: {fault.message}" for fault in found]
    return {"Flow-Warnings": msgspec.json.encode(lines).decode("ascii", "replace")} if found else {}


def if_version(request: Req) -> int | None:
    """The version that ``If-Match`` asks for; None where it asks for none."""
    header = request.headers.get("if-match")
    if header is None or header.strip() == "*":
        return None
    match = _ETAG.fullmatch(header.strip())
    return int(match[1]) if match else NO_VERSION


class Query:
    """The query parameters of a request; every fault is collected. Unknown and repeated parameters are refused."""

    def __init__(self, request: Req, *allowed: str) -> None:
        self._values: dict[str, str] = {}
        self.faults: list[Fault] = []
        for name, value in request.query_params.multi_items():
            if name not in allowed:
                self.fault(name, "is not a parameter this request knows")
            elif name in self._values:
                self.fault(name, "is given twice")
            else:
                self._values[name] = value

    def fault(self, name: str, message: str) -> None:
        self.faults.append(Fault(f"query.{name}", message))

    def text(self, name: str, most: int = 200) -> str | None:
        value = self._values.get(name)
        if value is not None and (len(value) > most or "\x00" in value or not value.strip()):
            self.fault(name, f"must have 1 to {most} characters")
            return None
        return value

    def number(self, name: str) -> str | None:
        """A telephone number. A plus that was not escaped has come as a space."""
        value = self.text(name)
        return f"+{value[1:]}" if value is not None and value.startswith(" ") else value

    def has(self, name: str) -> bool:
        return name in self._values

    def whole(self, name: str, least: int, most: int) -> int | None:
        value = self._values.get(name)
        if value is None:
            return None
        if not re.fullmatch(r"[0-9]{1,19}", value) or not least <= int(value) <= most:
            self.fault(name, f"must be a whole number from {least} to {most}")
            return None
        return int(value)

    def time(self, name: str) -> dt.datetime | None:
        value = self._values.get(name)
        if value is None:
            return None
        try:
            return when(value.replace(" ", "+"))
        except ValueError:
            self.fault(name, "must be an ISO 8601 time such as 2026-01-31T12:00:00Z")
            return None

    def one_of(self, name: str, *allowed: str) -> str | None:
        value = self._values.get(name)
        if value is not None and value not in allowed:
            self.fault(name, f"must be one of {', '.join(allowed)}")
            return None
        return value

    def cursor(self, order: str, kind: type = str) -> tuple[Any, str] | None:
        """(value of the last row shown, its id). ``kind`` is the type of the value in this order."""
        value = self._values.get("cursor")
        if value is None:
            return None
        try:
            cursor = msgspec.json.decode(base64.urlsafe_b64decode(value + "=" * (-len(value) % 4)), type=_CURSOR)
        except (ValueError, msgspec.MsgspecError):
            self.fault("cursor", "is not one this API gave")
            return None
        if cursor[0] != order or not isinstance(cursor[1], kind):
            self.fault("cursor", "belongs to another order")
        return cursor[1], cursor[2]

    def limit(self) -> int:
        return self.whole("limit", 1, PAGE_MAX) or PAGE_DEFAULT

    def check(self) -> None:
        if self.faults:
            raise Invalid(self.faults)


def page_headers(request: Req, order: str, following: tuple[Any, str] | None) -> dict[str, str]:
    """``Link: rel=next`` and the bare cursor, where there is a next page."""
    if following is None:
        return {}
    cursor = base64.urlsafe_b64encode(msgspec.json.encode((order, *following))).decode().rstrip("=")
    others = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
    target = f"{request.url.path}?{urlencode([*others, ('cursor', cursor)])}"
    return {"Link": f'<{target}>; rel="next"', "Next-Cursor": cursor}
