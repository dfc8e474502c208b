"""CallFlowLearner: flows out of what calls found.

A menu becomes one LISTEN step whose ``dtmf`` is the learned response: it presses when the live prompt matches
(``call_contract.step_metadata`` says how every learned step reads when it is executed). Nothing here reads a clock: a call without a
time is taken to have happened when the flow was last updated.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from call_contract.discoveries import Discovery
from call_contract.flows import CallFlow

from flow_api.domain.errors import Fault, Invalid
from flow_api.domain.learning.build import built_steps
from flow_api.domain.learning.change import ChangeKind, LearnedChange, change_between
from flow_api.domain.learning.identity import learned_description, learned_id, learned_name
from flow_api.domain.learning.intake import accept, moment, places
from flow_api.domain.learning.ledger import knows_call
from flow_api.domain.learning.merge import merged_steps, replaced
from flow_api.domain.learning.observation import Call
from flow_api.domain.learning.path import path_of
from flow_api.domain.learning.phone_tree import with_tree
from flow_api.domain.learning.room import with_room

__all__ = ["CallFlowLearner", "ChangeKind", "LearnedChange", "change_between"]

Discoveries = Iterable[Mapping[str, Any] | Discovery]

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class CallFlowLearner:
    """Builds flows from discoveries and merges further discoveries into them. It has no state."""

    def build_flow(
        self, discoveries: Discoveries, phone_number: str, company: str | None = None, intent: str | None = None, *,
        call_id: str | None = None, at: dt.datetime | str | None = None, split_dtmf: bool = False,
    ) -> CallFlow:  # fmt: skip
        """The flow one call shows, its success or failure counted.

        ``discoveries``: ``Discovery`` values or plain dicts. ``at``: when the call was made (aware, or UTC); the epoch if None.
        With ``split_dtmf`` a menu becomes LISTEN → DTMF. Raises ``Invalid`` naming each bad field, or where nothing is to be learned.
        """
        accepted = places(accept(discoveries))
        path = path_of(accepted)
        if all(stop.ends for stop in path.stops):
            raise Invalid([Fault("$.discoveries", "hold nothing that a step could be made of")])
        call = Call(call_id=call_id, at=moment(at, _EPOCH), reached=path.reached)
        return with_room(CallFlow(
            id=learned_id(phone_number, company, intent), name=learned_name(phone_number, company, intent), company=company,
            phone_number=phone_number, description=learned_description(intent),
            steps=with_tree([], built_steps(path, call, split_dtmf=split_dtmf), accepted, call), created_at=call.at, updated_at=call.at,
            success_count=int(path.reached), fail_count=int(not path.reached),
        ))  # fmt: skip

    def merge_discoveries(
        self, existing_flow: CallFlow, new_discoveries: Discoveries, *, call_id: str | None = None, at: dt.datetime | str | None = None
    ) -> CallFlow:
        """The flow after one more call. A call id that was merged before, or no discoveries, change nothing.

        ``version`` and ``updated_at`` change only with the content; ``change_between`` tells what did. Raises ``Invalid``.
        """
        heard = accept(new_discoveries)
        call_at = moment(at, existing_flow.updated_at)
        if not heard or (call_id is not None and knows_call(existing_flow, call_id)):
            return existing_flow
        discoveries = places(heard)
        path = path_of(discoveries)
        call = Call(call_id=call_id, at=call_at, reached=path.reached)
        steps = merged_steps(existing_flow, path, call) if existing_flow.steps else built_steps(path, call)
        steps = with_tree(existing_flow.steps, steps, discoveries, call)
        flow = with_room(replaced(existing_flow, steps, reached=path.reached))
        if change_between(existing_flow, flow).kind is not ChangeKind.CONTENT:
            return flow
        return msgspec.structs.replace(flow, version=flow.version + 1, updated_at=max(existing_flow.updated_at, call_at))
