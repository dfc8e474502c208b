"""Bytes made by hand are the bytes protobuf would make, or read."""

from __future__ import annotations

import random
import uuid

from esdbclient.protos.Grpc import shared_pb2, streams_pb2
from event_log.node import stream_metadata, wire
from event_log.node.filters import Filter, matcher
from event_log.node.wal import checksum
from hypothesis import given
from hypothesis import strategies as st

NUMBERS = st.integers(0, (1 << 63) - 1)


@given(st.uuids(), st.text(min_size=1, max_size=20), st.binary(max_size=300), NUMBERS, NUMBERS, NUMBERS)
def test_a_stored_event_reads_as_what_it_is(
    event_id: uuid.UUID, stream: str, data: bytes, revision: int, position: int, ticks: int
) -> None:
    known = wire.content(str(event_id), stream, "Kind", "application/json", b"meta", data)
    answer = streams_pb2.ReadResp.FromString(wire.read_response(wire.stored(known, revision, position, wire.created(ticks))))
    event = answer.event.event
    assert (event.id.string, event.stream_identifier.stream_name.decode()) == (str(event_id), stream)
    assert (event.stream_revision, event.commit_position, event.prepare_position) == (revision, position, position)
    assert dict(event.metadata) == {"type": "Kind", "content-type": "application/json", "created": str(ticks)}
    assert (event.data, event.custom_metadata, answer.event.commit_position) == (data, b"meta", position)


@given(st.uuids())
def test_ids_in_both_forms(event_id: uuid.UUID) -> None:
    assert wire.uuid_of(wire.structured(str(event_id))) == event_id
    assert wire.uuid_of(shared_pb2.UUID(string=str(event_id))) == event_id


def test_metadata_that_makes_no_sense_is_none() -> None:
    for data in (b"", b"no json", b"[]", b'{"$maxCount": 0, "$maxAge": "x", "$tb": -1}', b'{"$maxCount": true}'):
        assert stream_metadata.parse(data) == stream_metadata.NOTHING


def test_a_prefix_is_no_pattern() -> None:
    by_prefix, by_pattern = Filter(matcher("", ("a.",)), by_stream=True), Filter(matcher("a.", ()), by_stream=True)
    assert [by_prefix.wanted(name, "") for name in ("a.x", "abc")] == [True, False]
    assert [by_pattern.wanted(name, "") for name in ("xabc", "b")] == [True, False]


def test_bookkeeping_of_subscriptions_to_all_is_hidden() -> None:
    everything = Filter()
    assert not everything.wanted("$persistentsubscription-$all::g-checkpoint", "$SubscriptionCheckpoint")
    assert everything.wanted("$persistentsubscription-s::g-checkpoint", "$SubscriptionCheckpoint")


def test_the_checksum_of_the_write_ahead_log_sees_any_flipped_bit() -> None:
    chance = random.Random(1)
    data = bytearray(chance.randbytes(64))
    before = checksum("<", bytes(data))
    for bit in range(64 * 8):
        data[bit // 8] ^= 1 << bit % 8
        assert checksum("<", bytes(data)) != before
        data[bit // 8] ^= 1 << bit % 8
