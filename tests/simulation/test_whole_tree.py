"""Several explorations of one company find out what is not known yet, most useful first, and then there is nothing left to find."""

from __future__ import annotations

import pytest
from call_contract.flows import CallFlow
from call_contract.step_metadata import metadata_of
from call_engine.core.plan import Explore, Plan
from flow_api.domain.call_flow_learner import CallFlowLearner
from flow_api.domain.learning.phone_tree import untried
from ivr_sim.generate import small_worlds
from ivr_sim.script import Menu
from ivr_sim.world import World

from tests.simulation.campaign import AT, Campaign, discoveries_of, word_level
from tests.simulation.test_word_level import SIMILARITY
from tests.support.virtual_call import CallRecord

WORLDS = {f"{'x'.join(str(len(m.options)) for m in w.script.nodes.values() if isinstance(m, Menu))}-{w.seed}": w for w in small_worlds()}
MAKE_CALL = word_level(SIMILARITY, tick_ms=100)


def leaves(world: World) -> int:
    """Options that lead to no further menu."""
    menus = [node for node in world.script.nodes.values() if isinstance(node, Menu)]
    return sum(not isinstance(world.script.nodes[option.goto], Menu) for menu in menus for option in menu.options.values())


def explore(world: World, flow: CallFlow | None, number: int) -> CallRecord:
    goal = Explore(phone_number=world.script.number, intent=world.intent, company=world.script.name, known_flow=flow)
    return MAKE_CALL(world, Plan(goal=goal), f"explore-{number}")


@pytest.mark.parametrize("name", [name for name, world in WORLDS.items() if world.seed == 0])
def test_every_option_is_tried_once_and_then_the_tree_is_known(name: str) -> None:
    world, learner = WORLDS[name], CallFlowLearner()
    flow: CallFlow | None = None
    ways: list[str] = []
    while flow is None or untried(metadata_of(flow.steps[0]).tree):
        call = explore(world, flow, len(ways))
        ways.append(call.keys)
        found = discoveries_of(call.events)
        if flow is None:
            flow = learner.build_flow(found, world.script.number, call_id="0", at=AT)
        else:
            flow = learner.merge_discoveries(flow, found, call_id=str(len(ways)), at=AT)
        assert len(ways) <= leaves(world), ways
    assert len(set(ways)) == len(ways) == leaves(world)
    assert world.digits in ways
    assert explore(world, flow, len(ways)).ended is not None


@pytest.mark.parametrize("name", WORLDS)
def test_every_small_company_is_learned_and_followed(name: str) -> None:
    report = Campaign(WORLDS[name], MAKE_CALL).run()
    assert not report.failures, report.failures[0].why + "\n" + "\n".join(report.failures[0].transcript)
