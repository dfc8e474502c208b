"""The steps of a flow while they are being rewired. Ids stay unique and every pointer leads to a step that is there."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from call_contract.flows import CallFlowStep
from call_contract.step_metadata import metadata_of

from flow_api.domain.learning.stops import chain
from flow_api.domain.slug import candidates


class StepGraph:
    """Steps by id, in their order."""

    def __init__(self, steps: Iterable[CallFlowStep]) -> None:
        self._steps = {step.id: step for step in steps}

    def __contains__(self, step_id: str) -> bool:
        return step_id in self._steps

    def __getitem__(self, step_id: str) -> CallFlowStep:
        return self._steps[step_id]

    def put(self, step: CallFlowStep) -> None:
        self._steps[step.id] = step

    def new_id(self, base: str) -> str:
        return next(name for name in candidates(base, most=len(self._steps) + 2) if name not in self._steps)

    def link(self, step_id: str, next_step: str | None) -> None:
        self.put(msgspec.structs.replace(self[step_id], next_step=next_step))

    def learned_conditions(self, step_id: str) -> list[str]:
        """Those that calls taught and nobody has changed since; the others were written by a person."""
        step = self[step_id]
        taught = metadata_of(step).learned_conditions
        return [predicate for predicate, target in taught.items() if step.conditions.get(predicate) == target]

    def add_condition(self, step_id: str, predicate: str, target: str, *, learned: bool = True) -> bool:
        """False where the step has the predicate already, or the target is the step itself."""
        step = self[step_id]
        if predicate in step.conditions or target == step_id:
            return False
        taught = [*self.learned_conditions(step_id), *([predicate] if learned else [])]
        self.put(msgspec.structs.replace(step, conditions={**step.conditions, predicate: target}))
        self._taught(step_id, taught)
        return True

    def _taught(self, step_id: str, predicates: list[str]) -> None:
        conditions = self[step_id].conditions
        known = {predicate: conditions[predicate] for predicate in predicates if predicate in conditions}
        if known != metadata_of(self[step_id]).learned_conditions:
            self.annotate(step_id, learned_conditions=known or None)

    def drop_condition(self, step_id: str, predicate: str) -> None:
        step, taught = self[step_id], self.learned_conditions(step_id)
        self.put(msgspec.structs.replace(step, conditions={one: to for one, to in step.conditions.items() if one != predicate}))
        self._taught(step_id, taught)

    def drop_conditions_to(self, step_id: str, targets: Iterable[str]) -> None:
        unwanted = set(targets)
        step = self[step_id]
        kept = {predicate: target for predicate, target in step.conditions.items() if target not in unwanted}
        if kept != step.conditions:
            taught = self.learned_conditions(step_id)
            self.put(msgspec.structs.replace(step, conditions=kept))
            self._taught(step_id, taught)

    def replace_conditions(self, step_id: str, conditions: dict[str, str], learned: list[str]) -> None:
        step = self[step_id]
        if list(step.conditions.items()) != list(conditions.items()):
            self.put(msgspec.structs.replace(step, conditions=conditions))
            self._taught(step_id, learned)

    def ids(self) -> list[str]:
        return list(self._steps)

    def annotate(self, step_id: str, **fields: object) -> None:
        """Set keys of the step's metadata; None takes a key away."""
        step = self[step_id]
        metadata = {key: value for key, value in {**step.metadata, **fields}.items() if value is not None}
        self.put(msgspec.structs.replace(step, metadata=metadata))

    def reachable(self, starts: Iterable[str]) -> set[str]:
        reached: set[str] = set()
        ahead = list(starts)
        while ahead:
            step_id = ahead.pop()
            if step_id not in reached and step_id in self._steps:
                reached.add(step_id)
                step = self[step_id]
                ahead.extend([*step.conditions.values(), *([step.next_step] if step.next_step else [])])
        return reached

    def path_ids(self, first: str) -> list[str]:
        return chain(self._steps, first)

    def ordered(self, first: str) -> list[CallFlowStep]:
        """The main path first, then the rest in its old order. Learned steps that nothing leads to any more are left out."""
        main = self.path_ids(first)
        by_hand = [step.id for step in self._steps.values() if not metadata_of(step).outcomes]
        kept = self.reachable([first, *by_hand])
        return [self[step_id] for step_id in main] + [step for step in self._steps.values() if step.id in kept and step.id not in main]

    def off_path(self, first: str) -> list[CallFlowStep]:
        main = set(self.path_ids(first))
        return [step for step in self._steps.values() if step.id not in main]
