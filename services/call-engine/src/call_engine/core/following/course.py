"""Where in its flow a call is: the step that is current, how it was begun and how it ends, each an event."""

from __future__ import annotations

from collections.abc import Callable

from call_contract.call_events import CallOutcome, StepEnded, StepStarted
from call_contract.flows import CallFlowStep, CallFlowStepType

from call_engine.core.flows.flow_map import FlowMap
from call_engine.core.flows.replay import Match
from call_engine.core.kit import Kit
from call_engine.core.orders import EndCall


class Course:
    """``entered`` is called with every step that begins: what it does is the executor's business."""

    def __init__(self, kit: Kit, flow: FlowMap, entered: Callable[[CallFlowStep], None]) -> None:
        self._kit = kit
        self._flow = flow
        self._entered = entered
        self.step: CallFlowStep | None = None
        self.entered_at = 0
        self.in_vain = False  #: the person's phone was rung last, and nobody came

    @property
    def waited_ms(self) -> int:
        return (self._kit.now - self.entered_at) // 8

    def at(self, *types: CallFlowStepType) -> bool:
        return self.step is not None and self.step.type in types

    def begin_again(self) -> None:
        """The step has as much time as if it had just begun."""
        self.entered_at = self._kit.now

    def enter(self, step: CallFlowStep | None) -> None:
        """None: the flow has come to its end, and so has the call."""
        self.step = step
        self.begin_again()
        if step is None:
            outcome = CallOutcome.HUMAN_NOT_BRIDGED if self.in_vain else CallOutcome.REACHED
            self._kit.orders.give(EndCall(outcome, "nobody picked up, and " * self.in_vain + "the flow has come to its end"))
            return
        self._kit.outbox.record(StepStarted(step_id=step.id, type=step.type.value))
        self._kit.hearing.listening = not self._expects_fingerprint(step)
        self._kit.hearing.expected = self._flow.prompts.id_of(step)
        self._entered(step)

    def _expects_fingerprint(self, step: CallFlowStep) -> bool:
        at = self._flow.following(step) if step.type is CallFlowStepType.WAIT else step
        prompt = self._flow.metadata(at).prompt if at and at.type is CallFlowStepType.LISTEN else None
        return bool(prompt and prompt.fingerprint)

    def end(self, outcome: str, *, match: str = "", reason: str = "", target: str | None = None) -> CallFlowStep | None:
        """Records the end of the step; gives the one that follows: the target, else by its condition, else the next."""
        step = self.step
        assert step is not None
        if match == Match.MATCHED:
            self._kit.outbox.figures.steps_matched += 1
        following = target or self._flow.on(step, outcome) or (step.next_step if outcome != "drift" else None)
        self._kit.outbox.record(StepEnded(step_id=step.id, outcome=outcome, match=match, next_step=following, reason=reason))
        return self._flow.step(following)

    def finish(self, outcome: str = "done", *, match: str = "", reason: str = "", target: str | None = None) -> None:
        self.enter(self.end(outcome, match=match, reason=reason, target=target))

    def leave(self, outcome: str, reason: str) -> bool:
        """Follows the condition for this outcome, if the step has one."""
        target = self._flow.on(self.step, outcome) if self.step else None
        if target is None:
            return False
        self.finish(outcome, reason=reason, target=target)
        return True
