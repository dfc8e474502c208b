"""A live human at the other end: greets, lets the caller speak, answers, wonders about silence, loses patience."""

from __future__ import annotations

from collections.abc import Sequence

from ivr_sim.actions import Note, RoomNoise
from ivr_sim.happenings import Happening, PlaybackEnded, SpeechEnded, SpeechStarted, Tick
from ivr_sim.script import Agent
from ivr_sim.stages.stage import Speaker, Step, Surroundings, goodbye, samples, samples_of_ms


class AgentStage:
    """Patience counts from the last word of the caller."""

    def __init__(self, agent: Agent, here: Surroundings) -> None:
        self._agent = agent
        self._speaker = Speaker(here)
        self._here = here
        self._replies = 0
        self._nudges = 0
        self._next: Sequence[str] = agent.opening
        self._leaving = False
        self._caller_speaks = False
        self._patient_until = 0
        self.wake_at_sample: int | None = None

    def enter(self, at_sample: int) -> list[Step]:
        self._patient_until = at_sample + samples(self._agent.patience_s)
        self.wake_at_sample = at_sample + samples_of_ms(self._agent.pick_up_ms)
        return [Note(what="agent", detail={"node": self._here.node}), RoomNoise(level_dbm0=self._agent.room_dbm0)]

    def feed(self, at_sample: int, happening: Happening) -> list[Step]:
        match happening:
            case SpeechStarted():
                self._caller_speaks = True
            case SpeechEnded():
                return self._heard(at_sample)
            case PlaybackEnded(playback_id) if playback_id == self._speaker.last_id:
                if self._leaving:
                    return goodbye("the agent hung up")
                self.wake_at_sample = at_sample + samples(self._agent.nudge_after_s)
            case Tick() if self.wake_at_sample is not None and at_sample >= self.wake_at_sample:
                return self._woken(at_sample)
        return []

    def _heard(self, at_sample: int) -> list[Step]:
        self._caller_speaks = False
        self._patient_until = at_sample + samples(self._agent.patience_s)
        if self._leaving:
            return []
        if self._agent.replies and not self._next:
            self._next = [self._agent.replies[self._replies % len(self._agent.replies)]]
            self._replies += 1
        if self._next:
            self.wake_at_sample = at_sample + samples_of_ms(self._agent.reply_after_ms)
        elif self.wake_at_sample is None:
            self.wake_at_sample = at_sample + samples(self._agent.nudge_after_s)
        return []

    def _woken(self, at_sample: int) -> list[Step]:
        self.wake_at_sample = None
        if self._caller_speaks:
            return []  # what was to be said is said once the caller has spoken
        texts = self._next or self._wonder(at_sample)
        self._next = []
        return [Note(what="agent_said", detail={"text": " ".join(texts)}), *self._speaker.say(texts)]

    def _wonder(self, at_sample: int) -> Sequence[str]:
        if at_sample >= self._patient_until:
            self._leaving = True
            return [self._agent.goodbye]
        self._nudges += 1
        return [self._agent.nudges[(self._nudges - 1) % len(self._agent.nudges)]]
