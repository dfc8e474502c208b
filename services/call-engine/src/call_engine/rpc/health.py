"""The standard health service, which also answers for ``lines``: the phone lines and the SIP account.

The service itself stays up while these are not: it then refuses new calls, and says why.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from call_contract.engine_health import LINES, TROUBLE
from grpc_health.v1 import _async as aio_health
from grpc_health.v1 import health_pb2


class Health(aio_health.HealthServicer):  # type: ignore[misc]
    def __init__(self, trouble: Callable[[], str]) -> None:
        """``trouble()``: what is amiss with the lines just now; empty where all is well."""
        super().__init__()
        self._trouble = trouble

    async def Check(self, request: health_pb2.HealthCheckRequest, context: Any) -> health_pb2.HealthCheckResponse:  # noqa: N802
        if request.service != LINES:
            return await super().Check(request, context)
        trouble = self._trouble()
        if trouble:
            context.set_trailing_metadata(((TROUBLE, trouble.encode()),))
        return health_pb2.HealthCheckResponse(status=_status(not trouble))

    async def set_serving(self, *services: str, serving: bool) -> None:
        for service in services:
            await self.set(service, _status(serving))


def _status(serving: bool) -> Any:
    return health_pb2.HealthCheckResponse.SERVING if serving else health_pb2.HealthCheckResponse.NOT_SERVING
