"""Persistent subscriptions of the embedded node, as the stock client sees them."""

from __future__ import annotations

import asyncio
import json
import uuid
from itertools import islice
from pathlib import Path

import pytest
from esdbclient import AsyncEventStoreDBClient, EventStoreDBClient, NewEvent, StreamState, exceptions

from tests.support.event_store import start_node

ANY = StreamState.ANY


def name() -> str:
    return f"work-{uuid.uuid4().hex}"


def add(client: EventStoreDBClient, stream: str, *numbers: int) -> None:
    client.append_to_stream(stream, current_version=ANY, events=[NewEvent(type="Job", data=b'{"n":%d}' % n) for n in numbers])


def number(event: object) -> int:
    return int(json.loads(event.data)["n"])  # type: ignore[attr-defined]


def take(subscription: object, count: int) -> list[int]:
    """Receive and settle."""
    taken = []
    for event in islice(subscription, count):  # type: ignore[call-overload]
        subscription.ack(event)  # type: ignore[attr-defined]
        taken.append(number(event))
    return taken


def test_events_since_the_creation_are_delivered(client: EventStoreDBClient) -> None:
    stream = name()
    add(client, stream, 0, 1)
    client.create_subscription_to_stream("from-start", stream)
    client.create_subscription_to_stream("from-end", stream, from_end=True)
    client.create_subscription_to_stream("from-one", stream, stream_position=1)
    add(client, stream, 2)
    for group, expected in (("from-start", [0, 1, 2]), ("from-end", [2]), ("from-one", [1, 2])):
        with client.read_subscription_to_stream(group, stream) as subscription:
            assert subscription.subscription_id == f"{stream}::{group}"
            assert take(subscription, len(expected)) == expected


def test_of_all_with_a_filter(client: EventStoreDBClient) -> None:
    stream, group = name(), name()
    client.create_subscription_to_all(group, from_end=True, filter_include=[f"(?:{stream})"], filter_by_stream_name=True)
    add(client, name(), 7)
    add(client, stream, 1, 2)
    with client.read_subscription_to_all(group) as subscription:
        assert take(subscription, 2) == [1, 2]
    assert client.get_subscription_info(group).start_from == "C:-1/P:-1"


def test_a_group_is_made_once_and_can_be_removed(client: EventStoreDBClient) -> None:
    stream = name()
    with pytest.raises(exceptions.NotFound):
        client.get_subscription_info("g", stream)
    assert client.list_subscriptions_to_stream(stream) == []
    client.create_subscription_to_stream("g", stream, max_subscriber_count=1)
    with pytest.raises(exceptions.AlreadyExists):
        client.create_subscription_to_stream("g", stream)
    with pytest.raises(exceptions.InternalError):
        client.create_subscription_to_stream("h", stream, read_batch_size=500, history_buffer_size=10)
    info = client.get_subscription_info("g", stream)
    assert (info.event_source, info.group_name, info.consumer_strategy, info.max_subscriber_count) == (stream, "g", "DispatchToSingle", 1)
    with client.read_subscription_to_stream("g", stream), pytest.raises(exceptions.MaximumSubscriptionsReached):
        client.read_subscription_to_stream("g", stream)
    client.update_subscription_to_stream("g", stream, max_retry_count=3)
    assert client.get_subscription_info("g", stream).max_retry_count == 3
    assert [i.group_name for i in client.list_subscriptions_to_stream(stream)] == ["g"]
    assert (stream, "g") in [(i.event_source, i.group_name) for i in client.list_subscriptions()]
    subscription = client.read_subscription_to_stream("g", stream)
    client.delete_subscription("g", stream)
    with pytest.raises(exceptions.NotFound):
        next(subscription)
    with pytest.raises(exceptions.NotFound):
        client.read_subscription_to_stream("g", stream)


def test_refused_events_are_tried_again_then_parked_then_replayed(client: EventStoreDBClient) -> None:
    stream = name()
    add(client, stream, 0)
    client.create_subscription_to_stream("g", stream, max_retry_count=1)
    with client.read_subscription_to_stream("g", stream, max_ack_delay=0.01) as subscription:
        first = next(subscription)
        subscription.nack(first, "retry")
        again = next(subscription)
        assert (number(again), first.retry_count, again.retry_count) == (0, 0, 1)
        subscription.nack(again, "retry")
        add(client, stream, 1)
        assert take(subscription, 1) == [1]
        with client.subscribe_to_stream(f"$persistentsubscription-{stream}::g-parked") as parked:
            assert next(parked).data == f"0@{stream}".encode()
        assert client.get_subscription_info("g", stream).parked_message_count == 1
        client.replay_parked_events("g", stream)
        assert take(subscription, 1) == [0]
    assert client.get_subscription_info("g", stream).parked_message_count == 0
    with pytest.raises(exceptions.NotFound):
        client.replay_parked_events("other", stream)


def test_a_consumer_may_park_or_skip_an_event_at_once(client: EventStoreDBClient) -> None:
    stream = name()
    add(client, stream, 0, 1, 2)
    client.create_subscription_to_stream("g", stream)
    with client.read_subscription_to_stream("g", stream, max_ack_delay=0.01) as subscription:
        for action in ("park", "skip", "ack"):
            event = next(subscription)
            subscription.ack(event) if action == "ack" else subscription.nack(event, action)
        add(client, stream, 3)
        assert take(subscription, 1) == [3]
        with client.subscribe_to_stream(f"$persistentsubscription-{stream}::g-parked") as parked:
            assert next(parked).data == f"0@{stream}".encode()  # answers are sent in their own time
        client.replay_parked_events("g", stream)
        assert take(subscription, 1) == [0]


def test_what_a_consumer_leaves_the_next_one_gets_in_order(client: EventStoreDBClient) -> None:
    stream = name()
    add(client, stream, *range(6))
    client.create_subscription_to_stream("g", stream)
    with client.read_subscription_to_stream("g", stream, max_ack_delay=0.01) as subscription:
        events = list(islice(subscription, 6))
        subscription.ack(events[0])
        subscription.ack(events[2])
    with client.read_subscription_to_stream("g", stream) as subscription:
        assert take(subscription, 4) == [1, 3, 4, 5]


def test_the_slow_lose_an_event_to_the_next_attempt(client: EventStoreDBClient) -> None:
    stream = name()
    add(client, stream, 0)
    client.create_subscription_to_stream("g", stream, message_timeout=0.1)
    with client.read_subscription_to_stream("g", stream) as subscription:
        assert [event.retry_count for event in islice(subscription, 2)] == [0, 1]


def test_consumers_take_turns(client: EventStoreDBClient) -> None:
    stream = name()
    client.create_subscription_to_stream("g", stream, consumer_strategy="RoundRobin")
    with client.read_subscription_to_stream("g", stream) as one, client.read_subscription_to_stream("g", stream) as two:
        add(client, stream, *range(4))
        assert (take(one, 2), take(two, 2)) == ([0, 2], [1, 3])


def test_links_are_acknowledged_by_their_own_id(client: EventStoreDBClient) -> None:
    stream, links = name(), name()
    add(client, stream, 5)
    client.append_to_stream(links, current_version=ANY, events=[NewEvent(type="$>", data=f"0@{stream}".encode())])
    client.create_subscription_to_stream("g", links, resolve_links=True)
    with client.read_subscription_to_stream("g", links, max_ack_delay=0.01) as subscription:
        event = next(subscription)
        assert (number(event), event.link is not None) == (5, True)
        subscription.ack(event)


async def test_the_asynchronous_client(node_uri: str) -> None:
    stream = name()
    client = AsyncEventStoreDBClient(node_uri)
    await client.connect()
    await client.append_to_stream(stream, current_version=ANY, events=[NewEvent(type="Job", data=b'{"n":%d}' % n) for n in range(3)])
    await client.create_subscription_to_stream("g", stream)
    async with await client.read_subscription_to_stream("g", stream, max_ack_delay=0.01) as subscription:
        taken = []
        async for event in subscription:
            if number(event) == 1 and event.retry_count == 0:
                await subscription.nack(event, "retry")
                continue
            await subscription.ack(event)
            taken.append(number(event))
            if len(taken) == 3:
                break
    assert sorted(taken) == [0, 1, 2]
    await client.delete_subscription("g", stream)
    await client.close()


async def test_a_group_survives_a_restart_at_its_checkpoint(tmp_path: Path) -> None:
    node = await start_node(tmp_path / "events.db")

    def work_until(count: int) -> list[int]:
        client = EventStoreDBClient(node.uri)
        with client.read_subscription_to_stream("g", "jobs", max_ack_delay=0.01) as subscription:
            taken = take(subscription, count)
            with client.subscribe_to_stream("$persistentsubscription-jobs::g-checkpoint") as checkpoints:
                next(checkpoints)
        client.close()
        return taken

    def prepare() -> None:
        client = EventStoreDBClient(node.uri)
        add(client, "jobs", *range(6))
        client.create_subscription_to_stream("g", "jobs", min_checkpoint_count=1, max_checkpoint_count=1)
        client.close()

    await asyncio.to_thread(prepare)
    first = await asyncio.to_thread(work_until, 3)
    node.kill()
    node = await node.restart()
    second = await asyncio.to_thread(work_until, 2)
    assert first == [0, 1, 2]
    assert second[-1] > first[-1]  # what was settled just before the crash may come again, what was not must come
    assert second == list(range(second[0], second[0] + 2))
    assert second[0] <= 3
    await node.stop()
