"""Stages that only speak or sound, and lead on by themselves."""

from __future__ import annotations

from ivr_sim.actions import Note, PlayTone, Quiet
from ivr_sim.happenings import Happening, PlaybackEnded, Tick
from ivr_sim.script import Announce, Tone, Voicemail
from ivr_sim.stages.stage import GoTo, Speaker, Step, Surroundings, goodbye, samples, samples_of_ms

BEEP_MS = 400


class AnnounceStage:
    def __init__(self, announce: Announce, here: Surroundings) -> None:
        self._announce = announce
        self._here = here
        self._speaker = Speaker(here)
        self.wake_at_sample: int | None = None

    def enter(self, at_sample: int) -> list[Step]:
        note = Note(what="say", detail={"node": self._here.node})
        return [note, *self._speaker.say(self._announce.say, pause_after_ms=self._announce.pause_after_ms)]

    def feed(self, at_sample: int, happening: Happening) -> list[Step]:
        if not (isinstance(happening, PlaybackEnded) and happening.playback_id == self._speaker.last_id):
            return []
        return [GoTo(self._announce.next)] if self._announce.next else goodbye("the announcement ended")


class ToneStage:
    def __init__(self, tone: Tone, here: Surroundings) -> None:
        self._tone = tone
        self._here = here
        self.wake_at_sample: int | None = None

    def enter(self, at_sample: int) -> list[Step]:
        self.wake_at_sample = at_sample + samples(self._tone.for_s)
        return [Note(what="tone", detail={"node": self._here.node, "tone": self._tone.tone}), PlayTone(tone=self._tone.tone)]

    def feed(self, at_sample: int, happening: Happening) -> list[Step]:
        if not isinstance(happening, Tick) or self.wake_at_sample is None or at_sample < self.wake_at_sample:
            return []
        self.wake_at_sample = None
        return [Quiet(), *([GoTo(self._tone.next)] if self._tone.next else goodbye(f"after {self._tone.tone}"))]


class VoicemailStage:
    def __init__(self, voicemail: Voicemail, here: Surroundings) -> None:
        self._voicemail = voicemail
        self._here = here
        self._speaker = Speaker(here)
        self._beeping = False
        self.wake_at_sample: int | None = None

    def enter(self, at_sample: int) -> list[Step]:
        return [Note(what="voicemail", detail={"node": self._here.node}), *self._speaker.say(self._voicemail.say, pause_after_ms=300)]

    def feed(self, at_sample: int, happening: Happening) -> list[Step]:
        match happening:
            case PlaybackEnded(playback_id) if playback_id == self._speaker.last_id:
                self._beeping = True
                self.wake_at_sample = at_sample + samples_of_ms(BEEP_MS)
                return [PlayTone(tone="beep")]
            case Tick() if self.wake_at_sample is not None and at_sample >= self.wake_at_sample:
                self.wake_at_sample = None
                if not self._beeping:
                    return goodbye("the tape ran out")
                self._beeping = False
                self.wake_at_sample = at_sample + samples(self._voicemail.record_s)
                return [Quiet()]
        return []
