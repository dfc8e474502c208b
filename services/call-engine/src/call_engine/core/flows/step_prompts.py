"""The recordings by which a flow's LISTEN steps are recognised. Steps that answer one prompt differently share its recording."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from call_contract.flows import CallFlowStep
from call_contract.step_metadata import StepMetadata

from call_engine.core.flows.replay import same_label
from call_engine.core.flows.signature import same_prompt

PREFIX = "step:"  #: what the ids of these recordings begin with


class StepPrompts:
    """``steps``: the flow's LISTEN steps in order, the main path first."""

    def __init__(self, steps: Iterable[CallFlowStep], metadata: Mapping[str, StepMetadata]) -> None:
        self._answering: dict[str, list[CallFlowStep]] = {}
        self._ids: dict[str, str] = {}
        for step in steps:
            known = metadata[step.id]
            first = next((one for one in self._answering.values() if _one_prompt(metadata[one[0].id], known)), None)
            recording_id = self._ids[first[0].id] if first else PREFIX + step.id
            self._ids[step.id] = recording_id
            self._answering.setdefault(recording_id, []).append(step)

    def id_of(self, step: CallFlowStep) -> str:
        return self._ids.get(step.id, PREFIX + step.id)

    def answering(self, recording_id: str) -> list[CallFlowStep]:
        """The steps that this prompt belongs to, the main path's first."""
        return self._answering.get(recording_id, [])


def _one_prompt(one: StepMetadata, other: StepMetadata) -> bool:
    """The same words, and no key in them means something else."""
    if one.prompt is None or other.prompt is None or not same_prompt(one.prompt.transcript, other.prompt.transcript):
        return False
    labels = {option.digits: option.label for option in one.options}
    return all(same_label(option.label, labels[option.digits]) for option in other.options if option.digits in labels)
