"""A phone line that does what a script says and answers commands as a real one does, one frame a poll."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from call_engine.core import effects as do
from call_engine.core import happenings as hap
from call_engine.ports import LineCommand
from line_audio.segments import FRAME_SAMPLES
from numpy.typing import NDArray


class ScriptedLine:
    """``facts`` come at the given poll (counted from the dialling); audio flows from the poll after Answered on."""

    def __init__(self, facts: Mapping[int, hap.LineFact] | None = None, heard: NDArray[np.int16] | None = None) -> None:
        self._facts = dict(facts if facts is not None else {1: hap.Ringing(), 3: hap.Answered(codec="PCMU")})
        self._heard = heard if heard is not None else np.zeros(0, dtype=np.int16)
        self._pending: deque[hap.LineFact] = deque()
        self._polls = 0
        self._flows = False
        self._frames_given = 0
        self.target = ""
        self.commands: list[LineCommand] = []
        self.played: list[tuple[str, NDArray[np.int16]]] = []
        self.closed = self.let_go_of = 0
        self.lost_frames = self.lost_packets = 0

    async def dial(self, target: str) -> None:
        self.target = target

    async def command(self, command: LineCommand) -> None:
        self.commands.append(command)
        match command:
            case do.Press():
                self._pending.append(hap.DigitsDelivered(digits=command.digits, profile=str(command.profile)))
            case do.RingDevice():
                self._pending += [hap.DeviceRang(device=command.device), hap.DevicePickedUp(device=command.device)]
            case do.Bridge():
                self._pending.append(hap.LegsBridged(device=command.device))
            case do.RecordConversation(path=path):
                self._pending.append(hap.RecordingBegan(file=Path(path).name))
            case do.HangUp():
                self._flows = False
                self._pending.append(hap.LineEnded(cause="hung_up"))

    async def play(self, playback_id: str, samples: NDArray[np.int16], *, both: bool = False) -> None:
        self.played.append((playback_id, samples))
        self._pending.append(hap.PlaybackEnded(playback_id=playback_id))

    async def poll(self) -> tuple[Sequence[hap.LineFact], NDArray[np.int16]]:
        if not self.target:
            return (), np.zeros((0, FRAME_SAMPLES), dtype=np.int16)
        self._polls += 1
        if self._polls in self._facts:
            self._pending.append(self._facts[self._polls])
        facts = tuple(self._pending)
        self._pending.clear()
        frames = self._next_frame() if self._flows else np.zeros((0, FRAME_SAMPLES), dtype=np.int16)
        self._flows = (self._flows or any(isinstance(fact, hap.Answered) for fact in facts)) and not any(
            isinstance(fact, hap.LineEnded) for fact in facts
        )
        return facts, frames

    async def let_go(self) -> None:
        self.let_go_of += 1

    async def close(self) -> None:
        self.closed += 1

    def happens(self, fact: hap.LineFact) -> None:
        """At the next poll."""
        self._pending.append(fact)

    def _next_frame(self) -> NDArray[np.int16]:
        frame = self._heard[self._frames_given * FRAME_SAMPLES : (self._frames_given + 1) * FRAME_SAMPLES]
        self._frames_given += 1
        return np.pad(frame, (0, FRAME_SAMPLES - len(frame))).reshape(1, FRAME_SAMPLES)


class ScriptedLines:
    """Gives the lines it was made with, in order; raises the given problem when there are no more."""

    def __init__(self, *lines: ScriptedLine, problem: Exception | None = None) -> None:
        self.given: list[ScriptedLine] = []
        self.trouble = self.trunk_problem = ""
        self._lines, self._problem = deque(lines), problem

    @property
    def ready(self) -> bool:
        return not self.trouble

    async def start(self) -> None:
        pass

    async def open(self) -> ScriptedLine:
        if self._problem is not None and not self._lines:
            raise self._problem
        line = self._lines.popleft() if self._lines else ScriptedLine()
        self.given.append(line)
        return line

    async def close(self) -> None:
        pass
