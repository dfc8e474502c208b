"""How a group was created: what it reads, from where, and how it shares out and retries."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from event_log.node import requests
from event_log.node.filters import Filter, matcher
from event_log.node.requests import InvalidRequest
from event_log.node.tables import POSITION_MAX

ALL = "$all"
FROM_END = -1
TICKS_PER_MS = 10_000
STRATEGIES = ("DispatchToSingle", "RoundRobin", "Pinned", "PinnedByCorrelation")


class FilterSettings(msgspec.Struct, frozen=True):
    by_stream: bool
    regex: str
    prefixes: tuple[str, ...]

    def filter(self) -> Filter:
        return Filter(matcher(self.regex, self.prefixes), by_stream=self.by_stream)


class GroupSettings(msgspec.Struct, frozen=True, kw_only=True):
    """``start`` is a revision, or a position of ``$all``, that is delivered too; FROM_END: what comes after the creation.

    ``first`` is where that was when the group was made.
    """

    source: str
    name: str
    start: int
    first: int = 0
    filter: FilterSettings | None = None
    resolve_links: bool
    extra_statistics: bool
    max_retry_count: int
    min_checkpoint_count: int
    max_checkpoint_count: int
    checkpoint_after_ms: int
    max_subscriber_count: int
    live_buffer_size: int
    read_batch_size: int
    history_buffer_size: int
    message_timeout_ms: int
    strategy: str

    @property
    def of_all(self) -> bool:
        return self.source == ALL

    @property
    def id(self) -> str:
        return f"{self.source}::{self.name}"

    @property
    def parked_stream(self) -> str:
        return f"$persistentsubscription-{self.id}-parked"

    @property
    def checkpoint_stream(self) -> str:
        return f"$persistentsubscription-{self.id}-checkpoint"

    def fault(self) -> str | None:
        """Why there can be no such group."""
        if self.strategy not in STRATEGIES:
            return f"Consumer strategy {self.strategy} does not exist."
        if self.read_batch_size >= self.history_buffer_size:
            return "read_batch_size must be less than history_buffer_size"
        return None

    def position_text(self, position: int) -> str:
        return f"C:{position}/P:{position}" if self.of_all else str(position)


def named(options: Any) -> tuple[str, str]:
    """The source and the name of the group a request is about."""
    kind = options.WhichOneof("stream_option")
    if kind == "all":
        source = ALL
    elif kind == "stream":
        source = requests.stream_name(options.stream.stream_identifier)
    else:  # also the form older clients send, with no option
        source = requests.stream_name(options.stream_identifier)
    if not options.group_name:
        raise InvalidRequest("The group has no name.")
    return source, str(options.group_name)


def requested(options: Any, strategy: str | None = None, kept_filter: FilterSettings | None = None) -> GroupSettings:
    """The settings of a Create or an Update. An update keeps the filter."""
    (source, name), settings = named(options), options.settings
    may_filter = source == ALL and "filter" in options.all.DESCRIPTOR.fields_by_name
    return GroupSettings(
        source=source,
        name=name,
        start=_start(options),
        filter=_filter(options.all) if may_filter else kept_filter,
        resolve_links=settings.resolve_links,
        extra_statistics=settings.extra_statistics,
        max_retry_count=settings.max_retry_count,
        min_checkpoint_count=settings.min_checkpoint_count,
        max_checkpoint_count=settings.max_checkpoint_count,
        checkpoint_after_ms=_milliseconds(settings, "checkpoint_after"),
        max_subscriber_count=settings.max_subscriber_count,
        live_buffer_size=settings.live_buffer_size,
        read_batch_size=settings.read_batch_size,
        history_buffer_size=settings.history_buffer_size,
        message_timeout_ms=_milliseconds(settings, "message_timeout"),
        strategy=strategy or _strategy(settings),
    )


def _start(options: Any) -> int:
    match options.WhichOneof("stream_option"):
        case "all":
            kind = options.all.WhichOneof("all_option")
            return min(options.all.position.commit_position, POSITION_MAX) if kind == "position" else FROM_END if kind == "end" else 0
        case "stream":
            kind = options.stream.WhichOneof("revision_option")
            revision = int(options.stream.revision) if kind == "revision" else FROM_END if kind == "end" else 0
        case _:
            revision = int(options.settings.revision)
    return FROM_END if revision == (1 << 64) - 1 else revision


def _filter(options: Any) -> FilterSettings | None:
    if options.WhichOneof("filter_option") != "filter" or (kind := options.filter.WhichOneof("filter")) is None:
        return None
    expression = getattr(options.filter, kind)
    kept = FilterSettings(kind == "stream_identifier", expression.regex, tuple(expression.prefix))
    kept.filter()
    return kept


def _milliseconds(settings: Any, name: Literal["checkpoint_after", "message_timeout"]) -> int:
    if settings.WhichOneof(name) == f"{name}_ticks":
        return int(getattr(settings, f"{name}_ticks")) // TICKS_PER_MS
    return int(getattr(settings, f"{name}_ms"))


def _strategy(settings: Any) -> str:
    given = getattr(settings, "consumer_strategy", "")
    return str(given) if given else STRATEGIES[settings.named_consumer_strategy]
