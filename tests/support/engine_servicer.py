"""The protocol in front of an engine that behaves, so that the gRPC adapter meets a real server."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import AsyncIterator, Awaitable
from typing import Any

import grpc
import msgspec
from call_contract.engine_health import LINES, TROUBLE
from call_contract.flows import CallFlow, CallFlowStep, CallFlowStepType
from call_contract.v1 import call_engine_pb2 as pb
from call_contract.v1 import call_engine_pb2_grpc
from flow_api.domain.errors import Conflict, DomainError, IllegalNow, Invalid, LimitReached, NotFound, Refused
from flow_api.ports import CallOrder, EngineCall, WatchedEvent
from google.rpc import error_details_pb2, status_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_status import rpc_status

from tests.support.fake_call_engine import FakeCallEngine

CODES = [
    (NotFound, grpc.StatusCode.NOT_FOUND), (Conflict, grpc.StatusCode.ALREADY_EXISTS), (Invalid, grpc.StatusCode.INVALID_ARGUMENT),
    (Refused, grpc.StatusCode.FAILED_PRECONDITION), (IllegalNow, grpc.StatusCode.FAILED_PRECONDITION),
    (LimitReached, grpc.StatusCode.RESOURCE_EXHAUSTED),
]  # fmt: skip
SERVICE = "call_contract.v1.CallEngine"
LONG_AGO = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class Health(health_pb2_grpc.HealthServicer):
    """As the engine's: not serving is not taking new calls."""

    def __init__(self, engine: FakeCallEngine) -> None:
        self.engine = engine

    async def Check(self, request: health_pb2.HealthCheckRequest, context: Any) -> health_pb2.HealthCheckResponse:  # noqa: N802
        serving = request.service == SERVICE and not self.engine.draining.is_set()
        if request.service == LINES:
            serving = not self.engine.lines_trouble
            context.set_trailing_metadata(((TROUBLE, self.engine.lines_trouble.encode()),))
        return health_pb2.HealthCheckResponse(status="SERVING" if serving else "NOT_SERVING")


class Servicer(call_engine_pb2_grpc.CallEngineServicer):
    def __init__(self, engine: FakeCallEngine) -> None:
        self.engine = engine

    async def StartCall(self, request: pb.StartCallRequest, context: Any) -> pb.StartCallResponse:  # noqa: N802
        return pb.StartCallResponse(call=await answered(context, self.engine.start(order_of(request, trace_parent_in(context)))))

    async def GetCall(self, request: pb.GetCallRequest, context: Any) -> pb.GetCallResponse:  # noqa: N802
        return pb.GetCallResponse(call=await answered(context, self.engine.get(request.call_id)))

    async def ListCalls(self, request: pb.ListCallsRequest, context: Any) -> pb.ListCallsResponse:  # noqa: N802
        return pb.ListCallsResponse()

    async def EndCall(self, request: pb.EndCallRequest, context: Any) -> pb.EndCallResponse:  # noqa: N802
        return pb.EndCallResponse(
            call=await answered(context, self.engine.end(request.call_id, reason=request.reason, actor=request.actor))
        )

    async def SendDigits(self, request: pb.SendDigitsRequest, context: Any) -> pb.SendDigitsResponse:  # noqa: N802
        sent = self.engine.send_digits(request.call_id, request.digits, actor=request.actor)
        return pb.SendDigitsResponse(call=await answered(context, sent))

    async def TransferNow(self, request: pb.TransferNowRequest, context: Any) -> pb.TransferNowResponse:  # noqa: N802
        transferred = self.engine.transfer(request.call_id, request.device, actor=request.actor)
        return pb.TransferNowResponse(call=await answered(context, transferred))

    async def WatchCall(self, request: pb.WatchCallRequest, context: Any) -> AsyncIterator[pb.WatchCallResponse]:  # noqa: N802
        try:
            async for item in self.engine.watch(request.call_id, request.from_ordinal, meters=request.meters):
                yield response_of(item)
        except DomainError as error:
            await refuse(context, error)


def response_of(item: Any) -> pb.WatchCallResponse:
    if not isinstance(item, WatchedEvent):
        return pb.WatchCallResponse(meter=pb.Meter(**msgspec.structs.asdict(item)))
    metadata = msgspec.json.encode({"recorded_at": item.recorded_at})
    event = pb.CallEvent(ordinal=item.ordinal, type=item.type, body_json=msgspec.json.encode(item.body), metadata_json=metadata)
    return pb.WatchCallResponse(event=event)


async def answered(context: Any, work: Awaitable[EngineCall]) -> pb.Call:
    try:
        return pb.Call(**msgspec.structs.asdict(await work))
    except DomainError as error:
        await refuse(context, error)
        raise


async def refuse(context: Any, error: DomainError) -> None:
    code = next((code for kind, code in CODES if isinstance(error, kind)), grpc.StatusCode.UNAVAILABLE)
    status = status_pb2.Status(code=code.value[0], message=str(error))
    if isinstance(error, Refused):
        status.details.add().Pack(error_details_pb2.ErrorInfo(reason="PREMIUM_RATE", domain="call-engine"))
    await context.abort_with_status(rpc_status.to_status(status))


def trace_parent_in(context: Any) -> str:
    return str(dict(context.invocation_metadata() or ()).get("traceparent", ""))


def order_of(request: pb.StartCallRequest, trace_parent: str = "") -> CallOrder:
    explore, follow = request.plan.explore, request.plan.follow
    following = request.plan.WhichOneof("kind") == "follow"
    return CallOrder(
        call_id=request.call_id, phone_number=follow.flow.phone_number if following else explore.phone_number,
        intent=follow.intent if following else explore.intent, company=explore.company, language=explore.language,
        flow=flow_of(follow.flow) if following else None,
        known_flow=flow_of(explore.known_flow) if explore.HasField("known_flow") else None,
        audio_files=dict(follow.audio_files), device=request.device, ring_early=request.ring_early, accept_callback=request.accept_callback,
        record_conversation=request.record_conversation,
        limits={field.name: value for field, value in request.limits.ListFields()}, personal_data_key=request.personal_data_key,
        actor=request.actor, correlation_id=request.correlation_id, trace_parent=trace_parent,
    )  # fmt: skip


def flow_of(message: pb.CallFlow) -> CallFlow:
    steps = [
        CallFlowStep(
            id=step.id, type=CallFlowStepType(step.type), description=step.description, dtmf=step.dtmf if step.HasField("dtmf") else None,
            timeout=step.timeout_s, next_step=step.next_step if step.HasField("next_step") else None,
            conditions={condition.predicate: condition.step_id for condition in step.conditions},
            metadata=msgspec.json.decode(step.metadata_json),
        )
        for step in message.steps
    ]  # fmt: skip
    return CallFlow(
        id=message.id, name=message.name, company=message.company or None, phone_number=message.phone_number or None,
        description=message.description or None, steps=steps, created_at=LONG_AGO, updated_at=LONG_AGO, version=message.version,
    )  # fmt: skip


@contextlib.asynccontextmanager
async def serving(engine: FakeCallEngine, credentials: grpc.ServerCredentials | None = None) -> AsyncIterator[str]:
    """The address of a server in front of the engine."""
    server = grpc.aio.server()
    call_engine_pb2_grpc.add_CallEngineServicer_to_server(Servicer(engine), server)  # type: ignore[no-untyped-call]
    health_pb2_grpc.add_HealthServicer_to_server(Health(engine), server)
    free = "127.0.0.1:0"
    port = server.add_insecure_port(free) if credentials is None else server.add_secure_port(free, credentials)
    await server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        await server.stop(None)
