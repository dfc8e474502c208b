"""A menu has a sentence in common with one heard before, and is taken for it until it goes on otherwise."""

from __future__ import annotations

from typing import Any

from call_contract.call_events import CallOutcome, DigitsSent, PressIneffective
from call_engine.core import effects as fx
from call_engine.core.brain import Brain
from call_engine.core.happenings import RecordingLost, RecordingRecognised
from call_engine.core.plan import Explore, Plan

from tests.support.chase_script import chase
from tests.support.scripted_call import Node, ScriptedCall, WordSimilarity, pause, say

#: So long that a repetition of it is pressed into while this is still being read.
SUB = "For disputes, press 1. " + "To hear about the many other things that we can do for you, press 2. " * 3


class TakenForTheFirst(ScriptedCall):
    """Behind the first key the first menu seems to play again, for a second."""

    def _perform(self, effect: Any) -> None:
        super()._perform(effect)
        if isinstance(effect, fx.KeepRecording):
            self.kept = effect.recording_id
        if isinstance(effect, fx.Press) and "sub" not in self.path:
            mistaken = RecordingRecognised(recording_id=self.kept, start_sample=self.now + 8000, position_ms=1400, score=0.4)
            self._at(self.now + 8000 + 1400 * 8, lambda: self._feed(mistaken))
            self._at(self.now + 8000 + 2400 * 8, lambda: self._feed(RecordingLost(recording_id=self.kept)))


def test_exploring_presses_no_key_into_a_menu_that_only_began_like_the_one_before() -> None:
    plan = Plan(goal=Explore(phone_number="+18005551234", intent="dispute a charge", company="Chase Bank"))
    nodes = chase(sub=Node([pause(0.5), say(SUB)], keys={"1": "notice", "2": "dead", "3": "dead"}))
    call = TakenForTheFirst(Brain(plan, call_id="c1", similarity=WordSimilarity()), nodes, recognise=False).run()
    assert not call.of(PressIneffective), call.timeline()
    assert [press.digits for press in call.of(DigitsSent)] == ["3", "1"]
    assert call.events[-1].outcome is CallOutcome.BRIDGED
