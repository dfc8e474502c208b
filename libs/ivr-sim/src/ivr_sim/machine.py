"""A simulated company on one call: a pure state machine over its script.

``start`` and ``feed`` take the sample count since the call was answered and give actions; there is no clock, thread or audio here.
Whoever runs the machine performs the actions, reports ``PlaybackEnded`` for what was said, and feeds a ``Tick`` at the latest
when ``wake_at_sample`` is reached.
"""

from __future__ import annotations

from ivr_sim.actions import Action, HangUp, Note, Quiet, RoomNoise
from ivr_sim.happenings import Digit, Happening
from ivr_sim.script import Agent, Announce, Entry, Hold, Menu, Question, Script, Tone, Voicemail
from ivr_sim.stages.agent_stage import AgentStage
from ivr_sim.stages.entry_stage import EntryStage
from ivr_sim.stages.hold_stage import HoldStage
from ivr_sim.stages.keys import Lost
from ivr_sim.stages.menu_stage import MenuStage
from ivr_sim.stages.question_stage import QuestionStage
from ivr_sim.stages.simple_stages import AnnounceStage, ToneStage, VoicemailStage
from ivr_sim.stages.stage import GoTo, Stage, Step, Surroundings, goodbye

#: A script may lead in circles without a word; after so many nodes in one moment the machine gives up.
MOVES_AT_ONCE_MAX = 20


class Machine:
    """``hold_s`` overrides the wait of every queue; ``closed`` begins at the script's out-of-hours node."""

    def __init__(self, script: Script, *, hold_s: float | None = None, closed: bool = False) -> None:
        self._script = script
        self._hold_s = hold_s
        self._start = script.closed_start if closed and script.closed_start else script.start
        self._lost = Lost(script.personality.swallowed_presses)
        self._stage: Stage | None = None
        self._visits = 0
        self.node = ""
        self.path: list[str] = []  #: every node visited, in order
        self.ended = False

    @property
    def wake_at_sample(self) -> int | None:
        """When the machine must be fed next at the latest, if nothing else happens."""
        return self._stage.wake_at_sample if self._stage is not None and not self.ended else None

    def start(self, at_sample: int = 0) -> list[Action]:
        """The call has been answered."""
        return self._perform(at_sample, [GoTo(self._start)])

    def feed(self, at_sample: int, happening: Happening) -> list[Action]:
        """``at_sample`` must not decrease. Nothing comes of feeding a call that has ended."""
        if self.ended or self._stage is None:
            return []
        notes: list[Action] = []
        if isinstance(happening, Digit):
            notes.append(Note(what="digit", detail={"digit": happening.digit, "method": happening.method, "node": self.node}))
        return [*notes, *self._perform(at_sample, self._stage.feed(at_sample, happening))]

    def _perform(self, at_sample: int, steps: list[Step]) -> list[Action]:
        actions: list[Action] = []
        moves = 0
        while steps:
            step, steps = steps[0], steps[1:]
            if isinstance(step, GoTo):
                moves += 1
                in_circles = moves > MOVES_AT_ONCE_MAX
                steps = goodbye("the script goes in circles") if in_circles else self._move(at_sample, step.node, actions)
                continue
            actions.append(step)
            if isinstance(step, HangUp):
                self.ended = True
                break
        return actions

    def _move(self, at_sample: int, node: str, actions: list[Action]) -> list[Step]:
        if isinstance(self._stage, AgentStage):
            actions += [Quiet(), RoomNoise(level_dbm0=None)]
        if not node:
            return goodbye("the script ends here")
        self._visits += 1
        self.node = node
        self.path.append(node)
        self._stage = self._stage_of(node)
        return self._stage.enter(at_sample)

    def _stage_of(self, name: str) -> Stage:
        node = self._script.nodes[name]
        voice = node.voice or self._script.voice
        here = Surroundings(node=name, ordinal=self._visits, voice=voice, personality=self._script.personality)
        match node:
            case Announce():
                return AnnounceStage(node, here)
            case Menu():
                return MenuStage(node, here, self._lost)
            case Entry():
                return EntryStage(node, here)
            case Question():
                return QuestionStage(node, here, self._lost)
            case Hold():
                return HoldStage(node, here, self._lost, node.wait_s if self._hold_s is None else self._hold_s)
            case Agent():
                return AgentStage(node, here)
            case Tone():
                return ToneStage(node, here)
            case Voicemail():
                return VoicemailStage(node, here)
