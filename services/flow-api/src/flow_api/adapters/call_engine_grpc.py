"""The CallEngine port over gRPC. The only file that knows the protocol's messages."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable
from typing import Any, TypeVar

import grpc
import msgspec
from call_contract.engine_health import LINES, TROUBLE
from call_contract.flows import CallFlow
from call_contract.v1 import call_engine_pb2 as pb
from call_contract.v1 import call_engine_pb2_grpc
from google.rpc import error_details_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_status import rpc_status

from flow_api.domain.errors import Conflict, DomainError, Fault, IllegalNow, Invalid, LimitReached, NotFound, Refused, Unavailable
from flow_api.ports import CallOrder, EngineCall, Meter, WatchedEvent

T = TypeVar("T")

DEADLINE_S = 5.0
START_DEADLINE_S = 10.0
CHECK_S = 2.0
MAX_MESSAGE_BYTES = 32 * 1024 * 1024  # a plan carries the audio files of its SPEAK steps

SERVICE = pb.DESCRIPTOR.services_by_name["CallEngine"].full_name

_KEEPALIVE = [
    ("grpc.keepalive_time_ms", 20_000),
    ("grpc.keepalive_timeout_ms", 5_000),
    ("grpc.max_send_message_length", MAX_MESSAGE_BYTES),
    ("grpc.max_receive_message_length", MAX_MESSAGE_BYTES),
    ("grpc.initial_reconnect_backoff_ms", 200),
    ("grpc.max_reconnect_backoff_ms", 2_000),
]


class Tls(msgspec.Struct, frozen=True, kw_only=True):
    """PEM. ``ca``: who must have signed the engine's certificate. With ``cert`` and ``key`` we show one ourselves (mTLS)."""

    ca: bytes
    cert: bytes | None = None
    key: bytes | None = None


class GrpcCallEngine:
    """One channel to one engine (or to whatever balances over several)."""

    def __init__(self, target: str, *, token: str = "", tls: Tls | None = None) -> None:
        self._channel = (
            grpc.aio.secure_channel(target, grpc.ssl_channel_credentials(tls.ca, tls.key, tls.cert), options=_KEEPALIVE)
            if tls
            else grpc.aio.insecure_channel(target, options=_KEEPALIVE)
        )
        self._stub = call_engine_pb2_grpc.CallEngineStub(self._channel)  # type: ignore[no-untyped-call]
        self._health = health_pb2_grpc.HealthStub(self._channel)
        self._metadata = (("authorization", f"Bearer {token}"),) if token else ()

    async def start(self, order: CallOrder) -> EngineCall:
        request = _start_request(order)
        traced = (("traceparent", order.trace_parent),) if order.trace_parent else ()
        answer = await _asked(self._stub.StartCall(request, timeout=START_DEADLINE_S, metadata=(*self._metadata, *traced)), starting=True)
        return _call(answer.call)

    async def get(self, call_id: str) -> EngineCall:
        request = pb.GetCallRequest(call_id=call_id)
        return _call((await _asked(self._stub.GetCall(request, timeout=DEADLINE_S, metadata=self._metadata))).call)

    async def end(self, call_id: str, *, reason: str, actor: str) -> EngineCall:
        request = pb.EndCallRequest(call_id=call_id, reason=reason, actor=actor)
        return _call((await _asked(self._stub.EndCall(request, timeout=DEADLINE_S, metadata=self._metadata))).call)

    async def send_digits(self, call_id: str, digits: str, *, actor: str) -> EngineCall:
        request = pb.SendDigitsRequest(call_id=call_id, digits=digits, actor=actor)
        return _call((await _asked(self._stub.SendDigits(request, timeout=DEADLINE_S, metadata=self._metadata))).call)

    async def transfer(self, call_id: str, device: str, *, actor: str) -> EngineCall:
        request = pb.TransferNowRequest(call_id=call_id, device=device, actor=actor)
        return _call((await _asked(self._stub.TransferNow(request, timeout=DEADLINE_S, metadata=self._metadata))).call)

    async def watch(self, call_id: str, from_ordinal: int, *, meters: bool = False) -> AsyncIterator[WatchedEvent | Meter]:
        request = pb.WatchCallRequest(call_id=call_id, from_ordinal=from_ordinal, meters=meters)
        stream = self._stub.WatchCall(request, metadata=self._metadata)
        try:
            async for answer in stream:
                yield _event(answer.event) if answer.WhichOneof("kind") == "event" else _meter(answer.meter)
        except grpc.aio.AioRpcError as error:
            raise _refusal(error) from None
        finally:
            stream.cancel()

    async def check(self) -> None:
        """That it lets us in, and can take new calls: an engine that drains, or has no line, still answers."""
        await _asked(self._stub.ListCalls(pb.ListCallsRequest(), timeout=CHECK_S, metadata=self._metadata))
        if not (await self._serves(SERVICE))[0]:
            raise Unavailable("call_engine", "it is shutting down and takes no new calls")
        serves, trouble = await self._serves(LINES)
        if not serves:
            raise Unavailable("call_engine", trouble or "it has no phone line")

    async def _serves(self, service: str) -> tuple[bool, str]:
        """Whether it does, and why not. What it does not know of is no trouble of its."""
        asked = self._health.Check(health_pb2.HealthCheckRequest(service=service), timeout=CHECK_S, metadata=self._metadata)
        try:
            health = await _asked(asked)
        except NotFound:
            return True, ""
        told: Any = (await asked.trailing_metadata()).get(TROUBLE, b"")
        return health.status == health_pb2.HealthCheckResponse.SERVING, told.decode()

    async def close(self) -> None:
        await self._channel.close(None)


async def _asked(answer: Awaitable[T], *, starting: bool = False) -> T:
    try:
        return await answer
    except grpc.aio.AioRpcError as error:
        raise _refusal(error, starting=starting) from None


def _refusal(error: grpc.aio.AioRpcError, *, starting: bool = False) -> DomainError:
    """The engine's answer as one of ours. Whatever is not known means that the engine cannot be used."""
    details = error.details() or ""
    match error.code():
        case grpc.StatusCode.NOT_FOUND:
            return NotFound(details)
        case grpc.StatusCode.ALREADY_EXISTS:
            return Conflict(details)
        case grpc.StatusCode.INVALID_ARGUMENT:
            return Invalid(_faults(error) or [Fault("$", details)])
        case grpc.StatusCode.FAILED_PRECONDITION:
            return Refused(details) if starting or _names_a_rule(error) else IllegalNow(details)
        case grpc.StatusCode.RESOURCE_EXHAUSTED:
            return LimitReached(details, retry_after_s=30)
        case grpc.StatusCode.UNAVAILABLE:
            return Unavailable("event_store" if _names_the_store(error) else "call_engine", details)
        case code:
            return Unavailable("call_engine", f"{code.name}: {details}")


def _names_a_rule(error: grpc.aio.AioRpcError) -> bool:
    """A guard refused it; a call that has ended is refused without a rule."""
    return bool(_details(error, error_details_pb2.ErrorInfo))


def _names_the_store(error: grpc.aio.AioRpcError) -> bool:
    """The engine is there, and says that its event store is not."""
    return any(info.reason == "EVENT_STORE" for info in _details(error, error_details_pb2.ErrorInfo))


def _faults(error: grpc.aio.AioRpcError) -> list[Fault]:
    violations = [violation for bad in _details(error, error_details_pb2.BadRequest) for violation in bad.field_violations]
    return [Fault(f"$.{violation.field}", violation.description) for violation in violations]


def _details(error: grpc.aio.AioRpcError, kind: Any) -> list[Any]:
    try:
        status = rpc_status.from_call(error)  # type: ignore[arg-type]
    except ValueError:
        return []
    found = []
    for packed in status.details if status is not None else ():
        message = kind()
        if packed.Is(kind.DESCRIPTOR) and packed.Unpack(message):
            found.append(message)
    return found


def _start_request(order: CallOrder) -> pb.StartCallRequest:
    request = pb.StartCallRequest(
        call_id=order.call_id, limits=pb.Limits(**order.limits), device=order.device, personal_data_key=order.personal_data_key,
        actor=order.actor, correlation_id=order.correlation_id, ring_early=order.ring_early, accept_callback=order.accept_callback,
        record_conversation=order.record_conversation,
    )  # fmt: skip
    if order.flow is not None:
        follow = request.plan.follow
        follow.flow.CopyFrom(_flow(order.flow))
        follow.intent = order.intent
        for name, content in order.audio_files.items():
            follow.audio_files[name] = content
        return request
    explore = request.plan.explore
    explore.phone_number, explore.intent = order.phone_number, order.intent
    explore.company, explore.language = order.company, order.language
    if order.known_flow is not None:
        explore.known_flow.CopyFrom(_flow(order.known_flow))
    return request


def _flow(flow: CallFlow) -> pb.CallFlow:
    message = pb.CallFlow(
        id=flow.id, name=flow.name, company=flow.company or "", phone_number=flow.phone_number or "",
        description=flow.description or "", version=flow.version,
    )  # fmt: skip
    for step in flow.steps:
        conditions = [pb.Condition(predicate=predicate, step_id=target) for predicate, target in step.conditions.items()]
        message.steps.append(
            pb.CallFlowStep(
                id=step.id, type=step.type.value, description=step.description, dtmf=step.dtmf, timeout_s=step.timeout,
                next_step=step.next_step, conditions=conditions, metadata_json=msgspec.json.encode(step.metadata),
            )
        )  # fmt: skip
    return message


def _call(message: pb.Call) -> EngineCall:
    return EngineCall(
        call_id=message.call_id, state=message.state, mode=message.mode, phone_number=message.phone_number, flow_id=message.flow_id,
        last_ordinal=message.last_ordinal, stored_ordinal=message.stored_ordinal, outcome=message.outcome, reason=message.reason,
        started_at=message.started_at, ended_at=message.ended_at, engine=message.engine,
    )  # fmt: skip


def _event(message: pb.CallEvent) -> WatchedEvent:
    metadata: dict[str, Any] = msgspec.json.decode(message.metadata_json) if message.metadata_json else {}
    return WatchedEvent(
        ordinal=message.ordinal, type=message.type, body=msgspec.json.decode(message.body_json),
        recorded_at=str(metadata.get("recorded_at", "")),
    )  # fmt: skip


def _meter(message: pb.Meter) -> Meter:
    return Meter(at_ms=message.at_ms, level_dbm0=message.level_dbm0, label=message.label, human_posterior=message.human_posterior)
