"""That a transfer was announced is over with the next menu: what is said behind that is no more likely a human than before."""

from __future__ import annotations

from call_contract.call_events import CallOutcome, HoldStarted, StepStarted
from call_engine.core.brain import Brain
from call_engine.core.plan import Follow, Plan
from call_engine.core.settings import CoreSettings

from tests.support.chase_flow import flow, learned, prompt, step
from tests.support.chase_script import SUB, chase
from tests.support.scripted_call import Node, ScriptedCall, WordSimilarity, pause, say

AGENT = say("Thank you for calling Chase disputes, this is Mary, how can I help you today?")
SETTINGS = CoreSettings(hold_after_notice_s=4.0, hold_after_press_s=15.0)


def silence_until_hold_s(notice: bool) -> float:
    """How long it was silent in the last queue before that was taken for hold."""
    first = learned().steps[1]
    what = flow(
        step("main", "LISTEN", "early", "3", timeout=30, metadata=first.metadata), step("early", "HOLD", "sub", timeout=600),
        step("sub", "LISTEN", "hold", "1", timeout=30, metadata=prompt(SUB, {"1": "disputes", "2": "change your address"})),
        step("hold", "HOLD", "transfer", timeout=600), step("transfer", "TRANSFER"),
    )  # fmt: skip
    said = [say("Please hold while I transfer you to the next available specialist."), pause(3)] if notice else [pause(1)]
    nodes = chase(
        main=Node(chase()["main"].plays, keys={"3": "early"}), early=Node(said, then="sub"), sub=Node([say(SUB)], keys={"1": "quiet"}),
        quiet=Node([pause(40)], then="agent"), agent=Node([AGENT, pause(40)], hangs_up=True),
    )  # fmt: skip
    brain = Brain(Plan(goal=Follow(flow=what)), call_id="c", similarity=WordSimilarity(), settings=SETTINGS)
    call = ScriptedCall(brain, nodes).run()
    assert call.events[-1].outcome is CallOutcome.BRIDGED, call.timeline()
    (hold,) = [one for one in call.of(HoldStarted) if one.reason == "silence"]
    return (hold.at_ms - next(one.at_ms for one in call.of(StepStarted) if one.step_id == "hold")) / 1000


def test_a_menu_behind_a_notice_takes_it_back() -> None:
    assert silence_until_hold_s(notice=True) == silence_until_hold_s(notice=False)
    assert silence_until_hold_s(notice=True) > 10
