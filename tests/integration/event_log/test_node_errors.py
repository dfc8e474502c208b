"""How the node says no: status, text and trailing metadata. Python's client reads the first two, the others the last."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import grpc
import pytest
from esdbclient import EventStoreDBClient, NewEvent, StreamState
from esdbclient.protos.Grpc import persistent_pb2, persistent_pb2_grpc, shared_pb2, streams_pb2, streams_pb2_grpc


@pytest.fixture(scope="module")
def channel(node_uri: str) -> Iterator[grpc.Channel]:
    with grpc.insecure_channel(node_uri.removeprefix("esdb://").partition("?")[0]) as channel:
        yield channel


@pytest.fixture(scope="module")
def streams(channel: grpc.Channel) -> Any:
    return streams_pb2_grpc.StreamsStub(channel)  # type: ignore[no-untyped-call]


def identifier(stream: str) -> Any:
    return shared_pb2.StreamIdentifier(stream_name=stream.encode())


def refusal(call: Any) -> tuple[grpc.StatusCode, str, dict[str, str]]:
    with pytest.raises(grpc.RpcError) as caught:
        list(call())
    error: Any = caught.value
    return error.code(), error.details(), {key: value for key, value in error.trailing_metadata() if not key.startswith("grpc")}


def proposed(data: bytes = b"{}", **metadata: str) -> Any:
    return streams_pb2.AppendReq.ProposedMessage(id=shared_pb2.UUID(string=str(uuid.uuid4())), metadata=metadata, data=data)


def append(stream: str, *messages: Any) -> Iterator[Any]:
    options = streams_pb2.AppendReq.Options(stream_identifier=identifier(stream))
    options.any.SetInParent()
    yield streams_pb2.AppendReq(options=options)
    for message in messages:
        yield streams_pb2.AppendReq(proposed_message=message)


def test_a_wrong_version(client: EventStoreDBClient, streams: Any) -> None:
    client.append_to_stream("wrong", current_version=StreamState.ANY, events=[NewEvent(type="T", data=b"{}")])
    request = streams_pb2.DeleteReq(options=streams_pb2.DeleteReq.Options(stream_identifier=identifier("wrong"), revision=7))
    assert refusal(lambda: streams.Delete(request)) == (
        grpc.StatusCode.FAILED_PRECONDITION,
        "Delete failed due to WrongExpectedVersion. Stream: wrong, Expected version: 7, Actual version: 0",
        {"exception": "wrong-expected-version", "stream-name": "wrong", "expected-version": "7", "actual-version": "0"},
    )


def test_a_stream_that_is_gone(client: EventStoreDBClient, streams: Any) -> None:
    client.tombstone_stream("gone", current_version=StreamState.ANY)
    options = streams_pb2.ReadReq.Options(count=1)
    options.stream.stream_identifier.CopyFrom(identifier("gone"))
    options.stream.start.SetInParent()
    expected = (
        grpc.StatusCode.FAILED_PRECONDITION,
        "Event stream 'gone' is deleted.",
        {"exception": "stream-deleted", "stream-name": "gone"},
    )
    assert refusal(lambda: streams.Read(streams_pb2.ReadReq(options=options))) == expected
    assert refusal(lambda: streams.Append(append("gone", proposed(type="T", **{"content-type": "application/json"})))) == expected


def test_an_append_that_cannot_be(streams: Any) -> None:
    code, _, facts = refusal(lambda: streams.Append(append("large", proposed(b"x" * 2_000_000, type="T", **{"content-type": "x"}))))
    assert code is grpc.StatusCode.INVALID_ARGUMENT
    assert facts == {"exception": "maximum-append-size-exceeded", "maximum-append-size": str(1 << 20)}
    code, text, facts = refusal(lambda: streams.Append(append("typeless", proposed(**{"content-type": "x"}))))
    assert (code, text) == (grpc.StatusCode.INVALID_ARGUMENT, "Required metadata property 'type' is missing.")
    assert facts == {"exception": "missing-required-metadata-property"}
    for name in ("", "$$"):
        assert refusal(lambda name=name: streams.Append(append(name)))[0] is grpc.StatusCode.INVALID_ARGUMENT


def test_a_group_that_is_not_there(channel: grpc.Channel) -> None:
    groups = persistent_pb2_grpc.PersistentSubscriptionsStub(channel)  # type: ignore[no-untyped-call]
    request = persistent_pb2.GetInfoReq(options=persistent_pb2.GetInfoReq.Options(stream_identifier=identifier("s"), group_name="g"))
    code, text, facts = refusal(lambda: groups.GetInfo(request))
    assert (code, text) == (grpc.StatusCode.NOT_FOUND, "Subscription group g on stream s does not exist.")
    assert facts == {"exception": "persistent-subscription-does-not-exist", "stream-name": "s", "group-name": "g"}


@pytest.mark.parametrize(
    "service", ["projections.Projections/Statistics", "users.Users/Create", "operations.Operations/Shutdown", "no.Such/Thing"]
)
def test_the_rest_is_not_implemented(channel: grpc.Channel, service: str) -> None:
    assert refusal(lambda: channel.unary_unary(f"/event_store.client.{service}")(b""))[0] is grpc.StatusCode.UNIMPLEMENTED


def test_what_it_can_do(channel: grpc.Channel) -> None:
    features = channel.unary_unary("/event_store.client.server_features.ServerFeatures/GetSupportedMethods")(b"")
    for known in (b"24.10.0", b"event_store.client.streams.streams", b"batchappend", b"deadline_duration"):
        assert known in features
