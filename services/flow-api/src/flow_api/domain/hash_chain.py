"""A hash chain over the events of a flow stream: each event's metadata holds its own hash and that of the one before.

SHA-256 over stream, revision, event id, type, raw body bytes and metadata (without the hash itself), each preceded by its length, so
that no two different events have the same input. It shows changes and gaps. Truncation of the end, or a rewrite of the whole, shows
against a signed anchor (``audit anchor``).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

import msgspec

#: ``prev_hash`` of the first event.
GENESIS = "0" * 64


class ChainLink(msgspec.Struct, frozen=True, kw_only=True):
    """What of a recorded event the chain is about."""

    stream: str
    revision: int
    event_id: str
    type: str
    data: bytes
    metadata: bytes


class Break(msgspec.Struct, frozen=True, kw_only=True):
    """Where the chain does not hold."""

    revision: int
    reason: str


def canonical(metadata: bytes) -> bytes:
    """The metadata without its ``hash``, keys sorted, no spaces."""
    plain = json.loads(metadata) if metadata else {}
    plain.pop("hash", None)
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def link_hash(link: ChainLink) -> str:
    """The hash of one event, hexadecimal."""
    digest = hashlib.sha256()
    parts = (link.stream.encode(), str(link.revision).encode(), link.event_id.encode(), link.type.encode(), link.data)
    for part in (*parts, canonical(link.metadata)):
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.hexdigest()


def breaks(links: Iterable[ChainLink]) -> list[Break]:
    """Every place where the chain of one whole stream does not hold."""
    found: list[Break] = []
    before, expected = GENESIS, 0
    for link in links:
        try:
            plain = json.loads(link.metadata)
            claimed, prev = plain.get("hash"), plain.get("prev_hash")
        except (ValueError, AttributeError):
            found.append(Break(revision=link.revision, reason="metadata is not a JSON object"))
            claimed, prev = None, None
        else:
            if link.revision != expected:
                found.append(Break(revision=link.revision, reason=f"revision {expected} is missing"))
            if prev != before:
                found.append(Break(revision=link.revision, reason="does not name the event before it"))
            if claimed != link_hash(link):
                found.append(Break(revision=link.revision, reason="is not what was hashed when it was written"))
        before, expected = claimed or "", link.revision + 1
    return found
