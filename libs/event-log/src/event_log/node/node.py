"""The node put together: a store file, its writer and readers, and the gRPC services over them."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import msgspec
from esdbclient.protos.Grpc import persistent_pb2, streams_pb2

from event_log.node import file
from event_log.node.access import Access
from event_log.node.append_service import AppendService
from event_log.node.arrivals import Arrivals
from event_log.node.committer import Committer
from event_log.node.gossip_service import GossipService, supported_methods
from event_log.node.groups.runner import GroupRunner
from event_log.node.groups.service import GroupsService
from event_log.node.groups.settings import GroupSettings
from event_log.node.http2.connection import Serve
from event_log.node.http2.server import Server, streaming, unary
from event_log.node.log_writer import LogWriter
from event_log.node.read_service import ReadService
from event_log.node.reader import Reader
from event_log.node.tables import Tables

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
        self._groups = GroupsService(self._kept_groups(), self.committer.submit, self._run_group, self._reader)
        self.port = 0

    async def start(self) -> None:
        """Raises PortTaken, and OSError for a certificate or key that cannot be used."""
        settings, access = self._settings, self._settings.access
        address = f"{settings.host}:{settings.port}"
        self.committer.start()
        self._groups.start()
        self._server = Server(self._methods(), access.lets_in if access else lambda _: True)
        try:
            self.port = await self._server.listen(settings.host, settings.port, access.tls() if access else None)
        except OSError as error:
            await self._close()
            if error.filename is not None:
                raise
            raise PortTaken(f"{address} cannot be listened on: the port is taken, or the address is not of this machine") from None

    async def stop(self) -> None:
        """Answer what was asked, end subscriptions, fold the write-ahead log into the file."""
        await self._groups.stop()
        self._arrivals.end()
        await self._server.stop(STOP_GRACE_S)
        await self._close()

    async def _close(self) -> None:
        await self._groups.stop()
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

    def _methods(self) -> dict[str, Serve]:
        outside = self._outside
        append = AppendService(self.committer, outside.now_s, self._settings.append_bytes_max)
        read = ReadService(self._reader, self._arrivals, outside.new_id)
        groups = self._groups
        gossip = GossipService(self._settings.host, lambda: self.port, outside.new_id(), outside.now_ticks())
        return {
            **_service(
                "event_store.client.streams.Streams",
                Read=unary(read.read, streams_pb2.ReadReq.FromString),
                Append=streaming(append.append, streams_pb2.AppendReq.FromString),
                BatchAppend=streaming(append.batch_append, streams_pb2.BatchAppendReq.FromString),
                Delete=unary(append.delete, streams_pb2.DeleteReq.FromString),
                Tombstone=unary(append.tombstone, streams_pb2.TombstoneReq.FromString),
            ),
            **_service(
                "event_store.client.persistent_subscriptions.PersistentSubscriptions",
                Create=unary(groups.create, persistent_pb2.CreateReq.FromString),
                Update=unary(groups.update, persistent_pb2.UpdateReq.FromString),
                Delete=unary(groups.delete, persistent_pb2.DeleteReq.FromString),
                GetInfo=unary(groups.get_info, persistent_pb2.GetInfoReq.FromString),
                List=unary(groups.list, persistent_pb2.ListReq.FromString),
                ReplayParked=unary(groups.replay_parked, persistent_pb2.ReplayParkedReq.FromString),
                Read=streaming(groups.read, persistent_pb2.ReadReq.FromString),
            ),
            **_service("event_store.client.gossip.Gossip", Read=unary(gossip.read)),
            **_service("event_store.client.server_features.ServerFeatures", GetSupportedMethods=unary(supported_methods)),
        }


def _service(name: str, **methods: Serve) -> dict[str, Serve]:
    return {f"/{name}/{method}": serve for method, serve in methods.items()}
