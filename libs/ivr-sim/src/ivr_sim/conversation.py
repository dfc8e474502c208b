"""One call with a simulated company, as sound: caller's frames and digits in, the company's frames out, notes for an observer."""

from __future__ import annotations

from collections import deque

import msgspec

from ivr_sim.actions import Action, HangUp, Note
from ivr_sim.caller_ear import CallerEar
from ivr_sim.channel import FRAME_SAMPLES, Channel, ChannelMemory, Samples
from ivr_sim.happenings import Digit, Happening, SpeechEnded, SpeechStarted, Tick
from ivr_sim.machine import Machine
from ivr_sim.playout import Playout, PlayoutMemory


class TimedNote(msgspec.Struct, frozen=True):
    """``at_sample``: samples since the call was answered."""

    at_sample: int
    note: Note


class ConversationMemory(msgspec.Struct, frozen=True):
    """Where a conversation stands while its company goes on with what it is doing."""

    at_sample: int
    playout: PlayoutMemory
    channel: ChannelMemory | None


class Conversation:
    """Time is the number of frames taken. Call ``hear`` and ``press`` for the frame that comes next, then ``next_frame``."""

    def __init__(self, machine: Machine, playout: Playout, channel: Channel | None = None) -> None:
        self._machine = machine
        self._playout = playout
        self._channel = channel
        self._ear = CallerEar()
        self._notes: deque[TimedNote] = deque()
        self._started = False
        self.at_sample = 0
        self.hung_up: str | None = None  #: why the company ended the call

    def press(self, digit: str, method: str = "rfc4733") -> None:
        self._feed(Digit(digit, method))

    def speech_begins(self) -> None:
        """The caller is known to begin to speak; for worlds that do not send the caller's sound."""
        self._feed(SpeechStarted())

    def speech_ends(self, text: str) -> None:
        self._feed(SpeechEnded(text))

    def hear(self, frame: Samples) -> None:
        """What the caller sends: int16[160]."""
        for heard in self._ear.feed(frame):
            self._feed(heard)

    def next_frame(self) -> Samples:
        """What the company sends: int16[160]."""
        if not self._started:
            self._started = True
            self._perform(self._machine.start(self.at_sample))
        wake = self._machine.wake_at_sample
        if wake is not None and self.at_sample >= wake:
            self._feed(Tick())
        frame, ended = self._playout.next_frame()
        self.at_sample += FRAME_SAMPLES
        for playback in ended:
            self._feed(playback)
        return self._channel.pass_frame(frame) if self._channel else frame

    @property
    def calm_frames(self) -> int | None:
        """For so many frames the company goes on with what it is doing, whatever a caller does after them; None: for ever."""
        if not self._started:
            return 0
        wake = self._machine.wake_at_sample
        until_wake = None if wake is None else max(0, -((self.at_sample - wake) // FRAME_SAMPLES))
        return min((frames for frames in (until_wake, self._playout.calm_frames) if frames is not None), default=None)

    def calm(self, count: int) -> Samples:
        """What the company sends next, int16[count, 160], no more than ``calm_frames``."""
        frames, _ = self._playout.next_frames(count)
        self.at_sample += count * FRAME_SAMPLES
        return self._channel.pass_frames(frames) if self._channel else frames

    def remember(self) -> ConversationMemory:
        return ConversationMemory(self.at_sample, self._playout.remember(), self._channel.remember() if self._channel else None)

    def recall(self, memory: ConversationMemory) -> None:
        """As it was then; only ``calm`` may have been called since."""
        self.at_sample = memory.at_sample
        self._playout.recall(memory.playout)
        if self._channel and memory.channel:
            self._channel.recall(memory.channel)

    def take_notes(self) -> list[TimedNote]:
        """Notes since the last time. May be called from another thread than the one that takes the frames."""
        notes: list[TimedNote] = []
        while self._notes:
            notes.append(self._notes.popleft())
        return notes

    def _feed(self, happening: Happening) -> None:
        self._perform(self._machine.feed(self.at_sample, happening))

    def _perform(self, actions: list[Action]) -> None:
        for action in actions:
            match action:
                case Note():
                    self._notes.append(TimedNote(self.at_sample, action))
                case HangUp(reason=reason):
                    self.hung_up = reason
                case _:
                    self._playout.perform(action)
