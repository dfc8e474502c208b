"""What ``$$stream`` says about a stream: how much of it a reader may see."""

from __future__ import annotations

from typing import Any

import msgspec

from event_log.node.expectation import TOMBSTONE
from event_log.node.wire import TICKS_PER_SECOND

METADATA_TYPE = "$metadata"
METADATA_PREFIX = "$$"


class StreamMetadata(msgspec.Struct, frozen=True):
    max_count: int | None = None
    max_age_s: int | None = None
    truncate_before: int | None = None

    @property
    def soft_deleted(self) -> bool:
        return self.truncate_before == TOMBSTONE

    def first_visible(self, last: int) -> int:
        """The first revision a reader may see, of a stream that ends at ``last``."""
        by_count = last - self.max_count + 1 if self.max_count is not None else 0
        return max(0, by_count, self.truncate_before or 0)

    def oldest_visible_ticks(self, now_ticks: int) -> int | None:
        return None if self.max_age_s is None else now_ticks - self.max_age_s * TICKS_PER_SECOND


NOTHING = StreamMetadata()
OF_METADATA = StreamMetadata(max_count=1)


def parse(data: bytes) -> StreamMetadata:
    """Malformed metadata counts as none, as it does in EventStoreDB."""
    fields = as_object(data)
    return StreamMetadata(
        max_count=_whole(fields.get("$maxCount"), minimum=1),
        max_age_s=_whole(fields.get("$maxAge"), minimum=1),
        truncate_before=_whole(fields.get("$tb"), minimum=0),
    )


def as_object(data: bytes) -> dict[str, Any]:
    try:
        fields = msgspec.json.decode(data)
    except msgspec.DecodeError:
        return {}
    return fields if isinstance(fields, dict) else {}


def truncated(data: bytes, before: int) -> bytes:
    """The same metadata, hiding what is before a revision."""
    return msgspec.json.encode(as_object(data) | {"$tb": before})


def _whole(value: object, *, minimum: int) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and minimum <= value <= TOMBSTONE else None
