"""Appends over one call, many under way at once, as the protocol's BatchAppend is meant: a call for each costs five times as much."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from itertools import count
from typing import Any
from uuid import UUID

import esdbclient
import grpc
from esdbclient.common import AsyncGrpcStreamer, handle_rpc_error
from esdbclient.exceptions import AppendDeadlineExceeded, ServiceUnavailable
from esdbclient.streams import AsyncStreamsService

from event_log.records import Appended

_NUMBER_BITS = (1 << 64) - 1


class PipelinedStreams(AsyncStreamsService):
    """The client's service of streams on one connection, with appends that share a call as long as it lasts."""

    _pipeline: _Pipeline | None = None

    async def append(
        self,
        stream_name: str,
        current_version: int | esdbclient.StreamState,
        events: Iterable[esdbclient.NewEvent],
        timeout_s: float,
        metadata: Any,
        credentials: grpc.CallCredentials | None,
    ) -> Appended:
        """As the client's ``batch_append``, with the same errors. Also says the revision, which the client does not."""
        pipeline = self._pipeline
        if pipeline is None or pipeline.is_over:
            metadata = self._metadata(metadata, requires_leader=True)
            pipeline = self._pipeline = _Pipeline(
                lambda requests: self._stub.BatchAppend(requests, metadata=metadata, credentials=credentials), self._grpc_streamers
            )
        number = next(pipeline.numbers)
        request = self._construct_batch_append_req(stream_name, current_version, events, UUID(int=number), timeout_s)
        response = await pipeline.ask(number, request, timeout_s)
        position = self._convert_batch_append_resp(response, stream_name, current_version)
        return Appended(response.success.current_revision, position)


class _Pipeline(AsyncGrpcStreamer):
    """One BatchAppend call. It ends with its connection, with an append that was not answered in time, or by ``stop``."""

    def __init__(self, call: Callable[[AsyncIterator[Any]], Any], streamers: Any) -> None:
        super().__init__(streamers)
        self.numbers, self.is_over = count(1), False
        self._requests: asyncio.Queue[Any] = asyncio.Queue()
        self._answers: dict[int, asyncio.Future[Any]] = {}
        self._call = call(self._sent())
        self._receiving = asyncio.create_task(self._receive())

    async def ask(self, number: int, request: Any, timeout_s: float) -> Any:
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        self._requests.put_nowait(request)
        try:
            async with asyncio.timeout(timeout_s):
                return await answer
        except TimeoutError:
            self._retire()
            raise AppendDeadlineExceeded(f"no answer for {timeout_s} s") from None
        finally:
            del self._answers[number]

    async def stop(self) -> None:
        """Called when the connection is closed."""
        self.is_over = True
        self._call.cancel()
        self._grpc_streamers.remove(self)

    def _retire(self) -> None:
        """No more appends; those under way may still be answered."""
        self.is_over = True
        self._requests.put_nowait(None)

    async def _sent(self) -> AsyncIterator[Any]:
        while (request := await self._requests.get()) is not None:
            yield request

    async def _receive(self) -> None:
        failure: grpc.RpcError | None = None
        try:
            async for response in self._call:
                answer = self._answers.get(_number(response.correlation_id))
                if answer is not None and not answer.done():
                    answer.set_result(response)
        except grpc.RpcError as error:
            failure = error
        except asyncio.CancelledError:
            pass  # the call was: by ``stop``
        finally:
            self._retire()  # also ends what feeds the call, which closing the channel would wait for
            for answer in self._answers.values():
                if not answer.done():
                    answer.set_exception(handle_rpc_error(failure) if failure else ServiceUnavailable("the store ended the call"))


def _number(correlation_id: Any) -> int:
    """Stores answer with the id in either form of the protocol."""
    if correlation_id.WhichOneof("value") == "structured":
        return int(correlation_id.structured.least_significant_bits)
    return UUID(correlation_id.string).int & _NUMBER_BITS
