"""Simulated time passes from one thing that is due to the next. What comes of a call is the same as if every tick had been fed."""

from __future__ import annotations

import pytest
from call_engine.core.plan import Plan
from ivr_sim.confusions import Confusions
from ivr_sim.generate import generate
from ivr_sim.traps import traps
from ivr_sim.world import World

from tests.simulation.campaign import Campaign
from tests.simulation.test_word_level import SIMILARITY
from tests.support.virtual_call import CallRecord, VirtualCall


@pytest.mark.parametrize("seed", [2, 3, 30, 2013, 2348])
def test_a_random_company(seed: int) -> None:
    compare(generate(seed), Confusions(seed=seed))


@pytest.mark.parametrize("name", ["keys_only_during", "hold_in_silence", "hangs_up_in_the_menu", "callback_offered", "nobody_answers"])
def test_a_trap(name: str) -> None:
    compare(traps()[name], Confusions(seed=1))


def compare(world: World, confusions: Confusions) -> None:
    def both(world: World, plan: Plan, call_id: str) -> CallRecord:
        def call(*, every_tick: bool) -> CallRecord:
            return VirtualCall(
                world, plan, SIMILARITY, call_id=call_id, confusions=confusions, tick_ms=100, every_tick=every_tick
            ).run()  # fmt: skip

        long_steps, every_tick = call(every_tick=False), call(every_tick=True)
        assert long_steps.events == every_tick.events
        assert long_steps.path == every_tick.path
        return long_steps

    Campaign(world, both).run()
