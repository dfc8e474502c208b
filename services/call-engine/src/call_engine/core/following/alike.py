"""While it is in doubt whether a key was taken, two prompts may seem to play: its own, on or again, and another that begins like it."""

from __future__ import annotations

from typing import NamedTuple

from call_contract.flows import CallFlowStep

from call_engine.core.dtmf.delivery import Pressed
from call_engine.core.facts import Recognised, Turn
from call_engine.core.following.course import Course
from call_engine.core.kit import Kit
from call_engine.core.navigation.keying import Keying


class Seeming(NamedTuple):
    """It ends with its matter: the press that is in doubt, and the step at which it was heard."""

    heard: Recognised
    press: Pressed | None
    step: CallFlowStep | None


class Alike:
    """Keeps the other prompt. Its methods give it back once it is to be believed."""

    def __init__(self, kit: Kit, keys: Keying, course: Course) -> None:
        self._kit = kit
        self._keys = keys
        self._course = course
        self._seeming: Seeming | None = None

    @property
    def heard(self) -> Recognised | None:
        seeming = self._seeming
        if seeming is None or seeming.press is not self._kit.delivery.pending or seeming.step is not self._course.step:
            return None
        return seeming.heard

    def keeps(self, fact: Recognised) -> bool:
        """Whether it is in doubt if this plays."""
        in_doubt = self._in_doubt(fact)
        if in_doubt:
            self._seeming = Seeming(fact, self._kit.delivery.pending, self._course.step)
        return in_doubt

    def _in_doubt(self, fact: Recognised) -> bool:
        return self._keys.undecided or self._keys.begins_alike(fact.start)

    def forget(self) -> None:
        self._seeming = None
        self._keys.no_longer_in_doubt()

    def lost(self, recording_id: str) -> Recognised | None:
        """A recording plays no longer: of the two the other plays."""
        other = self.heard
        again = other is not None and self._keys.plays_again(recording_id) and self._keys.begins_alike(other.start)
        decided = again or self._keys.plays_on(recording_id)
        self._keys.recording_lost(recording_id)
        if other is None or not (decided or other.recording_id == recording_id):
            return None
        self._seeming = None
        return other if decided else None

    def ended(self, turn: Turn) -> Recognised | None:
        """A turn is over that began with the other prompt, as that or as something else: what it is the turn itself tells."""
        other = self.heard
        if other is None or turn.end <= other.start:
            return None
        self._seeming = None
        if turn.recording_id != other.recording_id:
            return None
        self._keys.no_longer_in_doubt()
        return other

    def outlived(self) -> Recognised | None:
        """It still plays now that the prompt of the press would be over."""
        other = self.heard
        if other is None or self._in_doubt(other):
            return None
        self._seeming = None
        return other
