"""Once two people talk to each other, nobody listens: no word of theirs is asked for."""

from __future__ import annotations

from call_contract.call_events import CallBridged
from call_engine.core.brain import Brain
from call_engine.core.effects import Record, Transcribe
from call_engine.core.plan import Explore, Plan

from tests.support.chase_script import chase
from tests.support.scripted_call import Node, ScriptedCall, WordSimilarity, pause, say

PLAN = Plan(goal=Explore(phone_number="+18005551234", intent="dispute a charge", company="Chase Bank"))
AGENT = Node(
    [
        say("Thank you for calling Chase disputes, this is Mary, how can I help you today?"), pause(9),
        say("I see. Could you tell me the date of that charge, please, and what was bought?"), pause(3),
        say("Thank you, one moment."), pause(20),
    ],
    hangs_up=True,
)  # fmt: skip


def test_the_bridged_conversation_is_not_transcribed() -> None:
    brain = Brain(PLAN, call_id="c1", similarity=WordSimilarity())
    call = ScriptedCall(brain, chase(agent=AGENT), device_hangs_up_s=25.0).run()
    bridged = next(i for i, one in enumerate(call.effects) if isinstance(one, Record) and isinstance(one.event, CallBridged))
    assert any(isinstance(one, Transcribe) for one in call.effects[:bridged])
    assert not any(isinstance(one, Transcribe) for one in call.effects[bridged:])
