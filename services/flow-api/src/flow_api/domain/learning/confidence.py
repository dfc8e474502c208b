"""How sure a path is: the lower end of what its successes allow to be true."""

from __future__ import annotations

import math
from collections.abc import Iterable

from call_contract.flows import CallFlow
from call_contract.step_metadata import Outcomes, metadata_of

from flow_api.domain.learning.stops import chain

_Z = 1.959964  # 95 %, two-sided


def wilson_lower_bound(successes: int, n: int) -> float:
    """Wilson (1927): the lower bound of a share of which ``successes`` of ``n`` were seen; 0 of nothing."""
    if n == 0:
        return 0.0
    share = successes / n
    centre = share + _Z * _Z / (2 * n)
    spread = _Z * math.sqrt(share * (1 - share) / n + _Z * _Z / (4 * n * n))
    return max(0.0, (centre - spread) / (1 + _Z * _Z / n))


def with_outcome(outcomes: Outcomes | None, *, success: bool) -> Outcomes:
    successes = (outcomes.successes if outcomes else 0) + success
    failures = (outcomes.failures if outcomes else 0) + (not success)
    return Outcomes(successes=successes, failures=failures, confidence=round(wilson_lower_bound(successes, successes + failures), 4))


def path_confidence(flow: CallFlow, first: str | None = None) -> float:
    """Of the path from ``first`` (the flow's first step if None) along ``next_step``: that of its weakest step; 0 if nothing is known."""
    by_id = {step.id: step for step in flow.steps}
    start = first if first is not None else (flow.steps[0].id if flow.steps else None)
    return min(_known(metadata_of(by_id[step_id]).outcomes for step_id in chain(by_id, start)), default=0.0)


def _known(outcomes: Iterable[Outcomes | None]) -> list[float]:
    return [outcome.confidence for outcome in outcomes if outcome is not None]
