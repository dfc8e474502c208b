"""Which keys count, and what they add up to. Shared by menus, questions and offers: all that listens to digits."""

from __future__ import annotations

import enum
from collections.abc import Collection

from ivr_sim.happenings import Digit
from ivr_sim.script import Personality


class Reading(enum.Enum):
    """What the keys pressed so far mean."""

    IGNORED = "ignored"  #: this key does not count
    MORE = "more"  #: may become a longer option
    CHOSEN = "chosen"
    INVALID = "invalid"


class Lost:
    """Presses that the system still loses; shared by all stages of a call."""

    def __init__(self, count: int) -> None:
        self._left = count

    def swallow(self) -> bool:
        if self._left == 0:
            return False
        self._left -= 1
        return True


class KeyPad:
    """Collects digits until they name an option."""

    def __init__(self, options: Collection[str], personality: Personality, lost: Lost, accepts: str = "") -> None:
        self._options = options
        self._methods = personality.methods
        self._accepts = accepts or personality.accepts
        self._lost = lost
        self.pressed = ""

    def press(self, key: Digit, *, prompt_plays: bool) -> Reading:
        if key.method not in self._methods or not self._counts_now(prompt_plays) or self._lost.swallow():
            return Reading.IGNORED
        self.pressed += key.digit
        if self._may_grow():
            return Reading.MORE
        return self.settle()

    def settle(self) -> Reading:
        """No more digits will come: what do the ones pressed mean? ``pressed`` stays readable until ``clear``."""
        return Reading.CHOSEN if self.pressed in self._options else Reading.INVALID

    def clear(self) -> None:
        self.pressed = ""

    def _counts_now(self, prompt_plays: bool) -> bool:
        return self._accepts == "any" or self._accepts == ("during" if prompt_plays else "after")

    def _may_grow(self) -> bool:
        return any(option != self.pressed and option.startswith(self.pressed) for option in self._options)
