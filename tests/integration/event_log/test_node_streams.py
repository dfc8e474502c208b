"""The embedded node as the stock client sees it: appends, reads, deletions, metadata, links."""

from __future__ import annotations

import json
import uuid
from itertools import islice

import pytest
from esdbclient import EventStoreDBClient, NewEvent, StreamState, exceptions

EXISTS, ANY, NO_STREAM = StreamState.EXISTS, StreamState.ANY, StreamState.NO_STREAM


def name() -> str:
    return f"thing-{uuid.uuid4().hex}"


def new(number: int = 0, kind: str = "Happened", **more: object) -> NewEvent:
    return NewEvent(type=kind, data=b'{"n":%d}' % number, **more)  # type: ignore[arg-type]


def numbers(events: object) -> list[int]:
    return [json.loads(event.data)["n"] for event in events]  # type: ignore[attr-defined]


@pytest.mark.parametrize("as_list", [True, False])
def test_both_ways_to_append(client: EventStoreDBClient, as_list: bool) -> None:
    stream, event = name(), new(1, content_type="application/octet-stream", metadata=b"\x00raw")
    client.append_to_stream(stream, current_version=NO_STREAM, events=[event] if as_list else event)
    (there,) = client.get_stream(stream)
    assert (there.id, there.type, there.data, there.metadata) == (event.id, event.type, event.data, event.metadata)
    assert there.content_type == "application/octet-stream"
    assert there.recorded_at is not None
    with pytest.raises(exceptions.WrongCurrentVersion, match="last event is 0 not 5"):
        client.append_to_stream(stream, current_version=5, events=[new()] if as_list else new())
    with pytest.raises(exceptions.WrongCurrentVersion, match="does not exist"):
        client.append_to_stream(name(), current_version=EXISTS, events=[new()] if as_list else new())


def test_an_append_too_large_is_refused_whole(client: EventStoreDBClient) -> None:
    stream = name()
    with pytest.raises(exceptions.MaximumAppendSizeExceededError, match="1048576"):
        client.append_to_stream(stream, current_version=ANY, events=[NewEvent(type="Big", data=b"1" * (1 << 19)) for _ in range(3)])
    assert client.get_current_version(stream) is NO_STREAM


def test_a_deleted_stream_is_hidden_until_it_is_written_to_again(client: EventStoreDBClient) -> None:
    stream = name()
    with pytest.raises(exceptions.NotFound):
        client.delete_stream(stream, current_version=ANY)
    client.append_to_stream(stream, current_version=NO_STREAM, events=[new(0), new(1)])
    with pytest.raises(exceptions.WrongCurrentVersion):
        client.delete_stream(stream, current_version=7)
    client.delete_stream(stream, current_version=1)
    with pytest.raises(exceptions.NotFound):
        client.get_stream(stream)
    assert client.get_stream_metadata(stream)[0] == {"$tb": (1 << 63) - 1}
    with pytest.raises(exceptions.StreamIsDeleted):
        client.append_to_stream(stream, current_version=EXISTS, events=[new(9)])
    with pytest.raises(exceptions.StreamIsDeleted):
        client.delete_stream(stream, current_version=EXISTS)
    client.delete_stream(stream, current_version=ANY)
    client.append_to_stream(stream, current_version=NO_STREAM, events=[new(2)])
    assert [(e.stream_position, *numbers([e])) for e in client.get_stream(stream)] == [(2, 2)]
    assert client.get_stream_metadata(stream)[0] == {"$tb": 2}


def test_metadata_brings_a_deleted_stream_back_without_its_events(client: EventStoreDBClient) -> None:
    stream = name()
    client.append_to_stream(stream, current_version=NO_STREAM, events=[new(0), new(1)])
    client.delete_stream(stream, current_version=ANY)
    client.set_stream_metadata(stream, metadata={"owner": "me"})
    assert client.get_stream_metadata(stream)[0] == {"owner": "me", "$tb": 2}
    assert client.get_stream(stream) == ()


def test_a_tombstone_is_for_ever(client: EventStoreDBClient) -> None:
    stream = name()
    client.append_to_stream(stream, current_version=NO_STREAM, events=[new()])
    with pytest.raises(exceptions.WrongCurrentVersion):
        client.tombstone_stream(stream, current_version=3)
    with pytest.raises(exceptions.NotFound):
        client.tombstone_stream(name(), current_version=EXISTS)
    client.tombstone_stream(stream, current_version=0)
    for attempt in (
        lambda: client.get_stream(stream),
        lambda: client.append_to_stream(stream, current_version=ANY, events=[new()]),
        lambda: client.delete_stream(stream, current_version=ANY),
        lambda: client.tombstone_stream(stream, current_version=ANY),
        lambda: client.get_stream_metadata(stream),
        lambda: next(client.subscribe_to_stream(stream)),
    ):
        with pytest.raises(exceptions.StreamIsDeleted):
            attempt()
    client.set_stream_metadata(stream, metadata={})
    client.tombstone_stream(name(), current_version=NO_STREAM)


def test_metadata_limits_what_is_seen(client: EventStoreDBClient) -> None:
    stream = name()
    client.append_to_stream(stream, current_version=NO_STREAM, events=[new(n) for n in range(10)])
    client.set_stream_metadata(stream, metadata={"$maxCount": 4, "mine": [1]}, current_version=NO_STREAM)
    assert numbers(client.get_stream(stream)) == [6, 7, 8, 9]
    assert numbers(client.get_stream(stream, backwards=True)) == [9, 8, 7, 6]
    assert client.get_stream_metadata(stream) == ({"$maxCount": 4, "mine": [1]}, 0)
    client.set_stream_metadata(stream, metadata={"$tb": 8}, current_version=0)
    assert numbers(client.get_stream(stream)) == [8, 9]
    with pytest.raises(exceptions.WrongCurrentVersion):
        client.set_stream_metadata(stream, metadata={}, current_version=0)
    client.set_stream_metadata(stream, metadata={"$maxAge": 3600})
    assert numbers(client.get_stream(stream)) == list(range(10))
    client.append_to_stream(f"$${stream}", current_version=ANY, events=[NewEvent(type="$metadata", data=b"no json")])
    assert numbers(client.get_stream(stream)) == list(range(10))


def test_links_are_followed_where_asked(client: EventStoreDBClient) -> None:
    stream, links = name(), name()
    client.append_to_stream(stream, current_version=NO_STREAM, events=[new(0), new(1)])
    pointers = [NewEvent(type="$>", data=f"{n}@{target}".encode()) for n, target in ((1, stream), (0, stream), (0, name()))]
    client.append_to_stream(links, current_version=NO_STREAM, events=pointers)
    followed = client.get_stream(links, resolve_links=True)
    assert numbers(followed) == [1, 0]
    assert [(e.stream_name, e.link.stream_name, e.link.stream_position) for e in followed if e.link] == [
        (stream, links, 0),
        (stream, links, 1),
    ]
    assert [e.type for e in client.get_stream(links)] == ["$>"] * 3


def test_all_begins_with_a_system_event_and_filters_by_type(client: EventStoreDBClient) -> None:
    stream = name()
    client.append_to_stream(stream, current_version=NO_STREAM, events=[new(0, "Red"), new(1, "Blue"), new(2, "Redder")])
    assert next(iter(client.read_all(filter_exclude=[]))).type.startswith("$")
    start = client.get_stream(stream)[0].commit_position
    assert start is not None
    assert numbers(client.read_all(commit_position=start, filter_include=["Red"])) == [0]
    assert numbers(client.read_all(commit_position=start, filter_include=["Red.*"])) == [0, 2]
    assert numbers(client.read_all(commit_position=start, filter_exclude=["Red"])) == [1, 2]
    back = client.read_all(backwards=True, filter_by_stream_name=True, filter_include=[stream], limit=2)
    assert numbers(back) == [2, 1]
    with pytest.raises(exceptions.GrpcError):
        list(client.read_all(filter_include=["("]))


def test_checkpoints_come_every_so_many_events_and_never_twice(client: EventStoreDBClient) -> None:
    stream = name()
    position = client.append_to_stream(stream, current_version=NO_STREAM, events=[new()])
    client.append_to_stream(stream, current_version=0, events=[new(n) for n in range(60)])
    head = client.get_commit_position(filter_exclude=[])
    with client.subscribe_to_all(
        commit_position=position,
        filter_include=["Never"],
        include_checkpoints=True,
        include_caught_up=True,
        window_size=5,
        checkpoint_interval_multiplier=5,
    ) as subscription:
        seen = list(islice(subscription, 4))
    assert [e.is_checkpoint for e in seen] == [True, True, True, False]
    places = [e.commit_position for e in seen[:3]]
    assert places == sorted(set(places))
    assert places[-1] == head


def test_a_subscription_from_the_end_sees_new_events_only(client: EventStoreDBClient) -> None:
    stream = name()
    client.append_to_stream(stream, current_version=NO_STREAM, events=[new(0)])
    with client.subscribe_to_stream(stream, from_end=True) as of_stream, client.subscribe_to_all(from_end=True) as of_all:
        client.append_to_stream(stream, current_version=0, events=[new(1)])
        assert numbers([next(of_stream), next(of_all)]) == [1, 1]


def test_a_deadline_that_has_passed_writes_nothing(client: EventStoreDBClient) -> None:
    stream = name()
    with pytest.raises(exceptions.DeadlineExceeded):
        client.append_to_stream(stream, current_version=ANY, events=[new()], timeout=0)
    assert client.get_current_version(stream) is NO_STREAM


def test_gossip_of_one_leader(client: EventStoreDBClient, node_uri: str) -> None:
    (member,) = client.read_gossip()
    assert member.state == "NODE_STATE_LEADER"
    address = node_uri.removeprefix("esdb://").partition("?")[0]
    discovering = EventStoreDBClient(f"esdb+discover://{address}?Tls=false")
    assert discovering.get_commit_position(filter_exclude=[]) > 0
    discovering.close()


def test_what_it_does_not_do_it_says(client: EventStoreDBClient) -> None:
    with pytest.raises(exceptions.GrpcError, match="UNIMPLEMENTED"):
        client.get_projection_statistics(name="none")
