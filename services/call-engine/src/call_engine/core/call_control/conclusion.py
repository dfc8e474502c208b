"""How a call comes to its end: the order to hang up or the line's own end, the last words, and the event that sums the call up."""

from __future__ import annotations

from call_contract.call_events import CallEnded
from call_contract.discoveries import Discovery, DiscoveryType

from call_engine.core import happenings as hp
from call_engine.core.call_control.endings import ending_of
from call_engine.core.call_time import ms, samples
from call_engine.core.effects import HangUp
from call_engine.core.facts import Turn
from call_engine.core.holding.listening import Listener
from call_engine.core.kit import Kit
from call_engine.core.orders import EndCall
from call_engine.core.turn_taking.understood import clearness
from call_engine.core.vocabulary import phrases

_PATIENCE_WITH_LINE = samples(5000)  #: after HangUp the line should say LineEnded; if it does not, the call ends anyway
_KEYS_OUT = samples(5000)  #: a line that has not told by then that the keys are sent will not tell …
_HEARD_OUT = samples(1500)  #: … and whoever takes them may wait for more
_SURELY = 3.0  #: votes
_SAID_LAST = {phrases.CLOSED: DiscoveryType.CLOSED, phrases.VOICEMAIL: DiscoveryType.VOICEMAIL}


def _explaining(turn: Turn) -> str:
    """The kind of the turn, or what was surely said in it besides: "One moment, I transfer your call. Our office is closed." """
    votes = turn.utterance.votes
    said = max(_SAID_LAST, key=lambda kind: votes.get(kind, 0.0))
    surely = votes.get(said, 0.0) >= _SURELY and not turn.utterance.menu.options
    return said if surely else turn.utterance.kind


class Conclusion:
    """``ending`` is what the call ends with, once that is decided; the first decision stands."""

    def __init__(self, kit: Kit, listener: Listener) -> None:
        self._kit = kit
        self._listener = listener
        self.ending: EndCall | None = None
        self._hung_up_at: int | None = None
        self._due_at: int | None = None  #: when to hang up at the latest, if keys have to be sent first
        self._last_kind = ""

    @property
    def hung_up(self) -> bool:
        return self._hung_up_at is not None

    @property
    def overdue(self) -> bool:
        """The line has not answered the order to hang up."""
        return self._hung_up_at is not None and self._kit.now - self._hung_up_at >= _PATIENCE_WITH_LINE

    @property
    def overdue_at(self) -> int | None:
        return None if self._hung_up_at is None else self._hung_up_at + _PATIENCE_WITH_LINE

    def heard(self, turn: Turn) -> None:
        """What was said last explains a hang-up, if it was understood."""
        if turn.text and clearness(turn) > 0:
            self._last_kind = _explaining(turn)

    def decide(self, order: EndCall) -> None:
        self.ending = self.ending or order
        if order.after_keys:
            self._due_at = self._kit.now + _KEYS_OUT
        else:
            self._hang_up()

    def keys_are_out(self) -> None:
        if self._due_at is not None:
            self._due_at = min(self._due_at, self._kit.now + _HEARD_OUT)

    @property
    def wake_at(self) -> int | None:
        """Once the ending is decided: when there is something to be done about it."""
        return self.overdue_at if self.hung_up else self._due_at

    def tick(self) -> None:
        if self._due_at is not None and self._kit.now >= self._due_at:
            self._hang_up()

    def _hang_up(self) -> None:
        if self._hung_up_at is None:
            self._hung_up_at = self._kit.now
            self._kit.outbox.do(HangUp())

    def line_ended(self, ended: hp.LineEnded, *, walking: bool, human: bool, bridged: bool, said_last: Turn | None = None) -> None:
        """The company's leg is gone. ``walking``: on the way or on hold, with nobody met yet."""
        if self.ending is not None:
            return
        if walking:
            self._last_words(said_last or self._kit.hearing.cut(self._kit.now))
        answered = self._kit.outbox.figures.answered_at is not None
        self.ending = ending_of(ended, answered=answered, human=human, bridged=bridged, last_kind=self._last_kind)
        if walking:
            self._kit.discoveries.add(Discovery(type=DiscoveryType.DISCONNECTED, reason=self.ending.reason, at_ms=ms(self._kit.now)))

    def _last_words(self, turn: Turn | None) -> None:
        """What was being said when the line went."""
        if turn is None or not turn.text:
            return
        understood = clearness(turn) > 0
        self.heard(turn)
        self._listener.write(turn, unsure=turn.may_be_human or not understood)
        found = _SAID_LAST.get(self._last_kind) if understood else None
        if found:
            self._kit.discoveries.add(Discovery(type=found, transcript=turn.open_text, at_ms=ms(turn.start)), seal=turn.sealed_text)

    def write(self, sip_code: int) -> None:
        """The last event of the call."""
        assert self.ending is not None
        figures = self._kit.outbox.figures
        self._kit.discoveries.close()
        self._kit.outbox.record(
            CallEnded(
                outcome=self.ending.outcome, reason=self.ending.reason, sip_code=sip_code,
                ms_to_hold=figures.since_answer_ms(figures.hold_at), ms_to_human=figures.since_answer_ms(figures.human_at),
                hold_ms=figures.hold_ms, digits=figures.digits, transcriptions=figures.transcriptions,
                transcriptions_before_hold=figures.transcriptions_before_hold, steps_matched=figures.steps_matched,
                steps_drifted=figures.steps_drifted,
            )
        )  # fmt: skip
