"""Security headers on every answer, and the measuring, tracing and logging of it."""

from __future__ import annotations

import logging

from litestar.types import Message, Scope

from flow_api.http.metrics import Metrics

log = logging.getLogger("flow_api.requests")
READING = ("GET", "HEAD", "OPTIONS")

SECURITY = {
    b"content-security-policy": b"default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    b"referrer-policy": b"no-referrer",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    b"permissions-policy": b"camera=(), microphone=(), geolocation=()",
}


async def finish_answer(message: Message, scope: Scope) -> None:
    """Litestar's ``before_send``: adds headers to the start of an answer and counts it."""
    if message["type"] != "http.response.start":
        return
    headers = list(message.get("headers", []))
    there = {name.lower() for name, _ in headers}
    headers += [(name, value) for name, value in SECURITY.items() if name not in there]
    if b"cache-control" not in there:
        headers.append((b"cache-control", b"no-store"))
    if scope.get("method") == "OPTIONS":
        headers = [(name, value) for name, value in headers if name.lower() != b"allow"] + [(b"allow", _allowed(scope))]
    message["headers"] = headers
    _count(message["status"], scope)
    trace = scope["state"].get("trace")
    if trace is not None:
        trace.end(message["status"])
    _log(message["status"], scope)


def _allowed(scope: Scope) -> bytes:
    """The methods of the address. (Litestar's own OPTIONS handler names those of the first handler only.)"""
    path = scope.get("path_template")
    methods = {method for route in scope["litestar_app"].routes if route.path_format == path for method in getattr(route, "methods", ())}
    return ", ".join(sorted(methods)).encode()


def _count(status: int, scope: Scope) -> None:
    state = scope["litestar_app"].state
    metrics: Metrics = state.metrics
    route = str(scope.get("path_template") or "unknown")
    began = scope["state"].get("began_s")
    metrics.answered(str(scope.get("method", "")), route, status, state.monotonic_s() - began if began is not None else 0.0)


def _log(status: int, scope: Scope) -> None:
    """Whatever changes something, or fails on our side. The route and the ids, never what was asked or answered."""
    method = str(scope.get("method", ""))
    if method in READING and status < 500:
        return
    state, ids = scope["state"], scope.get("path_params") or {}
    said: dict[str, object] = {name: ids[name] for name in ("flow_id", "call_id") if name in ids}
    said |= {name: state[name] for name in ("actor", "correlation_id") if state.get(name)}
    log.info("%s %s", method, scope.get("path_template") or "unknown", extra={"status": status, **said})
