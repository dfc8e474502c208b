"""The first flow: the path of one call, step by step."""

from __future__ import annotations

from call_contract.flows import CallFlowStep

from flow_api.domain.learning.ledger import with_call
from flow_api.domain.learning.observation import Call
from flow_api.domain.learning.rewiring import Rewiring
from flow_api.domain.learning.stops import Path


def built_steps(path: Path, call: Call, *, split_dtmf: bool = False) -> list[CallFlowStep]:
    """A step (or two) for every stop of the path, linked in order."""
    rewiring = Rewiring([], call, path.stops, split_dtmf=split_dtmf)
    rewiring.add(path.stops)
    return with_call([], rewiring.finished(), call)
