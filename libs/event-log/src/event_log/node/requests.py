"""Requests of the Streams service as the node's own values. Raises InvalidRequest for what no client should send."""

from __future__ import annotations

import re
from typing import Any

from event_log.node import wire
from event_log.node.expectation import ANY, EXISTS, NO_STREAM, TOMBSTONE
from event_log.node.stream_metadata import METADATA_PREFIX
from event_log.node.writes import ProposedEvent

NAME_BYTES_MAX = 4096
_CANONICAL_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


class InvalidRequest(Exception):
    """Answered with INVALID_ARGUMENT, the text and, if there is a name for it, the exception in the trailing metadata."""

    def __init__(self, text: str, exception: str | None = None, **facts: object) -> None:
        super().__init__(text)
        self.text, self.exception, self.facts = text, exception, facts


class AppendTooLarge(InvalidRequest):
    def __init__(self, bytes_max: int) -> None:
        text = f"Maximum Append Size of {bytes_max} Exceeded."
        super().__init__(text, "maximum-append-size-exceeded", maximum_append_size=bytes_max)
        self.bytes_max = bytes_max


def stream_name(identifier: Any) -> str:
    raw: bytes = identifier.stream_name
    try:
        name = raw.decode()
    except UnicodeDecodeError:
        raise InvalidRequest("The stream name is not UTF-8.") from None
    if name in ("", METADATA_PREFIX) or "\x00" in name or len(raw) > NAME_BYTES_MAX:
        raise InvalidRequest(f"'{name[:64]}' is not a stream name.")
    return name


def expected_of(options: Any, oneof: str, revision_field: str) -> int:
    """The expected revision, or one of the names for none in particular."""
    kind = options.WhichOneof(oneof)
    if kind == revision_field:
        revision = int(getattr(options, revision_field))
        if revision >= TOMBSTONE:
            raise InvalidRequest("The expected revision is out of range.")
        return revision
    names = {"any": ANY, "no_stream": NO_STREAM, "stream_exists": EXISTS}
    if kind is None:
        raise InvalidRequest("No expected revision is given.")
    return names[kind]


def proposed(stream: str, message: Any) -> ProposedEvent:
    metadata = message.metadata
    event_type, content_type = metadata.get("type"), metadata.get("content-type")
    if event_type is None or content_type is None:
        text = f"Required metadata property '{'type' if event_type is None else 'content-type'}' is missing."
        raise InvalidRequest(text, "missing-required-metadata-property")
    event_id, data = _event_id(message.id), message.data
    if content_type != "application/json":
        content_type = "application/octet-stream"
    known = wire.content(event_id, stream, event_type, content_type, message.custom_metadata, data)
    return ProposedEvent(event_id, event_type, known, data if stream.startswith(METADATA_PREFIX) else b"")


def _event_id(message: Any) -> str:
    if _CANONICAL_ID.fullmatch(text := message.string):
        return str(text)
    try:
        return str(wire.uuid_of(message))
    except ValueError:
        raise InvalidRequest("An event id is not a UUID.") from None


def size_of(message: Any) -> int:
    """As EventStoreDB counts: data, metadata and the type in UTF-16."""
    return len(message.data) + len(message.custom_metadata) + 2 * len(message.metadata.get("type", ""))
