"""The answers to appends, in the two forms of the protocol."""

from __future__ import annotations

from typing import Any

from esdbclient.protos.Grpc import code_pb2, shared_pb2, status_pb2, streams_pb2
from google.protobuf import any_pb2

from event_log.node.expectation import ANY, EXISTS, NO_STREAM, Deleted, WrongRevision
from event_log.node.requests import AppendTooLarge, InvalidRequest
from event_log.node.writes import Outcome, TooLate, Written


def position(kind: Any, written: Written) -> Any:
    return kind(commit_position=written.position or 0, prepare_position=written.position or 0)


def success(written: Written) -> Any:
    answer = streams_pb2.AppendResp()
    success = answer.success
    if written.revision < 0:
        success.no_stream.SetInParent()
    else:
        success.current_revision = written.revision
    if written.position is None:
        success.no_position.SetInParent()
    else:
        success.position.CopyFrom(position(streams_pb2.AppendResp.Position, written))
    return answer


def wrong_revision(expected: int, actual: int) -> Any:
    answer = streams_pb2.AppendResp()
    wrong = answer.wrong_expected_version
    if actual < 0:
        wrong.current_no_stream.SetInParent()
        wrong.no_stream_20_6_0.SetInParent()
    else:
        wrong.current_revision = wrong.current_revision_20_6_0 = actual
    match expected:
        case n if n == ANY:
            wrong.expected_any.SetInParent()
            wrong.any_20_6_0.SetInParent()
        case n if n == EXISTS:
            wrong.expected_stream_exists.SetInParent()
            wrong.stream_exists_20_6_0.SetInParent()
        case n if n == NO_STREAM:
            wrong.expected_no_stream.SetInParent()
        case _:
            wrong.expected_revision = wrong.expected_revision_20_6_0 = expected
    return answer


def batch(correlation_id: Any, stream: str, expected: int, outcome: Outcome | InvalidRequest) -> Any:
    answer = streams_pb2.BatchAppendResp(
        correlation_id=correlation_id, stream_identifier=shared_pb2.StreamIdentifier(stream_name=stream.encode())
    )
    match expected:
        case n if n >= 0:
            answer.stream_position = expected
        case n:
            name = {ANY: "any", EXISTS: "stream_exists", NO_STREAM: "no_stream"}[n]
            getattr(answer, name).SetInParent()
    if isinstance(outcome, Written):
        _fill_batch_success(answer.success, outcome)
    else:
        answer.error.CopyFrom(_batch_error(stream, expected, outcome))
    return answer


def _fill_batch_success(success: Any, written: Written) -> None:
    if written.revision < 0:
        success.no_stream.SetInParent()
    else:
        success.current_revision = written.revision
    if written.position is None:
        success.no_position.SetInParent()
    else:
        success.position.CopyFrom(position(shared_pb2.AllStreamPosition, written))


def _batch_error(stream: str, expected: int, outcome: Outcome | InvalidRequest) -> Any:
    match outcome:
        case WrongRevision(actual):
            return _status(code_pb2.ALREADY_EXISTS, "WrongExpectedVersion", _wrong(expected, actual))
        case Deleted():
            gone = shared_pb2.StreamDeleted(stream_identifier=shared_pb2.StreamIdentifier(stream_name=stream.encode()))
            return _status(code_pb2.NOT_FOUND, f"Event stream '{stream}' is deleted.", gone)
        case TooLate():
            return _status(code_pb2.DEADLINE_EXCEEDED, "Timeout", shared_pb2.Timeout())
        case AppendTooLarge(bytes_max=bytes_max):
            return _status(code_pb2.INVALID_ARGUMENT, outcome.text, shared_pb2.MaximumAppendSizeExceeded(maxAppendSize=bytes_max))
        case InvalidRequest(text=text):
            return _status(code_pb2.INVALID_ARGUMENT, text, shared_pb2.BadRequest(message=text))
        case _:
            return _status(code_pb2.UNKNOWN, "Unknown", shared_pb2.Unknown())


def _wrong(expected: int, actual: int) -> Any:
    wrong = shared_pb2.WrongExpectedVersion()
    if actual < 0:
        wrong.current_no_stream.SetInParent()
    else:
        wrong.current_stream_revision = actual
    if expected >= 0:
        wrong.expected_stream_position = expected
    else:
        name = {ANY: "expected_any", EXISTS: "expected_stream_exists", NO_STREAM: "expected_no_stream"}[expected]
        getattr(wrong, name).SetInParent()
    return wrong


def _status(code: Any, text: str, details: Any) -> Any:
    packed = any_pb2.Any()
    packed.Pack(details)
    return status_pb2.Status(code=code, message=text, details=packed)
