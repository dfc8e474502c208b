"""What call-engine needs from outside. ``tests/contract`` holds the suite of each port; every adapter passes it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray

from call_engine.core.effects import Bridge, CancelDevice, HangUp, Press, RecordConversation, RingDevice, StopPlaying
from call_engine.core.happenings import LineFact, Word

LineCommand = Press | RingDevice | CancelDevice | Bridge | RecordConversation | HangUp | StopPlaying


class PhoneLine(Protocol):
    """One open phone line: the company leg and, later, the device's leg, mixed in one place.

    The line never blocks its caller: commands are queued, facts and frames are collected by ``poll``.
    """

    @property
    def lost_frames(self) -> int:
        """Frames that came from the line and were not collected in time; ``poll`` gives silence in their place."""
        ...

    @property
    def lost_packets(self) -> int:
        """Packets of the company's sound that the network lost or brought too late, as far as the line has told."""
        ...

    async def dial(self, target: str) -> None:
        """Call a number or SIP URI. What comes of it are facts: Ringing, Answered, LineEnded."""
        ...

    async def command(self, command: LineCommand) -> None: ...

    async def play(self, playback_id: str, samples: NDArray[np.int16], *, both: bool = False) -> None:
        """Play 8 kHz mono PCM to the company; with ``both`` to the bridged device, too. The answer is PlaybackEnded."""
        ...

    async def poll(self) -> tuple[Sequence[LineFact], NDArray[np.int16]]:
        """Facts since the last poll, and frames heard: int16[n, 160], n ≥ 0. Returns at once."""
        ...

    async def let_go(self) -> None:
        """Leave two people who are bridged to themselves: their line goes on without its owner until one hangs up.

        Nothing more comes from it. ``close`` afterwards is allowed and does not touch the conversation.
        """
        ...

    async def close(self) -> None:
        """Hang up if need be and give everything back. Closing twice is allowed."""
        ...


class Transcript(msgspec.Struct, frozen=True, kw_only=True):
    """What was said; word times are samples after the start of the audio given.

    ``log_prob`` (the mean natural logarithm of a token's probability) and ``no_speech`` (the probability that nobody speaks) are the
    recogniser's own doubt, also of words that it left out; None where it has none.
    """

    text: str
    words: tuple[Word, ...] = ()
    language: str = "en"
    confidence: float = 1.0
    log_prob: float | None = None
    no_speech: float | None = None


class Transcriber(Protocol):
    """Speech to text in workers of its own; never blocks the caller's loop. Raises TranscriberBusy when it sheds load."""

    async def transcribe(self, samples: NDArray[np.int16], *, purpose: str, language: str, hot_words: str) -> Transcript: ...


class TranscriberBusy(Exception):
    """The queue is full and this request was the least useful one."""


class Similarity(Protocol):
    """A model of meaning; what each method means is told where the core asks (``core/understanding/choice.py``)."""

    def scores(self, text: str, candidates: Sequence[str]) -> list[float]: ...

    def kinds(self, text: str, cues: Sequence[float]) -> dict[str, float]: ...

    def topics(self, text: str, candidates: Sequence[str]) -> list[float]: ...

    def serving(self, text: str, candidates: Sequence[str]) -> list[float]: ...

    def remembered(self, text: str, candidates: Sequence[str]) -> list[float]: ...

    def singled_out(self, text: str, candidates: Sequence[str]) -> list[float]: ...


class Speech(Protocol):
    """Text to speech. Gives 8 kHz mono PCM, int16[n]."""

    async def say(self, text: str) -> NDArray[np.int16]: ...


class Clock(Protocol):
    """Wall-clock time, for event metadata only; call time is the sample count."""

    def now_iso(self) -> str: ...
