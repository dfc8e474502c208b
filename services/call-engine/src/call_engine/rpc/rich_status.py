"""Errors with details of the standard kinds (``google.rpc``), so that a client need not read prose."""

from __future__ import annotations

from typing import Any, NoReturn

import grpc
from google.protobuf import any_pb2
from google.protobuf.message import Message
from google.rpc import error_details_pb2, status_pb2
from grpc_status import rpc_status

from call_engine import errors
from call_engine.rpc.mapping import status_of

DOMAIN = "call-engine"
RETRY_S = 5


async def abort(context: grpc.aio.ServicerContext[Any, Any], error: errors.CallError) -> NoReturn:
    status = status_pb2.Status(code=status_of(error).value[0], message=f"{_prefix(error)}{error}", details=_details(error))
    await context.abort_with_status(rpc_status.to_status(status))  # type: ignore[attr-defined]
    raise AssertionError("abort returned")


def _prefix(error: errors.CallError) -> str:
    match error:
        case errors.CallNotFound():
            return "no such call: "
        case errors.CallMismatch():
            return "the call id is taken by another call: "
        case errors.Refused():
            return f"refused by rule {error.rule}: "
        case errors.EngineUnavailable():
            return f"{error.what}: "
        case _:
            return ""


def _details(error: errors.CallError) -> list[any_pb2.Any]:
    match error:
        case errors.BadRequest():
            violations = [error_details_pb2.BadRequest.FieldViolation(field=f, description=d) for f, d in error.faults]
            return [_packed(error_details_pb2.BadRequest(field_violations=violations))]
        case errors.Refused():
            return [_packed(error_details_pb2.ErrorInfo(reason=error.rule.upper(), domain=DOMAIN))]
        case errors.EngineUnavailable():
            retry = error_details_pb2.RetryInfo()
            retry.retry_delay.seconds = RETRY_S
            return [_packed(error_details_pb2.ErrorInfo(reason=error.what.upper(), domain=DOMAIN)), _packed(retry)]
        case _:
            return []


def _packed(message: Message) -> any_pb2.Any:
    packed = any_pb2.Any()
    packed.Pack(message)
    return packed
