"""A line to a simulated company as sound, in virtual time: the company's samples through a channel into the real ear.

Hearing is all real (``line_audio``'s ear and fingerprints); only the words are looked up in what the company knows it said.
"""

from __future__ import annotations

import base64
from collections.abc import Callable

import msgspec
import numpy as np
from call_engine.adapters.recordings import KnownRecordings
from call_engine.core.happenings import RecordingLost
from ivr_sim.actions import Note
from ivr_sim.channel import FRAME_SAMPLES, Channel, ChannelKind, Samples
from ivr_sim.conversation import Conversation
from ivr_sim.machine import Machine
from ivr_sim.playout import Playout, Speaks
from ivr_sim.words import HeardWord, Recognition, words_of
from line_audio.ear import Ear
from line_audio.segments import SegmentClosed, SegmentOpened, SoundEvent


class SoundLine:
    """Behaves like ``WordLine``. ``tick_samples`` is a frame: sound has no coarser time."""

    def __init__(self, machine: Machine, voices: Speaks, kind: ChannelKind, *, seed: int, at_sample: int) -> None:
        self._playout = Playout(voices, seed=seed)
        self._conversation = Conversation(machine, self._playout, Channel(kind, seed=seed))
        self._ear = Ear()
        self._recordings = KnownRecordings()
        self._zero = at_sample
        self._heard: list[Samples] = []
        self._found: list[Recognition] = []
        self._lost: list[str] = []
        self.notes: list[tuple[int, Note]] = []
        self.hung_up: str | None = None

    @property
    def calm_samples(self) -> int:
        """Sound is heard tick by tick."""
        return 0

    @property
    def at_sample(self) -> int:
        return self._zero + self._conversation.at_sample

    def advance(self, ticks: int = 1) -> list[SoundEvent]:
        """The next 20 ms."""
        frame = self._conversation.next_frame()
        self._heard.append(frame)
        self.notes += [(self._zero + timed.at_sample, timed.note) for timed in self._conversation.take_notes()]
        self.hung_up = self._conversation.hung_up
        self._recognise(frame)
        return [self._shifted(event) for event in self._ear.feed(frame)]

    def losses(self) -> list[str]:
        lost, self._lost = self._lost, []
        return lost

    def recognitions(self) -> list[Recognition]:
        found, self._found = self._found, []
        return found

    def press(self, digit: str, method: str) -> None:
        self._conversation.press(digit, method)

    def caller_begins(self) -> None:
        self._conversation.speech_begins()

    def caller_ends(self, text: str) -> None:
        self._conversation.speech_ends(text)

    def words_between(self, start: int, end: int) -> list[HeardWord]:
        said = [
            words_of(one.text, one.start + self._zero, one.full_end + self._zero, one.cut_end + self._zero) for one in self._playout.log
        ]
        return [word for words in said for word in words if start <= (word.start_sample + word.end_sample) // 2 < end]

    def keep(self, recording_id: str, start: int, end: int, lead: int = 0, gap: int = 0) -> str:
        samples = np.concatenate(self._heard)[max(0, start - self._zero) : end - self._zero]
        return base64.b64encode(self._recordings.keep(recording_id, samples, lead, gap)).decode()

    def know(self, recording_id: str, fingerprint: str) -> None:
        self._recordings.know(recording_id, base64.b64decode(fingerprint))

    def _recognise(self, frame: Samples) -> None:
        for heard in self._recordings.feed(frame):
            if isinstance(heard, RecordingLost):
                self._lost.append(heard.recording_id)
            else:
                self._found.append(Recognition(heard.recording_id, heard.start_sample + self._zero, heard.position_ms, heard.score))

    def _shifted(self, event: SoundEvent) -> SoundEvent:
        """The ear counts from its first frame, the call from dialling."""
        if isinstance(event, SegmentOpened):
            return msgspec.structs.replace(event, start_sample=event.start_sample + self._zero, at_sample=event.at_sample + self._zero)
        segment = event.segment
        moved = msgspec.structs.replace(segment, start_sample=segment.start_sample + self._zero, end_sample=segment.end_sample + self._zero)
        return SegmentClosed(segment=moved, at_sample=event.at_sample + self._zero)


def sound_lines(voices: Speaks, kind: ChannelKind, seed: int) -> Callable[..., SoundLine]:
    """Opens lines of one kind of channel."""

    def open_line(machine: Machine, *, at_sample: int, tick_samples: int) -> SoundLine:
        assert tick_samples == FRAME_SAMPLES
        return SoundLine(machine, voices, kind, seed=seed, at_sample=at_sample)

    return open_line
