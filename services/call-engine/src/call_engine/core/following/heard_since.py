"""What was heard since the last answer, a key or a sentence: a step that begins may find that its prompt already plays, or is over."""

from __future__ import annotations

from call_engine.core.facts import Turn


class HeardSince:
    def __init__(self) -> None:
        self.turns: list[Turn] = []
        self.known: tuple[str, int] | None = None  #: a prompt of the flow that was recognised, and its start
        self._since = 0

    @property
    def last(self) -> Turn | None:
        return self.turns[-1] if self.turns else None

    def heard(self, turn: Turn) -> bool:
        """False: it began before the answer and is what was answered, though its end is told only now."""
        if turn.start < self._since:
            return False
        self.turns.append(turn)
        return True

    def answered(self, at: int) -> None:
        self.turns.clear()
        self.known = None
        self._since = at
