"""Laying a newly walked path beside the stored one: the best global alignment by likeness (Needleman and Wunsch, 1970, no gap cost)."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from flow_api.domain.learning.signature import likeness
from flow_api.domain.learning.stops import Stop


class Matched(msgspec.Struct, frozen=True):
    """One place on both paths."""

    stored: Stop
    heard: Stop


class Changed(msgspec.Struct, frozen=True):
    """Between two matches: what was stored (left out now), and what was heard instead. Either may be empty, not both."""

    stored: tuple[Stop, ...]
    heard: tuple[Stop, ...]


def align(stored: Sequence[Stop], heard: Sequence[Stop]) -> list[Matched | Changed]:
    """Regions in order. Where two alignments are equally good, the one that matches earlier stops is taken."""
    alike = [[likeness(a, b) for b in heard] for a in stored]
    best = [[0.0] * (len(heard) + 1) for _ in range(len(stored) + 1)]
    for i in reversed(range(len(stored))):
        for j in reversed(range(len(heard))):
            together = best[i + 1][j + 1] + alike[i][j] if alike[i][j] > 0 else 0.0
            best[i][j] = max(together, best[i + 1][j], best[i][j + 1])
    return _regions(stored, heard, alike, best)


def _regions(stored: Sequence[Stop], heard: Sequence[Stop], alike: list[list[float]], best: list[list[float]]) -> list[Matched | Changed]:
    regions: list[Matched | Changed] = []
    left: list[Stop] = []
    right: list[Stop] = []
    i = j = 0
    while i < len(stored) or j < len(heard):
        both = i < len(stored) and j < len(heard)
        if both and alike[i][j] > 0 and best[i][j] == best[i + 1][j + 1] + alike[i][j]:
            if left or right:
                regions.append(Changed(tuple(left), tuple(right)))
                left, right = [], []
            regions.append(Matched(stored[i], heard[j]))
            i, j = i + 1, j + 1
        elif i < len(stored) and (not both or best[i][j] == best[i + 1][j]):
            left.append(stored[i])
            i += 1
        else:
            right.append(heard[j])
            j += 1
    if left or right:
        regions.append(Changed(tuple(left), tuple(right)))
    return regions
