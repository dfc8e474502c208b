"""Follows a flow, step by step, and checks at every step that the phone system is still the one the flow was learned from.

A step that hears something ends as *matched*, *drifted* or *unknown* (nothing to compare with). No model is asked anything: a
learned prompt is recognised by its fingerprint, else compared by its words. Where the system has drifted, the label of the learned
option is looked for under another key; if that fails, that part is explored and the flow taken up again where a prompt is known.
"""

from __future__ import annotations

from call_contract.call_events import CallOutcome
from call_contract.discoveries import Discovery, DiscoveryType
from call_contract.flows import CallFlowStep, CallFlowStepType

from call_engine.core import happenings as hp
from call_engine.core.call_time import ms
from call_engine.core.dtmf.delivery import Reaction
from call_engine.core.dtmf.endless_menu import heard_enough
from call_engine.core.facts import Fact, Lost, MusicHeard, Recognised, ToneHeard, Turn, TurnBegan, TurnEnded, TurnGrew
from call_engine.core.flows.flow_map import FlowMap
from call_engine.core.following.answering import Answering
from call_engine.core.following.course import Course
from call_engine.core.following.detour import Detour
from call_engine.core.following.followed_prompts import FollowedPrompts
from call_engine.core.following.heard_since import HeardSince
from call_engine.core.following.hold_step import HoldStep
from call_engine.core.following.listen_step import ListenStep
from call_engine.core.following.step_actions import StepActions
from call_engine.core.holding.human import Scene
from call_engine.core.holding.listening import Listener
from call_engine.core.kit import Kit
from call_engine.core.navigation.keying import Keying
from call_engine.core.orders import EndCall, ReachDevice
from call_engine.core.plan import Follow
from call_engine.core.understanding import tones
from call_engine.core.utterance import HUMAN_KINDS
from call_engine.core.vocabulary import phrases
from call_engine.core.waking import soonest
from call_engine.core.walk import Walk

_DTMF, _WAIT, _LISTEN, _HOLD = CallFlowStepType.DTMF, CallFlowStepType.WAIT, CallFlowStepType.LISTEN, CallFlowStepType.HOLD
_ENDINGS = {
    phrases.CLOSED: ("closed", CallOutcome.CLOSED, "the company is closed"),
    phrases.VOICEMAIL: ("voicemail", CallOutcome.VOICEMAIL, "a voice mail"),
}
#: Steps at which who was met is listened to no more: there is nobody to put through.
_SAID_IN_PARTING = frozenset((CallFlowStepType.SPEAK, CallFlowStepType.WAIT, CallFlowStepType.TRANSFER))


class Executor(Walk):
    def __init__(self, kit: Kit, listener: Listener, goal: Follow) -> None:
        self._kit = kit
        self._listener = listener
        self._flow = FlowMap(goal.flow)
        self._keys = Keying(kit)
        self._course = Course(kit, self._flow, self._entered)
        self._listen = ListenStep(kit, self._flow, self._keys)
        intent = goal.intent or goal.flow.description or goal.flow.name
        self._detour = Detour(kit, listener, self._listen, intent, self._flow.labels_on_the_way(), self._flow.language)
        self._hold = HoldStep(kit, self._flow, self._course, self._keys, self._listen, self._detour.begin)
        self._heard = HeardSince()
        self._prompts = FollowedPrompts(kit, self._flow, self._course, self._keys, self._listen, self._heard, self._hold)
        self._do = StepActions(kit, self._flow, self._course, self._listen, self._heard)
        self._answer = Answering(
            kit, self._flow, self._course, self._keys, self._listen, self._heard, self._hold, self._detour
        )  # fmt: skip

    @property
    def step_id(self) -> str | None:
        return self._course.step.id if self._course.step else None

    @property
    def menus(self) -> int:
        return self._answer.menus + self._detour.menus

    @property
    def astray(self) -> bool:
        return self._detour.explorer is not None

    def prepare(self) -> None:
        """Makes every recording of the flow known to the ear."""
        self._prompts.prepare()

    def begin(self) -> None:
        self._course.enter(self._flow.first)

    def _entered(self, step: CallFlowStep) -> None:
        """What a step does at once."""
        self._listen.begin()
        self._prompts.step_begins()
        self.parting = self.parting and step.type in _SAID_IN_PARTING
        match step.type:
            case CallFlowStepType.LISTEN:
                self._answer.look_back(step)
            case CallFlowStepType.DTMF:
                if not self._kit.hearing.speaking or self._listen.known_at is not None:  # its prompt is due to be answered
                    self._do.press(step)
            case CallFlowStepType.SPEAK:
                self._do.speak(step)
            case CallFlowStepType.TRANSFER:
                self._do.transfer(step)
            case CallFlowStepType.HOLD:
                self._hold.look_back()
            case CallFlowStepType.WAIT:
                pass

    # --- facts ---

    def heard(self, fact: Fact) -> None:
        if isinstance(fact, TurnBegan):
            self._keys.turn_began(fact.turn.start)
        if self._detour.explorer is not None:
            found = self._detour.heard(fact)
            if found is not None:
                step, turn = found
                self._heard.turns = [turn]
                self._course.enter(step)
            return
        match fact:
            case TurnEnded():
                self._turn(fact.turn)
            case TurnGrew():
                self._mid_prompt(fact.turn)
            case Recognised():
                self._prompts.recognised(fact)
            case Lost():
                self._prompts.goes_on_otherwise()
            case MusicHeard():
                if not self._kit.hearing.in_turn and not self.parting:
                    self._hold.begins("music")
            case ToneHeard():
                self._tone(fact)
            case _:
                pass

    def _mid_prompt(self, turn: Turn) -> None:
        enough = heard_enough(turn, self._kit.now)
        if enough is not None and self._listen.press_at is None:
            self._kit.hearing.cut(self._kit.now)
            self._turn(enough)

    def recording_heard(self, recording_id: str, start: int) -> None:
        """A known recording is heard that would have begun then."""
        if self._keys.is_elsewhere(recording_id, start):
            self.recording_lost(recording_id)

    def recording_lost(self, recording_id: str) -> None:
        """A known recording plays no longer, or what plays only began like it."""
        self._prompts.lost(recording_id, astray=self.astray)
        if self._detour.explorer is not None:
            self._detour.explorer.recording_lost(recording_id)

    def person_comes(self) -> None:
        """The person's phone rings: what was in doubt until then is no longer acted on."""
        self._prompts.forget()

    def _turn(self, turn: Turn) -> None:
        if not (turn.text or turn.recording_id) or self._course.step is None:
            return
        self._prompts.turn_ended(turn)
        if self._keys.undecided:
            return
        step = self._course.step
        turn = self._kit.prompts.complete(self._kit.delivery.since_press(turn))
        if self.parting:
            self._parted(self._course.step, turn)
            return
        if self._kit.delivery.is_read_on(turn):
            self._listener.write(turn, unsure=turn.may_be_human)
            return
        if self._is_human(turn):
            return
        self._listener.write(turn, unsure=turn.may_be_human)
        reaction = self._kit.delivery.judge(turn)
        if reaction is not Reaction.CHANGED:
            self._answer.no_reaction(turn, reaction)
            if self._course.step is step and step.type is CallFlowStepType.TRANSFER and self._kit.delivery.tried_again:
                self._do.transfer(step)  # somebody may be there now
            return
        self._keys.effect_seen()
        self._on_turn(self._course.step, turn, new=self._heard.heard(turn))

    def _parted(self, step: CallFlowStep, turn: Turn) -> None:
        """What the human says who waits in vain is sealed, and leads only where the step itself says."""
        self._listener.write(turn, human=True)
        target = self._flow.on_hearing(step, turn.text)
        if target:
            self._course.finish(reason="heard what a condition names", target=target)

    def _on_turn(self, step: CallFlowStep, turn: Turn, *, new: bool) -> None:
        target = self._flow.on_hearing(step, turn.text)
        if target:
            self._course.finish(reason="heard what a condition names", target=target)
        elif self._is_offer(turn) or self._ended_by(turn):
            return
        elif step.type is _LISTEN and new:
            self._answer.listened(step, turn)
        elif step.type is _DTMF and self._kit.delivery.pending is None:
            self._do.press(step)
        elif step.type in (_HOLD, CallFlowStepType.TRANSFER):
            self._hold.heard_before(step, turn)

    def _is_human(self, turn: Turn) -> bool:
        scene = Scene(
            after_notice=self._hold.noticed or self._course.at(_HOLD), waits=True, bed_back=self._kit.hearing.music,
            heard_before=self._kit.prompts.heard_before(turn.text), replied_to_us=self._listener.replied(turn),
        )  # fmt: skip
        if self._listener.is_human(turn, scene):
            self._keys.effect_seen()
            return True
        if turn.utterance.kind in HUMAN_KINDS and self._listener.suspicious():
            self._listener.ask()
        return False

    def _is_offer(self, turn: Turn) -> bool:
        """To be called back, and the step's conditions say what then."""
        return turn.utterance.kind == phrases.CALLBACK and self._course.leave("callback_offer", "a call-back is offered")

    def _ended_by(self, turn: Turn) -> bool:
        """Closed and voice mail end any step: by its condition, or the call."""
        outcome, ending, reason = _ENDINGS.get(turn.utterance.kind, ("", CallOutcome.CLOSED, ""))
        if not outcome or turn.utterance.confidence < 0.7 or turn.recording_id:
            return False
        found = Discovery(type=DiscoveryType(outcome), transcript=turn.open_text, at_ms=ms(turn.start), step_id=self.step_id)
        self._kit.discoveries.add(found, seal=turn.sealed_text)
        if not self._course.leave(outcome, reason):
            self._kit.orders.give(EndCall(ending, reason))
        return True

    def _tone(self, tone: ToneHeard) -> None:
        meaning = tones.meaning_of(tone.label, tone.detail)
        ending = tones.ending_by(meaning, arrived=self.menus > 0)
        if ending is not None:
            self._keys.effect_seen()
            self._kit.discoveries.add(Discovery(type=DiscoveryType.TONE, tone=tone.label.value, at_ms=ms(tone.start)))
            if not self._course.leave("busy", f"{tone.label.value} tone"):
                self._kit.orders.give(EndCall(ending, f"{tone.label.value} tone"))
        elif meaning == tones.RINGBACK:
            self._keys.effect_seen()
            self._hold.noticed = True

    def done(self, happening: hp.DigitsDelivered | hp.PlaybackEnded) -> None:
        """The line has sent the digits, or played the audio."""
        if self._course.step is not None and self._detour.explorer is None:
            self._do.done(self._course.step, happening)

    # --- what the brain tells ---

    def resume(self, turn: Turn | None, outcome: str = "") -> None:
        """Hold is over: a menu came, or a condition of the step leads elsewhere."""
        self._prompts.forget()  # all that was in doubt has been heard
        if self._detour.explorer is not None:
            self._detour.explorer.resume(turn)
        elif turn is None:
            self._course.leave(outcome, "on hold")
        elif self._kit.delivery.pending:
            self._turn(turn)
        elif self._course.step is not None:
            self._on_turn(self._course.step, turn, new=self._heard.heard(turn))

    def leads_off_hold(self, turn: Turn | None, outcome: str) -> bool:
        """Whether a condition of the step leads elsewhere from the hold. A step that only answers and comes back to it does not."""
        step = self._course.step
        if step is None or step.type is not _HOLD or self._detour.explorer is not None:
            return False
        heard = self._flow.on_hearing(step, turn.text) if turn is not None else None
        target = self._flow.step(heard or self._flow.on(step, outcome))
        return target is not None and target.next_step != step.id

    def human(self) -> None:
        """A human was met: the HOLD step is done, or was not needed."""
        self._do.met_human = True
        self._course.in_vain = False
        step = self._course.step
        if step is None or self._detour.explorer is not None:
            self._kit.orders.give(ReachDevice(self._kit.plan.device))
            return
        target = self._flow.on(step, "human")
        if step.type is not _HOLD and target is None:
            transfer = self._flow.ahead(step, CallFlowStepType.TRANSFER)
            target = transfer.id if transfer else None
        if target is None and step.next_step is None:
            self._course.end("human")
            self._kit.orders.give(EndCall(CallOutcome.REACHED, "a human is there, and the flow asks for no transfer"))
            return
        self._course.finish("human", target=target)

    def not_reached(self, outcome: str, reason: str) -> None:
        """The person's phone was rung in vain. The human is still there, and will hear what the flow has to say, if anything."""
        self.parting = self._do.met_human
        self._course.in_vain = True
        if self._course.step is not None:
            self._do.in_vain(self._course.step, outcome)
        self._course.finish(outcome, reason=reason)

    def nobody_was_met(self, outcome: str, reason: str) -> bool:
        """Who was met is no human after all. Whether the TRANSFER step has a condition for this, which is followed."""
        self._do.met_human = False
        return self._course.at(CallFlowStepType.TRANSFER) and self._course.leave(outcome, reason)

    # --- time ---

    def tick_on_hold(self, since: int) -> None:
        self._hold.tick_on_hold(since, leads=self._detour.explorer is None)

    def hold_wakes_at(self, since: int) -> int | None:
        return self._hold.wakes_on_hold_at(since)

    @property
    def wake_at(self) -> int | None:
        if self._detour.explorer is not None:
            return self._detour.explorer.wake_at
        step = self._course.step
        if step is None:
            return None
        own = self._hold.wake_at if step.type is _HOLD else self._answer.wake_at(step)
        return soonest(self._kit.now, self._prompts.wake_at, own)

    def tick(self) -> None:
        if self._detour.explorer is not None:
            self._detour.explorer.tick()
            return
        step = self._course.step
        if step is None:
            return
        if self._prompts.tick(step):
            return
        if self._answer.tick(step):
            return
        if step.type is _WAIT and self._course.waited_ms >= step.timeout * 1000:
            self._course.finish()
        elif step.type is _HOLD:
            self._hold.tick()
        elif step.type in (_LISTEN, _DTMF, CallFlowStepType.SPEAK) and self._course.waited_ms >= step.timeout * 1000:
            self._answer.timed_out(step)
