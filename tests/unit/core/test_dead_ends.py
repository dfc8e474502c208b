"""What was tried in vain is not tried again."""

from __future__ import annotations

from call_contract.discoveries import Discovery, DiscoveryType, HeardOption
from call_engine.core.dead_ends import dead_ends
from flow_api.domain.call_flow_learner import CallFlowLearner

MAIN = "For sales, press 1. For repairs, press 2."
SUB = "For new repairs, press 1. For the status of a repair, press 2."


def menu(transcript: str, pressed: str, *labels: str) -> Discovery:
    options = [HeardOption(digits=str(number), label=label) for number, label in enumerate(labels, start=1)]
    return Discovery(type=DiscoveryType.IVR_MENU, transcript=transcript, dtmf_sent=pressed, options=options, reacted=True)


def learned(*discoveries: Discovery) -> dict[str, frozenset[str]]:
    return dict(dead_ends(CallFlowLearner().build_flow(discoveries, "+15550100")))


GONE = Discovery(type=DiscoveryType.DISCONNECTED)


def test_the_last_key_before_a_hang_up_is_dead_and_the_one_before_it_is_not() -> None:
    found = learned(menu(MAIN, "2", "sales", "repairs"), menu(SUB, "1", "new repairs", "the status of a repair"), GONE)
    assert list(found.values()) == [frozenset({"1"})]


def test_a_way_to_a_human_is_not_dead() -> None:
    assert not learned(menu(MAIN, "2", "sales", "repairs"), Discovery(type=DiscoveryType.HUMAN_DETECTED))


def test_a_menu_all_of_whose_keys_are_dead_makes_the_key_before_it_dead() -> None:
    found = learned(menu(MAIN, "2", "sales", "repairs"), menu("For new repairs, press 1.", "1", "new repairs"), GONE)
    assert sorted(found.values(), key=sorted) == [frozenset({"1"}), frozenset({"2"})]
