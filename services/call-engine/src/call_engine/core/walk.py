"""What the brain asks of whoever leads the way: the explorer, or the executor with its flow."""

from __future__ import annotations

from typing import Protocol

from call_engine.core import happenings as hp
from call_engine.core.facts import Fact, Turn


class Walk(Protocol):
    """What is answered here is a flow's business alone: without one there is nothing to do, and nothing leads elsewhere."""

    parting: bool = False  #: the human who was met is still there, and the person did not come

    @property
    def step_id(self) -> str | None:
        """Where in its flow the call is."""
        return None

    @property
    def menus(self) -> int:
        """How many were answered."""
        ...

    @property
    def astray(self) -> bool:
        """Whether the flow no longer fits, and the way is being looked for."""
        return False

    @property
    def wake_at(self) -> int | None: ...

    def prepare(self) -> None:
        """Before the call is dialled."""
        return None

    def begin(self) -> None:
        """The call was answered."""

    def heard(self, fact: Fact) -> None: ...

    def recording_heard(self, recording_id: str, start: int) -> None:
        """A known recording is heard that would have begun then."""
        return None

    def recording_lost(self, recording_id: str) -> None:
        """A known recording plays no longer, or what plays only began like it."""

    def resume(self, turn: Turn | None, outcome: str = "") -> None:
        """Hold was left again: walk on from here, from this turn."""

    def human(self) -> None:
        """A human was met."""

    def tick(self) -> None: ...

    def done(self, happening: hp.DigitsDelivered | hp.PlaybackEnded) -> None:
        """The line has sent the digits, or played the audio."""
        return None

    def person_comes(self) -> None:
        """The person's phone rings."""
        return None

    def not_reached(self, outcome: str, reason: str) -> None:
        """The person's phone was rung in vain, and the flow goes on."""
        return None

    def nobody_was_met(self, outcome: str, reason: str) -> bool:
        """Who was met is no human after all. Whether the flow leads elsewhere for this."""
        return False

    def tick_on_hold(self, since: int) -> None:
        """On hold since then; without a flow that is bounded by the call's limits alone."""
        return None

    def hold_wakes_at(self, since: int) -> int | None:
        return None

    def leads_off_hold(self, turn: Turn | None, outcome: str) -> bool:
        """Whether a condition of the step leads elsewhere from the hold."""
        return False
