"""``GET /api/token``: who the service takes the caller for, what the caller may do, and how much of it."""

from __future__ import annotations

import msgspec
from litestar import Response, get

from flow_api.adapters.tokens import SCOPES, Token
from flow_api.http.access import ANY_SCOPE
from flow_api.http.wire import PAGE_MAX, Api, Req, answer


class CallerLimits(msgspec.Struct, frozen=True, kw_only=True):
    """Requests a second that are answered for long, how many at once, the largest body, and the longest page of a list."""

    requests_per_s: float
    burst: int
    body_bytes: int
    page_rows: int


class Caller(msgspec.Struct, frozen=True, kw_only=True):
    """``created_at`` is null where no token is in use: then this machine may do everything."""

    actor: str
    scopes: list[str]
    created_at: str | None
    limits: CallerLimits


@get("/api/token", needs=ANY_SCOPE)
async def get_token(request: Req, service: Api) -> Response[bytes]:
    token: Token | None = request.state.token
    settings = service.settings
    limits = CallerLimits(
        requests_per_s=settings.rate_per_s, burst=settings.rate_burst, body_bytes=settings.max_body_bytes, page_rows=PAGE_MAX
    )
    return answer(
        Caller(
            actor=request.state.actor,
            scopes=token.scopes if token else list(SCOPES),
            created_at=token.created_at if token else None,
            limits=limits,
        )
    )
