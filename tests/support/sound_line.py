"""A line to a simulated company as sound, in virtual time: the company's samples through a channel into the real ear.

Hearing is all real (``line_audio``'s ear and fingerprints); only the words are looked up in what the company knows it said.
"""

from __future__ import annotations

import base64
from collections.abc import Callable

import msgspec
import numpy as np
from call_engine.adapters.recordings import KnownRecordings, RecordingsMemory
from call_engine.core.happenings import RecordingLost
from call_engine.core.voicing import Judged
from call_engine.sound_memory import SoundMemory
from ivr_sim.actions import Note
from ivr_sim.channel import FRAME_SAMPLES, Channel, ChannelKind, Samples
from ivr_sim.conversation import Conversation, ConversationMemory
from ivr_sim.machine import Machine
from ivr_sim.playout import Playout, Speaks
from ivr_sim.words import HeardWord, Recognition, words_of
from line_audio.ear import Ear, EarMemory
from line_audio.levels import RMS_AT_0_DBM0, SILENT_DBM0
from line_audio.segments import SegmentClosed, SegmentOpened, SoundEvent

AHEAD_FRAMES = 50


class Ahead(msgspec.Struct):
    """Frames of a line that are heard already, although their time has not come. Dictionaries are by frame; empty frames are left out."""

    before: tuple[ConversationMemory, EarMemory, RecordingsMemory]  #: where all stood when the first was heard
    frames: Samples
    levels_dbm0: list[float]
    judged: list[Judged]  #: by the ear, frame by frame
    sounds: dict[int, list[SoundEvent]]
    found: dict[int, list[Recognition]]
    lost: dict[int, list[str]]
    taken: int = 0  #: frames whose time has come

    @property
    def left(self) -> int:
        return len(self.frames) - self.taken

    @property
    def calm(self) -> int:
        """Frames up to the first in which something is heard, that one included."""
        telling = [frame for heard in (self.sounds, self.found, self.lost) for frame in heard if frame >= self.taken]
        return min(telling, default=len(self.frames) - 1) + 1 - self.taken


class SoundLine:
    """Behaves like ``WordLine``. A tick is a frame: sound has no coarser time.

    Hearing many frames at once costs a fraction of hearing them one by one. So the line hears ahead as long as its company goes on with
    what it is doing; when the caller does something meanwhile, what is ahead is forgotten and heard anew.
    """

    def __init__(
        self, machine: Machine, voices: Speaks, kind: ChannelKind, *, seed: int, at_sample: int, ahead_frames: int = AHEAD_FRAMES
    ) -> None:
        self._ahead_frames = ahead_frames
        self._playout = Playout(voices, seed=seed)
        self._conversation = Conversation(machine, self._playout, Channel(kind, seed=seed))
        self._ear = Ear()
        self._recordings = KnownRecordings()
        self._memory = SoundMemory()
        self._zero = at_sample
        self._ahead: Ahead | None = None
        self._levels_dbm0: list[float] = []
        self._judged: list[Judged] = []
        self._found: list[Recognition] = []
        self._lost: list[str] = []
        self.notes: list[tuple[int, Note]] = []
        self.hung_up: str | None = None
        self.at_sample = at_sample

    @property
    def calm_samples(self) -> int:
        return self._heard_ahead().calm * FRAME_SAMPLES

    def advance(self, ticks: int = 1) -> list[SoundEvent]:
        """So many times 20 ms later: no more than to the first in which something is heard."""
        ahead = self._heard_ahead()
        first, last = ahead.taken, ahead.taken + ticks - 1
        assert ticks <= ahead.calm
        self._memory.append(ahead.frames[first : last + 1].reshape(-1))
        self._levels_dbm0, self._judged = ahead.levels_dbm0[first : last + 1], ahead.judged[first : last + 1]
        self._lost, self._found = ahead.lost.get(last, []), ahead.found.get(last, [])
        ahead.taken += ticks
        self.at_sample += ticks * FRAME_SAMPLES
        self.notes += [(self._zero + timed.at_sample, timed.note) for timed in self._conversation.take_notes()]
        self.hung_up = self._conversation.hung_up
        return ahead.sounds.get(last, [])

    def levels(self) -> list[float]:
        return self._levels_dbm0

    def judged(self) -> list[Judged]:
        return self._judged

    def losses(self) -> list[str]:
        return self._lost

    def recognitions(self) -> list[Recognition]:
        return self._found

    def press(self, digit: str, method: str) -> None:
        self._come_back()
        self._conversation.press(digit, method)

    def caller_begins(self) -> None:
        self._come_back()
        self._conversation.speech_begins()

    def caller_ends(self, text: str) -> None:
        self._come_back()
        self._conversation.speech_ends(text)

    def words_between(self, start: int, end: int) -> list[HeardWord]:
        said = [
            words_of(one.text, one.start + self._zero, one.full_end + self._zero, one.cut_end + self._zero) for one in self._playout.log
        ]
        return [word for words in said for word in words if start <= (word.start_sample + word.end_sample) // 2 < end]

    def sound_between(self, start: int, end: int) -> tuple[int, Samples]:
        begin, samples = self._memory.slice(start - self._zero, end - self._zero)
        return begin + self._zero, samples

    def wrong_part(self, said: Samples, lead: int) -> float | None:
        return self._recordings.wrong_part(said, lead)

    def wrong_in_place(self, heard_samples: int) -> float | None:
        self._come_back()  # of what has been heard last, and not of what is heard ahead
        return self._recordings.wrong_in_place(heard_samples)

    def keep(self, recording_id: str, start: int, end: int, lead: int = 0, gap: int = 0) -> str:
        self._come_back()
        _, samples = self.sound_between(start, end)
        return base64.b64encode(self._recordings.keep(recording_id, samples, lead, gap)).decode()

    def know(self, recording_id: str, fingerprint: str) -> None:
        self._come_back()
        self._recordings.know(recording_id, base64.b64decode(fingerprint))

    # --- ahead of time ---

    def _heard_ahead(self) -> Ahead:
        if self._ahead is None or not self._ahead.left:
            self._ahead = self._hear_ahead(self._ahead_frames)
        return self._ahead

    def _hear_ahead(self, most: int) -> Ahead:
        """What the company is about to do is one frame, so that none of it has been done before its time."""
        before = self._conversation.remember(), self._ear.remember(), self._recordings.remember()
        calm = self._conversation.calm_frames
        count = most if calm is None else min(calm, most)
        frames = self._conversation.calm(count) if count else self._conversation.next_frame().reshape(1, FRAME_SAMPLES)
        heard = Ahead(before, frames, levels_dbm0(frames), [], {}, {}, {})
        first = before[0].at_sample // FRAME_SAMPLES
        events = self._ear.feed(frames)
        heard.judged = [Judged(speech, music) for speech, music in self._ear.judgements.tolist()]
        for event in events:
            heard.sounds.setdefault(event.at_sample // FRAME_SAMPLES - first - 1, []).append(self._shifted(event))
        self._recognise(heard)
        return heard

    def _come_back(self) -> None:
        """The caller is about to do something: what is ahead may become other than it was heard."""
        ahead = self._ahead
        self._ahead = None
        if ahead is None or not ahead.left:
            return
        conversation, ear, recordings = ahead.before
        self._conversation.recall(conversation)
        self._ear.recall(ear)
        self._recordings.recall(recordings)
        self._hear_ahead(ahead.taken)

    def _recognise(self, heard: Ahead) -> None:
        """Many frames at once tell what began or stopped in them, but not in which: then they are heard one by one."""
        before = self._recordings.remember()
        if not self._recordings.feed(heard.frames.reshape(-1)):
            return
        self._recordings.recall(before)
        for number, frame in enumerate(heard.frames):
            for one in self._recordings.feed(frame):
                if isinstance(one, RecordingLost):
                    heard.lost.setdefault(number, []).append(one.recording_id)
                else:
                    start = one.start_sample + self._zero
                    found = Recognition(one.recording_id, start, one.position_ms, one.score, one.length_ms, one.score_before)
                    heard.found.setdefault(number, []).append(found)

    def _shifted(self, event: SoundEvent) -> SoundEvent:
        """The ear counts from its first frame, the call from dialling."""
        if isinstance(event, SegmentOpened):
            return msgspec.structs.replace(event, start_sample=event.start_sample + self._zero, at_sample=event.at_sample + self._zero)
        segment = event.segment
        moved = msgspec.structs.replace(segment, start_sample=segment.start_sample + self._zero, end_sample=segment.end_sample + self._zero)
        return SegmentClosed(segment=moved, at_sample=event.at_sample + self._zero)


def levels_dbm0(frames: Samples) -> list[float]:
    """Of each frame int16[160], as the ear tells it of the last one."""
    power = np.mean(np.square(frames, dtype=np.float64), axis=1) / RMS_AT_0_DBM0**2
    levels: list[float] = np.maximum(SILENT_DBM0, 10 * np.log10(np.maximum(power, 1e-12))).tolist()
    return levels


def sound_lines(voices: Speaks, kind: ChannelKind, seed: int, ahead_frames: int = AHEAD_FRAMES) -> Callable[..., SoundLine]:
    """Opens lines of one kind of channel."""

    def open_line(machine: Machine, *, at_sample: int, tick_samples: int) -> SoundLine:
        assert tick_samples == FRAME_SAMPLES
        return SoundLine(machine, voices, kind, seed=seed, at_sample=at_sample, ahead_frames=ahead_frames)

    return open_line
