"""How long to wait before what failed is tried again."""

from __future__ import annotations


class Backoff:
    """Each wait is twice the one before, up to a bound; after ``worked`` they begin anew."""

    def __init__(self, first_s: float = 1.0, longest_s: float = 60.0) -> None:
        self._first_s, self._longest_s = first_s, longest_s
        self._next_s = first_s

    def failed(self) -> float:
        """How long to wait now."""
        wait_s = self._next_s
        self._next_s = min(2 * wait_s, self._longest_s)
        return wait_s

    def worked(self) -> None:
        self._next_s = self._first_s
