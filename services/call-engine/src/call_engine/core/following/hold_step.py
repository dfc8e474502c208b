"""The HOLD step: how it begins (here or earlier than the flow expects), what may come instead, and how long it may last."""

from __future__ import annotations

from collections.abc import Callable

from call_contract.call_events import CallOutcome
from call_contract.flows import CallFlowStep, CallFlowStepType

from call_engine.core.call_time import samples
from call_engine.core.facts import Turn
from call_engine.core.flows.flow_map import FlowMap
from call_engine.core.flows.replay import Match
from call_engine.core.following.course import Course
from call_engine.core.following.listen_step import ListenStep
from call_engine.core.kit import Kit
from call_engine.core.navigation.keying import Keying
from call_engine.core.orders import EndCall, GoOnHold, LeaveHold
from call_engine.core.vocabulary import phrases
from call_engine.core.waking import later, soonest

_HOLD = CallFlowStepType.HOLD


class HoldStep:
    """``astray`` is called with a turn that no step of the flow knows."""

    def __init__(
        self, kit: Kit, flow: FlowMap, course: Course, keys: Keying, listen: ListenStep, astray: Callable[[Turn], None]
    ) -> None:  # fmt: skip
        self._kit = kit
        self._keys = keys
        self._flow = flow
        self._course = course
        self._listen = listen
        self._astray = astray
        self.noticed = False  #: a transfer was announced, and no prompt has come since

    def look_back(self) -> None:
        """Music may have begun before the step."""
        if self._kit.hearing.music_told:
            self.begins("music")

    def heard_before(self, step: CallFlowStep, turn: Turn) -> None:
        """The hold is expected but has not begun."""
        kind = turn.utterance.kind
        if kind == phrases.HOLD:
            self._kit.prompts.keep(turn, "hold")
            self.begins("hold announcement")
        elif kind == phrases.TRANSFER:
            self.noticed = True
        elif kind in (phrases.MENU, phrases.DATA, phrases.OPEN, phrases.CONFIRM):
            self._not_yet(step, turn)

    def _not_yet(self, step: CallFlowStep, turn: Turn) -> None:
        """A prompt instead of the hold: a level was added."""
        self.noticed = False
        other = self._listen.known_elsewhere(turn)
        if other is not None and self._flow.waits_out(other, step):
            return
        if other is not None and other is self._flow.following(step):
            self._course.finish(reason="its prompt was heard")
            return
        self._listen.drift(step, 0.0, turn.open_text)
        following = self._course.end("drift", match=Match.DRIFTED, reason="not on hold yet", target=other.id if other else None)
        if following is not None:
            self._course.enter(following)
        else:
            self._astray(turn)

    def begins(self, reason: str) -> None:
        """Hold sounds: the HOLD step's own, or earlier than the flow expects it."""
        step = self._course.step
        if step is None:
            return
        self._keys.effect_seen()
        if step.type not in (_HOLD, CallFlowStepType.TRANSFER):
            if self._course.leave("hold", reason):
                return
            ahead = self._flow.ahead(step, _HOLD)
            if ahead is not None:
                self._listen.drift(step, 0.0, reason)
                self._course.finish("hold", match=Match.DRIFTED, reason=reason, target=ahead.id)
        self._kit.hearing.listening = True
        self._kit.orders.give(GoOnHold(reason))

    def tick(self) -> None:
        """Silence where hold is expected is hold in silence."""
        settings, hearing = self._kit.settings, self._kit.hearing
        silent_ms = min(hearing.silence_ms(self._kit.now), self._course.waited_ms)
        limit_s = settings.hold_after_notice_s if self.noticed else settings.hold_after_press_s
        if not hearing.in_turn and silent_ms >= limit_s * 1000:
            self.begins("silence")

    @property
    def wake_at(self) -> int | None:
        settings = self._kit.settings
        limit_s = settings.hold_after_notice_s if self.noticed else settings.hold_after_press_s
        silent_since = max(self._kit.hearing.quiet_since, self._course.entered_at)
        return soonest(self._kit.now, later(silent_since, limit_s * 1000))

    def wakes_on_hold_at(self, since: int) -> int | None:
        step = self._course.step
        return soonest(self._kit.now, later(since, step.timeout * 1000)) if step is not None and step.type is _HOLD else None

    def tick_on_hold(self, since: int, *, leads: bool) -> None:
        """The step's timeout is the longest hold. ``leads``: the flow does, so that a condition of the step may lead elsewhere then."""
        step = self._course.step
        if step is not None and step.type is _HOLD and self._kit.now - since >= samples(step.timeout * 1000):
            if leads and self._flow.on(step, "timeout"):
                self._kit.orders.give(LeaveHold(f"on hold for {step.timeout:g} s", outcome="timeout"))
            else:
                self._kit.orders.give(EndCall(CallOutcome.TIMED_OUT, f"on hold for {step.timeout:g} s"))
