"""The gRPC server: service, health, reflection, tokens, TLS."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path

import grpc
from call_contract.v1 import call_engine_pb2, call_engine_pb2_grpc
from grpc_health.v1 import health, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from call_engine.calls import Calls
from call_engine.rpc.access import BearerTokens
from call_engine.rpc.health import Health
from call_engine.rpc.service import CallEngineService
from call_engine.settings import Settings

SERVICE = call_engine_pb2.DESCRIPTOR.services_by_name["CallEngine"].full_name
MESSAGE_BYTES_MAX = 32 * 2**20  #: a plan with its audio files


class PortTaken(Exception):
    """The address cannot be bound."""


def check_port(settings: Settings) -> None:
    """Before anything slow is made ready. Raises PortTaken."""
    host = settings.host.strip("[]")
    try:
        socket.create_server((host, settings.port), family=socket.AF_INET6 if ":" in host else socket.AF_INET).close()
    except OSError as problem:
        raise PortTaken(f"{settings.listen} is taken or is no address of this machine") from problem


class RpcServer:
    def __init__(self, settings: Settings, calls: Calls, *, lines_trouble: Callable[[], str]) -> None:
        self._settings = settings
        self._server = grpc.aio.server(
            interceptors=[BearerTokens(settings.token_hashes)],
            options=[("grpc.max_receive_message_length", MESSAGE_BYTES_MAX), ("grpc.so_reuseport", 0)],
        )
        self._health = Health(lines_trouble)
        service = CallEngineService(
            calls, max_call_s=settings.guards.max_call_s, devices=tuple(settings.sip.devices), records=settings.recordings_dir is not None
        )
        call_engine_pb2_grpc.add_CallEngineServicer_to_server(service, self._server)  # type: ignore[no-untyped-call]
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._server)
        names = (SERVICE, health.SERVICE_NAME, reflection.SERVICE_NAME)
        reflection.enable_server_reflection(names, self._server)
        self.port = 0

    async def start(self) -> None:
        """Raises PortTaken."""
        try:
            self.port = self._bind()
        except RuntimeError as problem:
            raise PortTaken(f"{self._settings.listen} is taken or is no address of this machine") from problem
        await self._server.start()
        await self.set_serving(True)

    async def set_serving(self, serving: bool) -> None:
        await self._health.set_serving("", SERVICE, serving=serving)

    async def stop(self, grace_s: float) -> None:
        await self._server.stop(grace_s)

    def _bind(self) -> int:
        settings = self._settings
        if not settings.tls_cert:
            return int(self._server.add_insecure_port(settings.listen))
        ca = Path(settings.tls_client_ca).read_bytes() if settings.tls_client_ca else None
        pair = (Path(settings.tls_key).read_bytes(), Path(settings.tls_cert).read_bytes())
        credentials = grpc.ssl_server_credentials([pair], root_certificates=ca, require_client_auth=ca is not None)
        return int(self._server.add_secure_port(settings.listen, credentials))
