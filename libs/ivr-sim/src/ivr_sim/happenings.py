"""What a simulated company perceives. Times are given beside them, in samples since the call was answered."""

from __future__ import annotations

import msgspec


class Digit(msgspec.Struct, frozen=True):
    """The caller pressed a key. ``method``: rfc4733 or inband."""

    digit: str
    method: str = "rfc4733"


class SpeechStarted(msgspec.Struct, frozen=True):
    """The caller begins to speak."""


class SpeechEnded(msgspec.Struct, frozen=True):
    """The caller has been quiet for a moment after speaking. ``text`` where the world knows the words."""

    text: str = ""


class PlaybackEnded(msgspec.Struct, frozen=True):
    """What ``Say`` asked for has been played to its end."""

    playback_id: str


class Tick(msgspec.Struct, frozen=True):
    """Time has passed. Only needed at or after ``Machine.wake_at_sample``."""


Happening = Digit | SpeechStarted | SpeechEnded | PlaybackEnded | Tick
