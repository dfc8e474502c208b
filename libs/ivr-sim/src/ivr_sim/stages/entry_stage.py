"""Asks for data. Whoever has none may find a way around: a key, or silence."""

from __future__ import annotations

from ivr_sim.actions import Note, Quiet
from ivr_sim.happenings import Digit, Happening, PlaybackEnded, Tick
from ivr_sim.script import Entry
from ivr_sim.stages.stage import GoTo, Speaker, Step, Surroundings, goodbye, samples_of_ms

#: After the last key this long passes until the system takes what it has.
SETTLE_MS = 3000


class EntryStage:
    """Takes ``digits`` keys, or any number ended by #; keys of ``skip`` pressed alone lead around it."""

    def __init__(self, entry: Entry, here: Surroundings) -> None:
        self._entry = entry
        self._here = here
        self._speaker = Speaker(here)
        self._typed = ""
        self._readings = 0
        self.wake_at_sample: int | None = None

    def enter(self, at_sample: int) -> list[Step]:
        return self._read()

    def feed(self, at_sample: int, happening: Happening) -> list[Step]:
        match happening:
            case PlaybackEnded(playback_id) if playback_id == self._speaker.last_id:
                self.wake_at_sample = at_sample + samples_of_ms(self._entry.pause_ms)
            case Digit(digit, method) if method in self._here.personality.methods:
                self._typed += digit
                self.wake_at_sample = at_sample + samples_of_ms(SETTLE_MS)
                return [Quiet(), *(self._settle() if self._complete() else [])]
            case Tick() if self.wake_at_sample is not None and at_sample >= self.wake_at_sample:
                self.wake_at_sample = None
                return self._settle() if self._typed else self._silence()
        return []

    def _read(self) -> list[Step]:
        self._readings += 1
        self._typed, self.wake_at_sample = "", None
        note = Note(what="entry", detail={"node": self._here.node, "reading": self._readings})
        return [note, *self._speaker.say(self._entry.say)]

    def _complete(self) -> bool:
        return self._typed.endswith("#") or self._typed in self._entry.skip or 0 < self._entry.digits == len(self._typed)

    def _settle(self) -> list[Step]:
        if self._typed in self._entry.skip:
            return [Note(what="skipped", detail={"node": self._here.node, "digits": self._typed}), GoTo(self._entry.skip[self._typed])]
        typed = self._typed.removesuffix("#")
        if typed and self._entry.digits in (0, len(typed)):
            return [Note(what="entered", detail={"node": self._here.node, "count": len(typed)}), GoTo(self._entry.next)]
        return self._silence()

    def _silence(self) -> list[Step]:
        if self._readings < self._entry.repeats:
            return self._read()
        return [GoTo(self._entry.on_silence)] if self._entry.on_silence else goodbye("no data given")
