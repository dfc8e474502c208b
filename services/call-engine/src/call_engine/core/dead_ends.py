"""What earlier calls tried in vain: keys of menus that led neither to hold nor to a human."""

from __future__ import annotations

from call_contract.flows import CallFlow, CallFlowStep, CallFlowStepType

from call_engine.core.choice import role_of
from call_engine.core.flow_map import FlowMap

_GOALS = (CallFlowStepType.HOLD, CallFlowStepType.TRANSFER)


def dead_ends(flow: CallFlow) -> list[tuple[str, frozenset[str]]]:
    """Transcripts of menus, each with the keys not to try again. A menu all of whose keys are dead makes the key before it dead."""
    steps = FlowMap(flow)
    menus = [step for step in steps.listening() if step.dtmf and not _reaches_goal(step, steps)]
    dead: dict[str, set[str]] = {}
    for step in reversed(menus):
        following = steps.following(step)
        if following is None or following.type is not CallFlowStepType.LISTEN or _all_tried(following, steps, dead):
            dead.setdefault(_transcript(step, steps), set()).add(step.dtmf or "")
    return [(transcript, frozenset(keys)) for transcript, keys in dead.items() if transcript]


def _transcript(step: CallFlowStep, steps: FlowMap) -> str:
    prompt = steps.metadata(step).prompt
    return prompt.transcript if prompt else ""


def _all_tried(step: CallFlowStep, steps: FlowMap, dead: dict[str, set[str]]) -> bool:
    offered = {option.digits for option in steps.metadata(step).options if role_of(option.label) not in ("back", "repeat")}
    return offered <= dead.get(_transcript(step, steps), set())


def _reaches_goal(step: CallFlowStep, steps: FlowMap) -> bool:
    seen: set[str] = set()
    at: CallFlowStep | None = step
    while at is not None and at.id not in seen:
        if at.type in _GOALS:
            return True
        seen.add(at.id)
        at = steps.following(at)
    return False
