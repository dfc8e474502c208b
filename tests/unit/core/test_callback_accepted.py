"""Who accepts a call-back hangs up only once the key has been sent."""

from __future__ import annotations

import pytest
from call_contract.call_events import CallOutcome, DigitsSent
from call_contract.discoveries import DiscoveryType
from call_engine.core import effects as fx
from call_engine.core import happenings as hp
from call_engine.core.brain import Brain
from call_engine.core.plan import Explore, Plan

from tests.support.chase_script import discoveries
from tests.support.scripted_call import Node, ScriptedCall, WordSimilarity, music, pause, say

OFFER = "To keep your place in line and be called back, press 1. To continue to hold, press 2."
PLAN = Plan(goal=Explore(phone_number="+18005551234", intent="a person"), accept_callback=True)
HOLD = say("All of our representatives are busy. Please stay on the line and your call will be answered.")


def company(*before: object) -> dict[str, Node]:
    return {
        "start": Node([pause(1), *before, say(OFFER)], keys={"1": "thanks", "2": "start"}),  # type: ignore[list-item]
        "thanks": Node([say("Thank you, we will call you back.")], hangs_up=True),
    }


@pytest.mark.parametrize("before", [(), (HOLD, music(20))], ids=["at the start", "on hold"])
def test_the_key_is_sent_before_the_call_ends(before: tuple[object, ...]) -> None:
    call = ScriptedCall(Brain(PLAN, call_id="c1", similarity=WordSimilarity()), company(*before)).run()
    assert "thanks" in call.path
    assert call.events[-1].outcome is CallOutcome.CALLBACK_ACCEPTED
    (pressed,), (hung_up,) = call.times(fx.Press), call.times(fx.HangUp)
    assert pressed + 1.0 <= hung_up <= pressed + 5.1
    assert [sent.digits for sent in call.of(DigitsSent)] == ["1"]


@pytest.mark.parametrize("kept", ["You will keep your place in line.", "you'll keep your place in line", "You won't lose your place."])
def test_a_promise_that_the_place_is_kept_is_no_key_for_staying(kept: str) -> None:
    offer = Node(
        [HOLD, music(8), say(f"you would rather have us call you back, press 1 {kept}"), music(20)], keys={"1": "thanks"}, then="agent"
    )
    nodes = {**company(), "start": offer, "agent": Node([say("Hello, this is Mary, how can I help you today?"), pause(40)], hangs_up=True)}
    plan = Plan(goal=Explore(phone_number="+18005551234", intent="a person"))
    call = ScriptedCall(Brain(plan, call_id="c1", similarity=WordSimilarity()), nodes).run()
    assert call.path == ["start", "agent"], call.timeline()


def test_a_line_that_never_tells_holds_nothing_up() -> None:
    class Silent(ScriptedCall):
        def _feed(self, happening: object) -> None:
            if not isinstance(happening, hp.DigitsDelivered):
                super()._feed(happening)

    nodes = {**company(), "thanks": Node([pause(60)])}
    call = Silent(Brain(PLAN, call_id="c1", similarity=WordSimilarity()), nodes).run()
    (pressed,), (hung_up,) = call.times(fx.Press), call.times(fx.HangUp)
    assert hung_up == pytest.approx(pressed + 5.0, abs=0.1)


def test_an_order_to_end_does_not_wait_for_the_key() -> None:
    class Impatient(ScriptedCall):
        def _perform(self, effect: object) -> None:
            super()._perform(effect)
            if isinstance(effect, fx.Press):
                self._at(self.now + 800, lambda: self._feed(hp.EndOrdered(reason="kill switch", by="guard")))

    call = Impatient(Brain(PLAN, call_id="c1", similarity=WordSimilarity()), company()).run()
    (pressed,), (hung_up,) = call.times(fx.Press), call.times(fx.HangUp)
    assert hung_up <= pressed + 0.3


@pytest.mark.parametrize("before", [(), (HOLD, music(20))], ids=["at the start", "on hold"])
def test_who_wants_none_keeps_the_line_not_only_the_place(before: tuple[object, ...]) -> None:
    plan = Plan(goal=PLAN.goal)
    call = ScriptedCall(Brain(plan, call_id="c1", similarity=WordSimilarity()), company(*before)).run(max_s=60)
    assert {sent.digits for sent in call.of(DigitsSent)} == {"2"}
    offers = [found for found in discoveries(call) if found.type is DiscoveryType.CALLBACK_OFFER]
    assert {offer.dtmf_sent for offer in offers} == {"2"}
    assert not [found for found in discoveries(call) if found.type is DiscoveryType.DTMF]
