"""The node put together: a store file, its writer and readers, and the gRPC services over them."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import grpc
import msgspec
from esdbclient.protos.Grpc import persistent_pb2, streams_pb2

from event_log.node import file
from event_log.node.access import Access, SignedInOnly
from event_log.node.append_service import AppendService
from event_log.node.arrivals import Arrivals
from event_log.node.committer import Committer
from event_log.node.gossip_service import GossipService, supported_methods
from event_log.node.groups.runner import GroupRunner
from event_log.node.groups.service import GroupsService
from event_log.node.groups.settings import GroupSettings
from event_log.node.log_writer import LogWriter
from event_log.node.read_service import ReadService
from event_log.node.reader import Reader
from event_log.node.tables import Tables

RECEIVE_BYTES_MAX = 64 << 20
STOP_GRACE_S = 1.0


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """``db`` None: in memory. ``port`` 0: the system chooses one."""

    db: Path | None
    host: str = "127.0.0.1"
    port: int = 2113
    append_bytes_max: int = 1 << 20
    size_max_bytes: int | None = None
    check_whole: bool = False
    access: Access | None = None


class Outside(msgspec.Struct, frozen=True):
    """Clocks and ids, which only the outer shell makes."""

    now_ticks: Callable[[], int]
    now_s: Callable[[], float]
    new_id: Callable[[], str]


class PortTaken(Exception):
    """Somebody else listens there."""


class Node:
    """``await start()``, then ``port`` says where it listens; ``await stop()``."""

    def __init__(self, settings: Settings, outside: Outside) -> None:
        """Opens the file. Raises file.CannotOpen."""
        self._settings, self._outside = settings, outside
        self._file = (
            file.open_memory()
            if settings.db is None
            else file.open_file(settings.db, size_max_bytes=settings.size_max_bytes, check_whole=settings.check_whole)
        )
        writer = self._opened_writer()
        guard = threading.Lock() if settings.db is None else contextlib.nullcontext()
        self._reader = Reader(Tables(self._file.reader), guard, outside.now_ticks)
        self._arrivals = Arrivals()
        self.committer = Committer(writer, guard, self._published)
        self.port = 0

    async def start(self) -> None:
        """Raises PortTaken."""
        access = self._settings.access
        guards = [SignedInOnly(access.user, access.password)] if access and access.user else []
        self._server = grpc.aio.server(interceptors=guards, options=_OPTIONS)
        address = f"{self._settings.host}:{self._settings.port}"
        try:
            self.port = self._server.add_secure_port(address, access.credentials()) if access else self._server.add_insecure_port(address)
        except RuntimeError:
            self._file.close()
            raise PortTaken(f"{address} cannot be listened on: the port is taken, or the address is not of this machine") from None
        self.committer.start()
        self._server.add_generic_rpc_handlers(self._services())
        await self._server.start()

    async def stop(self) -> None:
        """Answer what was asked, end subscriptions, fold the write-ahead log into the file."""
        await self._groups.stop()
        await self._server.stop(STOP_GRACE_S)
        await self.committer.stop()
        self._file.close()

    def _opened_writer(self) -> LogWriter:
        outside, settings = self._outside, self._settings
        try:
            writer = LogWriter(self._file.writer, outside.now_ticks, outside.now_s, outside.new_id)
            if self._file.created:
                writer.begin_log()
            if settings.check_whole:
                Tables(self._file.reader).read_through()
        except sqlite3.Error as error:
            self._file.close()
            raise file.CannotOpen(f"{settings.db} is damaged: {error}") from None
        return writer

    def _kept_groups(self) -> list[bytes]:
        return [row[0] for row in self._file.reader.execute("SELECT settings FROM subscription")]

    def _run_group(self, settings: GroupSettings) -> GroupRunner:
        outside = self._outside
        return GroupRunner(settings, self._reader, self._arrivals, self.committer, outside.now_s, outside.new_id)

    def _published(self, touched: frozenset[str]) -> None:
        self._reader.forget(touched)
        self._arrivals.announce(touched)

    def _services(self) -> tuple[Any, ...]:
        outside = self._outside
        append = AppendService(self.committer, outside.now_s, self._settings.append_bytes_max)
        read = ReadService(self._reader, self._arrivals, outside.new_id)
        self._groups = GroupsService(self._kept_groups(), self.committer.submit, self._run_group, self._reader)
        self._groups.start()
        groups = self._groups
        gossip = GossipService(self._settings.host, self.port, outside.new_id(), outside.now_ticks())
        return (
            _service(
                "event_store.client.streams.Streams",
                Read=grpc.unary_stream_rpc_method_handler(read.read, streams_pb2.ReadReq.FromString),
                Append=grpc.stream_unary_rpc_method_handler(append.append, streams_pb2.AppendReq.FromString, _bytes),
                BatchAppend=grpc.stream_stream_rpc_method_handler(append.batch_append, streams_pb2.BatchAppendReq.FromString, _bytes),
                Delete=grpc.unary_unary_rpc_method_handler(append.delete, streams_pb2.DeleteReq.FromString, _bytes),
                Tombstone=grpc.unary_unary_rpc_method_handler(append.tombstone, streams_pb2.TombstoneReq.FromString, _bytes),
            ),
            _service(
                "event_store.client.persistent_subscriptions.PersistentSubscriptions",
                Create=grpc.unary_unary_rpc_method_handler(groups.create, persistent_pb2.CreateReq.FromString, _bytes),
                Update=grpc.unary_unary_rpc_method_handler(groups.update, persistent_pb2.UpdateReq.FromString, _bytes),
                Delete=grpc.unary_unary_rpc_method_handler(groups.delete, persistent_pb2.DeleteReq.FromString, _bytes),
                GetInfo=grpc.unary_unary_rpc_method_handler(groups.get_info, persistent_pb2.GetInfoReq.FromString, _bytes),
                List=grpc.unary_unary_rpc_method_handler(groups.list, persistent_pb2.ListReq.FromString, _bytes),
                ReplayParked=grpc.unary_unary_rpc_method_handler(groups.replay_parked, persistent_pb2.ReplayParkedReq.FromString, _bytes),
                Read=grpc.stream_stream_rpc_method_handler(groups.read, persistent_pb2.ReadReq.FromString),
            ),
            _service(
                "event_store.client.gossip.Gossip",
                Read=grpc.unary_unary_rpc_method_handler(gossip.read, None, _bytes),
            ),
            _service(
                "event_store.client.server_features.ServerFeatures",
                GetSupportedMethods=grpc.unary_unary_rpc_method_handler(supported_methods),
            ),
        )


_OPTIONS = (
    ("grpc.so_reuseport", 0),  # or a second node would share the port without a word
    ("grpc.max_receive_message_length", RECEIVE_BYTES_MAX),
    ("grpc.max_send_message_length", -1),
    ("grpc.http2.min_ping_interval_without_data_ms", 5_000),
    ("grpc.http2.min_recv_ping_interval_without_data_ms", 5_000),
    ("grpc.http2.max_ping_strikes", 0),
    ("grpc.keepalive_permit_without_calls", 1),
)


def _service(name: str, **methods: Any) -> Any:
    return grpc.method_handlers_generic_handler(name, methods)


def _bytes(message: Any) -> bytes:
    serialized: bytes = message.SerializeToString()
    return serialized
