"""A bounded sample of many calls that does not depend on the order in which they came: those with the smallest keys are kept.

Keys are hashes of call ids, so this is a uniform sample of all calls ("bottom-k", Cohen and Kaplan 2007).
"""

from __future__ import annotations

import hashlib


def call_key(call_id: str | None, ordinal: int) -> str:
    """Ten hex digits. A call without an id is known by its ordinal only."""
    name = f"call {call_id}" if call_id is not None else f"unnamed {ordinal}"
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:10]


def quantile(ordered: list[int], share: float) -> float:
    """The nearest-rank quantile of ascending values; 0 of nothing."""
    if not ordered:
        return 0.0
    rank = max(1, -(-round(share * 1000) * len(ordered) // 1000))
    return float(ordered[min(rank, len(ordered)) - 1])
