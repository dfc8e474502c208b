"""Who gets which event, and what becomes of it: the rules of a group, as a machine that is fed and asked. Times are in seconds."""

from __future__ import annotations

import zlib
from collections import deque
from collections.abc import Iterable

import msgspec

from event_log.node.groups.settings import GroupSettings

REORDER_MAX = 64  # how far a full pinned consumer is passed over


class Message(msgspec.Struct, frozen=True):
    """``place``: revision or position in the source; None of a replayed one. ``pin``: what pinning strategies go by."""

    id: str
    place: int | None
    read_event: bytes
    reference: str  # "{revision}@{stream}", as a link has it
    pin: str
    retry_count: int = 0


class Consumer(msgspec.Struct):
    """``in_flight``: delivered and not yet settled, with the time by which it has to be."""

    id: int
    capacity: int
    in_flight: dict[str, tuple[Message, float]] = {}

    @property
    def has_room(self) -> bool:
        return len(self.in_flight) < self.capacity


class Group:
    """``parked`` collects what is to be written to the parked stream; whoever drives the group takes it from there."""

    def __init__(self, settings: GroupSettings) -> None:
        self._settings = settings
        self.consumers: dict[int, Consumer] = {}
        self.parked: list[Message] = []
        self.settled_count = self.settled_total = 0  # since the last checkpoint, and ever
        self._retries: deque[Message] = deque()
        self._buffer: deque[Message] = deque()
        self._unsettled: set[int] = set()
        self._read_to: int | None = None
        self._turn = 0

    @property
    def is_full(self) -> bool:
        """Of Connect: no consumer more."""
        return 0 < self._settings.max_subscriber_count <= len(self.consumers)

    @property
    def wants_more(self) -> bool:
        return bool(self.consumers) and len(self._buffer) < max(1, self._settings.history_buffer_size - self._settings.read_batch_size)

    @property
    def buffered_count(self) -> int:
        return len(self._buffer)

    @property
    def retry_count(self) -> int:
        return len(self._retries)

    @property
    def in_flight_count(self) -> int:
        return sum(len(consumer.in_flight) for consumer in self.consumers.values())

    @property
    def checkpoint(self) -> int | None:
        """The last place before which, and with which, everything is settled."""
        if self._read_to is None:
            return None
        return min(self._unsettled) - 1 if self._unsettled else self._read_to

    def connect(self, consumer_id: int, capacity: int) -> None:
        self.consumers[consumer_id] = Consumer(consumer_id, max(1, capacity))

    def disconnect(self, consumer_id: int) -> None:
        """What it had goes to others, in the order of the source."""
        if (consumer := self.consumers.pop(consumer_id, None)) is not None:
            self._again(message for message, _ in consumer.in_flight.values())

    def offer(self, messages: Iterable[Message], read_to: int) -> None:
        """Events of the source in order, and how far it has been read (events that were filtered out included)."""
        for message in messages:
            self._buffer.append(message)
            if message.place is not None:
                self._unsettled.add(message.place)
        self._read_to = read_to

    def replay(self, messages: Iterable[Message]) -> None:
        """Parked events, before new ones."""
        self._retries.extend(messages)

    def dispatch(self, now_s: float) -> list[tuple[int, Message]]:
        """What goes to whom, as far as there is room."""
        deadline_s = now_s + self._settings.message_timeout_ms / 1000 if self._settings.message_timeout_ms > 0 else float("inf")
        given: list[tuple[int, Message]] = []
        for waiting in (self._retries, self._buffer):
            passed_over: list[Message] = []
            while waiting and len(passed_over) < REORDER_MAX and any(c.has_room for c in self.consumers.values()):
                message = waiting.popleft()
                if (consumer := self._choose(message)) is None:
                    passed_over.append(message)
                    continue
                consumer.in_flight[message.id] = message, deadline_s
                given.append((consumer.id, message))
            waiting.extendleft(reversed(passed_over))
        return given

    def ack(self, consumer_id: int, ids: Iterable[str]) -> None:
        for message in self._taken(consumer_id, ids):
            self._settle(message)

    def retry(self, consumer_id: int, ids: Iterable[str]) -> None:
        self._retry_or_park(self._taken(consumer_id, ids))

    def park(self, consumer_id: int, ids: Iterable[str]) -> None:
        for message in self._taken(consumer_id, ids):
            self._park(message)

    def time_out(self, now_s: float) -> None:
        """Take back what was not settled in time."""
        for consumer in self.consumers.values():
            late = [event_id for event_id, (_, deadline_s) in consumer.in_flight.items() if deadline_s <= now_s]
            self._retry_or_park(self._taken(consumer.id, late))

    def _retry_or_park(self, messages: list[Message]) -> None:
        keep = [message for message in messages if message.retry_count < self._settings.max_retry_count]
        for message in messages:
            if message.retry_count >= self._settings.max_retry_count:
                self._park(message)
        self._again(msgspec.structs.replace(message, retry_count=message.retry_count + 1) for message in keep)

    def _again(self, messages: Iterable[Message]) -> None:
        waiting = [*self._retries, *messages]
        self._retries = deque(sorted(waiting, key=lambda message: -1 if message.place is None else message.place))

    def _park(self, message: Message) -> None:
        self.parked.append(message)
        self._settle(message)

    def _settle(self, message: Message) -> None:
        self.settled_count += 1
        self.settled_total += 1
        if message.place is not None:
            self._unsettled.discard(message.place)

    def _taken(self, consumer_id: int, ids: Iterable[str]) -> list[Message]:
        """Settlements of what the consumer does not have are ignored: it was late, and the event is with another by now."""
        consumer = self.consumers.get(consumer_id)
        if consumer is None:
            return []
        return [consumer.in_flight.pop(event_id)[0] for event_id in ids if event_id in consumer.in_flight]

    def _choose(self, message: Message) -> Consumer | None:
        there = list(self.consumers.values())
        match self._settings.strategy:
            case "RoundRobin":
                for step in range(len(there)):
                    consumer = there[(self._turn + step) % len(there)]
                    if consumer.has_room:
                        self._turn = (self._turn + step + 1) % len(there)
                        return consumer
                return None
            case "DispatchToSingle":
                return next((consumer for consumer in there if consumer.has_room), None)
            case _:
                consumer = there[zlib.crc32(message.pin.encode()) % len(there)]
                return consumer if consumer.has_room else None
