"""The states of a call, and the orders that change them: what the parts that walk, wait and put through have found out."""

from __future__ import annotations

import enum

import msgspec
from call_contract.call_events import CallAnswered, CallDialled, CallOutcome, CallRinging, HoldStarted

from call_engine.core import happenings as hp
from call_engine.core.call_control.conclusion import Conclusion
from call_engine.core.call_control.conversation_recording import ConversationRecording
from call_engine.core.call_control.listening_back import ListeningBack
from call_engine.core.call_control.meanwhile import Meanwhile
from call_engine.core.call_control.meeting import Meeting
from call_engine.core.call_control.transfer import Stage, Transfer
from call_engine.core.explorer import Explorer
from call_engine.core.facts import Fact, Turn
from call_engine.core.holding.hold import Hold
from call_engine.core.holding.listening import Listener
from call_engine.core.kit import Kit
from call_engine.core.orders import EndCall, GoOnHold, LeaveHold, LeaveTransfer, MeetHuman, Order, ReachDevice, WaitOn
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


class CallStates:
    """``state`` is what the call is in; ``hold`` and ``back`` (what is listened to again of an ended line) are there only meanwhile."""

    def __init__(self, kit: Kit, listener: Listener, walk: Walk) -> None:
        self._kit = kit
        self._listener = listener
        self.state = CallState.REQUESTED
        self.walk = walk
        self.hold: Hold | None = None
        self.transfer = Transfer(kit, self._nobody_waits)
        self.recording = ConversationRecording(kit)
        self.meeting = Meeting(kit)
        self.meanwhile = Meanwhile(kit)
        self.conclusion = Conclusion(kit, listener)
        self.back: ListeningBack | None = None

    # --- what the line does ---

    def dial(self, target: str) -> None:
        self.state = CallState.DIALLING
        self._kit.outbox.record(CallDialled(target=target))
        self.walk.prepare()

    def rings(self, ringing: hp.Ringing) -> None:
        if self.state is CallState.DIALLING:
            self.state = CallState.RINGING
            self._kit.outbox.record(CallRinging(early_media=ringing.early_media))

    def answered(self, answered: hp.Answered) -> None:
        if self.state not in (CallState.DIALLING, CallState.RINGING):
            return
        self.state = CallState.WALKING
        self._kit.outbox.figures.answered_at = self._kit.now
        self._kit.outbox.record(CallAnswered(codec=answered.codec))
        self._kit.hearing.answered(self._kit.now)
        self.walk.begin()

    def line_ended(self, ended: hp.LineEnded) -> None:
        if self._nobody_met and self.conclusion.ending is None and ListeningBack.worth_it(self._kit, ended):
            self.back = ListeningBack(self._kit, ended)
        else:
            self._conclude(ended, None)

    def listens_back(self, back: ListeningBack, happening: hp.AnyHappening) -> None:
        back.feed(happening)
        if back.over:
            self._conclude(back.ended, back.said_last)

    # --- orders ---

    def obey(self) -> None:
        for _ in range(8):  # an order may lead to another; never without end
            orders = self._kit.orders.take()
            if not orders:
                return
            for order in orders:
                self._carry_out(order)

    def _carry_out(self, order: Order) -> None:
        if self.conclusion.ending:
            return
        match order:
            case GoOnHold():
                self._go_on_hold(order.reason, self._hold_began())
            case LeaveHold():
                self._leave_hold(order)
            case MeetHuman():
                self._meet(order)
            case ReachDevice():
                self.transfer.begin(msgspec.structs.replace(order, device=order.device or self._kit.plan.device))
                self.follow_transfer()
            case LeaveTransfer():
                self._leave_transfer(order)
            case WaitOn():
                self._wait_on(order.reason)
            case EndCall():
                self.end(order)

    def end(self, order: EndCall) -> None:
        """Where a flow was left and no other way was found, that it no longer fits says more than how the search ended."""
        if self.walk.astray and order.outcome in (CallOutcome.NO_WAY, CallOutcome.STUCK):
            order = EndCall(CallOutcome.DRIFTED, f"the flow no longer fits: {order.reason}", order.after_keys)
        self.conclusion.decide(order)

    # --- hold ---

    def _hold_began(self) -> int:
        music = self._kit.hearing.music_since
        return music if music is not None else self._kit.now

    def _go_on_hold(self, reason: str, since: int) -> None:
        self.state = CallState.HOLDING
        self.hold = Hold(self._kit, self._listener, reason, since=since, step_id=self.walk.step_id, leads_off=self.walk.leads_off_hold)
        if self._kit.plan.ring_early:
            self.transfer.ring_early(self._kit.plan.device)

    def _leave_hold(self, order: LeaveHold) -> None:
        if self.hold is None:
            return  # left already, or a human was met in the same moment
        self._end_hold(order.reason, order.turn.start if order.turn is not None else self._kit.now)
        self.state = CallState.WALKING
        self.walk.resume(order.turn, order.outcome)

    def _end_hold(self, reason: str, at: int) -> None:
        if self.hold:
            self.hold.end(reason, at)
            self.hold = None

    # --- the human, and the person who is put through ---

    def _meet(self, met: MeetHuman) -> None:
        self.meeting.begins(met)
        if self.hold is None and isinstance(self.walk, Explorer):
            self.meeting.waited_for(met.turn)
        self._end_hold("human", met.turn.start)
        self.state = CallState.HUMAN
        self.meeting.write(met, self.walk.step_id)
        self.walk.human()

    def device(self, happening: hp.DeviceRang | hp.DevicePickedUp | hp.DeviceGone | hp.LegsBridged) -> None:
        if isinstance(happening, hp.LegsBridged) and self.transfer.stage is Stage.BRIDGING:
            self._end_hold("put through", self._kit.now)
        self.transfer.feed(happening)
        self.follow_transfer()

    def follow_transfer(self) -> None:
        if self.transfer.stage is Stage.BRIDGED:
            self.state = CallState.BRIDGED
            self.recording.bridged()
        elif self.transfer.wanted and self.state not in (CallState.TRANSFERRING, CallState.BRIDGED, CallState.ENDED):
            self.state = CallState.TRANSFERRING
            self.meanwhile.begins(self.hold)
            if not self._kit.hearing.music_told:  # a flow, or a person, says that somebody is there
                self._kit.hearing.human_met(self._kit.now)
            self.walk.person_comes()

    def music_again(self, since: int) -> None:
        """While the person is called: then it was no human, and we wait on. A phone that a person ordered rings on."""
        if self.transfer.stage not in (Stage.RINGING, Stage.PAUSING) or not self.meeting.human:
            return
        ordered = self.transfer.is_ordered
        if not ordered:
            self.transfer.give_up("music again: no human after all")
        self.meeting.was_none()
        self._back_on_hold("music again", since)
        if ordered:
            self.state = CallState.TRANSFERRING

    def _back_on_hold(self, reason: str, since: int) -> None:
        self.state = CallState.WALKING
        if not self.walk.nobody_was_met("hold", reason):
            self._go_on_hold(reason, since)

    # --- on hold, while a phone rings that a person ordered: of all that is heard, only a human changes anything ---

    def heard_meanwhile(self, hold: Hold, fact: Fact) -> None:
        self.meanwhile.heard(fact)
        hold.only_waits = True
        hold.heard(fact)
        self._meet_meanwhile()

    def tick_meanwhile(self, hold: Hold) -> None:
        hold.only_waits = True
        hold.tick()
        self._meet_meanwhile()

    def _meet_meanwhile(self) -> None:
        for order in self._kit.orders.take():
            if isinstance(order, MeetHuman):
                self._carry_out(order)

    def _nobody_waits(self) -> bool:
        return not self.meeting.human and self.meanwhile.nobody_waits(self.hold)

    def _wait_on(self, reason: str) -> None:
        if self.hold is None:
            self._back_on_hold(reason, self._hold_began())
            return
        self.state = CallState.HOLDING
        self.hold.only_waits = False
        self._kit.outbox.record(HoldStarted(reason=reason))

    def _leave_transfer(self, order: LeaveTransfer) -> None:
        """Only a step of a flow leads elsewhere from there."""
        self.state = CallState.WALKING
        self.walk.not_reached(order.outcome, order.reason)

    # --- the end ---

    @property
    def _nobody_met(self) -> bool:
        """On the way or on hold; not while a flow takes leave of the human whom nobody came for."""
        return self.state is CallState.HOLDING or (self.state is CallState.WALKING and not self.walk.parting)

    def _conclude(self, ended: hp.LineEnded, said_last: Turn | None) -> None:
        self.conclusion.line_ended(
            ended, walking=self._nobody_met, human=self.meeting.human,
            bridged=self.transfer.stage is Stage.BRIDGED, said_last=said_last,
        )  # fmt: skip
        self.finish(ended.sip_code)

    def finish(self, sip_code: int) -> None:
        self._end_hold("the call ended", self._kit.now)
        self.recording.close()
        self.conclusion.write(sip_code)
        self.state = CallState.ENDED
