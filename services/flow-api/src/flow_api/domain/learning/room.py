"""What a flow has no room for: fingerprints are nearly all of its bytes, and a flow too large to be stored would teach nothing.

Long recordings of hold go first: that is music, which is told from a human without being known. Then announcements, on hold and before
prompts, then what prompts are recognised by; the words of all of them stay. Each time the step that was heard longest ago gives way, one
off the main path before one on it.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from call_contract.flows import CallFlow, CallFlowStep
from call_contract.step_metadata import StepMetadata, metadata_of

from flow_api.domain.flow import content_of
from flow_api.domain.learning.observation import knowing
from flow_api.domain.learning.stops import chain
from flow_api.domain.limits import MAX_CONTENT_BYTES

_LONG = 4_000  #: characters: half a minute
_AROUND = 3  #: bytes: the quotes and the comma of a string in a list


def with_room(flow: CallFlow) -> CallFlow:
    """The flow as it can be stored. Steps that lost recordings say how many."""
    excess = len(msgspec.json.encode(content_of(flow))) - MAX_CONTENT_BYTES
    if excess <= 0:
        return flow
    known = {step.id: metadata_of(step) for step in flow.steps}
    excess += 64 * len(known)  # what the steps will say about it
    for least in (_LONG, 0):
        for step in _least_useful_first(flow, known):
            if excess > 0:
                excess -= _without_recordings(known, step.id, excess, longer_than=least)
    for without in (_without_preambles, _without_fingerprint):
        for step in _least_useful_first(flow, known):
            if excess > 0:
                excess -= without(known, step.id)
    return msgspec.structs.replace(flow, steps=[_knowing(step, known[step.id]) for step in flow.steps])


def _least_useful_first(flow: CallFlow, known: dict[str, StepMetadata]) -> Iterator[CallFlowStep]:
    by_id = {step.id: step for step in flow.steps}
    main = set(chain(by_id, flow.steps[0].id if flow.steps else None))
    yield from sorted(flow.steps, key=lambda step: (step.id in main, known[step.id].last_heard or "", step.id))


def _without_recordings(known: dict[str, StepMetadata], step_id: str, excess: int, *, longer_than: int) -> int:
    """How many bytes that saves."""
    metadata, saved = known[step_id], 0
    longest = sorted((one for one in metadata.recordings if len(one) > longer_than), key=lambda one: (-len(one), one))
    gone: set[str] = set()
    for recording in longest:
        if saved < excess:
            gone.add(recording)
            saved += len(recording) + _AROUND
    if gone:
        kept = [one for one in metadata.recordings if one not in gone]
        left_out = metadata.recordings_left_out + len(gone)
        known[step_id] = msgspec.structs.replace(metadata, recordings=kept, recordings_left_out=left_out)
    return saved


def _without_preambles(known: dict[str, StepMetadata], step_id: str) -> int:
    metadata = known[step_id]
    saved = [len(one.fingerprint) for one in metadata.preambles if one.fingerprint]
    if saved:
        preambles = [msgspec.structs.replace(one, fingerprint="") for one in metadata.preambles]
        left_out = metadata.recordings_left_out + len(saved)
        known[step_id] = msgspec.structs.replace(metadata, preambles=preambles, recordings_left_out=left_out)
    return sum(saved)


def _without_fingerprint(known: dict[str, StepMetadata], step_id: str) -> int:
    metadata = known[step_id]
    prompt = metadata.prompt
    if prompt is None or not prompt.fingerprint:
        return 0
    known[step_id] = msgspec.structs.replace(
        metadata, prompt=msgspec.structs.replace(prompt, fingerprint=""), recordings_left_out=metadata.recordings_left_out + 1
    )
    return len(prompt.fingerprint)


def _knowing(step: CallFlowStep, known: StepMetadata) -> CallFlowStep:
    return step if known == metadata_of(step) else knowing(step, known)
