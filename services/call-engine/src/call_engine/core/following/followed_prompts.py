"""The recordings by which a followed flow is known: which of its prompts plays, and what is done about one that is not the expected."""

from __future__ import annotations

from call_contract.flows import CallFlowStep, CallFlowStepType

from call_engine.core.facts import Recognised, Turn
from call_engine.core.flows.flow_map import FlowMap
from call_engine.core.flows.replay import Match
from call_engine.core.flows.step_prompts import PREFIX
from call_engine.core.following.alike import Alike
from call_engine.core.following.course import Course
from call_engine.core.following.heard_since import HeardSince
from call_engine.core.following.hold_step import HoldStep
from call_engine.core.following.listen_step import ListenStep
from call_engine.core.kit import Kit
from call_engine.core.navigation.keying import Keying
from call_engine.core.waking import soonest

_LISTEN, _HOLD, _WAIT = CallFlowStepType.LISTEN, CallFlowStepType.HOLD, CallFlowStepType.WAIT
_SURELY = 0.6  #: of a prompt that is not the expected one must have been heard


class FollowedPrompts:
    """Each method that acts on a doubt says whether it was settled by believing that another prompt plays."""

    def __init__(
        self, kit: Kit, flow: FlowMap, course: Course, keys: Keying, listen: ListenStep, heard: HeardSince, hold: HoldStep
    ) -> None:  # fmt: skip
        self._kit = kit
        self._flow = flow
        self._course = course
        self._keys = keys
        self._listen = listen
        self._heard = heard
        self._hold = hold
        self._alike = Alike(kit, keys, course)
        self._elsewhere: tuple[CallFlowStep, int] | None = None  #: whose prompt plays, and from when on that is sure

    def prepare(self) -> None:
        """Makes every recording of the flow known to the ear."""
        for step in self._flow.flow.steps:
            self._know_prompt(step)
            for number, fingerprint in enumerate(self._flow.metadata(step).recordings):
                self._kit.prompts.know(f"hold:{step.id}:{number}", fingerprint)

    def _know_prompt(self, step: CallFlowStep) -> None:
        prompt, recording_id = self._flow.metadata(step).prompt, self._flow.prompts.id_of(step)
        if prompt and prompt.fingerprint and recording_id not in self._kit.prompts.fingerprints:
            self._kit.prompts.know(recording_id, prompt.fingerprint, text=prompt.transcript, duration_ms=prompt.duration_ms)

    def step_begins(self) -> None:
        self._elsewhere = None

    # --- what the ear tells ---

    def recognised(self, fact: Recognised) -> None:
        if not fact.recording_id.startswith(PREFIX):
            if fact.recording_id.startswith("hold:") and self._course.at(_HOLD):
                self._hold.begins("a known recording of hold")
            return
        answering = self._flow.prompts.answering(fact.recording_id)
        if self._keys.recognised(fact.recording_id, fact.start, frozenset(step.id for step in answering)):
            self._course.begin_again()
            return
        if self._keys.played_before(fact.start):
            return
        if self._alike.keeps(fact):
            return
        self._heard.known = (fact.recording_id, fact.start)
        if self._course.step is not None:
            self._prompt_of(answering, self._course.step, fact.start)
        if self._elsewhere is None and self._listen.press_at is None:  # else it may be one that only begins alike
            self._keys.effect_seen()

    def _prompt_of(self, answering: list[CallFlowStep], step: CallFlowStep, start: int) -> None:
        """The prompt of these steps of the flow plays."""
        if step.type in (_WAIT, _HOLD) and self._flow.following(step) in answering:
            self._course.finish(reason="its prompt plays")
        elif step.type is _LISTEN and step in answering:
            self._listen.matched_at(step, start)
        elif step.type in (_LISTEN, _HOLD) and answering and not self._flow.waits_out(answering[0], step):
            length = self._kit.hearing.lengths.get(self._flow.prompts.id_of(answering[0]), 0)
            self._elsewhere = (answering[0], start + int(length * _SURELY))

    def goes_on_otherwise(self) -> None:
        """What was recognised is not the learned prompt: no press on it, its words decide."""
        self._heard.known = self._elsewhere = None
        self._listen.begin()

    def lost(self, recording_id: str, *, astray: bool) -> None:
        """A known recording plays no longer, or what plays only began like it."""
        self._believe(self._alike.lost(recording_id), astray=astray)
        if self._elsewhere is not None and self._flow.prompts.id_of(self._elsewhere[0]) == recording_id:
            self._elsewhere = None  # it only begins alike

    # --- what is in doubt ---

    def forget(self) -> None:
        """What was in doubt until now is no longer acted on."""
        self._alike.forget()

    def turn_ended(self, turn: Turn) -> bool:
        return self._believe(self._alike.ended(turn), astray=False)

    def _believe(self, other: Recognised | None, *, astray: bool) -> bool:
        if other is None or astray:
            return False
        self.recognised(other)
        return True

    def tick(self, step: CallFlowStep) -> bool:
        """Whether another prompt than was thought plays at this step, which is acted on."""
        expected = self._listen.press_at is not None  # its own prompt plays (as well), as far as can be heard
        self._keys.tick(next_plays=expected or self._alike.heard is not None)
        if self._believe(self._alike.outlived(), astray=False):
            return True
        if self._elsewhere and self._kit.now >= self._elsewhere[1] and not expected:
            self._go_elsewhere(step, self._elsewhere[0])
            return True
        return False

    @property
    def wake_at(self) -> int | None:
        return soonest(self._kit.now, self._keys.wake_at, self._elsewhere[1] if self._elsewhere else None)

    def _go_elsewhere(self, step: CallFlowStep, other: CallFlowStep) -> None:
        """Another prompt of the flow plays, and goes on as learned: not only a greeting that both begin with."""
        self._elsewhere = None
        self._keys.effect_seen()
        self._listen.drift(step, 0.0, f"the prompt of {other.id}")
        target = self._flow.on(step, "drift") or other.id
        self._course.finish("drift", match=Match.DRIFTED, reason="another prompt of the flow", target=target)
