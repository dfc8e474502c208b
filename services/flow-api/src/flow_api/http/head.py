"""HEAD, wherever GET is: load balancers and link checkers ask so, and HTTP wants it."""

from __future__ import annotations

from litestar.types import ASGIApp, HTTPDisconnectEvent, Message, Receive, ReceiveMessage, Scope, Send


class HeadAsGet:
    """Answers HEAD as GET. That no body follows is the server's doing, which knows what was asked; one that has no end is ended."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope.get("method") == "HEAD":
            asked: Scope = {**scope, "method": "GET"}  # type: ignore[assignment]
            await _answer(self._app, asked, receive, send)
        else:
            await self._app(scope, receive, send)


async def _answer(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    began = over = False

    async def received() -> ReceiveMessage:
        """Whoever has asked for headers alone is gone once they are sent."""
        return HTTPDisconnectEvent(type="http.disconnect") if began else await receive()

    async def sent(message: Message) -> None:
        nonlocal began, over
        began = True
        if message["type"] != "http.response.body":
            await send(message)
        elif not over:
            over = True
            await send({**message, "more_body": False})

    await app(scope, received, sent)
    if began and not over:
        await send({"type": "http.response.body", "body": b"", "more_body": False})
