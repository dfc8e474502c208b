"""What was heard since the last key was pressed: a step that begins may find that its prompt already plays, or is over."""

from __future__ import annotations

from call_engine.core.facts import Turn


class HeardSince:
    def __init__(self) -> None:
        self.turns: list[Turn] = []
        self.known: tuple[str, int] | None = None  #: a prompt of the flow that was recognised, and its start

    @property
    def last(self) -> Turn | None:
        return self.turns[-1] if self.turns else None

    def pressed(self) -> None:
        self.turns.clear()
        self.known = None
