"""The ``CallEngine`` service: decode, ask ``Calls``, encode."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import grpc
from call_contract.v1 import call_engine_pb2 as pb
from call_contract.v1 import call_engine_pb2_grpc

from call_engine import errors
from call_engine.calls import Calls
from call_engine.journal.file import Entry
from call_engine.rpc.mapping import call_message, event_message, is_unknown_name, request_of
from call_engine.rpc.rich_status import abort
from call_engine.running_call import CallView

METER_S = 0.2
DIGITS_ALLOWED = frozenset("0123456789*#ABCDabcd,w")

T = TypeVar("T")
if TYPE_CHECKING:
    Context = grpc.aio.ServicerContext[Any, Any]


class CallEngineService(call_engine_pb2_grpc.CallEngineServicer):
    def __init__(self, calls: Calls, *, max_call_s: int, devices: Sequence[str] = (), records: bool = False) -> None:
        self._calls, self._max_call_s, self._devices, self._records = calls, max_call_s, devices, records

    async def StartCall(self, request: pb.StartCallRequest, context: Context) -> pb.StartCallResponse:  # noqa: N802
        async def start() -> CallView:
            parent = str(dict(context.invocation_metadata() or ()).get("traceparent", ""))
            wanted = request_of(
                request, max_call_s=self._max_call_s, actor="grpc", devices=self._devices, trace_parent=parent, records=self._records
            )
            return await self._calls.start(wanted)

        return pb.StartCallResponse(call=call_message(await _answer(context, start())))

    async def GetCall(self, request: pb.GetCallRequest, context: Context) -> pb.GetCallResponse:  # noqa: N802
        return pb.GetCallResponse(call=call_message(await _answer(context, self._calls.get(request.call_id))))

    async def ListCalls(self, request: pb.ListCallsRequest, context: Context) -> pb.ListCallsResponse:  # noqa: N802
        return pb.ListCallsResponse(calls=[call_message(view) for view in self._calls.list(include_ended=request.include_ended)])

    async def EndCall(self, request: pb.EndCallRequest, context: Context) -> pb.EndCallResponse:  # noqa: N802
        order = self._calls.end(request.call_id, reason=request.reason or "cancelled", by=request.actor)
        return pb.EndCallResponse(call=call_message(await _answer(context, order)))

    async def SendDigits(self, request: pb.SendDigitsRequest, context: Context) -> pb.SendDigitsResponse:  # noqa: N802
        async def send() -> CallView:
            if not 1 <= len(request.digits) <= 64 or not DIGITS_ALLOWED.issuperset(request.digits):
                raise errors.BadRequest(("digits", "1 to 64 of 0-9 A-D * # , w"))
            return await self._calls.send_digits(request.call_id, request.digits, by=request.actor)

        return pb.SendDigitsResponse(call=call_message(await _answer(context, send())))

    async def TransferNow(self, request: pb.TransferNowRequest, context: Context) -> pb.TransferNowResponse:  # noqa: N802
        async def transfer() -> CallView:
            """A number or a SIP URI is for the guards to judge; a name must be one that is known."""
            if is_unknown_name(request.device, self._devices):
                raise errors.BadRequest(("device", f"is none of the configured devices: {', '.join(self._devices)}"))
            return await self._calls.transfer(request.call_id, request.device, by=request.actor)

        return pb.TransferNowResponse(call=call_message(await _answer(context, transfer())))

    async def WatchCall(self, request: pb.WatchCallRequest, context: Context) -> AsyncIterator[pb.WatchCallResponse]:  # noqa: N802
        """Events are read from the journal as fast as the client takes them; meters are only ever the latest."""
        events = aiter(self._calls.events(request.call_id, request.from_ordinal))
        upcoming: asyncio.Task[pb.WatchCallResponse] | None = None
        try:
            while True:
                upcoming = upcoming or asyncio.create_task(_next(events))
                done, _ = await asyncio.wait({upcoming}, timeout=METER_S if request.meters else None)
                if done:
                    task, upcoming = upcoming, None
                    yield task.result()
                elif (meter := self._meter(request.call_id)) is not None:
                    yield meter
        except _NoMore:
            return
        except errors.CallError as error:
            await abort(context, error)
        finally:
            if upcoming is not None:
                upcoming.cancel()

    def _meter(self, call_id: str) -> pb.WatchCallResponse | None:
        session = self._calls.session_of(call_id)
        if session is None:
            return None
        meter = pb.Meter(
            at_ms=session.at_sample // 8, level_dbm0=session.level_dbm0, label=session.label, human_posterior=session.human_posterior
        )
        return pb.WatchCallResponse(meter=meter)


async def _next(events: AsyncIterator[Entry]) -> pb.WatchCallResponse:
    entry = await anext(events, None)
    if entry is None:
        raise _NoMore
    return event_message(entry)


class _NoMore(Exception):
    pass


async def _answer(context: Context, work: Awaitable[T]) -> T:
    try:
        return await work
    except errors.CallError as error:
        await abort(context, error)
