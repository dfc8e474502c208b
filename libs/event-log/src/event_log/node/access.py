"""TLS, and who may come in: one user with a password, sent with every call as the clients do over TLS."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import grpc
import msgspec

# What a client asks before it signs in, as in EventStoreDB.
_OPEN_TO_ALL = ("/event_store.client.gossip.Gossip/", "/event_store.client.server_features.ServerFeatures/")


class Access(msgspec.Struct, frozen=True):
    """``user`` None: TLS only."""

    certificate: Path
    key: Path
    user: str | None = None
    password: str = ""

    def credentials(self) -> grpc.ServerCredentials:
        """Raises OSError if a file cannot be read."""
        return grpc.ssl_server_credentials([(self.key.read_bytes(), self.certificate.read_bytes())])


class SignedInOnly(grpc.aio.ServerInterceptor):  # type: ignore[type-arg]
    """Refuses calls without the right name and password."""

    def __init__(self, user: str, password: str) -> None:
        self._wanted = b"Basic " + base64.b64encode(f"{user}:{password}".encode())

    async def intercept_service(self, continuation: Callable[[Any], Awaitable[Any]], details: Any) -> Any:
        given = dict(details.invocation_metadata).get("authorization", "")
        given = given.encode() if isinstance(given, str) else given
        if details.method.startswith(_OPEN_TO_ALL) or hmac.compare_digest(given, self._wanted):
            return await continuation(details)
        return grpc.unary_unary_rpc_method_handler(_refuse)


async def _refuse(request: bytes, context: Any) -> None:
    await context.abort(grpc.StatusCode.UNAUTHENTICATED, "The name or the password is wrong.", (("exception", "access-denied"),))
