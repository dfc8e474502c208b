"""What a merge changed, so that a new version is made only where a call would now go, or press, otherwise."""

from __future__ import annotations

import enum
from typing import Any

import msgspec
from call_contract.flows import CallFlow, CallFlowStep
from call_contract.step_metadata import metadata_of

from flow_api.domain.merge_patch import patch_between


class ChangeKind(enum.StrEnum):
    NOTHING = "nothing"  #: the call was known already, or had nothing to say
    OBSERVED = "observed"  #: timing, outcomes, evidence, statistics: no new version
    CONTENT = "content"  #: the way changed: a new version


class LearnedChange(msgspec.Struct, frozen=True, kw_only=True):
    """``reasons`` are short sentences for people. ``metadata``: for each step whose metadata changed, a merge patch."""

    kind: ChangeKind
    reasons: list[str] = []
    metadata: dict[str, dict[str, Any]] = {}
    outcome: str | None = None  #: success | failure, if the merge counted one

    @property
    def reason(self) -> str:
        return "; ".join(self.reasons) or {ChangeKind.NOTHING: "nothing new"}.get(self.kind, "the same way again")


def change_between(before: CallFlow, after: CallFlow) -> LearnedChange:
    """What ``merge_discoveries`` made of ``before``."""
    old = {step.id: step for step in before.steps}
    new = {step.id: step for step in after.steps}
    reasons = [f"step {step_id} added" for step_id in new if step_id not in old]
    reasons += [f"step {step_id} removed" for step_id in old if step_id not in new]
    reasons += [reason for step_id in new if step_id in old for reason in _step_reasons(old[step_id], new[step_id])]
    if not reasons and list(old) != list(new):
        reasons.append("steps in another order")
    patches = {step_id: patch_between(old[step_id].metadata if step_id in old else {}, step.metadata) for step_id, step in new.items()}
    metadata = {step_id: patch for step_id, patch in patches.items() if patch}
    outcome = "success" if after.success_count > before.success_count else "failure" if after.fail_count > before.fail_count else None
    if reasons:
        return LearnedChange(kind=ChangeKind.CONTENT, reasons=reasons, metadata=metadata, outcome=outcome)
    kind = ChangeKind.OBSERVED if metadata or outcome else ChangeKind.NOTHING
    return LearnedChange(kind=kind, metadata=metadata, outcome=outcome)


def _step_reasons(before: CallFlowStep, after: CallFlowStep) -> list[str]:
    reasons = []
    for field in ("type", "description", "dtmf", "timeout", "next_step"):
        old, new = getattr(before, field), getattr(after, field)
        if old != new:
            reasons.append(f"step {after.id}: {field} is {new}, was {old}")
    for predicate, target in after.conditions.items():
        if before.conditions.get(predicate) != target:
            reasons.append(f"step {after.id}: {predicate} leads to {target}")
    reasons += [f"step {after.id}: {predicate} is gone" for predicate in before.conditions if predicate not in after.conditions]
    return reasons + _knowledge_reasons(before, after)


def _knowledge_reasons(before: CallFlowStep, after: CallFlowStep) -> list[str]:
    """What is known of a step and decides where a call goes: its prompt's words and its options. How and when to press is observed."""
    old, new = metadata_of(before), metadata_of(after)
    known = {(option.digits, option.label) for option in old.options}
    now = {(option.digits, option.label) for option in new.options}
    reasons = [f"step {after.id}: option {digits} is {label!r}" for digits, label in sorted(now - known)]
    reasons += [f"step {after.id}: option {digits} is no longer {label!r}" for digits, label in sorted(known - now)]
    if (old.prompt.transcript if old.prompt else "") != (new.prompt.transcript if new.prompt else ""):
        reasons.append(f"step {after.id}: its prompt is known" if not old.prompt else f"step {after.id}: more of its prompt is known")
    return reasons
