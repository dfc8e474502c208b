"""Every way of saying no as an RFC 9457 problem document. The only mapping from errors to statuses."""

from __future__ import annotations

import logging
from typing import Any

import msgspec
from event_log.records import AppendTooLarge, EventLogError, StoreUnavailable
from litestar import Request, Response
from litestar.exceptions import HTTPException

from flow_api.domain.errors import (
    Conflict,
    DomainError,
    Fault,
    IllegalNow,
    Invalid,
    LimitReached,
    LostUpdate,
    Malformed,
    NotFound,
    Refused,
    Unavailable,
)

MEDIA_TYPE = "application/problem+json"
RETRY_S = 2

log = logging.getLogger(__name__)


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """``faults``: what is wrong and where. ``dependency``: what is down."""

    type: str
    title: str
    status: int
    detail: str
    faults: list[Fault] = []
    dependency: str | None = None


class Unauthorized(DomainError):
    """No token, or one that is not known."""


class Forbidden(DomainError):
    """A token without the scope, or a request from where none may come."""


class UnsupportedMediaType(DomainError):
    """A body that is not JSON."""


_KINDS: list[tuple[type[Exception], int, str, str]] = [
    (Malformed, 400, "malformed", "The request cannot be read."),
    (Unauthorized, 401, "unauthorized", "A valid bearer token is needed."),
    (Forbidden, 403, "forbidden", "This is not allowed."),
    (Refused, 403, "refused", "A guard refused it."),
    (NotFound, 404, "not-found", "There is no such thing."),
    (Conflict, 409, "conflict", "This conflicts with what is there."),
    (IllegalNow, 409, "illegal-now", "This is not possible in the present state."),
    (LostUpdate, 412, "lost-update", "The flow has changed since it was read."),
    (UnsupportedMediaType, 415, "unsupported-media-type", "The body must be JSON."),
    (Invalid, 422, "invalid", "The request is not valid."),
    (LimitReached, 429, "limit-reached", "A limit is reached."),
    (Unavailable, 503, "unavailable", "A dependency is not available."),
]


def problem_of(error: Exception) -> Problem:
    """The problem document of anything that was raised."""
    if isinstance(error, HTTPException):
        return _of_http(error)
    if isinstance(error, AppendTooLarge):
        return Problem(type=_uri("too-large"), title=_title(413), status=413, detail=str(error))
    if isinstance(error, EventLogError):
        kind = "unavailable" if isinstance(error, StoreUnavailable) else "event-log"
        detail = f"event_store is not available: {error}"
        return Problem(type=_uri(kind), title="The event store is not available.", status=503, detail=detail, dependency="event_store")
    for cls, status, kind, title in _KINDS:
        if isinstance(error, cls):
            return Problem(
                type=_uri(kind), title=title, status=status, detail=str(error), faults=getattr(error, "faults", []),
                dependency=getattr(error, "dependency", None),
            )  # fmt: skip
    return Problem(type=_uri("internal"), title="Something went wrong inside.", status=500, detail="The fault was logged.")


def respond(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Litestar's exception handler for everything: the outermost loop of a request."""
    problem = problem_of(error)
    if problem.status == 500:
        log.error("fault in %s %s", request.method, request.url.path, exc_info=error)
    return Response(msgspec.json.encode(problem), status_code=problem.status, media_type=MEDIA_TYPE, headers=_headers(error, problem))


def _of_http(error: HTTPException) -> Problem:
    titles = {400: "malformed", 404: "not-found", 405: "method-not-allowed", 413: "too-large"}
    kind = titles.get(error.status_code, "http")
    detail = "There is nothing at this address." if error.status_code == 404 else error.detail
    return Problem(type=_uri(kind), title=_title(error.status_code), status=error.status_code, detail=detail)


def _title(status: int) -> str:
    return {404: "There is no such thing.", 405: "The method is not allowed here.", 413: "The body is too large."}.get(
        status, "The request cannot be answered."
    )


def _headers(error: Exception, problem: Problem) -> dict[str, str]:
    headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
    if isinstance(error, LimitReached):
        headers["Retry-After"] = str(error.retry_after_s)
    elif problem.status == 503:
        headers["Retry-After"] = str(RETRY_S)
    elif problem.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return headers


def _uri(kind: str) -> str:
    return f"/problems/{kind}"
