"""Streams: Append, BatchAppend, Delete and Tombstone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any, NoReturn

import grpc
from esdbclient.protos.Grpc import streams_pb2

from event_log.node import append_answers, requests, status
from event_log.node.committer import Committer
from event_log.node.expectation import ANY, Deleted, WrongRevision
from event_log.node.requests import AppendTooLarge, InvalidRequest
from event_log.node.writes import Append, Failed, Outcome, ProposedEvent, SoftDelete, Tombstone, TooLate, Written

WRITE_DEADLINE_S = 10.0
PIPELINED_MAX = 64  # unanswered batches of one call
_Pending = tuple[Any, str, int, "asyncio.Future[Outcome] | InvalidRequest | TooLate"]


class AppendService:
    def __init__(self, committer: Committer, now_s: Callable[[], float], append_bytes_max: int) -> None:
        self._committer, self._now_s, self._bytes_max = committer, now_s, append_bytes_max

    async def append(self, messages: AsyncIterator[Any], context: Any) -> Any:
        """One append: the options, then an event a message."""
        try:
            stream, expected, events = await self._received(messages)
        except InvalidRequest as error:
            await status.invalid(context, error.text, error.exception, **error.facts)
        outcome = await self._committer.write(Append(stream, expected, events, self._now_s() + WRITE_DEADLINE_S))
        match outcome:
            case Written():
                return append_answers.success(outcome)
            case WrongRevision(actual):
                return append_answers.wrong_revision(expected, actual)
            case Deleted():
                await status.stream_deleted(context, stream)
            case _:
                await _not_written(context, outcome)

    async def _received(self, messages: AsyncIterator[Any]) -> tuple[str, int, tuple[ProposedEvent, ...]]:
        stream, expected, events, size = None, ANY, [], 0
        async for message in messages:
            if message.WhichOneof("content") == "options":
                stream = requests.stream_name(message.options.stream_identifier)
                expected = requests.expected_of(message.options, "expected_stream_revision", "revision")
            elif stream is None:
                raise InvalidRequest("The options have to come first.")
            else:
                size += requests.size_of(message.proposed_message)
                if size > self._bytes_max:
                    raise AppendTooLarge(self._bytes_max)
                events.append(requests.proposed(stream, message.proposed_message))
        if stream is None:
            raise InvalidRequest("No options were sent.")
        return stream, expected, tuple(events)

    async def batch_append(self, messages: AsyncIterator[Any], context: Any) -> None:
        """Many appends over one call, each answered under its correlation id, in order, and committed together where they meet.

        Most calls bring one batch: it is answered without the tasks that a stream of batches needs.
        """
        first = await anext(aiter(messages), None)
        if first is None:
            return
        if first.is_final:
            await self._answer(context, self._submit([first]))
            first = await anext(aiter(messages), None)
        if first is not None:
            await self._pipelined(first, messages, context)

    async def _pipelined(self, first: Any, messages: AsyncIterator[Any], context: Any) -> None:
        pending: asyncio.Queue[_Pending | None] = asyncio.Queue(PIPELINED_MAX)
        receiving = asyncio.create_task(self._receive_batches(first, messages, pending))
        try:
            while (batch := await pending.get()) is not None:
                await self._answer(context, batch)
            await receiving
        finally:
            receiving.cancel()

    @staticmethod
    async def _answer(context: Any, batch: _Pending) -> None:
        correlation_id, stream, expected, answer = batch
        outcome = await answer if isinstance(answer, asyncio.Future) else answer
        if isinstance(outcome, Failed):
            await _not_written(context, outcome)
        await context.write(append_answers.batch(correlation_id, stream, expected, outcome).SerializeToString())

    async def _receive_batches(self, first: Any, messages: AsyncIterator[Any], pending: asyncio.Queue[_Pending | None]) -> None:
        """A batch may come in parts; the last one says so."""
        parts: dict[bytes, list[Any]] = {}
        message = first
        try:
            while message is not None:
                key = message.correlation_id.SerializeToString()
                parts.setdefault(key, []).append(message)
                if message.is_final:
                    await pending.put(self._submit(parts.pop(key)))
                message = await anext(aiter(messages), None)
        finally:
            await pending.put(None)

    def _submit(self, parts: list[Any]) -> _Pending:
        options, correlation_id = parts[0].options, parts[0].correlation_id
        stream, expected = "", ANY
        try:
            stream = requests.stream_name(options.stream_identifier)
            expected = requests.expected_of(options, "expected_stream_position", "stream_position")
            proposals = [proposal for part in parts for proposal in part.proposed_messages]
            if sum(map(requests.size_of, proposals)) > self._bytes_max:
                raise AppendTooLarge(self._bytes_max)
            events = tuple(requests.proposed(stream, proposal) for proposal in proposals)
        except InvalidRequest as error:
            return correlation_id, stream, expected, error
        allowed_s = self._allowed_s(options)
        if allowed_s <= 0:
            return correlation_id, stream, expected, TooLate()
        return correlation_id, stream, expected, self._committer.submit(Append(stream, expected, events, self._now_s() + allowed_s))

    @staticmethod
    def _allowed_s(options: Any) -> float:
        if options.WhichOneof("deadline_option") != "deadline":
            return WRITE_DEADLINE_S
        return min(WRITE_DEADLINE_S, float(options.deadline.seconds + options.deadline.nanos / 1e9))

    async def delete(self, request: Any, context: Any) -> Any:
        outcome = await self._delete(request, context, SoftDelete, "Delete")
        return streams_pb2.DeleteResp(position=append_answers.position(streams_pb2.DeleteResp.Position, outcome))

    async def tombstone(self, request: Any, context: Any) -> Any:
        outcome = await self._delete(request, context, Tombstone, "Tombstone")
        return streams_pb2.TombstoneResp(position=append_answers.position(streams_pb2.TombstoneResp.Position, outcome))

    async def _delete(self, request: Any, context: Any, kind: type[SoftDelete] | type[Tombstone], verb: str) -> Written:
        try:
            stream = requests.stream_name(request.options.stream_identifier)
            expected = requests.expected_of(request.options, "expected_stream_revision", "revision")
        except InvalidRequest as error:
            await status.invalid(context, error.text, error.exception, **error.facts)
        outcome = await self._committer.write(kind(stream, expected))
        match outcome:
            case Written():
                return outcome
            case WrongRevision(actual):
                await status.wrong_version(context, verb, stream, expected, actual)
            case Deleted():
                await status.stream_deleted(context, stream)
            case _:
                await _not_written(context, outcome)


async def _not_written(context: Any, outcome: Failed | TooLate) -> NoReturn:
    if isinstance(outcome, Failed):
        await status.not_written(context, outcome.reason, disk_full=outcome.disk_full)
    await status.refuse(context, grpc.StatusCode.DEADLINE_EXCEEDED, "The write was not done in time; nothing was written.")
