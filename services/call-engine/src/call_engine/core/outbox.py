"""What the parts of the core want done, in order, with the figures that the end of the call sums up."""

from __future__ import annotations

import msgspec
from call_contract.call_events import CallEvent, DigitsSent

from call_engine.core.call_time import ms
from call_engine.core.effects import AnyEffect, Record, Seal, Transcribe


class Figures(msgspec.Struct):
    """Counted while the call goes on. Samples of call time, None: not yet."""

    answered_at: int | None = None
    hold_at: int | None = None
    human_at: int | None = None
    hold_ms: int = 0
    digits: str = ""
    transcriptions: int = 0
    transcriptions_before_hold: int = 0
    steps_matched: int = 0
    steps_drifted: int = 0

    def since_answer_ms(self, at: int | None) -> int | None:
        return None if at is None or self.answered_at is None else max(0, ms(at - self.answered_at))


class Outbox:
    """Collects effects. ``now`` is call time in samples, set by the brain before anything else happens."""

    def __init__(self) -> None:
        self.now = 0
        self.figures = Figures()
        self._effects: list[AnyEffect] = []

    def do(self, effect: AnyEffect) -> None:
        if isinstance(effect, Transcribe):
            self.figures.transcriptions += 1
            if self.figures.hold_at is None:
                self.figures.transcriptions_before_hold += 1
        self._effects.append(effect)

    def record(self, event: CallEvent, seal: str = "") -> None:
        """Stamps the event with call time and puts it among the effects. ``seal``: words of a live human."""
        stamped = msgspec.structs.replace(event, at_ms=ms(self.now))
        if isinstance(stamped, DigitsSent):
            self.figures.digits += stamped.digits
        self._effects.append(Record(event=stamped, seal=Seal(seal) if seal else None))  # type: ignore[arg-type]

    def take(self) -> list[AnyEffect]:
        taken, self._effects = self._effects, []
        return taken
