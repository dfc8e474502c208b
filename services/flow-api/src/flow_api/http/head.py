"""HEAD, wherever GET is: load balancers and link checkers ask so, and HTTP wants it."""

from __future__ import annotations

from litestar.types import ASGIApp, Receive, Scope, Send


class HeadAsGet:
    """Answers HEAD as GET. That no body follows is the server's doing, which knows what was asked."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_head = scope.get("method") == "HEAD"
        asked: Scope = {**scope, "method": "GET"} if is_head else scope  # type: ignore[assignment]
        await self._app(asked, receive, send)
