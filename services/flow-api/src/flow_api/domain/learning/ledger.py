"""Which calls a flow was learned from, kept with its first step, so that no call is learned from twice."""

from __future__ import annotations

import msgspec
from call_contract.flows import CallFlow, CallFlowStep
from call_contract.step_metadata import metadata_of

from flow_api.domain.learning.observation import Call

#: Older calls are forgotten here; the flow's event stream still knows them.
MAX_CALLS = 200


def knows_call(flow: CallFlow, call_id: str) -> bool:
    return any(call_id in known.learned_from or call_id in known.evidence for known in map(metadata_of, flow.steps))


def with_call(before: list[CallFlowStep], after: list[CallFlowStep], call: Call) -> list[CallFlowStep]:
    """``after`` with the ledger of ``before`` and the call entered at its first step."""
    calls: dict[str, str] = {}
    for step in before:
        calls.update(metadata_of(step).learned_from)
    if call.call_id is not None:
        calls[call.call_id] = call.at_iso
    newest = sorted(calls.items(), key=lambda entry: (entry[1], entry[0]))[-MAX_CALLS:]
    return [_entered(step, dict(newest) if index == 0 else {}) for index, step in enumerate(after)]


def _entered(step: CallFlowStep, calls: dict[str, str]) -> CallFlowStep:
    metadata = {key: value for key, value in step.metadata.items() if key != "learned_from"}
    if calls:
        metadata["learned_from"] = calls
    return msgspec.structs.replace(step, metadata=metadata)
