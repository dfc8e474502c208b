"""Merging one more call into a flow.

The path of the call is aligned with the stored main path. Where both are the same place, the step learns (timing, options, outcome).
Where they differ:

- another state of the company (closed, another language) becomes a branch of the main path;
- a call that reached its goal shows how the menus are now: the changed part becomes the main path, the old part its branch;
- a call that failed changes no working path.
"""

from __future__ import annotations

import msgspec
from call_contract.flows import CallFlow, CallFlowStep, CallFlowStepType

from flow_api.domain.learning.alignment import Changed, Matched, align
from flow_api.domain.learning.branches import is_side, says_closed
from flow_api.domain.learning.confidence import wilson_lower_bound
from flow_api.domain.learning.ledger import with_call
from flow_api.domain.learning.observation import Call
from flow_api.domain.learning.rewiring import Rewiring
from flow_api.domain.learning.signature import digits_moved, likeness, stands_for_another
from flow_api.domain.learning.stops import Path, Stop, main_path, with_leads

Region = Matched | Changed


def merged_steps(flow: CallFlow, path: Path, call: Call) -> list[CallFlowStep]:
    """The flow's steps after the call. The same list of steps, if the call had nothing to say."""
    stored = main_path(flow.steps)
    works = flow.success_count > 0 or any(stop.kind is CallFlowStepType.TRANSFER for stop in stored)
    heard = [stop for stop in with_leads(path.stops) if stop.kind is not CallFlowStepType.WAIT]
    may_replace = path.reached or (not works and _progress(heard) > _progress(stored))
    regions = _responses_apart(align(stored, heard), may_replace=may_replace, works=works)
    rewiring = Rewiring(flow.steps, call, path.stops)
    for index, region in enumerate(regions):
        if isinstance(region, Matched):
            rewiring.keep(region.stored, _heard_rightly(region))
        else:
            anchor = next((later for later in regions[index + 1 :] if isinstance(later, Matched)), None)
            _apply(rewiring, region, anchor, may_replace=may_replace, works=works)
    return with_call(flow.steps, rewiring.finished(), call)


def _heard_rightly(region: Matched) -> Stop:
    """Keys that stand for other things now, heard on a call that reached nobody, are left aside: what the known key is for stays known."""
    if stands_for_another(region.stored, region.heard):
        return msgspec.structs.replace(region.heard, options=(), transcript="")
    return region.heard


def _apply(rewiring: Rewiring, region: Changed, rejoined: Matched | None, *, may_replace: bool, works: bool) -> None:
    stored, heard = region.stored, region.heard
    anchor = rejoined.stored if rejoined else None
    ended = next((stop.ends for stop in heard if stop.ends), None)
    if ended:
        _ended(rewiring, stored, heard, anchor, ended)
        rewiring.keep_all(stored)
    elif not heard:
        _left_out(rewiring, stored, rejoined, may_replace=may_replace)
    elif works and is_side(heard[0], stored[0] if stored else anchor):
        _other_state(rewiring, stored, heard, anchor, may_replace=may_replace)
        rewiring.keep_all(stored)
    elif not may_replace:
        rewiring.keep_all(stored)
    elif _old_way_is_surer(rewiring, stored, heard):
        rewiring.branch_off(stored[0], heard, anchor, predicate="on:invalid_digit")
        rewiring.keep_all(stored)
    else:
        rewiring.replace(stored, heard, anchor, keep_old=works)


def _other_state(rewiring: Rewiring, stored: tuple[Stop, ...], heard: tuple[Stop, ...], anchor: Stop | None, *, may_replace: bool) -> None:
    """Closed, or another language. What a call found there on its way to nobody is worth keeping only where it is closed."""
    expected = stored[0] if stored else anchor
    if expected is not None and (may_replace or says_closed(heard[0])):
        rewiring.branch_off(expected, heard, anchor)


def _ended(rewiring: Rewiring, stored: tuple[Stop, ...], heard: tuple[Stop, ...], anchor: Stop | None, ended: str) -> None:
    """The company ended the call (closed, voice mail). If the call found a way on from there, that is a branch of its own."""
    expected = stored[0] if stored else anchor
    rewiring.note_ending(expected, ended)
    beyond = heard[next(index for index, stop in enumerate(heard) if stop.ends) + 1 :]
    if expected is not None and beyond and not any(stop.ends for stop in beyond) and rewiring.reached:
        rewiring.branch_off(expected, beyond, anchor, predicate=f"on:{ended}")


def _left_out(rewiring: Rewiring, stored: tuple[Stop, ...], rejoined: Matched | None, *, may_replace: bool) -> None:
    """The call did not come through these stops. Only a stop it went past is gone; a queue may be empty today.

    What the call said itself (a recording played to the company) no discovery tells of.
    """
    only_hold = all(stop.kind in (CallFlowStepType.HOLD, CallFlowStepType.WAIT) for stop in stored)
    only_said = all(stop.kind is CallFlowStepType.SPEAK for stop in stored)
    if not may_replace or rejoined is None or only_said:
        rewiring.keep_all(stored)
    elif only_hold:
        rewiring.keep_unwaited(stored)
    else:
        rewiring.remove(stored, rejoined.stored, rejoined.heard)


def _responses_apart(regions: list[Region], *, may_replace: bool, works: bool) -> list[Region]:
    """A known prompt that was answered otherwise on the way to the goal is a changed place, not the same one."""
    apart: list[Region] = []
    for region in regions:
        if isinstance(region, Matched) and may_replace and _answered_otherwise(region, works=works):
            region = Changed((region.stored,), (region.heard,))
        last = apart[-1] if apart else None
        if isinstance(region, Changed) and isinstance(last, Changed):
            apart[-1] = Changed(last.stored + region.stored, last.heard + region.heard)
        else:
            apart.append(region)
    return apart


def _answered_otherwise(region: Matched, *, works: bool) -> bool:
    stored, heard = _response(region.stored), _response(region.heard)
    if heard == (None, None):
        return False
    if stored == heard:
        return stands_for_another(region.stored, region.heard)
    return stored != (None, None) or not works


def _old_way_is_surer(rewiring: Rewiring, stored: tuple[Stop, ...], heard: tuple[Stop, ...]) -> bool:
    """The menu is the same and both answers lead to a human: the one with the better record stays."""
    if not stored or likeness(stored[0], heard[0]) == 0 or digits_moved(stored[0], heard[0]):
        return False
    return rewiring.confidence_of(stored[0]) > round(wilson_lower_bound(1, 1), 4)


def _response(stop: Stop) -> tuple[str | None, str | None]:
    return stop.digits, stop.secret


def _progress(stops: list[Stop]) -> tuple[bool, int]:
    """How far a path that reached nobody came: to a queue, then by the number of responses."""
    return any(stop.kind is CallFlowStepType.HOLD for stop in stops), sum(1 for stop in stops if _response(stop) != (None, None))


def replaced(flow: CallFlow, steps: list[CallFlowStep], *, reached: bool) -> CallFlow:
    """The flow with these steps and the call's outcome counted."""
    return msgspec.structs.replace(
        flow, steps=steps, success_count=flow.success_count + reached, fail_count=flow.fail_count + (not reached)
    )
