"""Ids that people can read and type."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

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


def intent_key(intent: str | None) -> str:
    """What two wordings of one intent have in common: case, spaces and punctuation do not matter."""
    return " ".join(re.findall(r"\w+", (intent or "").casefold()))


def learned_flow_id(phone_number: str, intent: str) -> str:
    """The id of what is learned for this number and intent: two learners on the same pair meet in one stream."""
    return slug(f"{intent_key(intent) or 'any'} {phone_number}")
