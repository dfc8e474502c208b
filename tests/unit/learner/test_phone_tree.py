"""What all calls together know of a company's menus, whichever way they went and however they ended."""

from __future__ import annotations

import pytest
from call_contract.flows import CallFlow
from call_contract.step_metadata import metadata_of
from flow_api.domain.call_flow_learner import CallFlowLearner, ChangeKind, change_between
from flow_api.domain.learning.phone_tree import untried

from tests.support.discoveries import HUMAN, HUNG_UP, Plain, menu

LEARNER = CallFlowLearner()
TOP = "For billing press 1. For claims press 2."
SUB = "For cars press 1. For homes press 2."


def top(pressed: str) -> Plain:
    return menu(TOP, pressed, {"1": "billing", "2": "claims"})


def sub(pressed: str) -> Plain:
    return menu(SUB, pressed, {"1": "cars", "2": "homes"})


def learned(*calls: list[Plain]) -> CallFlow:
    flow = LEARNER.build_flow(calls[0], "+18005551234", call_id="0")
    for number, call in enumerate(calls[1:], start=1):
        flow = LEARNER.merge_discoveries(flow, call, call_id=str(number))
    return flow


def known(flow: CallFlow) -> dict[str, str]:
    """``for billing …/1`` → where it led."""
    tree = metadata_of(flow.steps[0]).tree
    return {f"{menu.transcript.split()[1]}/{option.digits}": option.led_to for menu in tree for option in menu.options}


def test_one_call_knows_what_it_took_and_what_it_was_offered() -> None:
    assert known(learned([top("2"), sub("1"), HUMAN])) == {"billing/1": "", "billing/2": "menu", "cars/1": "human", "cars/2": ""}


def test_a_call_that_reached_nobody_teaches_the_tree_and_leaves_the_way() -> None:
    flow = learned([top("2"), sub("1"), HUMAN])
    after = LEARNER.merge_discoveries(flow, [top("1"), HUNG_UP], call_id="x")
    assert known(after)["billing/1"] == "nothing"
    assert [step.dtmf for step in after.steps] == [step.dtmf for step in flow.steps]
    assert change_between(flow, after).kind is ChangeKind.OBSERVED


def test_a_call_that_broke_off_after_a_press_says_nothing_about_it() -> None:
    assert known(learned([top("2"), sub("1"), HUMAN], [top("1")]))["billing/1"] == ""


def test_the_tree_stays_with_the_first_step_when_the_path_changes() -> None:
    flow = learned([top("2"), sub("1"), HUMAN], [top("1"), HUMAN])
    assert [bool(metadata_of(step).tree) for step in flow.steps] == [True, *[False] * (len(flow.steps) - 1)]
    assert known(flow) == {"billing/1": "human", "billing/2": "menu", "cars/1": "human", "cars/2": ""}


def test_what_is_left_to_try() -> None:
    flow = learned([top("2"), sub("1"), HUMAN])
    assert sorted(option.label for _, option in untried(metadata_of(flow.steps[0]).tree)) == ["billing", "homes"]
    everything = learned([top("2"), sub("1"), HUMAN], [top("1"), HUMAN], [top("2"), sub("2"), HUNG_UP])
    assert untried(metadata_of(everything.steps[0]).tree) == []


ALIKE = [
    (
        "For help with the pharmacy, press 1. For help with insurance claims, press 2. To speak with the front desk, press 0.",
        {"1": "help with the pharmacy", "2": "help with insurance claims", "0": "the front desk"},
        "For help with the status of a claim, press 1. For help with a denied claim, press 2. To speak with the front desk, press 0.",
        {"1": "help with the status of a claim", "2": "help with a denied claim", "0": "the front desk"},
    ),
    (
        "For help with gift cards, press 1. For help with returns, press 2. For help with orders, press 3. For the operator, press 0.",
        {"1": "help with gift cards", "2": "help with returns", "3": "help with orders", "0": "the operator"},
        "For help with gift card balances, press 1. For help with a gift card that does not work, press 2. For the operator, press 0.",
        {"1": "help with gift card balances", "2": "help with a gift card that does not work", "0": "the operator"},
    ),
]


@pytest.mark.parametrize(("one", "its_keys", "other", "other_keys"), ALIKE)
def test_menus_worded_alike_are_kept_apart_by_what_their_keys_are_for(
    one: str, its_keys: dict[str, str], other: str, other_keys: dict[str, str]
) -> None:
    flow = learned([menu(one, "2", its_keys), menu(other, "1", other_keys), HUMAN])
    assert sorted(len(each.options) for each in metadata_of(flow.steps[0]).tree) == sorted([len(its_keys), len(other_keys)])
    misheard = {digits: label.replace("help", "health").replace("claims", "claim") for digits, label in its_keys.items()}
    again = LEARNER.merge_discoveries(flow, [menu(one.replace("help", "health"), "1", misheard), HUNG_UP], call_id="again")
    assert len(metadata_of(again.steps[0]).tree) == 2


def test_menus_of_one_form_are_kept_apart_by_their_keys() -> None:
    flow = learned([menu("For a press 1. For b press 2.", "1", {"1": "boats", "2": "trains"}), sub("1"), HUMAN])
    assert len(metadata_of(flow.steps[0]).tree) == 2
