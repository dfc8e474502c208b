"""A flow as the executor walks it: steps by id, what follows a step, and what its metadata says."""

from __future__ import annotations

from collections import Counter

import msgspec
from call_contract.flows import CallFlow, CallFlowStep, CallFlowStepType
from call_contract.prompts import phrase_heard
from call_contract.step_metadata import StepMetadata, metadata_of

from call_engine.core.flows.step_prompts import StepPrompts
from call_engine.core.menu import Menu, parse_menu

_HEARD = "heard:"
_ON = "on:"
_DIGIT_FIRST = "digit-first"


class FlowMap:
    def __init__(self, flow: CallFlow) -> None:
        self.flow = flow
        self._steps = {step.id: step for step in flow.steps}
        self._metadata = {step.id: _metadata(step) for step in flow.steps}
        self.prompts = StepPrompts(self.listening(), self._metadata)
        self._responses: dict[str, tuple[str | None, str]] = {}

    @property
    def first(self) -> CallFlowStep | None:
        return self.flow.steps[0] if self.flow.steps else None

    @property
    def knowledge(self) -> StepMetadata:
        """What the flow knows as a whole is kept with its first step."""
        return self._metadata[self.flow.steps[0].id] if self.flow.steps else StepMetadata()

    def step(self, step_id: str | None) -> CallFlowStep | None:
        return self._steps.get(step_id) if step_id else None

    def metadata(self, step: CallFlowStep) -> StepMetadata:
        return self._metadata[step.id]

    def following(self, step: CallFlowStep) -> CallFlowStep | None:
        return self.step(step.next_step)

    def listening(self) -> list[CallFlowStep]:
        return [step for step in self.flow.steps if step.type is CallFlowStepType.LISTEN]

    def on(self, step: CallFlowStep, outcome: str) -> str | None:
        """Where the step's conditions lead after this outcome, if they say so."""
        return step.conditions.get(_ON + outcome)

    def on_hearing(self, step: CallFlowStep, text: str) -> str | None:
        """The first ``heard:`` condition whose phrase occurs in the text."""
        for predicate, target in step.conditions.items():
            if predicate.startswith(_HEARD) and phrase_heard(predicate[len(_HEARD) :], text):
                return target
        return None

    def ahead(self, step: CallFlowStep, kind: CallFlowStepType) -> CallFlowStep | None:
        """The next step of this type on the way that starts here; else any of the flow."""
        seen: set[str] = set()
        at: CallFlowStep | None = step
        while at is not None and at.id not in seen:
            if at.type is kind:
                return at
            seen.add(at.id)
            at = self.following(at)
        return next((one for one in self.flow.steps if one.type is kind), None)

    def response(self, step: CallFlowStep) -> tuple[str | None, str]:
        """The digits with which a LISTEN is answered (its own, or those of the DTMF step behind it), and what they stand for."""
        known = self._responses.get(step.id)
        if known is None:
            known = self._responses[step.id] = self._response(step)
        return known

    def _response(self, step: CallFlowStep) -> tuple[str | None, str]:
        answering = step
        if not step.dtmf and not self.metadata(step).secret:
            following = self.following(step)
            if following is None or following.type is not CallFlowStepType.DTMF:
                return None, ""
            answering = following
        return answering.dtmf, self._label(step, answering)

    def labels_on_the_way(self) -> tuple[str, ...]:
        """What the options stand for that are taken on the way from the first step, the last one first."""
        labels: list[str] = []
        seen: set[str] = set()
        at = self.first
        while at is not None and at.id not in seen:
            seen.add(at.id)
            label = self.response(at)[1] if at.type is CallFlowStepType.LISTEN else ""
            labels += [label] if label else []
            at = self.following(at)
        return tuple(reversed(labels))

    @property
    def language(self) -> str:
        """Of most of its prompts; empty if that was never told."""
        told = Counter(known.language for known in self._metadata.values() if known.language)
        return told.most_common(1)[0][0] if told else ""

    def waits_out(self, step: CallFlowStep, then: CallFlowStep) -> bool:
        """Whether the prompt of ``step`` is answered by nothing until ``then`` comes by itself; it may be repeated until then."""
        return step.type is CallFlowStepType.LISTEN and step.next_step == then.id and self.response(step)[0] is None

    def _label(self, step: CallFlowStep, answering: CallFlowStep) -> str:
        """What the step was learned for, however its menu has been heard since; else what its key is known to stand for."""
        chosen = self.metadata(step).chosen_label or self.metadata(answering).chosen_label
        options = (*self.metadata(step).options, *self.metadata(answering).options)
        chosen = chosen or next((option.label for option in options if option.digits == answering.dtmf), "")
        if chosen:
            return chosen
        described = parse_menu(answering.description)
        if described.direction == _DIGIT_FIRST:  # "press 3 for disputes", not "hear the menu, then press 3"
            chosen = _named(described, answering.dtmf)
        prompt = self.metadata(step).prompt
        return chosen or (_named(parse_menu(prompt.transcript), answering.dtmf) if prompt else "")


def _named(menu: Menu, digits: str | None) -> str:
    return next((option.label for option in menu.options if option.digits == digits), "")


def _metadata(step: CallFlowStep) -> StepMetadata:
    try:
        return metadata_of(step)
    except msgspec.ValidationError:  # metadata written by hand with other types in it: follow the step without
        return StepMetadata()
