"""After the line is gone: the words that were being said are still with the recogniser, and they explain why it went."""

from __future__ import annotations

from line_audio.segments import Label, Segment, SegmentClosed

from call_engine.core import happenings as hp
from call_engine.core.call_time import samples
from call_engine.core.facts import Turn, TurnEnded
from call_engine.core.kit import Kit
from call_engine.core.waking import soonest

_PATIENCE = samples(5000)
_WITHOUT_WORDS = frozenset(("line_lost", "no_audio"))


class ListeningBack:
    """``over`` once there is nothing more to wait for; ``said_last`` is the last turn with words."""

    def __init__(self, kit: Kit, ended: hp.LineEnded) -> None:
        self._kit = kit
        self._since = kit.now
        self.ended = ended
        self.said_last: Turn | None = None
        turn = kit.hearing.turn
        if turn is not None and kit.hearing.speaking:
            cut = Segment(label=Label.SPEECH, start_sample=turn.start, end_sample=max(kit.now, turn.start + 1))
            self.feed(SegmentClosed(segment=cut, at_sample=kit.now))
        kit.hearing.listening = True

    @staticmethod
    def worth_it(kit: Kit, ended: hp.LineEnded) -> bool:
        return ended.cause not in _WITHOUT_WORDS and kit.hearing.in_turn

    @property
    def over(self) -> bool:
        return not self._kit.hearing.in_turn or self._kit.now - self._since >= _PATIENCE

    @property
    def wake_at(self) -> int | None:
        return soonest(self._kit.now, self._kit.hearing.wake_at(self._kit.now), self._since + _PATIENCE)

    def feed(self, happening: hp.AnyHappening) -> None:
        for fact in self._kit.hearing.feed(self._kit.now, happening):
            if isinstance(fact, TurnEnded) and fact.turn.text:
                self.said_last = fact.turn
