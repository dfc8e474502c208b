"""A call with a simulated company at word level: no samples, only who says what when, and what an ear would make of it.

``advance`` lets one tick of time pass and gives the sound events of ``line_audio`` with an ear's usual delays. Words, known
recordings and the caller's side are asked for and told by the driver of the simulation.
"""

from __future__ import annotations

import base64
import functools
from collections.abc import Iterable

import msgspec
from line_audio.segments import Label, Segment, SegmentClosed, SegmentOpened, SoundEvent

from ivr_sim.actions import Action, HangUp, Note, PlayMusic, PlayTone, Quiet, Say
from ivr_sim.happenings import Digit, Happening, PlaybackEnded, SpeechEnded, SpeechStarted, Tick
from ivr_sim.machine import Machine

#: An unhurried speaker: 14 characters a second.
SAMPLES_PER_CHARACTER = 570
#: How long a change must last until an ear reports it, in samples.
DELAYS = {Label.SPEECH: 960, Label.SPEECH_OVER_MUSIC: 960, Label.SILENCE: 1920, Label.MUSIC: 6400}
TONE_DELAY = 4000
#: So much of a known recording must be heard to recognise it.
RECOGNISED_AFTER = 8000
LONGEST_CALM = 8000 * 24 * 3600
LABEL_OF_TONE = {
    "ringback": Label.RINGBACK, "busy": Label.BUSY, "reorder": Label.REORDER, "fax": Label.FAX, "beep": Label.BEEP,
    "sit_intercept": Label.SIT, "sit_vacant_code": Label.SIT, "sit_no_circuit": Label.SIT, "sit_reorder": Label.SIT,
}  # fmt: skip


def spoken_samples(text: str) -> int:
    """How long it takes to say this."""
    return max(2400, len(text) * SAMPLES_PER_CHARACTER)


class Spoken(msgspec.Struct):
    """Something the company says, or has said. ``end`` moves to the moment it was cut at."""

    start: int
    end: int
    voice: str
    text: str
    over_music: bool = False
    playback_id: str = ""
    pause_end: int = 0
    recognised: bool = False
    judged: bool = False


class HeardWord(msgspec.Struct, frozen=True):
    text: str
    start_sample: int
    end_sample: int


class Content(msgspec.Struct, frozen=True):
    """What is on a recording: (offset in samples, voice or "music", text or tune)."""

    parts: tuple[tuple[int, str, str], ...]

    def fingerprint(self) -> str:
        """Stands for a real fingerprint: base64, the same for the same sound."""
        return base64.b64encode(msgspec.json.encode(self)).decode()


def content_of(fingerprint: str) -> Content:
    return msgspec.json.decode(base64.b64decode(fingerprint), type=Content)


class Recognition(msgspec.Struct, frozen=True):
    recording_id: str
    start_sample: int
    position_ms: int
    score: float
    length_ms: int = 0  #: of the whole recording; 0: not known
    score_before: float = 1.0  #: before what was compared


class WordLine:
    """Samples count from ``answered_at``; ``at_sample`` is the line's own time."""

    def __init__(self, machine: Machine, *, at_sample: int = 0, tick_samples: int = 800) -> None:
        self._machine = machine
        self._tick = tick_samples
        self._zero = at_sample
        self.at_sample = at_sample
        self.said: list[Spoken] = []
        self.notes: list[tuple[int, Note]] = []
        self.hung_up: str | None = None
        self._queue: list[Spoken] = []
        self._music = ""
        self._music_since = 0
        self._tone = ""
        self._label = Label.SILENCE
        self._label_since = at_sample
        self._next_label = Label.SILENCE
        self._next_since = at_sample
        self._known: dict[str, Content] = {}
        self._lengths: dict[str, int] = {}  #: of what was kept, in samples
        self._music_recognised = False
        self._playing: dict[str, int] = {}  #: recognised recordings, and when they should be over
        self._perform(machine.start(0))

    # --- time ---

    @property
    def calm_samples(self) -> int:
        """``advance`` itself stops where something is to be told."""
        return LONGEST_CALM

    def advance(self, ticks: int = 1) -> list[SoundEvent]:
        """So many ticks later, or at the first tick at which something is heard or recognised, or the company hangs up."""
        until = self.at_sample + self._tick * ticks
        while True:
            self.at_sample += self._tick * self._ticks_of_calm((until - self.at_sample) // self._tick)
            while self._queue and self._queue[0].pause_end <= self.at_sample:
                self._feed(PlaybackEnded(self._queue.pop(0).playback_id))
            wake = self._machine.wake_at_sample
            if wake is not None and self.at_sample - self._zero >= wake:
                self._feed(Tick())
            heard = self._listen()
            if heard or self.at_sample >= until or self.hung_up is not None or self._recognising():
                return heard

    def _ticks_of_calm(self, most: int) -> int:
        """To the first tick at which something changes here unless the caller does something."""
        if most <= 1 or self._sounding() is not self._next_label:
            return 1
        return min(most, -((self.at_sample - self._next_change()) // self._tick))

    def _next_change(self) -> int:
        """When something will be said, heard, recognised or be over; the next tick if nothing will."""
        wake = self._machine.wake_at_sample
        times = [] if wake is None else [self._zero + wake]
        if self._queue:
            spoken = self._queue[0]
            times += [spoken.start, spoken.end, spoken.pause_end, _recognised_at(spoken)]
        if self._next_label is not self._label:
            times.append(self._next_since + DELAYS.get(self._next_label, TONE_DELAY))
        if self._music and not self._music_recognised:
            times.append(self._music_since + 3 * RECOGNISED_AFTER)
        return min([time for time in times if time > self.at_sample], default=self.at_sample + 1)

    def _recognising(self) -> bool:
        """Whether so much was heard by now that it is known, or known to be none of what is known."""
        said = self._queue[0] if self._queue else None
        if said is not None and not (said.judged and said.recognised) and self.at_sample >= _recognised_at(said):
            return True
        return bool(self._music) and not self._music_recognised and self.at_sample - self._music_since >= 3 * RECOGNISED_AFTER

    def levels(self) -> list[float]:
        """Words have no loudness."""
        return []

    def judged(self) -> tuple[()]:
        """Nor do they sound like anything."""
        return ()

    def wrong_part(self, said: object, lead: int) -> None:
        """There is no sound to compare."""

    def wrong_in_place(self, heard_samples: int) -> None:
        """Nor here."""

    def sound_between(self, start: int, end: int) -> None:
        """Words have no sound."""

    def losses(self) -> list[str]:
        """Recordings that were recognised and that what is said now is no part of, though they should still play."""
        lost: list[str] = []
        for spoken in self._queue[:1]:
            if spoken.judged or self.at_sample < _recognised_at(spoken):
                continue
            spoken.judged = True
            agreeing = {found.recording_id for found in self._matches(spoken.voice, spoken.text, spoken.start)}
            for recording_id, until in list(self._playing.items()):
                if recording_id not in agreeing:
                    del self._playing[recording_id]
                    if self.at_sample < until:
                        lost.append(recording_id)
        return lost

    def recognitions(self) -> list[Recognition]:
        """Known recordings that have now been heard long enough, each told once a hearing."""
        found: list[Recognition] = []
        for spoken in self._queue[:1]:
            if not spoken.recognised and self.at_sample >= _recognised_at(spoken):
                spoken.recognised = True
                found += self._matches(spoken.voice, spoken.text, spoken.start)
        if self._music and not self._music_recognised and self.at_sample - self._music_since >= 3 * RECOGNISED_AFTER:
            self._music_recognised = True
            found += self._matches("music", self._music, self._music_since)
        return found

    # --- the caller's side ---

    def press(self, digit: str, method: str) -> None:
        self._feed(Digit(digit, method))

    def caller_begins(self) -> None:
        self._feed(SpeechStarted())

    def caller_ends(self, text: str) -> None:
        self._feed(SpeechEnded(text))

    # --- what a recogniser would be asked ---

    def words_between(self, start: int, end: int) -> list[HeardWord]:
        """Words whose middle lies in the stretch."""
        said = [one for one in self.said if one.start < end and one.end >= start]
        return [word for spoken in said for word in _words(spoken) if start <= (word.start_sample + word.end_sample) // 2 < end]

    def keep(self, recording_id: str, start: int, end: int, lead: int = 0, gap: int = 0) -> str:
        """Remember what was heard then under this id; gives its fingerprint. With a ``lead`` it goes on behind a gap with what is known."""
        start += lead
        inside = [one for one in self.said if one.start < end and one.end > start and min(one.end, end) - max(one.start, start) > 4000]
        parts = tuple((max(0, one.start - start), one.voice, one.text) for one in inside)
        if not parts and self._music:
            parts = ((max(0, self._music_since - start), "music", self._music),)
        before = self._known[recording_id].parts if lead and recording_id in self._known else ()
        length = self._lengths.get(recording_id, 0) + gap if before else 0
        fresh = [part for part in parts if part[1:] not in {known[1:] for known in before}]
        content = Content((*before, *((offset + length, voice, text) for offset, voice, text in fresh)))
        self._known[recording_id], self._lengths[recording_id] = content, length + end - start
        return content.fingerprint()

    def know(self, recording_id: str, fingerprint: str) -> None:
        self._known[recording_id] = content_of(fingerprint)

    # --- inside ---

    def _matches(self, voice: str, text: str, start: int) -> Iterable[Recognition]:
        for recording_id, content in self._known.items():
            for offset, its_voice, its_text in content.parts:
                if (its_voice, its_text) == (voice, text):
                    begin = start - offset
                    said = content.parts[-1][0] + spoken_samples(content.parts[-1][2])
                    self._playing[recording_id] = begin + max(said, self._lengths.get(recording_id, 0))
                    yield Recognition(recording_id, begin, (self.at_sample - begin) // 8, 0.9)
                    break

    def _feed(self, happening: Happening) -> None:
        self._perform(self._machine.feed(self.at_sample - self._zero, happening))

    def _perform(self, actions: list[Action]) -> None:
        for action in actions:
            match action:
                case Say():
                    self._say(action)
                case PlayMusic(tune=tune):
                    self._music, self._music_since, self._music_recognised = tune, self.at_sample, False
                case PlayTone(tone=tone):
                    self._tone = tone
                case Quiet():
                    self._cut()
                case Note():
                    self.notes.append((self.at_sample, action))
                case HangUp(reason=reason):
                    self.hung_up = reason
                case _:
                    pass

    def _say(self, say: Say) -> None:
        start = max(self.at_sample, self._queue[-1].pause_end if self._queue else 0)
        end = start + spoken_samples(say.text)
        spoken = Spoken(start, end, say.voice, say.text, say.over_music, say.playback_id, end + say.pause_after_ms * 8)
        self._queue.append(spoken)
        self.said.append(spoken)

    def _cut(self) -> None:
        now = self.at_sample
        self.said = [one for one in self.said if one.start < now]
        for one in self._queue:
            one.end = min(one.end, now)
        self._queue.clear()
        self._music = self._tone = ""

    def _listen(self) -> list[SoundEvent]:
        now, label = self.at_sample, self._sounding()
        if label is not self._next_label:
            self._next_label, self._next_since = label, self._changed_at(label)
        if self._next_label is self._label or now - self._next_since < DELAYS.get(label, TONE_DELAY):
            return []
        closed = Segment(label=self._label, start_sample=self._label_since, end_sample=self._next_since, level_dbm0=-20.0)
        self._label, self._label_since = label, self._next_since
        detail = self._tone.removeprefix("sit_") if label is Label.SIT else ""
        opened = SegmentOpened(label=label, start_sample=self._next_since, at_sample=now, detail=detail)
        return [SegmentClosed(segment=closed, at_sample=now), opened] if closed.end_sample > closed.start_sample else [opened]

    def _sounding(self) -> Label:
        now = self.at_sample
        if self._queue and self._queue[0].start <= now < self._queue[0].end:
            return Label.SPEECH_OVER_MUSIC if self._queue[0].over_music and self._music else Label.SPEECH
        if self._queue and not self._queue[0].over_music:
            return Label.SILENCE
        return Label.MUSIC if self._music else LABEL_OF_TONE[self._tone] if self._tone else Label.SILENCE

    def _changed_at(self, label: Label) -> int:
        """The sample at which this began: ticks are coarser than sound."""
        now = self.at_sample
        if label in (Label.SPEECH, Label.SPEECH_OVER_MUSIC):
            return max(self._queue[0].start, now - self._tick)
        ends = [one.end for one in self.said if now - self._tick <= one.end <= now]
        return max(ends, default=now)


def _recognised_at(spoken: Spoken) -> int:
    return spoken.start + min(RECOGNISED_AFTER, spoken.end - spoken.start)


def _words(spoken: Spoken) -> tuple[HeardWord, ...]:
    return words_of(spoken.text, spoken.start, spoken.start + spoken_samples(spoken.text), spoken.end)


@functools.lru_cache(maxsize=256)
def words_of(text: str, start: int, full_end: int, cut_end: int) -> tuple[HeardWord, ...]:
    """The words of a sentence spread over its time by their length, up to where it was cut."""
    words: list[HeardWord] = []
    per_character = (full_end - start) / max(1, len(text))
    at = 0
    for word in text.split(" "):
        begin, at = start + round(at * per_character), at + len(word) + 1
        end = start + round((at - 1) * per_character)
        if end > cut_end:
            break
        words.append(HeardWord(word, begin, end))
    return tuple(words)
