"""A small fixed run of the simulation: random companies, the traps, and what is left of a call that broke off anywhere."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from call_engine.core.plan import Explore, Follow, Plan
from flow_api.domain.call_flow_learner import CallFlowLearner
from ivr_sim.confusions import Confusions
from ivr_sim.generate import generate
from ivr_sim.traps import traps
from ivr_sim.world import World

from tests.simulation.campaign import AT, Campaign, discoveries_of, longest_decision_ms, word_level
from tests.support.kept_similarity import KeptSimilarity

SIMILARITY = KeptSimilarity(Path(".cache") / "simulation" / "similarity")
SEEDS = (
    1, 2, 3, 5, 10, 30, 38, 68, 139, 188, 775, 954, 1174, 1376, 2013, 2109, 2114, 2348, 2748, 2959, 3037, 3222, 3374, 3414, 3783, 3881,
    4944, 5251, 6175, 6471, 7383, 40176, 300938, 501079, 503557, 503911, 800228, 830696, 941119, 974276, 1500164, 2100443, 2500890, 2801390,
    2801525, 2802701, 3301437,
)  # fmt: skip
SEEDS_IN_OTHER_WORDS = (40090, 1600015, 1600117, 1600310, 1600418, 2000397, 2300740, 2600162, 3200177, 3200661, 3400430, 3400892)
TRAPS = (
    "first_press_lost", "tones_only", "keys_only_after", "silence_after_press", "reads_on_behind_the_key", "operator_is_the_way",
    "same_digit_other_label",
    "announcement_over_music", "ringback_as_hold", "hold_in_silence", "positions_that_count_down", "on_to_another_company",
    "human_says_only_hello", "busy", "nobody_answers", "voicemail", "queue_full",
    "closed", "data_entry_without_a_way_around", "data_entry_with_a_way_around", "menu_without_gaps", "long_pauses_between_options",
    "survey_before_menu", "stay_on_the_line", "voice_bot",
    "voice_bot_that_needs_keys_for_a_human", "data_entry_passed_by_silence", "confirmation_before_the_agent",
)  # fmt: skip


@pytest.mark.parametrize("seed", SEEDS)
def test_a_random_company_is_explored_learned_followed_and_repaired(seed: int) -> None:
    check(generate(seed), Confusions(seed=seed))


@pytest.mark.parametrize("seed", SEEDS_IN_OTHER_WORDS)
def test_so_is_one_whose_menus_do_not_use_the_words_of_the_wish(seed: int) -> None:
    check(generate(seed, other_words=True), Confusions(seed=seed))


@pytest.mark.parametrize("name", TRAPS)
def test_a_trap_is_not_fallen_into(name: str) -> None:
    check(traps()[name], Confusions(word_rate=0.0, punctuation_rate=0.0, shifted_rate=0.0))


@pytest.mark.parametrize("seed", [5030, 5078])
def test_a_company_that_reads_on_behind_the_key_is_not_mistaken_for_what_follows(seed: int) -> None:
    world = generate(seed)
    reads_on = msgspec.structs.replace(world.script.personality, after_press_ms=1500, reads_on=True)
    script = msgspec.structs.replace(world.script, personality=reads_on)
    check(msgspec.structs.replace(world, script=script), Confusions(seed=seed))


def check(world: World, confusions: Confusions) -> None:
    report = Campaign(world, word_level(SIMILARITY, confusions, tick_ms=100)).run()
    for failure in report.failures:
        pytest.fail(f"{failure.seed} {failure.phase}: {failure.why}\n" + "\n".join(failure.transcript))


def test_an_exploration_that_broke_off_anywhere_does_no_harm() -> None:
    """The engine dies at event n, for every n: what was recorded so far is merged, and the flow still leads to the target."""
    world = generate(2)
    make_call = word_level(SIMILARITY, tick_ms=100)
    goal = Explore(phone_number=world.script.number, intent=world.intent, company=world.script.name)
    whole = make_call(world, Plan(goal=goal), "whole")
    learner = CallFlowLearner()
    flow = learner.build_flow(discoveries_of(whole.events), world.script.number, world.script.name, world.intent, call_id="whole", at=AT)
    seen: set[int] = set()
    for n in range(len(whole.events)):
        found = discoveries_of(whole.events[:n])
        if len(found) in seen:
            continue
        seen.add(len(found))
        merged = learner.merge_discoveries(flow, found, call_id=f"broken-{n}", at=AT)
        call = make_call(world, Plan(goal=Follow(flow=merged, intent=world.intent)), f"after-{n}")
        assert world.target in call.path, f"after a call broken off at event {n}: {call.keys}"
        assert call.keys == world.digits


@pytest.mark.parametrize("split_dtmf", [False, True])
def test_a_known_prompt_is_answered_within_a_third_of_a_second(split_dtmf: bool) -> None:
    world = generate(1)
    make_call = word_level(SIMILARITY, tick_ms=20)
    goal = Explore(phone_number=world.script.number, intent=world.intent, company=world.script.name)
    explored = make_call(world, Plan(goal=goal), "explored")
    found = discoveries_of(explored.events)
    flow = CallFlowLearner().build_flow(found, world.script.number, call_id="explored", at=AT, split_dtmf=split_dtmf)
    followed = make_call(world, Plan(goal=Follow(flow=flow, intent=world.intent)), "followed")
    assert followed.keys == world.digits
    assert followed.ended is not None
    assert followed.ended.transcriptions_before_hold == 0
    longest = longest_decision_ms(followed)
    assert longest is not None
    assert longest <= 300
