"""The real event log: EventStoreDB, or the embedded node, through its Python client.

The client has habits that would cost events if they came through; each is stopped here. It ends a loop over events normally
when the task is cancelled or its connection is replaced; it replaces the connection, and with it every other call's, when one
call finds the server away; it answers success for a retried append whose events came from an exhausted generator.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Sequence
from contextlib import aclosing, contextmanager
from typing import Any

import esdbclient
import grpc
from esdbclient import StreamState, exceptions
from esdbclient.asyncio_client import autoreconnect, retrygrpc
from esdbclient.common import handle_rpc_error
from esdbclient.connection_spec import ConnectionSpec
from grpc.experimental import ChannelOptions

from event_log.answers import happened
from event_log.appends import PipelinedStreams
from event_log.read_ahead import ReadAhead
from event_log.records import (
    ANY,
    NO_STREAM,
    Appended,
    AppendTooLarge,
    CaughtUp,
    Checkpoint,
    EventLogError,
    NewEvent,
    RecordedEvent,
    StoreUnavailable,
    StreamGone,
    StreamNotFound,
    WrongExpectedRevision,
)

READ_TIMEOUT_S = 30.0
NEXT_MATCH_TIMEOUT_S = 300.0  # a filter may have to look through the whole log before it finds one
HEAD_TIMEOUT_S = 3.0
CHECKPOINT_WINDOW = 500
CHECKPOINT_WINDOWS = 4

# A channel that finds the server away tries again within a second, not gRPC's two minutes; a dead peer is noticed by pings.
_CHANNEL = (
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.min_reconnect_backoff_ms", 2_000),  # as gRPC uses it: how long connecting may take
    ("grpc.max_reconnect_backoff_ms", 1_000),
    ("grpc.use_local_subchannel_pool", 1),
    ("grpc.keepalive_time_ms", 10_000),
    ("grpc.keepalive_timeout_ms", 5_000),
    ("grpc.keepalive_permit_without_calls", 1),
    ("grpc.http2.max_pings_without_data", 0),
)
Happened = RecordedEvent | CaughtUp | Checkpoint

_EXPECTED = {NO_STREAM: StreamState.NO_STREAM, ANY: StreamState.ANY}
_ACTUAL = re.compile(r"last event is (\d+) not")
_PASSED_ON = (EventLogError, exceptions.EventStoreDBClientException)


async def connect(uri: str) -> EsdbEventLog:
    """The log at an ``esdb://`` URI. A single server need not be there yet; of a cluster, one member must answer.

    Raises StoreUnavailable, and ValueError for a URI that is none.
    """
    check_uri(uri)
    writer = _Writer(uri)
    with _translated(uri):
        await writer.connect()
        return EsdbEventLog(writer, await asyncio.to_thread(_Reader, uri))


def check_uri(uri: str) -> None:
    """Raises ValueError, in words without the URI's password, for what is no URI of an event store."""
    try:
        ConnectionSpec(uri)
    except ValueError as problem:
        why = str(problem).replace(uri, "").strip(" :")
        raise ValueError(f"expected esdb://HOST:PORT or esdb+discover://HOST:PORT, perhaps with ?Tls=false ({why})") from None


def _replaces_connections(client: Any) -> bool:
    """With one server, gRPC's channel reconnects by itself: replacing it would end all other calls and subscriptions."""
    spec = client.connection_spec
    return bool(spec.scheme != "esdb" or len(spec.targets) > 1)


class _Writer(esdbclient.AsyncEventStoreDBClient):
    """Appends."""

    async def reconnect(self, grpc_target: str | None = None) -> None:
        if grpc_target is not None or _replaces_connections(self):
            await super().reconnect(grpc_target)

    def _construct_esdb_connection(self, grpc_target: str, grpc_options: Any = ()) -> Any:
        connection: Any = super()._construct_esdb_connection(grpc_target, grpc_options + _CHANNEL)
        connection.streams = PipelinedStreams(connection._grpc_channel, self.connection_spec, connection._grpc_streamers)
        return connection

    @retrygrpc
    @autoreconnect
    async def append(self, stream: str, expected: int, events: list[esdbclient.NewEvent], timeout_s: float) -> Appended:
        streams: Any = self._connection.streams
        appended: Appended = await streams.append(
            stream, _EXPECTED.get(expected, expected), events, timeout_s, self._call_metadata, self._call_credentials
        )
        return appended


class _Reader(esdbclient.EventStoreDBClient):
    """Reads and subscriptions, each in a thread of its own."""

    def reconnect(self, grpc_target: str | None = None) -> None:
        if grpc_target is not None or _replaces_connections(self):
            super().reconnect(grpc_target)

    def _construct_grpc_channel(self, grpc_target: str, grpc_options: Any = ()) -> grpc.Channel:
        options = (*grpc_options, *_CHANNEL, (ChannelOptions.SingleThreadedUnaryStream, 1))
        return super()._construct_grpc_channel(grpc_target, options)


class EsdbEventLog:
    """An ``EventLog`` that outlives restarts of the store. See ``port.EventLog`` for what its methods promise."""

    def __init__(self, writer: _Writer, reader: _Reader) -> None:
        self._writer, self._reader, self._closed = writer, reader, False

    async def append(self, stream: str, events: Sequence[NewEvent], *, expected: int, timeout_s: float = 5.0) -> Appended:
        if not events:
            raise ValueError("nothing to append")
        proposed = [esdbclient.NewEvent(id=event.id, type=event.type, data=event.data, metadata=event.metadata) for event in events]
        with _translated(stream, expected):
            async with asyncio.timeout(timeout_s + 0.5):  # the client retries once, each time with the whole deadline
                appended: Appended = await self._writer.append(stream, expected, proposed, timeout_s)
                return appended

    async def read(
        self, stream: str, *, from_revision: int | None = None, backwards: bool = False, limit: int | None = None
    ) -> list[RecordedEvent]:
        window: dict[str, Any] = {} if limit is None else {"limit": limit}
        answers = self._reading(
            stream,
            lambda: self._reader.read_stream(stream, stream_position=from_revision, backwards=backwards, timeout=READ_TIMEOUT_S, **window),
        )
        return [event async for page in answers for event in page if isinstance(event, RecordedEvent)]

    async def read_all(
        self, *, from_position: int | None = None, backwards: bool = False, streams: str | None = None, limit: int | None = None
    ) -> AsyncIterator[RecordedEvent]:
        left = -1 if limit is None else limit
        answers = self._reading(
            "$all",
            lambda: self._reader.read_all(commit_position=from_position, backwards=backwards, **_filter(streams)),
            NEXT_MATCH_TIMEOUT_S,
        )
        async with aclosing(answers):
            async for page in answers:
                for event in page:
                    if left == 0:
                        return
                    if isinstance(event, RecordedEvent) and event.position != from_position:  # forwards, the store includes it
                        left -= 1
                        yield event

    async def subscribe_all(
        self, *, after_position: int | None = None, streams: str | None = None
    ) -> AsyncIterator[RecordedEvent | CaughtUp | Checkpoint]:
        answers = self._reading(
            "$all",
            lambda: self._reader.subscribe_to_all(
                commit_position=after_position,
                include_checkpoints=True,
                include_caught_up=True,
                window_size=CHECKPOINT_WINDOW,
                checkpoint_interval_multiplier=CHECKPOINT_WINDOWS,
                **_filter(streams),
            ),
        )
        async with aclosing(answers):
            async for page in answers:
                for event in page:
                    yield event
        self._lost()

    async def subscribe_stream(self, stream: str, *, after_revision: int | None = None) -> AsyncIterator[RecordedEvent | CaughtUp]:
        answers = self._reading(
            stream, lambda: self._reader.subscribe_to_stream(stream, stream_position=after_revision, include_caught_up=True)
        )
        async with aclosing(answers):
            async for page in answers:
                for event in page:
                    if not isinstance(event, Checkpoint):
                        yield event
        self._lost()

    async def head_position(self) -> int:
        """Asked over both connections: when this answers, reads and appends will."""
        with _translated("$all"):
            async with asyncio.timeout(HEAD_TIMEOUT_S):
                position, _ = await asyncio.gather(self._writer.get_commit_position(timeout=HEAD_TIMEOUT_S), self._last_event())
                return int(position)

    async def _last_event(self) -> list[Happened]:
        answers = self._reading("$all", lambda: self._reader.read_all(backwards=True, limit=1, timeout=HEAD_TIMEOUT_S))
        return [event async for page in answers for event in page]

    async def close(self) -> None:
        """Subscriptions end."""
        self._closed = True
        await self._writer.close()
        await asyncio.to_thread(self._reader.close)

    def _lost(self) -> None:
        """The subscription ended without an error: by our closing, or because its connection went."""
        if not self._closed:
            raise StoreUnavailable("the subscription was cut off")

    @staticmethod
    async def _reading(stream: str, open: Callable[[], Any], silence_max_s: float | None = None) -> AsyncGenerator[list[Happened], None]:
        """What the call brings, until it ends, is closed, or is silent for too long."""
        with _translated(stream):
            pages = ReadAhead(lambda: _Answers(stream, open()), _PASSED_ON).pages(silence_max_s)
            async with aclosing(pages):
                async for page in pages:
                    yield page


class _Answers:
    """What a call of the client brings, as our values: its own iterator makes values that we would only copy."""

    def __init__(self, stream: str, response: Any) -> None:
        self._stream, self._response = stream, response

    def __iter__(self) -> Iterator[Happened]:
        try:
            for answer in self._response._read_resps:
                if (event := happened(answer)) is not None:
                    yield event
                elif answer.WhichOneof("content") == "stream_not_found":
                    raise StreamNotFound(self._stream)
        except grpc.RpcError as error:
            if "is deleted" in (error.details() or ""):
                raise StreamGone(self._stream) from None
            if error.code() is not grpc.StatusCode.CANCELLED:
                raise handle_rpc_error(error) from None
        finally:
            self._let_go()

    def _let_go(self) -> None:
        """gRPC keeps a cancelled call, and its connection, until the last of its events is taken, and leaves that to nobody."""
        call = self._response._read_resps
        while call._state.due:
            call._consume_next_event()

    def stop(self) -> None:
        self._response.stop()


def _filter(streams: str | None) -> dict[str, Any]:
    """One anchored group: the client joins several patterns in a way that matches more than they say."""
    return {} if streams is None else {"filter_include": [f"(?:{streams})"], "filter_by_stream_name": True}


@contextmanager
def _translated(stream: str, expected: int = ANY) -> Iterator[None]:
    """The client's errors as ours: the one place."""
    try:
        yield
    except exceptions.WrongCurrentVersion as error:
        actual = _ACTUAL.search(str(error))
        raise WrongExpectedRevision(stream, expected, int(actual[1]) if actual else NO_STREAM) from None
    except exceptions.StreamIsDeleted:
        raise StreamGone(stream) from None
    except exceptions.NotFound:
        raise StreamNotFound(stream) from None
    except exceptions.MaximumAppendSizeExceededError as error:
        raise AppendTooLarge(f"{stream}: {error}") from None
    except exceptions.FailedPrecondition as error:
        if "is deleted" in str(error):
            raise StreamGone(stream) from None
        raise StoreUnavailable(f"{stream}: {error}") from None
    except exceptions.BadRequestError as error:
        raise ValueError(str(error)) from None
    except (exceptions.EventStoreDBClientException, TimeoutError) as error:
        raise StoreUnavailable(f"{stream}: {_reason(error)}") from None


def _reason(error: BaseException) -> str:
    """What the store said, without the dump of the call."""
    cause = error.args[0] if error.args else None
    details = getattr(cause, "details", None)
    text = details() if callable(details) else str(error)
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
