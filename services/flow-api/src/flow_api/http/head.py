"""HEAD, wherever GET is: load balancers and link checkers ask so, and HTTP wants it."""

from __future__ import annotations

from litestar.types import ASGIApp, Receive, Scope, Send


class HeadAsGet:
    """Answers HEAD as GET. That no body follows is the server's doing, which knows what was asked."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "HEAD":
            scope = {**scope, "method": "GET"}  # type: ignore[misc,assignment]
        await self._app(scope, receive, send)
