"""Streams: Read. Windows of one stream or of ``$all``, in either direction, and subscriptions that go on with what is appended."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import grpc
from esdbclient.protos.Grpc import shared_pb2, streams_pb2

from event_log.node import filters, requests, status, wire
from event_log.node.arrivals import EVERYTHING, Arrivals, NoMore
from event_log.node.expectation import TOMBSTONE
from event_log.node.filters import Filter, InvalidFilter
from event_log.node.reader import Reader, StreamDeleted
from event_log.node.requests import InvalidRequest
from event_log.node.stream_metadata import METADATA_PREFIX
from event_log.node.tables import POSITION_MAX, DamagedEvent, Row

ReadResp = streams_pb2.ReadResp
_BACKWARDS = streams_pb2.ReadReq.Options.Backwards
_CAUGHT_UP: bytes = ReadResp(caught_up=ReadResp.CaughtUp()).SerializeToString()


class ReadService:
    """Answers with bytes as they are stored."""

    def __init__(self, reader: Reader, arrivals: Arrivals, new_id: Callable[[], str]) -> None:
        self._reader, self._arrivals, self._new_id = reader, arrivals, new_id

    async def read(self, request: Any, context: Any) -> None:
        try:
            await Reading(self._reader, self._arrivals, request.options, context).run(self._new_id)
        except StreamDeleted as error:
            await status.stream_deleted(context, error.stream)
        except InvalidRequest as error:
            await status.invalid(context, error.text, error.exception, **error.facts)
        except InvalidFilter as error:
            await status.invalid(context, str(error))
        except DamagedEvent as error:
            await status.refuse(context, grpc.StatusCode.DATA_LOSS, str(error))
        except NoMore:
            await status.refuse(context, grpc.StatusCode.UNAVAILABLE, "The store is shutting down.")


class Reading:
    """One Read call."""

    def __init__(self, reader: Reader, arrivals: Arrivals, options: Any, context: Any) -> None:
        self._reader, self._arrivals, self._options, self._context = reader, arrivals, options, context
        self._backwards = options.read_direction == _BACKWARDS
        self._encode = self._encoder()

    async def run(self, new_id: Callable[[], str]) -> None:
        options = self._options
        source, mode = options.WhichOneof("stream_option"), options.WhichOneof("count_option")
        filtered = options.WhichOneof("filter_option") == "filter"
        if source is None or mode is None:
            raise InvalidRequest("A read needs a stream or $all, and a count or a subscription.")
        if source == "stream" and filtered:
            raise InvalidRequest("Only reads of $all can be filtered.")
        if mode == "subscription" and self._backwards:
            raise InvalidRequest("A subscription cannot go backwards.")
        if source == "stream":
            stream = requests.stream_name(options.stream.stream_identifier)
            await (self._read_stream(stream) if mode == "count" else self._subscribe_stream(stream, new_id()))
        else:
            which = filters.from_options(options.filter) if filtered else Filter()
            await (self._read_all(which) if mode == "count" else self._subscribe_all(which, new_id()))

    async def _read_stream(self, stream: str) -> None:
        window = self._reader.window(stream)
        if window is None:
            missing = ReadResp.StreamNotFound(stream_identifier=shared_pb2.StreamIdentifier(stream_name=stream.encode()))
            await self._send(ReadResp(stream_not_found=missing).SerializeToString())
            return
        limit, revision = self._options.count, self._first_revision()
        page_of = self._reader.backwards if self._backwards else self._reader.forwards
        while limit > 0 and revision is not None:
            page, revision = page_of(window, revision, limit)
            limit -= len(page)
            await self._send_events(page)

    def _first_revision(self) -> int | None:
        options = self._options.stream
        kind = options.WhichOneof("revision_option")
        if kind == "revision":
            return int(min(options.revision, TOMBSTONE))
        if kind == "end":
            return TOMBSTONE if self._backwards else None
        return None if self._backwards else 0

    async def _read_all(self, which: Filter) -> None:
        limit, position = self._options.count, self._first_position()
        while limit > 0:
            page = self._reader.all_backwards(position) if self._backwards else self._reader.all_forwards(position)
            if not page:
                return
            wanted = [row for row, passes in zip(page, self._reader.wanted(page, which), strict=True) if passes][:limit]
            limit -= len(wanted)
            await self._send_events(wanted)
            position = page[-1].position if self._backwards else page[-1].position + 1

    def _first_position(self) -> int:
        """Forwards that position is included, backwards it is not."""
        options = self._options.all
        kind = options.WhichOneof("all_option")
        if kind == "position":
            if options.position.prepare_position > options.position.commit_position:
                raise InvalidRequest("Trying to read from an invalid position.")
            return int(min(options.position.commit_position, POSITION_MAX))
        return POSITION_MAX if kind == "end" else 0

    async def _subscribe_stream(self, stream: str, subscription_id: str) -> None:
        self._reader.window(stream)
        options = self._options.stream
        kind = options.WhichOneof("revision_option")
        revision = int(min(options.revision, TOMBSTONE)) + 1 if kind == "revision" else 0
        if kind == "end":
            window = self._reader.window(stream)
            revision = 0 if window is None else window.last + 1
        await self._confirm(subscription_id)
        live = False
        while True:
            window, following = self._reader.window(stream), None
            if window is not None:
                page, following = self._reader.forwards(window, revision, TOMBSTONE)
                await self._send_events(page)
            if following is not None:
                revision = following
                continue
            if not live:
                live = True
                await self._send(_CAUGHT_UP)
                continue
            await self._arrivals.next(stream, METADATA_PREFIX + stream)

    async def _subscribe_all(self, which: Filter, subscription_id: str) -> None:
        options = self._options.all
        kind, head = options.WhichOneof("all_option"), self._reader.head_position()
        after = {"start": 0, "end": head}.get(kind or "start", self._first_position())
        if after > head and after != POSITION_MAX:
            raise InvalidRequest("Trying to read from an invalid position.")
        await self._confirm(subscription_id)
        checkpoints = Checkpoints(self._options)
        after, live = min(after, head), False
        while True:
            page = self._reader.all_forwards(after + 1)
            if page:
                after = page[-1].position
                await self._send_page(page, which, checkpoints)
            elif not live:
                live = True
                await self._send(checkpoints.now(after), _CAUGHT_UP)
            else:
                await self._arrivals.next(EVERYTHING)

    async def _send_page(self, page: list[Row], which: Filter, checkpoints: Checkpoints) -> None:
        answers = list[bytes | None]()
        for row, passes in zip(page, self._reader.wanted(page, which), strict=True):
            if passes:
                answers.append(self._encode(row))
            answers.append(checkpoints.considered(row.position))
        await self._send(*answers)
        await asyncio.sleep(0)

    async def _confirm(self, subscription_id: str) -> None:
        await self._send(ReadResp(confirmation=ReadResp.SubscriptionConfirmation(subscription_id=subscription_id)).SerializeToString())

    async def _send(self, *answers: bytes | None) -> None:
        await self._context.write(*(answer for answer in answers if answer is not None))

    async def _send_events(self, page: list[Row]) -> None:
        await self._context.write(*map(self._encode, page))
        await asyncio.sleep(0)  # let the others have their turn

    def _encoder(self) -> Callable[[Row], bytes]:
        read_event: Callable[[Row], bytes] = self._reader.resolved if self._options.resolve_links else lambda row: row.read_event
        if self._options.uuid_option.WhichOneof("content") == "structured":
            return lambda row: wire.read_response(wire.with_structured_ids(read_event(row)))
        return lambda row: wire.read_response(read_event(row))


class Checkpoints:
    """Of a filtered subscription: one every so many events looked at, wanted or not, and one when it has caught up."""

    def __init__(self, options: Any) -> None:
        filtered = options.WhichOneof("filter_option") == "filter"
        window = options.filter.max if options.filter.WhichOneof("window") == "max" else 1 << 32
        self._interval = max(1, window) * max(1, options.filter.checkpointIntervalMultiplier) if filtered else 0
        self._since, self._sent = 0, -1

    def considered(self, position: int) -> bytes | None:
        if self._interval == 0:
            return None
        self._since += 1
        return self.now(position) if self._since >= self._interval else None

    def now(self, position: int) -> bytes | None:
        if self._interval == 0 or position <= self._sent or position <= 0:
            return None
        self._since, self._sent = 0, position
        answer: bytes = ReadResp(checkpoint=ReadResp.Checkpoint(commit_position=position, prepare_position=position)).SerializeToString()
        return answer
