"""The 20 ms beat of the engine: collects what every line heard, hears it in one batch, and moves every call on.

A line that gives frames keeps its own time by them. One that gives none (ringing without early media, a network that fell silent) is given
silent frames at the pace of the clock, so that timers run and call time stays a count of samples.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

import msgspec
import numpy as np
from line_audio.segments import FRAME_MS, FRAME_SAMPLES, SoundEvent
from numpy.typing import NDArray

from call_engine.core.happenings import LineFact
from call_engine.core.voicing import Judged
from call_engine.session import Session

PULSE_S = FRAME_MS / 1000
#: A line that has given frames may pause this long before the clock takes over: on a busy machine its process may get no turn for a
#: while and then give all that was heard meanwhile, and time made up in between would count twice.
QUIET_PULSES = 50
LATE_FRAMES = 5  #: 100 ms: a third of what one may notice in a conversation
SILENCE = np.zeros(FRAME_SAMPLES, dtype=np.int16)
FULL_SCALE_DBM0 = 3.14  #: a full-scale sine, ITU-T G.711


class Ears(Protocol):
    """A batch of ears: ``line_audio.ear.EarBank``."""

    def open(self) -> int: ...

    def close(self, slot: int) -> None: ...

    def feed(self, slots: Sequence[int], frames: NDArray[np.int16]) -> list[list[SoundEvent]]: ...

    def judged(self, slot: int) -> tuple[float, float]:
        """How probably speech, and music, is heard in the last frame."""
        ...


class FrameCount(msgspec.Struct):
    """Frame accounting over all lines, since the start. Every frame a line gave is heard, and maybe late, or lost."""

    heard: int = 0
    late: int = 0  #: heard more than ``LATE_FRAMES`` after their time
    lost: int = 0  #: overwritten before anybody collected them; heard as silence
    packets_lost: int = 0  #: by the network, on the way to a line
    silent: int = 0  #: made up while no audio flowed
    beats: int = 0
    late_beats: int = 0
    worst_beat_s: float = 0.0  #: the longest that one beat has taken


class _Seat(msgspec.Struct):
    session: Session
    slot: int
    quiet_pulses: int = QUIET_PULSES
    lost: int = 0
    packets_lost: int = 0


class Pulse:
    """``failed(session, error)`` is told of a call that broke; the others go on."""

    def __init__(self, ears: Ears, *, failed: Callable[[Session, Exception], Awaitable[None]], over: Callable[[Session], None]) -> None:
        self._ears, self._failed, self._over = ears, failed, over
        self._seats: list[_Seat] = []
        self.frames = FrameCount()

    def __len__(self) -> int:
        return len(self._seats)

    def add(self, session: Session) -> None:
        self._seats.append(_Seat(session, self._ears.open()))

    async def run(self, monotonic_s: Callable[[], float], sleep: Callable[[float], Awaitable[None]]) -> None:
        """Beats until cancelled. A late beat is made up for, so that the clock of silent lines does not lag."""
        due = monotonic_s()
        while True:
            due += PULSE_S
            late = monotonic_s() - due
            if late < 0:
                await sleep(-late)
            else:
                self.frames.late_beats += 1
                await sleep(0)
            began = monotonic_s()
            await self.beat()
            self.frames.worst_beat_s = max(self.frames.worst_beat_s, monotonic_s() - began)

    async def beat(self) -> None:
        """One pulse over all calls.

        On a busy machine lines bring seconds of sound at once: between two frames of them everybody else has a turn, so that a key that
        is ordered, a request or a new call does not wait until all of it is heard.
        """
        self.frames.beats += 1
        heard = [(seat, *await self._collect(seat)) for seat in self._seats]
        for round_no in range(max((len(frames) for _, _, frames in heard), default=0)):
            if round_no:
                await asyncio.sleep(0)
            present = [(seat, facts if round_no == 0 else (), frames[round_no]) for seat, facts, frames in heard if round_no < len(frames)]
            await self._hear(present)
        for seat, facts, frames in heard:
            if facts and not len(frames):
                await self._advance(seat, facts, None, (), -90.0)
        self._leave()

    async def _collect(self, seat: _Seat) -> tuple[Sequence[LineFact], NDArray[np.int16]]:
        facts, frames = await seat.session.line.poll()
        if len(frames):
            seat.quiet_pulses = 0
            self._count(seat, len(frames))
            return facts, frames
        seat.quiet_pulses += 1
        if seat.quiet_pulses <= QUIET_PULSES:
            return facts, frames
        self.frames.silent += 1
        return facts, SILENCE.reshape(1, FRAME_SAMPLES)

    def _count(self, seat: _Seat, came: int) -> None:
        line = seat.session.line
        lost, packets_lost = line.lost_frames - seat.lost, line.lost_packets - seat.packets_lost
        seat.lost, seat.packets_lost = line.lost_frames, line.lost_packets
        self.frames.lost += lost
        self.frames.packets_lost += packets_lost
        self.frames.heard += came - lost
        self.frames.late += max(came - lost - LATE_FRAMES, 0)

    async def _hear(self, present: list[tuple[_Seat, Sequence[LineFact], NDArray[np.int16]]]) -> None:
        frames = np.stack([frame for _, _, frame in present])
        sounds = self._ears.feed([seat.slot for seat, _, _ in present], frames)
        for (seat, facts, frame), heard, level in zip(present, sounds, levels_dbm0(frames), strict=True):
            await self._advance(seat, facts, frame, heard, float(level), Judged(*self._ears.judged(seat.slot)))

    async def _advance(
        self, seat: _Seat, facts: Sequence[LineFact], frame: NDArray[np.int16] | None, sounds: Sequence[SoundEvent], level_dbm0: float,
        judged: Judged | None = None,
    ) -> None:  # fmt: skip
        problem = await seat.session.beat(facts, frame, sounds, level_dbm0, judged)
        if problem is not None:
            await self._failed(seat.session, problem)

    def _leave(self) -> None:
        for seat in [seat for seat in self._seats if seat.session.ended]:
            self._seats.remove(seat)
            self._ears.close(seat.slot)
            self._over(seat.session)


def levels_dbm0(frames: NDArray[np.int16]) -> NDArray[np.float64]:
    """Power of each frame: int16[k, n] → float[k]. A full-scale sine is +3.14 dBm0; digital silence is given as −90."""
    power = np.mean(np.square(frames.astype(np.float64)), axis=1) * 2 / 32768.0**2
    levels: NDArray[np.float64] = np.maximum(10 * np.log10(np.maximum(power, 1e-12)) + FULL_SCALE_DBM0, -90.0)
    return levels
