"""What is different between two versions of a flow, step by step and field by field."""

from __future__ import annotations

from bisect import bisect_left
from typing import Any

import msgspec
from call_contract.flows import CallFlowStep

from flow_api.domain.flow_events import FlowContent


class FieldChange(msgspec.Struct, frozen=True, kw_only=True):
    """``path`` is a JSON path inside the flow or the step; ``before``/``after`` are null where there was, or is, nothing."""

    path: str
    before: Any
    after: Any


class StepChange(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    changes: list[FieldChange]


class StepMove(msgspec.Struct, frozen=True, kw_only=True):
    """A step that stands elsewhere among the steps both versions have. Counted from 0."""

    id: str
    before: int
    after: int


class FlowDiff(msgspec.Struct, frozen=True, kw_only=True):
    fields: list[FieldChange]
    added: list[CallFlowStep]
    removed: list[CallFlowStep]
    moved: list[StepMove]
    changed: list[StepChange]

    @property
    def is_empty(self) -> bool:
        return not (self.fields or self.added or self.removed or self.moved or self.changed)


def diff(before: FlowContent, after: FlowContent) -> FlowDiff:
    """The steps are matched by id."""
    old = {step.id: step for step in before.steps}
    new = {step.id: step for step in after.steps}
    return FlowDiff(
        fields=_field_changes(_without_steps(before), _without_steps(after), "$"),
        added=[step for step in after.steps if step.id not in old],
        removed=[step for step in before.steps if step.id not in new],
        moved=_moves([step.id for step in before.steps if step.id in new], [step.id for step in after.steps if step.id in old]),
        changed=[change for step_id in old if step_id in new for change in _step_change(old[step_id], new[step_id])],
    )


def summary(difference: FlowDiff) -> list[str]:
    """The difference in short sentences, for people."""
    lines = [f"{change.path} changed" for change in difference.fields]
    lines += [f"step {step.id} added" for step in difference.added]
    lines += [f"step {step.id} removed" for step in difference.removed]
    lines += [f"step {move.id} moved from {move.before} to {move.after}" for move in difference.moved]
    lines += [f"step {step.id}: {', '.join(change.path for change in step.changes)} changed" for step in difference.changed]
    return lines


def _without_steps(content: FlowContent) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(content)
    del plain["steps"]
    return plain


def _step_change(before: CallFlowStep, after: CallFlowStep) -> list[StepChange]:
    if before is after:
        return []
    old, new = msgspec.to_builtins(before), msgspec.to_builtins(after)
    # The order of conditions is the order in which they are tried, so that a new order is a change.
    old["conditions"], new["conditions"] = list(old["conditions"].items()), list(new["conditions"].items())
    changes = _field_changes(old, new, "$")
    return [StepChange(id=before.id, changes=changes)] if changes else []


def _field_changes(before: Any, after: Any, path: str) -> list[FieldChange]:
    if isinstance(before, dict) and isinstance(after, dict):
        names = list(before) + [name for name in after if name not in before]
        return [change for name in names for change in _field_changes(before.get(name), after.get(name), f"{path}.{name}")]
    return [] if before == after else [FieldChange(path=path, before=before, after=after)]


def _moves(before: list[str], after: list[str]) -> list[StepMove]:
    """The fewest steps that, taken out, leave the others in their order."""
    place = {step_id: index for index, step_id in enumerate(before)}
    stayed = _longest_rising([place[step_id] for step_id in after])
    return [StepMove(id=step_id, before=place[step_id], after=index) for index, step_id in enumerate(after) if place[step_id] not in stayed]


def _longest_rising(numbers: list[int]) -> set[int]:
    """The members of a longest strictly rising subsequence of distinct numbers (patience sorting: n log n)."""
    tops: list[int] = []  # of all rising runs of each length, the lowest end
    below: dict[int, int | None] = {}
    for number in numbers:
        length = bisect_left(tops, number)
        below[number] = tops[length - 1] if length else None
        tops[length : length + 1] = [number]
    members: set[int] = set()
    last = tops[-1] if tops else None
    while last is not None:
        members.add(last)
        last = below[last]
    return members
