"""Steps that do something by themselves: press keys, play audio, reach the person's phone."""

from __future__ import annotations

from collections import Counter

from call_contract.call_events import AudioPlayed
from call_contract.flows import CallFlowStep, CallFlowStepType

from call_engine.core import happenings as hp
from call_engine.core.call_control.transfer import NOT_REACHED
from call_engine.core.effects import Play
from call_engine.core.flows.flow_map import FlowMap
from call_engine.core.following.course import Course
from call_engine.core.following.heard_since import HeardSince
from call_engine.core.following.listen_step import ListenStep
from call_engine.core.kit import Kit
from call_engine.core.orders import GoOnHold, ReachDevice

_IN_VAIN = 2  #: how often a step may lead on to the same place because nobody picked up


class StepActions:
    def __init__(self, kit: Kit, flow: FlowMap, course: Course, listen: ListenStep, heard: HeardSince) -> None:
        self._kit = kit
        self._flow = flow
        self._course = course
        self._listen = listen
        self._heard = heard
        self._led_on: Counter[tuple[str, str]] = Counter()  #: from a TRANSFER that was in vain, and where to
        self.met_human = False

    def press(self, step: CallFlowStep) -> None:
        """DTMF."""
        self._listen.press_apart(step, self._heard.last)
        self._heard.answered(self._kit.now)

    def speak(self, step: CallFlowStep) -> None:
        metadata = self._flow.metadata(step)
        self._kit.outbox.do(Play(playback_id=f"step:{step.id}", audio_file=metadata.audio_file, text=metadata.text))
        self._heard.answered(self._kit.now)

    def transfer(self, step: CallFlowStep) -> None:
        """A hand-written TRANSFER bridges at once. A learned one means that a human was met there: without one it is waited for."""
        metadata = self._flow.metadata(step)
        if metadata.evidence and not self.met_human:
            self._kit.hearing.listening = True
            self._kit.orders.give(GoOnHold("nobody is there yet"))
            return
        targets = {outcome: target for outcome in NOT_REACHED if (target := self._flow.on(step, outcome))}
        leads_off = frozenset(outcome for outcome, target in targets.items() if self._is_new(step, target))
        goes_on = self._is_new(step, step.next_step) and len(leads_off) == len(targets)
        # With nowhere to go, giving up sooner than a person needs to pick up would help nobody.
        ring_s = step.timeout if goes_on or leads_off else max(step.timeout, self._kit.plan.limits.device_ring_s)
        self._kit.orders.give(ReachDevice(metadata.device or self._kit.plan.device, ring_s=ring_s, leads_off=leads_off, goes_on=goes_on))

    def _is_new(self, step: CallFlowStep, target: str | None) -> bool:
        """A flow may lead back and forth between phones that nobody picks up: not for ever."""
        return target is not None and self._led_on[step.id, target] < _IN_VAIN

    def in_vain(self, step: CallFlowStep, outcome: str) -> None:
        """The phone of a TRANSFER was rung in vain, and the flow goes on."""
        self._led_on[step.id, self._flow.on(step, outcome) or step.next_step or ""] += 1

    def done(self, step: CallFlowStep, happening: hp.DigitsDelivered | hp.PlaybackEnded) -> None:
        """The line has sent the digits, or played the audio."""
        if isinstance(happening, hp.DigitsDelivered) and step.type is CallFlowStepType.DTMF:
            self._course.finish()
        elif isinstance(happening, hp.PlaybackEnded) and happening.playback_id == f"step:{step.id}":
            metadata = self._flow.metadata(step)
            self._kit.outbox.record(AudioPlayed(what=metadata.audio_file or f"text:{metadata.text}", completed=happening.completed))
            self._course.finish()
