"""The new main path while it is being put together from kept, changed and new stops, and the branches that hang on it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

import msgspec
from call_contract.flows import CallFlowStep, CallFlowStepType
from call_contract.prompts import phrase_heard
from call_contract.step_metadata import metadata_of

from flow_api.domain.learning.branches import MAX_BRANCHES, predicate_to, telling_phrase
from flow_api.domain.learning.graph import StepGraph
from flow_api.domain.learning.observation import Call, observed, with_ending
from flow_api.domain.learning.signature import digits_moved, likeness, same_menu
from flow_api.domain.learning.steps import steps_of
from flow_api.domain.learning.stops import Stop, response_of, stored_stop
from flow_api.domain.limits import MAX_CONDITIONS

_HEARD = "heard:"
_CALLBACK = "on:callback_offer"


class Rewiring:
    """Call ``keep…``, ``replace``, ``remove`` and ``branch_off`` in the order of the path, then ``finished``."""

    def __init__(self, steps: Sequence[CallFlowStep], call: Call, path: Sequence[Stop], *, split_dtmf: bool = False) -> None:
        self._graph = StepGraph(steps)
        self._first = steps[0].id if steps else ""
        self._call = call
        self._main: list[str] = []
        self._spare = self._stops_off(self._graph.off_path(self._first))
        self._split = split_dtmf or any(response_of(step, {other.id: other for other in steps}) for step in steps)
        self._path = path

    # --- the main path ------------------------------------------------------------------------------------------------

    def add(self, heard: Iterable[Stop]) -> None:
        """New stops at the end."""
        for stop in heard:
            if stop.ends:
                self.note_ending(None, stop.ends)
            else:
                self._main += self._place([stop])

    def keep(self, stored: Stop, heard: Stop) -> None:
        """The same place: its steps stay and learn."""
        self._take(stored)
        for lead, waited in zip(stored.leads, heard.leads, strict=False):
            self._observe(lead.step_ids, waited)
        self._observe(stored.step_ids, heard)

    def keep_all(self, stored: Iterable[Stop]) -> None:
        """Not on this call's way: they stay as they are."""
        for stop in stored:
            self._take(stop)

    def keep_unwaited(self, stored: Iterable[Stop]) -> None:
        """Holds at which nobody had to wait this time."""
        for stop in stored:
            self._take(stop)
            if stop.kind is CallFlowStepType.HOLD:
                self._observe(stop.step_ids, Stop(kind=CallFlowStepType.HOLD, duration_ms=0))

    def replace(self, stored: Sequence[Stop], heard: Sequence[Stop], anchor: Stop | None, *, keep_old: bool) -> None:
        """What was heard is the main path now; what was stored becomes its branch, if it is worth keeping."""
        if stored and not self._main:
            self._main += [step_id for lead in stored[0].leads for step_id in lead.step_ids]
        ids = self._place(heard)
        self._main += ids
        expected = stored[0] if stored else anchor
        if expected is None:
            return
        self._inherit(ids[0], expected.step_ids[0], own=ids)
        if stored and keep_old:
            self._make_branch(ids[0], heard[:1], stored)
        elif not stored and not (heard[0].kind is CallFlowStepType.HOLD and expected.kind is CallFlowStepType.TRANSFER):
            self._hang(ids[0], predicate_to(expected, [heard[0].transcript]), expected.step_ids[0])

    def remove(self, stored: Sequence[Stop], anchor: Stop, anchor_heard: Stop) -> None:
        """The company no longer has these stops; should they be heard again, the call goes through them.

        ``anchor_heard``: what is heard in their place now, perhaps behind the greeting that was theirs.
        """
        self._inherit(anchor.step_ids[0], stored[0].step_ids[0], own=())
        self._make_branch(anchor.step_ids[0], (anchor, anchor_heard), stored)

    def finished(self) -> list[CallFlowStep]:
        for step_id, following in pairwise(self._main):
            self._graph.link(step_id, following)
        for step_id in self._graph.ids():
            self._tell_apart(step_id)
        return self._graph.ordered(self._main[0] if self._main else self._first)

    @property
    def reached(self) -> bool:
        return self._call.reached

    def note_ending(self, at: Stop | None, ended: str) -> None:
        """The company ended the call at this stop, or else at the last one of the path so far."""
        step_id = at.step_ids[0] if at is not None else self._main[-1] if self._main else None
        if step_id is not None:
            self._graph.put(with_ending(self._graph[step_id], ended, self._call))

    def confidence_of(self, stop: Stop) -> float:
        outcomes = metadata_of(self._graph[stop.step_ids[0]]).outcomes
        return outcomes.confidence if outcomes else 0.0

    # --- branches -----------------------------------------------------------------------------------------------------

    def branch_off(self, expected: Stop, heard: Sequence[Stop], anchor: Stop | None, *, predicate: str | None = None) -> None:
        """What was heard instead of ``expected`` becomes a branch that rejoins the path at ``anchor``."""
        holder = expected.step_ids[0]
        siblings = [expected.transcript, *(self._prompt_of(target) for target in self._graph[holder].conditions.values())]
        known = self._known(heard[0])
        predicate = predicate or predicate_to(heard[0], siblings)
        if known is None and (predicate is None or predicate in self._graph[holder].conditions):
            return
        ids = self._place(heard)
        if anchor is not None:
            self._graph.link(ids[-1], anchor.step_ids[0])
        for step_id, following in pairwise(ids):
            self._graph.link(step_id, following)
        if ids[0] not in self._graph[holder].conditions.values():
            self._hang(holder, predicate, ids[0])

    def _make_branch(self, holder: str, instead: Sequence[Stop], stored: Sequence[Stop]) -> None:
        """``instead``: the prompt of the holder, in each form it was heard in."""
        target = stored[0]
        same_words = likeness(target, instead[0]) > 0 and not digits_moved(target, instead[0])
        predicate = "on:invalid_digit" if same_words else predicate_to(target, [stop.transcript for stop in instead])
        if predicate is None and target.kind is CallFlowStepType.LISTEN and not target.transcript:
            predicate = "on:drift"
        self._hang(holder, predicate, target.step_ids[0])
        for step_id in (step_id for stop in stored for step_id in stop.step_ids):
            seen = metadata_of(self._graph[step_id]).last_heard or self._call.at_iso
            self._graph.annotate(step_id, last_seen=seen)

    def _inherit(self, heir: str, old: str, *, own: Sequence[str]) -> None:
        """The conditions of the step that stood here apply to the one that stands here now."""
        learned = self._graph.learned_conditions(old)
        for predicate, target in self._graph[old].conditions.items():
            if target not in own and target != heir:
                self._graph.add_condition(heir, predicate, target, learned=predicate in learned)
        self._graph.drop_conditions_to(old, [heir, *own])

    def _hang(self, holder: str, predicate: str | None, target: str) -> None:
        conditions = self._graph[holder].conditions
        if predicate is None or target in conditions.values():
            return
        learned = self._graph.learned_conditions(holder)
        if len(learned) >= MAX_BRANCHES:
            oldest = min(learned, key=lambda one: metadata_of(self._graph[conditions[one]]).last_heard or "")
            self._graph.drop_condition(holder, oldest)
        elif len(conditions) >= MAX_CONDITIONS:
            return  # a person has written so many
        self._graph.drop_conditions_to(target, [holder])
        self._graph.add_condition(holder, predicate, target)

    def _tell_apart(self, holder: str) -> None:
        """A phrase by which a learned branch is told must be in no other prompt that may be heard there; else another one is looked for."""
        conditions, expected = self._graph[holder].conditions, self._prompt_of(holder)
        learned = self._graph.learned_conditions(holder)
        if not learned:
            return  # what a person wrote is theirs
        known = {target: self._prompt_of(target) for target in conditions.values()}
        told: dict[str, str] = {}
        taught: list[str] = []
        for written, target in conditions.items():
            predicate = written
            own = written in learned
            phrase = written.removeprefix(_HEARD) if own and written.startswith(_HEARD) and known[target] else ""
            others = [prompt for prompt in (expected, *(known[other] for other in known if other != target)) if prompt]
            if phrase and any(phrase_heard(phrase, other) for other in others):
                better = telling_phrase(known[target], others)
                if better is None and expected and phrase_heard(phrase, expected):
                    continue  # what is expected would never be answered
                predicate = f"{_HEARD}{better}" if better else predicate
            if predicate != written and predicate in conditions:
                predicate = written  # that is a condition of its own
            told.setdefault(predicate, target)
            taught += [predicate] if own else []
        self._graph.replace_conditions(holder, told, taught)

    def _prompt_of(self, step_id: str) -> str:
        prompt = metadata_of(self._graph[step_id]).prompt
        return prompt.transcript if prompt else ""

    # --- stops into steps ---------------------------------------------------------------------------------------------

    def _take(self, stored: Stop) -> None:
        self._main += [step_id for lead in stored.leads for step_id in lead.step_ids]
        self._main += stored.step_ids

    def _place(self, heard: Sequence[Stop]) -> list[str]:
        """Steps for these stops: those known from a branch, new ones for the rest. Linked only within one stop."""
        ids: list[str] = []
        for stop in heard:
            if stop.kind in (CallFlowStepType.DTMF, CallFlowStepType.SPEAK):
                ids += self._place(stop.leads)
            known = self._known(stop)
            if known is not None:
                self._spare.remove(known)
            placed = list(known.step_ids) if known is not None else self._new_steps(stop)
            self._observe(tuple(placed), stop)
            ids += placed
        return ids

    def _new_steps(self, stop: Stop) -> list[str]:
        steps = steps_of(stop, self._graph.new_id, split_dtmf=self._split)
        for step in steps:
            self._graph.put(step)
        return [step.id for step in steps]

    def _known(self, heard: Stop) -> Stop | None:
        """The stop off the main path that this is: the same menu with the same answer."""
        return next(
            (spare for spare in self._spare if same_menu(spare, heard) and heard.digits in (None, spare.digits)),
            None,
        )

    def _stops_off(self, steps: Sequence[CallFlowStep]) -> list[Stop]:
        by_id = {step.id: step for step in steps}
        return [stored_stop(step, response_of(step, by_id)) for step in steps if step.type is CallFlowStepType.LISTEN]

    def _observe(self, step_ids: tuple[str, ...], heard: Stop) -> None:
        following = self._following(heard)
        went_on = (following is not None and following.ends is None) or self._call.reached
        for step_id in step_ids:
            step = self._graph[step_id]
            self._graph.put(observed(step, _answering(heard, self._response_in(step_ids)), self._call, went_on=went_on))
        if heard.asides and self._call.reached and heard.kind is CallFlowStepType.HOLD:
            self._answer_offer(step_ids[0], heard.asides[0])

    def _following(self, heard: Stop) -> Stop | None:
        index = next((i for i, stop in enumerate(self._path) if msgspec.structs.replace(heard, leads=()) == stop), None)
        return self._path[index + 1] if index is not None and index + 1 < len(self._path) else None

    def _response_in(self, step_ids: tuple[str, ...]) -> str | None:
        return next((self._graph[step_id].dtmf for step_id in step_ids if self._graph[step_id].dtmf), None)

    def _answer_offer(self, hold: str, aside: Stop) -> None:
        known = self._graph[hold].conditions.get(_CALLBACK)
        placed = [known] if known is not None else self._new_steps(aside)
        self._observe((placed[0],), aside)
        if known is None:
            self._graph.link(placed[-1], hold)
            self._graph.add_condition(hold, _CALLBACK, placed[0])


def _answering(heard: Stop, response: str | None) -> Stop:
    """A press other than the step's own says nothing about how the step is pressed."""
    return heard if heard.digits == response else msgspec.structs.replace(heard, digits=None)
