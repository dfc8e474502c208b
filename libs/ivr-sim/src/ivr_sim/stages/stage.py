"""What every stage has: the script around it, a deadline, and the way to say things and to go on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import msgspec

from ivr_sim.actions import Action, HangUp, Note, Say
from ivr_sim.happenings import Happening
from ivr_sim.script import Personality

SAMPLE_RATE_HZ = 8000


def samples(seconds: float) -> int:
    return round(seconds * SAMPLE_RATE_HZ)


def samples_of_ms(ms: float) -> int:
    return round(ms * SAMPLE_RATE_HZ / 1000)


class GoTo(msgspec.Struct, frozen=True):
    """Leave this node for another; an empty name hangs up."""

    node: str


Step = Action | GoTo


class Stage(Protocol):
    """The life of one node in one call."""

    wake_at_sample: int | None

    def enter(self, at_sample: int) -> list[Step]: ...

    def feed(self, at_sample: int, happening: Happening) -> list[Step]: ...


class Surroundings(msgspec.Struct, frozen=True, kw_only=True):
    """What a stage may know of the call: its own name, the script's habits, and presses that are still to be lost."""

    node: str
    ordinal: int  #: of this visit in the call; makes playback ids unique
    voice: str
    personality: Personality


class Speaker:
    """Numbers what is said, so that a stage knows when its last word was spoken."""

    def __init__(self, here: Surroundings) -> None:
        self._here = here
        self._count = 0
        self.last_id = ""

    def say(self, texts: Sequence[str], *, pause_after_ms: int = 0, over_music: bool = False) -> list[Step]:
        """Say each text in turn with the system's usual gap between them."""
        steps: list[Step] = []
        for index, text in enumerate(texts):
            self._count += 1
            self.last_id = f"{self._here.ordinal}.{self._count}"
            last = index == len(texts) - 1
            steps.append(
                Say(
                    playback_id=self.last_id,
                    voice=self._here.voice,
                    text=text,
                    pause_after_ms=pause_after_ms if last else self._here.personality.part_gap_ms,
                    over_music=over_music,
                )
            )
        return steps


def goodbye(reason: str) -> list[Step]:
    return [Note(what="bye", detail={"reason": reason}), HangUp(reason=reason)]
