"""Ids that people can read and type."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator

from flow_api.domain.limits import RESERVED_IDS

MAX_SLUG = 80


def slug(text: str) -> str:
    """Lower-case words joined by underscores: ``Chase Bank — Disputes`` gives ``chase_bank_disputes``. Never empty."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:MAX_SLUG].strip("_") or "flow"


def candidates(base: str, most: int = 50) -> Iterator[str]:
    """``base``, ``base_2``, ``base_3`` …"""
    yield base
    for number in range(2, most + 1):
        yield f"{base}_{number}"


def ids_for(name: str, cause: str) -> Iterator[str]:
    """The ids that a flow of this name may get, best first. The last is made of the cause, and nobody else's."""
    base = slug(name)
    yield from (one for one in candidates(base) if one not in RESERVED_IDS)
    yield f"{base}_{hashlib.sha256(cause.encode()).hexdigest()[:16]}"


def intent_key(intent: str | None) -> str:
    """What two wordings of one intent have in common: case, spaces and punctuation do not matter."""
    return " ".join(re.findall(r"\w+", (intent or "").casefold()))


def learned_flow_id(phone_number: str, intent: str) -> str:
    """The id of what is learned for this number and intent: two learners on the same pair meet in one stream."""
    return slug(f"{intent_key(intent) or 'any'} {phone_number}")
