"""What a simulated company wants done. The world that runs the machine performs each action in order."""

from __future__ import annotations

import msgspec


class Say(msgspec.Struct, frozen=True, kw_only=True):
    """Say this after all that was to be said before; then be quiet for ``pause_after_ms`` and report ``PlaybackEnded``.

    Music pauses meanwhile, or goes on more quietly with ``over_music``.
    """

    playback_id: str
    voice: str
    text: str
    pause_after_ms: int = 0
    over_music: bool = False


class PlayMusic(msgspec.Struct, frozen=True, kw_only=True):
    """Hold music in the background until ``Quiet``."""

    tune: str


class PlayTone(msgspec.Struct, frozen=True, kw_only=True):
    """A call-progress tone in the background until ``Quiet``: see ``tones.CADENCES``."""

    tone: str


class RoomNoise(msgspec.Struct, frozen=True, kw_only=True):
    """The room of a live human is heard from now on; None ends it."""

    level_dbm0: float | None


class Quiet(msgspec.Struct, frozen=True, kw_only=True):
    """Stop all that plays at once. No ``PlaybackEnded`` follows for what is cut."""


class HangUp(msgspec.Struct, frozen=True, kw_only=True):
    """The company ends the call."""

    reason: str


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """Something worth telling an observer: node, digit, choice, invalid, hold, announcement, agent, said, bye."""

    what: str
    detail: dict[str, str | float | bool] = {}


Action = Say | PlayMusic | PlayTone | RoomNoise | Quiet | HangUp | Note
