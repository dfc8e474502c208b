"""One call from its first ring to its end: the pure core's only door.

``start()`` and ``feed(at_sample, happening)`` give the effects that the shell performs in order. Nothing here waits, reads a clock
or knows a library of telephony. The brain hands what is heard to the part whose turn it is: the explorer or the executor while walking,
the hold while waiting, the transfer once a human is there. What these order changes the call's state, see ``call_states``.
"""

from __future__ import annotations

from call_contract.call_events import CallOutcome, DigitsOrdered, EndOrdered, TransferOrdered
from line_audio.segments import SegmentClosed, SegmentOpened

from call_engine.core import happenings as hp
from call_engine.core.call_control.call_states import CallState, CallStates
from call_engine.core.call_control.politeness import limit_reached, next_limit
from call_engine.core.call_time import samples
from call_engine.core.effects import AnyEffect
from call_engine.core.executor import Executor
from call_engine.core.explorer import Explorer
from call_engine.core.facts import Fact, MusicHeard, TurnEnded
from call_engine.core.flows.step_prompts import PREFIX
from call_engine.core.holding.hold import A_MENU
from call_engine.core.holding.listening import Listener
from call_engine.core.kit import Kit, make_kit
from call_engine.core.orders import EndCall, LeaveHold
from call_engine.core.plan import Explore, Plan
from call_engine.core.settings import CoreSettings
from call_engine.core.understanding.choice import Similarity
from call_engine.core.utterance import Understanding, understand
from call_engine.core.voicing import Judged
from call_engine.core.waking import soonest
from call_engine.core.walk import Walk

__all__ = ["Brain", "CallState"]


class Brain:
    """``plan`` says what for; ``similarity`` answers how alike texts are in meaning; ``understanding`` what kind of thing was said."""

    def __init__(
        self, plan: Plan, *, call_id: str, similarity: Similarity, settings: CoreSettings | None = None,
        understanding: Understanding = understand,
    ) -> None:  # fmt: skip
        self.call_id = call_id
        self._plan = plan
        goal = plan.goal
        language = goal.language if isinstance(goal, Explore) else ""
        hot_words = goal.company if isinstance(goal, Explore) else goal.flow.company or ""
        self._kit: Kit = make_kit(plan, settings or CoreSettings(), similarity, language, hot_words, understanding)
        self._listener = Listener(self._kit)
        walk: Walk = (
            Explorer(self._kit, self._listener, goal.intent, language)
            if isinstance(goal, Explore)
            else Executor(self._kit, self._listener, goal)
        )
        self._call = CallStates(self._kit, self._listener, walk)
        self._walking_samples = 0

    @property
    def state(self) -> CallState:
        return self._call.state

    @property
    def human_posterior(self) -> float:
        """The probability that the last speech was a human's."""
        return self._listener.posterior

    def start(self) -> list[AnyEffect]:
        """Before the shell dials. Known recordings are made known here."""
        goal = self._plan.goal
        self._call.dial(goal.phone_number if isinstance(goal, Explore) else goal.flow.phone_number or "")
        return self._kit.outbox.take()

    def feed(self, at_sample: int, happening: hp.AnyHappening) -> list[AnyEffect]:
        """Takes what happened and gives what is to be done. After the call has ended nothing happens any more."""
        if self._call.state is CallState.ENDED:
            return []
        self._pass_time(max(at_sample, self._kit.now))
        if self._call.back is not None:
            self._call.listens_back(self._call.back, happening)
        else:
            self._dispatch(happening)
            self._call.obey()
        return self._kit.outbox.take()

    def passed(self, at_sample: int, level_dbm0: float, judged: Judged | None = None) -> None:
        """A tick before ``wake_at``, which changes nothing: all there is to know of it is how the line sounded."""
        self._pass_time(max(at_sample, self._kit.now))
        if self._call.back is None and self._call.state not in (CallState.BRIDGED, CallState.ENDED):
            self._kit.hearing.passed(self._kit.now, level_dbm0, judged)

    @property
    def wake_at(self) -> int:
        """Until this sample no tick will change anything, unless something else happens first, or the last tick changed something."""
        now = self._kit.now
        if self._call.back is not None:
            return self._call.back.wake_at or now + 1
        if self._call.conclusion.ending is not None:
            return self._call.conclusion.wake_at or now + 1
        walking, hold = self._call.state is CallState.WALKING, self._call.hold
        heard = None if self._call.state is CallState.BRIDGED else self._kit.hearing.wake_at(now)
        walk = self._call.walk.wake_at if walking or self._call.state is CallState.HUMAN else None
        waiting = (hold.wake_at, self._call.walk.hold_wakes_at(hold.started_at)) if hold is not None else ()
        limit = next_limit(
            self._plan.limits, now, walking=self._walking_samples if walking else None,
            hold_since=hold.started_at if hold is not None else None, answered=self._kit.outbox.figures.answered_at is not None,
        )  # fmt: skip
        return soonest(now, heard, walk, self._call.transfer.wake_at, *waiting, limit) or now + 1

    def _pass_time(self, now: int) -> None:
        if self._call.state is CallState.WALKING:
            self._walking_samples += now - self._kit.now
        self._kit.outbox.now = now

    # --- what happens ---

    def _dispatch(self, happening: hp.AnyHappening) -> None:
        match happening:
            case hp.Tick() | SegmentOpened() | SegmentClosed():
                self._heard(happening)
            case hp.Ringing():
                self._call.rings(happening)
            case hp.Answered():
                self._call.answered(happening)
            case hp.LineEnded():
                self._call.line_ended(happening)
            case hp.DeviceRang() | hp.DevicePickedUp() | hp.DeviceGone() | hp.LegsBridged():
                self._call.device(happening)
            case hp.RecordingBegan():
                self._call.recording.feed(happening)
            case hp.DigitsDelivered() | hp.PlaybackEnded():
                if isinstance(happening, hp.DigitsDelivered):
                    self._call.conclusion.keys_are_out()
                self._call.recording.feed(happening)
                self._call.transfer.feed(happening)
                self._call.walk.done(happening)
            case hp.RecordingKept():
                if happening.fingerprint:
                    self._kit.prompts.fingerprints[happening.recording_id] = happening.fingerprint
                self._kit.discoveries.fingerprint(happening.recording_id, happening.fingerprint)
            case hp.DigitsOrdered() | hp.TransferOrdered() | hp.EndOrdered():
                self._ordered(happening)
            case hp.FarDigit():
                pass
            case _:
                self._heard(happening)

    def _heard(self, happening: hp.AnyHappening) -> None:
        if isinstance(happening, hp.RecordingLost):
            self._call.walk.recording_lost(happening.recording_id)
        elif isinstance(happening, hp.RecordingRecognised):
            self._call.walk.recording_heard(happening.recording_id, happening.start_sample)
        bridged = self._call.state is CallState.BRIDGED  # what two people say to each other is nobody's business
        facts = [] if bridged else self._kit.hearing.feed(self._kit.now, happening)
        if self._call.state in (CallState.WALKING, CallState.HOLDING):
            for fact in facts if self._call.conclusion.ending is None else ():
                self._fact(fact)
                self._call.obey()
        elif self._call.state in (CallState.HUMAN, CallState.TRANSFERRING):
            self._while_transferring(facts)
        if isinstance(happening, hp.Tick):
            self._tick()

    def _fact(self, fact: Fact) -> None:
        if isinstance(fact, TurnEnded):
            self._call.conclusion.heard(fact.turn)
        if self._call.state is CallState.HOLDING and self._call.hold:
            if isinstance(fact, TurnEnded) and (
                fact.turn.recording_id.startswith(PREFIX) or self._kit.delivery.is_of_its_prompt(fact.turn)
            ):
                self._kit.orders.give(LeaveHold(f"{A_MENU} of the flow", self._kit.prompts.complete(fact.turn)))
            else:
                self._call.hold.heard(fact)
        elif self._call.state is CallState.WALKING:
            self._call.walk.heard(fact)

    def _while_transferring(self, facts: list[Fact]) -> None:
        """The human talks on (sealed), or music comes back: then it was none, and we wait on."""
        for fact in facts:
            if self._call.hold is not None:
                self._call.heard_meanwhile(self._call.hold, fact)
                continue
            if isinstance(fact, TurnEnded) and fact.turn.text:
                self._listener.write(fact.turn, human=True)
            if isinstance(fact, MusicHeard):
                self._call.music_again(fact.start)

    def _ordered(self, order: hp.AnyHappening) -> None:
        match order:
            case hp.DigitsOrdered():
                self._kit.outbox.record(DigitsOrdered(digits=order.digits, by=order.by))
                self._kit.delivery.press(order.digits, reason="ordered")
                self._kit.delivery.worked()
                self._kit.hearing.cut(self._kit.now)
            case hp.TransferOrdered():
                self._kit.outbox.record(TransferOrdered(device=order.device, by=order.by))
                self._call.transfer.ordered(order.device or self._plan.device, order.by)
                self._call.follow_transfer()
            case hp.EndOrdered():
                self._kit.outbox.record(EndOrdered(reason=order.reason, by=order.by))
                outcome = CallOutcome.BRIDGED if self._call.state is CallState.BRIDGED else CallOutcome.CANCELLED
                self._call.conclusion.decide(EndCall(outcome, order.reason or "ended by order"))
            case _:
                pass

    # --- time ---

    def _tick(self) -> None:
        now = self._kit.now
        if self._call.conclusion.hung_up:
            if self._call.conclusion.overdue:
                self._call.finish(0)
            return
        if self._call.conclusion.ending is not None:
            self._call.conclusion.tick()
            return
        if self._call.state is CallState.WALKING or self._call.state is CallState.HUMAN:
            self._call.walk.tick()
        elif self._call.state is CallState.HOLDING and self._call.hold:
            self._call.hold.tick()
            self._call.walk.tick_on_hold(self._call.hold.started_at)
        elif self._call.state is CallState.TRANSFERRING and self._call.hold:
            self._call.tick_meanwhile(self._call.hold)
        self._call.transfer.tick()
        self._call.obey()
        self._check_limits(now)

    def _check_limits(self, now: int) -> None:
        answered = self._kit.outbox.figures.answered_at
        if self._call.conclusion.ending:
            return
        if self._call.state is CallState.BRIDGED:
            if now >= samples(self._plan.limits.max_call_s * 1000):
                self._call.conclusion.decide(
                    EndCall(CallOutcome.BRIDGED, f"the call reached its limit of {self._plan.limits.max_call_s} s")
                )
            return
        order = limit_reached(
            self._plan.limits, call=now, walking=self._walking_samples, holding=now - self._call.hold.started_at if self._call.hold else 0,
            presses=self._kit.delivery.presses, menus=self._call.walk.menus, ringing=now if answered is None else 0,
        )  # fmt: skip
        if order:
            self._call.end(order)
