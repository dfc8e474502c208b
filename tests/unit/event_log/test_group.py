"""Who gets which event, and what becomes of it."""

from __future__ import annotations

from event_log.node.groups.group import Group, Message
from event_log.node.groups.settings import GroupSettings
from hypothesis import given
from hypothesis import strategies as st


def settings(strategy: str = "DispatchToSingle", retries: int = 2, timeout_ms: int = 1000) -> GroupSettings:
    return GroupSettings(
        source="s",
        name="g",
        start=0,
        resolve_links=False,
        extra_statistics=False,
        max_retry_count=retries,
        min_checkpoint_count=1,
        max_checkpoint_count=10,
        checkpoint_after_ms=0,
        max_subscriber_count=2,
        live_buffer_size=500,
        read_batch_size=20,
        history_buffer_size=500,
        message_timeout_ms=timeout_ms,
        strategy=strategy,
    )


def message(place: int, pin: str = "") -> Message:
    return Message(str(place), place, b"", f"{place}@s", pin or str(place))


def group(strategy: str = "DispatchToSingle", consumers: int = 1, capacity: int = 10, events: int = 5) -> Group:
    made = Group(settings(strategy))
    for number in range(consumers):
        made.connect(number, capacity)
    made.offer([message(place) for place in range(events)], events - 1)
    return made


def given_out(made: Group, now_s: float = 0.0) -> list[tuple[int, str, int]]:
    return [(consumer, event.id, event.retry_count) for consumer, event in made.dispatch(now_s)]


def test_no_consumer_gets_more_than_it_has_room_for() -> None:
    made = group(capacity=2)
    assert given_out(made) == [(0, "0", 0), (0, "1", 0)]
    made.ack(0, ["0"])
    assert given_out(made) == [(0, "2", 0)]


def test_strategies() -> None:
    assert [c for c, *_ in given_out(group("RoundRobin", consumers=2))] == [0, 1, 0, 1, 0]
    assert [c for c, *_ in given_out(group("DispatchToSingle", consumers=2, capacity=3))] == [0, 0, 0, 1, 1]


def test_a_pinned_stream_stays_with_its_consumer() -> None:
    made = Group(settings("Pinned"))
    for number in range(2):
        made.connect(number, 1)
    made.offer([message(0, "x"), message(1, "x")], 1)
    ((consumer, event_id, _),) = given_out(made)  # the other consumer has room, and does not get it
    made.ack(consumer, [event_id])
    assert given_out(made) == [(consumer, "1", 0)]


def test_a_late_event_is_tried_again_and_then_parked() -> None:
    made = group(events=1)
    for attempt in range(3):
        assert given_out(made, now_s=attempt * 10.0) == [(0, "0", attempt)]
        made.time_out(attempt * 10.0 + 1.0)
    assert given_out(made) == []
    assert [event.id for event in made.parked] == ["0"]
    assert made.checkpoint == 0


def test_the_checkpoint_is_before_the_first_unsettled_event() -> None:
    made = group()
    given_out(made)
    assert made.checkpoint == -1
    made.ack(0, ["1", "2"])
    assert made.checkpoint == -1
    made.ack(0, ["0"])
    assert made.checkpoint == 2
    made.park(0, ["3"])
    made.ack(0, ["4"])
    assert made.checkpoint == 4


def test_a_group_takes_no_more_consumers_than_it_may() -> None:
    made = group(consumers=1)
    assert not made.is_full
    made.connect(5, 1)
    assert made.is_full


@given(st.lists(st.sampled_from(["ack", "retry", "leave", "join", "tick"]), max_size=60))
def test_every_event_is_settled_once(actions: list[str]) -> None:
    """Law: whatever consumers do, no event is with two of them, and in the end each was acknowledged once or parked once."""
    made = Group(settings("RoundRobin"))
    made.offer([message(place) for place in range(12)], 11)
    acked: list[str] = []
    now, number = 0.0, 0

    def ack_one(consumer_id: int) -> None:
        event_id = next(iter(made.consumers[consumer_id].in_flight))
        made.ack(consumer_id, [event_id])
        acked.append(event_id)

    for action in [*actions, "join"]:
        busy = [c.id for c in made.consumers.values() if c.in_flight]
        match action:
            case "join":
                number += 1
                made.connect(number, 3)
            case "leave" if made.consumers:
                made.disconnect(next(iter(made.consumers)))
            case "ack" if busy:
                ack_one(busy[0])
            case "retry" if busy:
                made.retry(busy[0], list(made.consumers[busy[0]].in_flight))
            case "tick":
                now += 2.0
                made.time_out(now)
        made.dispatch(now)
        out = [event_id for consumer in made.consumers.values() for event_id in consumer.in_flight]
        assert len(out) == len(set(out))
    while busy := [c.id for c in made.consumers.values() if c.in_flight]:
        ack_one(busy[0])
        made.dispatch(now)
    assert sorted([*acked, *(event.id for event in made.parked)], key=int) == [str(place) for place in range(12)]
    assert made.checkpoint == 11
