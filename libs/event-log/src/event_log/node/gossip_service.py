"""Gossip: a cluster of one, which is its leader. ServerFeatures: what clients other than Python's ask first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from esdbclient.protos.Grpc import gossip_pb2, shared_pb2

from event_log.node.wire import TICKS_PER_SECOND, field

SERVER_VERSION = "24.10.0"  # of the protocol that is spoken
_PERSISTENT = ("create", "update", "delete", "read", "getinfo", "replayparked", "list")
METHODS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    *((name, "event_store.client.persistent_subscriptions.persistentsubscriptions", ("stream", "all")) for name in _PERSISTENT),
    ("read", "event_store.client.streams.streams", ("position", "events")),
    ("append", "event_store.client.streams.streams", ()),
    ("batchappend", "event_store.client.streams.streams", ("deadline_duration",)),
    ("delete", "event_store.client.streams.streams", ()),
    ("tombstone", "event_store.client.streams.streams", ()),
    ("read", "event_store.client.gossip.gossip", ()),
    ("getsupportedmethods", "event_store.client.server_features.serverfeatures", ()),
)


class GossipService:
    """``port`` is asked when it is known."""

    def __init__(self, host: str, port: Callable[[], int], instance_id: str, now_ticks: int) -> None:
        self._host, self._port = host, port
        self._member = gossip_pb2.MemberInfo(
            instance_id=shared_pb2.UUID(string=instance_id),
            time_stamp=now_ticks // TICKS_PER_SECOND,
            state=gossip_pb2.MemberInfo.Leader,
            is_alive=True,
        )

    async def read(self, request: Any, context: Any) -> Any:
        self._member.http_end_point.CopyFrom(gossip_pb2.EndPoint(address=self._host, port=self._port()))
        return gossip_pb2.ClusterInfo(members=[self._member])


async def supported_methods(request: bytes, context: Any) -> bytes:
    """``{repeated SupportedMethod methods = 1; string event_store_server_version = 2}``, by hand: the client brings no stub."""
    methods = b"".join(field(1, _method(*method)) for method in METHODS)
    return methods + field(2, SERVER_VERSION.encode())


def _method(name: str, service: str, features: tuple[str, ...]) -> bytes:
    return field(1, name.encode()) + field(2, service.encode()) + b"".join(field(3, feature.encode()) for feature in features)
