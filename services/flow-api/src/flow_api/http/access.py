"""Who may ask what: bearer tokens with scopes; without any token only this machine, and only its own pages.

A page of any web site can make a browser send requests to loopback. So without tokens the Host must be a loopback name (against DNS
rebinding) and the Origin, if there is one, must be our own (against cross-site requests): a web page must not be able to dial.
"""

from __future__ import annotations

import ipaddress
import re
from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from flow_api.adapters.tokens import LOCAL_ACTOR, Token
from flow_api.http.problems import Forbidden, Unauthorized
from flow_api.http.rate_limit import RateLimit
from flow_api.ports import Who
from flow_api.service import Service

#: What a route needs that is there for every token.
ANY_SCOPE = "any"
_LOOPBACK_HOST = re.compile(r"(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?", re.IGNORECASE)
_CORRELATION = re.compile(r"[A-Za-z0-9._:-]{1,100}")

Connection = ASGIConnection[Any, Any, Any, Any]


async def check_access(connection: Connection, handler: BaseRouteHandler) -> None:
    """The guard of every route. ``opt['needs']`` is the scope it needs; none: it is open. ``limited``: open, but only so often.

    Raises Unauthorized, Forbidden, LimitReached.
    """
    service: Service = connection.app.state.service
    limit: RateLimit = connection.app.state.rate_limit
    scope = handler.opt.get("needs")
    token = connection.state.token = _token(connection, service)
    if token is None and not service.tokens.any():
        _refuse_foreign_pages(connection)
    elif scope is not None:
        _refuse_without(token, scope)
    connection.state.actor = token.name if token else LOCAL_ACTOR
    if scope is not None or handler.opt.get("limited"):
        limit.take(connection.state.actor if token else _address(connection))


def who(connection: Connection, service: Service) -> Who:
    """The actor of this request, and the correlation id it came with or is given."""
    given = connection.headers.get("x-correlation-id", "")
    correlation_id = connection.state.correlation_id = given if _CORRELATION.fullmatch(given) else service.ids.new_id()
    trace = connection.scope["state"].get("trace")
    return Who(actor=connection.state.actor, correlation_id=correlation_id, trace_parent=trace.parent if trace is not None else "")


def may_look_inside(connection: Connection, service: Service) -> bool:
    """Whether measures may be shown, as the settings say. A proxy on this machine is not this machine: its Host is another."""
    access = service.settings.metrics_access
    if access == "open" or connection.state.token is not None or not service.tokens.any():
        return True
    return access == "local" and _is_this_machine(connection)


def _is_this_machine(connection: Connection) -> bool:
    try:
        address = ipaddress.ip_address(_address(connection))
    except ValueError:
        return False
    return address.is_loopback and _is_own_page(connection)


def _token(connection: Connection, service: Service) -> Token | None:
    scheme, _, value = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        token = service.tokens.known(value.strip())
        if token is None and service.tokens.any():
            raise Unauthorized("This token is not known, or was revoked.")
        return token
    return None


def _refuse_without(token: Token | None, scope: str) -> None:
    if token is None:
        raise Unauthorized("Send a bearer token in the Authorization header.")
    if scope not in (ANY_SCOPE, *token.scopes):
        raise Forbidden(f"This needs the scope {scope}.")


def _refuse_foreign_pages(connection: Connection) -> None:
    host = connection.headers.get("host", "")
    if not _LOOPBACK_HOST.fullmatch(host):
        raise Forbidden(f"Without tokens only loopback is served, not {host[:100]!r}.")
    if not _is_own_page(connection):
        raise Forbidden("Without tokens no page of another origin or site may ask.")


def _is_own_page(connection: Connection) -> bool:
    """Asked under a loopback name by no page at all, or by a page from here."""
    host, origin = connection.headers.get("host", ""), connection.headers.get("origin")
    own = origin is None or origin in (f"http://{host}", f"https://{host}")
    foreign = connection.headers.get("sec-fetch-site") in ("cross-site", "same-site")
    return own and not foreign and _LOOPBACK_HOST.fullmatch(host) is not None


def _address(connection: Connection) -> str:
    return connection.client.host if connection.client else "unknown"
