"""An open question to the caller, for speech first and perhaps for keys."""

from __future__ import annotations

from ivr_sim.actions import Note, Quiet
from ivr_sim.happenings import Digit, Happening, PlaybackEnded, SpeechEnded, SpeechStarted, Tick
from ivr_sim.script import Question
from ivr_sim.stages.keys import KeyPad, Lost, Reading
from ivr_sim.stages.stage import GoTo, Speaker, Step, Surroundings, goodbye, samples_of_ms


class QuestionStage:
    """Speech goes to ``on_speech`` if the script has it; otherwise it is as good as silence."""

    def __init__(self, question: Question, here: Surroundings, lost: Lost) -> None:
        self._question = question
        self._here = here
        self._speaker = Speaker(here)
        self._keys = KeyPad(question.options, here.personality, lost)
        self._readings = 0
        self._playing = False
        self.wake_at_sample: int | None = None

    def enter(self, at_sample: int) -> list[Step]:
        return self._read()

    def feed(self, at_sample: int, happening: Happening) -> list[Step]:
        match happening:
            case PlaybackEnded(playback_id) if playback_id == self._speaker.last_id:
                self._playing = False
                self.wake_at_sample = at_sample + samples_of_ms(self._question.pause_ms)
            case SpeechStarted():
                self.wake_at_sample = None
            case SpeechEnded(text):
                if self._question.on_speech:
                    return [Quiet(), Note(what="understood", detail={"text": text}), GoTo(self._question.on_speech)]
                return [Quiet(), *self._again()]
            case Digit():
                return self._press(happening)
            case Tick() if self.wake_at_sample is not None and at_sample >= self.wake_at_sample:
                return self._again()
        return []

    def _read(self) -> list[Step]:
        self._readings += 1
        self._playing = True
        self._keys.clear()
        self.wake_at_sample = None
        note = Note(what="question", detail={"node": self._here.node, "reading": self._readings})
        return [note, *self._speaker.say(self._question.say)]

    def _press(self, key: Digit) -> list[Step]:
        reading = self._keys.press(key, prompt_plays=self._playing)
        if reading is Reading.CHOSEN:
            option = self._question.options[self._keys.pressed]
            note = Note(what="choice", detail={"node": self._here.node, "digits": self._keys.pressed, "label": option.label})
            return [Quiet(), note, GoTo(option.goto)]
        return [Quiet(), *self._again()] if reading is Reading.INVALID else []

    def _again(self) -> list[Step]:
        if self._readings < self._question.repeats:
            return self._read()
        self.wake_at_sample = None
        return [GoTo(self._question.on_silence)] if self._question.on_silence else goodbye("nothing said")
