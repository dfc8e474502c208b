"""Who may call: bearer tokens, compared by their SHA-256. Without tokens the port is on loopback (the settings see to that)."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import grpc

#: What load balancers ask before they have a token.
_OPEN = ("/grpc.health.v1.Health/",)


class BearerTokens(grpc.aio.ServerInterceptor):  # type: ignore[type-arg]
    def __init__(self, hashes: Sequence[str]) -> None:
        self._hashes = tuple(hashes)

    async def intercept_service(self, continuation: Callable[[Any], Awaitable[Any]], handler_call_details: grpc.HandlerCallDetails) -> Any:
        if not self._hashes or handler_call_details.method.startswith(_OPEN):
            return await continuation(handler_call_details)
        metadata = dict(handler_call_details.invocation_metadata or ())
        if self._knows(str(metadata.get("authorization", ""))):
            return await continuation(handler_call_details)
        found = await continuation(handler_call_details)
        if found is None or not found.response_streaming:
            return grpc.unary_unary_rpc_method_handler(_refuse)
        return grpc.unary_stream_rpc_method_handler(_refuse_stream)

    def _knows(self, header: str) -> bool:
        scheme, _, token = header.partition(" ")
        given = hashlib.sha256(token.encode()).hexdigest()
        # Every hash is compared: how long it takes tells nothing.
        matches = [hmac.compare_digest(given, known) for known in self._hashes]
        return scheme.lower() == "bearer" and any(matches)


async def _refuse(_request: object, context: grpc.aio.ServicerContext[Any, Any]) -> None:
    await context.abort(grpc.StatusCode.UNAUTHENTICATED, "a bearer token is needed (metadata: authorization)")


async def _refuse_stream(_request: object, context: grpc.aio.ServicerContext[Any, Any]) -> Any:
    await context.abort(grpc.StatusCode.UNAUTHENTICATED, "a bearer token is needed (metadata: authorization)")
    yield
