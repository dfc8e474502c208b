"""The real event log: EventStoreDB, or the embedded node, through its Python client.

The client has habits that would cost events if they came through; each is stopped here. It ends a loop over events normally
when the task is cancelled or its connection is replaced; it replaces the connection, and with it every other call's, when one
call finds the server away; it answers success for a retried append whose events came from an exhausted generator.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing, contextmanager
from typing import TYPE_CHECKING, Any

import esdbclient
import grpc
from esdbclient import StreamState, exceptions
from esdbclient.common import handle_rpc_error

from event_log.answers import happened
from event_log.records import (
    ANY,
    NO_STREAM,
    Appended,
    AppendTooLarge,
    CaughtUp,
    Checkpoint,
    NewEvent,
    RecordedEvent,
    StoreUnavailable,
    StreamGone,
    StreamNotFound,
    WrongExpectedRevision,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

READ_TIMEOUT_S = 30.0
CONFIRMATION_TIMEOUT_S = 15.0
NEXT_MATCH_TIMEOUT_S = 300.0  # a filter may have to look through the whole log before it finds one
HEAD_TIMEOUT_S = 3.0
CHECKPOINT_WINDOW = 500
CHECKPOINT_WINDOWS = 4

# A channel that finds the server away tries again within a second, not gRPC's two minutes; a dead peer is noticed by pings.
_CHANNEL = (
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.min_reconnect_backoff_ms", 100),
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


async def connect(uri: str) -> EsdbEventLog:
    """The log at an ``esdb://`` URI. A single server need not be there yet; of a cluster, one member must answer.

    Raises StoreUnavailable, and ValueError for a URI that is none.
    """
    client = _Client(uri)
    client.grpc_options += _CHANNEL
    with _translated(uri):
        await client.connect()
    return EsdbEventLog(client)


class _Client(esdbclient.AsyncEventStoreDBClient):
    """With one server, gRPC's channel reconnects by itself: replacing it would end all other calls and subscriptions."""

    async def reconnect(self, grpc_target: str | None = None) -> None:
        spec = self.connection_spec
        if grpc_target is not None or spec.scheme != "esdb" or len(spec.targets) > 1:
            await super().reconnect(grpc_target)


class EsdbEventLog:
    """An ``EventLog`` that outlives restarts of the store. See ``port.EventLog`` for what its methods promise."""

    def __init__(self, client: Any) -> None:
        self._client, self._closed = client, False

    async def append(self, stream: str, events: Sequence[NewEvent], *, expected: int, timeout_s: float = 5.0) -> Appended:
        if not events:
            raise ValueError("nothing to append")
        proposed = [esdbclient.NewEvent(id=event.id, type=event.type, data=event.data, metadata=event.metadata) for event in events]
        with _translated(stream, expected):
            position = await self._bounded(
                self._client.append_to_stream(
                    stream, current_version=_EXPECTED.get(expected, expected), events=proposed, timeout=timeout_s
                ),
                timeout_s,
            )
        if expected == ANY:
            return await self._where(stream, position)
        return Appended(expected + len(events), position)

    async def _where(self, stream: str, position: int) -> Appended:
        """The client hands on the position of an append only; where the revision was left open, it is looked up."""
        with _translated(stream):
            response = await self._client.read_stream(stream, backwards=True, timeout=READ_TIMEOUT_S)
            async with aclosing(self._received(response, stream)) as events:
                async for event in events:
                    if isinstance(event, RecordedEvent) and event.position <= position:
                        return Appended(event.revision, position)
        raise StoreUnavailable(f"{stream}: the appended event at {position} cannot be read back")

    async def read(
        self, stream: str, *, from_revision: int | None = None, backwards: bool = False, limit: int | None = None
    ) -> list[RecordedEvent]:
        window = {} if limit is None else {"limit": limit}
        with _translated(stream):
            response = await self._client.read_stream(
                stream, stream_position=from_revision, backwards=backwards, timeout=READ_TIMEOUT_S, **window
            )
            return [event async for event in self._received(response, stream) if isinstance(event, RecordedEvent)]

    async def read_all(
        self, *, from_position: int | None = None, backwards: bool = False, streams: str | None = None, limit: int | None = None
    ) -> AsyncIterator[RecordedEvent]:
        left = -1 if limit is None else limit
        with _translated("$all"):
            response = await self._client.read_all(commit_position=from_position, backwards=backwards, **_filter(streams))
            async with aclosing(self._received(response, "$all", NEXT_MATCH_TIMEOUT_S)) as events:
                async for event in events:
                    if left == 0:
                        break
                    if isinstance(event, RecordedEvent) and event.position != from_position:  # forwards, the store includes it
                        left -= 1
                        yield event

    async def subscribe_all(
        self, *, after_position: int | None = None, streams: str | None = None
    ) -> AsyncIterator[RecordedEvent | CaughtUp | Checkpoint]:
        with _translated("$all"):
            subscription = await self._bounded(
                self._client.subscribe_to_all(
                    commit_position=after_position,
                    include_checkpoints=True,
                    include_caught_up=True,
                    window_size=CHECKPOINT_WINDOW,
                    checkpoint_interval_multiplier=CHECKPOINT_WINDOWS,
                    **_filter(streams),
                ),
                CONFIRMATION_TIMEOUT_S,
            )
            async with aclosing(self._received(subscription, "$all")) as events:
                async for event in events:
                    yield event
        self._lost()

    async def subscribe_stream(self, stream: str, *, after_revision: int | None = None) -> AsyncIterator[RecordedEvent | CaughtUp]:
        with _translated(stream):
            subscription = await self._bounded(
                self._client.subscribe_to_stream(stream, stream_position=after_revision, include_caught_up=True), CONFIRMATION_TIMEOUT_S
            )
            async with aclosing(self._received(subscription, stream)) as events:
                async for event in events:
                    if not isinstance(event, Checkpoint):
                        yield event
        self._lost()

    async def head_position(self) -> int:
        with _translated("$all"):
            position: int = await self._bounded(self._client.get_commit_position(timeout=HEAD_TIMEOUT_S), HEAD_TIMEOUT_S)
            return position

    async def close(self) -> None:
        """Subscriptions end."""
        self._closed = True
        await self._client.close()

    def _lost(self) -> None:
        """The client's subscription ended without an error: by our closing, or because its connection went."""
        if not self._closed:
            raise StoreUnavailable("the subscription was cut off")

    @staticmethod
    async def _bounded(call: Any, timeout_s: float) -> Any:
        """The client retries once, each time with the whole deadline; this is the bound of both."""
        async with asyncio.timeout(timeout_s + 0.5):
            return await call

    async def _received(self, response: Any, stream: str, silence_max_s: float | None = None) -> AsyncGenerator[Happened, None]:
        """What the call brings, until it ends, is closed, or is silent for too long.

        The call is read directly: the client's own iterator takes a cancelled task for the end of the events.
        """
        task, silence = asyncio.current_task(), _Silence(response.aio_call.cancel, silence_max_s)
        cancellations = task.cancelling() if task is not None else 0
        try:
            async for answer in response.read_resp_iter:
                silence.broken()
                if (event := happened(answer)) is not None:
                    yield event
                elif answer.WhichOneof("content") == "stream_not_found":
                    raise StreamNotFound(stream)
        except asyncio.CancelledError:
            if task is not None and task.cancelling() > cancellations:
                raise
            if silence.too_long:
                raise TimeoutError(f"nothing came for {silence_max_s} s") from None
        except grpc.RpcError as error:
            if "is deleted" in (error.details() or ""):
                raise StreamGone(stream) from None
            raise handle_rpc_error(error) from None
        finally:
            silence.end()
            await response.stop()


class _Silence:
    """Calls ``give_up`` if nothing breaks it for ``limit_s``. One timer for many events."""

    def __init__(self, give_up: Callable[[], object], limit_s: float | None) -> None:
        self._give_up, self._limit_s, self._loop = give_up, limit_s, asyncio.get_running_loop()
        self._heard, self.too_long = False, False
        self._timer = None if limit_s is None else self._loop.call_later(limit_s, self._look)

    def broken(self) -> None:
        self._heard = True

    def end(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _look(self) -> None:
        assert self._limit_s is not None
        if self._heard:
            self._heard = False
            self._timer = self._loop.call_later(self._limit_s, self._look)
        else:
            self.too_long = True
            self._give_up()


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
