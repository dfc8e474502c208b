"""One call from its first ring to its end: the pure core's only door.

``start()`` and ``feed(at_sample, happening)`` give the effects that the shell performs in order. Nothing here waits, reads a clock
or knows a library of telephony. The brain keeps the call's state and hands what is heard to the part whose turn it is: the
explorer or the executor while walking, the hold while waiting, the transfer once a human is there.
"""

from __future__ import annotations

import enum

import msgspec
from call_contract.call_events import (
    CallAnswered,
    CallDialled,
    CallOutcome,
    CallRinging,
    DigitsOrdered,
    EndOrdered,
    TransferOrdered,
)  # fmt: skip
from line_audio.segments import SegmentClosed, SegmentOpened

from call_engine.core import happenings as hp
from call_engine.core.call_time import samples
from call_engine.core.choice import Similarity
from call_engine.core.conclusion import Conclusion
from call_engine.core.conversation_recording import ConversationRecording
from call_engine.core.effects import AnyEffect
from call_engine.core.executor import Executor
from call_engine.core.explorer import Explorer
from call_engine.core.facts import Fact, MusicHeard, Turn, TurnEnded
from call_engine.core.hold import A_MENU, Hold
from call_engine.core.kit import Kit, make_kit
from call_engine.core.listening import Listener
from call_engine.core.listening_back import ListeningBack
from call_engine.core.meeting import Meeting
from call_engine.core.orders import EndCall, GoOnHold, LeaveHold, LeaveTransfer, MeetHuman, Order, ReachDevice
from call_engine.core.plan import Explore, Plan
from call_engine.core.politeness import limit_reached, next_limit
from call_engine.core.settings import CoreSettings
from call_engine.core.step_prompts import PREFIX
from call_engine.core.transfer import Stage, Transfer
from call_engine.core.utterance import Understanding, understand
from call_engine.core.voicing import Judged
from call_engine.core.waking import soonest
from call_engine.core.walk import Walk


class CallState(enum.StrEnum):
    REQUESTED = "requested"
    DIALLING = "dialling"
    RINGING = "ringing"
    WALKING = "walking"
    HOLDING = "holding"
    HUMAN = "human"
    TRANSFERRING = "transferring"
    BRIDGED = "bridged"
    ENDED = "ended"


class Brain:
    """``plan`` says what for; ``similarity`` answers how alike texts are in meaning; ``understanding`` what kind of thing was said."""

    def __init__(
        self, plan: Plan, *, call_id: str, similarity: Similarity, settings: CoreSettings | None = None,
        understanding: Understanding = understand,
    ) -> None:  # fmt: skip
        self.call_id = call_id
        self.state = CallState.REQUESTED
        self._plan = plan
        goal = plan.goal
        language = goal.language if isinstance(goal, Explore) else ""
        hot_words = goal.company if isinstance(goal, Explore) else goal.flow.company or ""
        self._kit: Kit = make_kit(plan, settings or CoreSettings(), similarity, language, hot_words, understanding)
        self._listener = Listener(self._kit)
        self._transfer = Transfer(self._kit)
        self._recording = ConversationRecording(self._kit)
        self._conclusion = Conclusion(self._kit, self._listener)
        self._meeting = Meeting(self._kit)
        self._walk: Walk = (
            Explorer(self._kit, self._listener, goal.intent, language)
            if isinstance(goal, Explore)
            else Executor(self._kit, self._listener, goal)
        )
        self._hold: Hold | None = None
        self._walking_samples = 0
        self._back: ListeningBack | None = None

    @property
    def human_posterior(self) -> float:
        """The probability that the last speech was a human's."""
        return self._listener.posterior

    def start(self) -> list[AnyEffect]:
        """Before the shell dials. Known recordings are made known here."""
        self.state = CallState.DIALLING
        goal = self._plan.goal
        target = goal.phone_number if isinstance(goal, Explore) else goal.flow.phone_number or ""
        self._kit.outbox.record(CallDialled(target=target))
        self._walk.prepare()
        return self._kit.outbox.take()

    def feed(self, at_sample: int, happening: hp.AnyHappening) -> list[AnyEffect]:
        """Takes what happened and gives what is to be done. After the call has ended nothing happens any more."""
        if self.state is CallState.ENDED:
            return []
        self._pass_time(max(at_sample, self._kit.now))
        if self._back is not None:
            self._listen_back(self._back, happening)
        else:
            self._dispatch(happening)
            self._obey()
        return self._kit.outbox.take()

    def passed(self, at_sample: int, level_dbm0: float, judged: Judged | None = None) -> None:
        """A tick before ``wake_at``, which changes nothing: all there is to know of it is how the line sounded."""
        self._pass_time(max(at_sample, self._kit.now))
        if self._back is None and self.state not in (CallState.BRIDGED, CallState.ENDED):
            self._kit.hearing.passed(self._kit.now, level_dbm0, judged)

    @property
    def wake_at(self) -> int:
        """Until this sample no tick will change anything, unless something else happens first, or the last tick changed something."""
        now = self._kit.now
        if self._back is not None:
            return self._back.wake_at or now + 1
        if self._conclusion.ending is not None:
            return self._conclusion.wake_at or now + 1
        walking, hold = self.state is CallState.WALKING, self._hold
        heard = None if self.state is CallState.BRIDGED else self._kit.hearing.wake_at(now)
        walk = self._walk.wake_at if walking or self.state is CallState.HUMAN else None
        waiting = (hold.wake_at, self._walk.hold_wakes_at(hold.started_at)) if hold is not None else ()
        limit = next_limit(
            self._plan.limits, now, walking=self._walking_samples if walking else None,
            hold_since=hold.started_at if hold is not None else None, answered=self._kit.outbox.figures.answered_at is not None,
        )  # fmt: skip
        return soonest(now, heard, walk, self._transfer.wake_at, *waiting, limit) or now + 1

    def _pass_time(self, now: int) -> None:
        if self.state is CallState.WALKING:
            self._walking_samples += now - self._kit.now
        self._kit.outbox.now = now

    # --- what happens ---

    def _dispatch(self, happening: hp.AnyHappening) -> None:
        match happening:
            case hp.Tick() | SegmentOpened() | SegmentClosed():
                self._heard(happening)
            case hp.Ringing():
                self._ringing(happening)
            case hp.Answered():
                self._answered(happening)
            case hp.LineEnded():
                self._line_ended(happening)
            case hp.DeviceRang() | hp.DevicePickedUp() | hp.DeviceGone() | hp.LegsBridged():
                self._transfer.feed(happening)
                self._follow_transfer()
            case hp.RecordingBegan():
                self._recording.feed(happening)
            case hp.DigitsDelivered() | hp.PlaybackEnded():
                if isinstance(happening, hp.DigitsDelivered):
                    self._conclusion.keys_are_out()
                self._recording.feed(happening)
                self._transfer.feed(happening)
                self._walk.done(happening)
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

    def _ringing(self, ringing: hp.Ringing) -> None:
        if self.state is CallState.DIALLING:
            self.state = CallState.RINGING
            self._kit.outbox.record(CallRinging(early_media=ringing.early_media))

    def _answered(self, answered: hp.Answered) -> None:
        if self.state not in (CallState.DIALLING, CallState.RINGING):
            return
        self.state = CallState.WALKING
        self._kit.outbox.figures.answered_at = self._kit.now
        self._kit.outbox.record(CallAnswered(codec=answered.codec))
        self._kit.hearing.answered(self._kit.now)
        self._walk.begin()

    def _heard(self, happening: hp.AnyHappening) -> None:
        if isinstance(happening, hp.RecordingLost):
            self._walk.recording_lost(happening.recording_id)
        elif isinstance(happening, hp.RecordingRecognised):
            self._walk.recording_heard(happening.recording_id, happening.start_sample)
        bridged = self.state is CallState.BRIDGED  # what two people say to each other is nobody's business
        facts = [] if bridged else self._kit.hearing.feed(self._kit.now, happening)
        if self.state in (CallState.WALKING, CallState.HOLDING):
            for fact in facts if self._conclusion.ending is None else ():
                self._fact(fact)
                self._obey()
        elif self.state in (CallState.HUMAN, CallState.TRANSFERRING):
            self._while_transferring(facts)
        if isinstance(happening, hp.Tick):
            self._tick()

    def _fact(self, fact: Fact) -> None:
        if isinstance(fact, TurnEnded):
            self._conclusion.heard(fact.turn)
        if self.state is CallState.HOLDING and self._hold:
            if isinstance(fact, TurnEnded) and (
                fact.turn.recording_id.startswith(PREFIX) or self._kit.delivery.is_of_its_prompt(fact.turn)
            ):
                self._kit.orders.give(LeaveHold(f"{A_MENU} of the flow", self._kit.prompts.complete(fact.turn)))
            else:
                self._hold.heard(fact)
        elif self.state is CallState.WALKING:
            self._walk.heard(fact)

    def _while_transferring(self, facts: list[Fact]) -> None:
        """The human talks on (sealed), or music comes back: then it was none, and we wait on."""
        for fact in facts:
            if isinstance(fact, TurnEnded) and fact.turn.text:
                self._listener.write(fact.turn, human=True)
            if isinstance(fact, MusicHeard) and self._transfer.stage in (Stage.RINGING, Stage.PAUSING) and self._meeting.human:
                self._transfer.give_up("music again: no human after all")
                self._meeting.was_none()
                self._back_on_hold(fact.start)

    def _ordered(self, order: hp.AnyHappening) -> None:
        match order:
            case hp.DigitsOrdered():
                self._kit.outbox.record(DigitsOrdered(digits=order.digits, by=order.by))
                self._kit.delivery.press(order.digits, reason="ordered")
                self._kit.delivery.worked()
                self._kit.hearing.cut(self._kit.now)
            case hp.TransferOrdered():
                self._kit.outbox.record(TransferOrdered(device=order.device, by=order.by))
                self._transfer.ordered(order.device or self._plan.device)
                self._follow_transfer()
            case hp.EndOrdered():
                self._kit.outbox.record(EndOrdered(reason=order.reason, by=order.by))
                outcome = CallOutcome.BRIDGED if self.state is CallState.BRIDGED else CallOutcome.CANCELLED
                self._conclusion.decide(EndCall(outcome, order.reason or "ended by order"))
            case _:
                pass

    def _follow_transfer(self) -> None:
        if self._transfer.stage is Stage.BRIDGED:
            self.state = CallState.BRIDGED
            self._recording.bridged()
        elif self._transfer.wanted and self.state not in (CallState.TRANSFERRING, CallState.BRIDGED, CallState.ENDED):
            self.state = CallState.TRANSFERRING
            if not self._kit.hearing.music_told:  # a flow, or a person, says that somebody is there
                self._kit.hearing.human_met(self._kit.now)
            self._walk.person_comes()

    # --- time ---

    def _tick(self) -> None:
        now = self._kit.now
        if self._conclusion.hung_up:
            if self._conclusion.overdue:
                self._finish(0)
            return
        if self._conclusion.ending is not None:
            self._conclusion.tick()
            return
        if self.state is CallState.WALKING or self.state is CallState.HUMAN:
            self._walk.tick()
        elif self.state is CallState.HOLDING and self._hold:
            self._hold.tick()
            self._walk.tick_on_hold(self._hold.started_at)
        self._transfer.tick()
        self._obey()
        self._check_limits(now)

    def _check_limits(self, now: int) -> None:
        answered = self._kit.outbox.figures.answered_at
        if self._conclusion.ending:
            return
        if self.state is CallState.BRIDGED:
            if now >= samples(self._plan.limits.max_call_s * 1000):
                self._conclusion.decide(EndCall(CallOutcome.BRIDGED, f"the call reached its limit of {self._plan.limits.max_call_s} s"))
            return
        order = limit_reached(
            self._plan.limits, call=now, walking=self._walking_samples, holding=now - self._hold.started_at if self._hold else 0,
            presses=self._kit.delivery.presses, menus=self._walk.menus, ringing=now if answered is None else 0,
        )  # fmt: skip
        if order:
            self._conclusion.decide(self._as_drift(order))

    # --- orders ---

    def _obey(self) -> None:
        for _ in range(8):  # an order may lead to another; never without end
            orders = self._kit.orders.take()
            if not orders:
                return
            for order in orders:
                self._carry_out(order)

    def _carry_out(self, order: Order) -> None:
        if self._conclusion.ending:
            return
        match order:
            case GoOnHold():
                self._go_on_hold(order.reason, self._hold_began())
            case LeaveHold():
                self._leave_hold(order)
            case MeetHuman():
                self._meet(order)
            case ReachDevice():
                self._transfer.begin(msgspec.structs.replace(order, device=order.device or self._plan.device))
                self._follow_transfer()
            case LeaveTransfer():
                self._leave_transfer(order)
            case EndCall():
                self._conclusion.decide(self._as_drift(order))

    def _as_drift(self, order: EndCall) -> EndCall:
        """Where a flow was left and no other way was found, that it no longer fits says more than how the search ended."""
        if not self._walk.astray or order.outcome not in (CallOutcome.NO_WAY, CallOutcome.STUCK):
            return order
        return EndCall(CallOutcome.DRIFTED, f"the flow no longer fits: {order.reason}", order.after_keys)

    def _hold_began(self) -> int:
        music = self._kit.hearing.music_since
        return music if music is not None else self._kit.now

    def _go_on_hold(self, reason: str, since: int) -> None:
        self.state = CallState.HOLDING
        self._hold = Hold(self._kit, self._listener, reason, since=since, step_id=self._walk.step_id, leads_off=self._walk.leads_off_hold)
        if self._plan.ring_early:
            self._transfer.ring_early(self._plan.device)

    def _leave_hold(self, order: LeaveHold) -> None:
        if self._hold is None:
            return  # left already, or a human was met in the same moment
        self._end_hold(order.reason, order.turn.start if order.turn is not None else self._kit.now)
        self.state = CallState.WALKING
        self._walk.resume(order.turn, order.outcome)

    def _leave_transfer(self, order: LeaveTransfer) -> None:
        """Only a step of a flow leads elsewhere from there."""
        self.state = CallState.WALKING
        self._walk.not_reached(order.outcome, order.reason)

    def _back_on_hold(self, since: int) -> None:
        self.state = CallState.WALKING
        if not self._walk.nobody_was_met("hold", "music again"):
            self._go_on_hold("music again", since)

    def _end_hold(self, reason: str, at: int) -> None:
        if self._hold:
            self._hold.end(reason, at)
            self._hold = None

    def _meet(self, met: MeetHuman) -> None:
        self._meeting.begins(met)
        if self._hold is None and isinstance(self._walk, Explorer):
            self._meeting.waited_for(met.turn)
        self._end_hold("human", met.turn.start)
        self.state = CallState.HUMAN
        self._meeting.write(met, self._walk.step_id)
        self._walk.human()

    # --- the end ---

    @property
    def _nobody_met(self) -> bool:
        """On the way or on hold; not while a flow takes leave of the human whom nobody came for."""
        return self.state is CallState.HOLDING or (self.state is CallState.WALKING and not self._walk.parting)

    def _line_ended(self, ended: hp.LineEnded) -> None:
        if self._nobody_met and self._conclusion.ending is None and ListeningBack.worth_it(self._kit, ended):
            self._back = ListeningBack(self._kit, ended)
        else:
            self._conclude(ended, None)

    def _listen_back(self, back: ListeningBack, happening: hp.AnyHappening) -> None:
        back.feed(happening)
        if back.over:
            self._conclude(back.ended, back.said_last)

    def _conclude(self, ended: hp.LineEnded, said_last: Turn | None) -> None:
        self._conclusion.line_ended(
            ended, walking=self._nobody_met, human=self._meeting.human,
            bridged=self._transfer.stage is Stage.BRIDGED, said_last=said_last,
        )  # fmt: skip
        self._finish(ended.sip_code)

    def _finish(self, sip_code: int) -> None:
        self._end_hold("the call ended", self._kit.now)
        self._recording.close()
        self._conclusion.write(sip_code)
        self.state = CallState.ENDED
