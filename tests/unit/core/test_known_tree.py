"""Another exploration of the same company looks at what is not known yet."""

from __future__ import annotations

from call_contract.discoveries import Discovery, DiscoveryType, HeardOption
from call_engine.core.facts import Turn
from call_engine.core.menu import Option
from call_engine.core.navigation.known_tree import KnownTree
from call_engine.core.utterance import understand
from flow_api.domain.call_flow_learner import CallFlowLearner

MAIN = "For sales, press 1. For repairs, press 2. To hear this again, press 9."
SUB = "For new repairs, press 1. For the status of a repair, press 2."
HUMAN = Discovery(type=DiscoveryType.HUMAN_DETECTED)
GONE = Discovery(type=DiscoveryType.DISCONNECTED)


def menu(transcript: str, pressed: str, **labels: str) -> Discovery:
    options = [HeardOption(digits=key.removeprefix("k"), label=label) for key, label in labels.items()]
    return Discovery(type=DiscoveryType.IVR_MENU, transcript=transcript, dtmf_sent=pressed, options=options, reacted=True)


def main(pressed: str) -> Discovery:
    return menu(MAIN, pressed, k1="sales", k2="repairs", k9="hear this again")


def sub(pressed: str) -> Discovery:
    return menu(SUB, pressed, k1="new repairs", k2="the status of a repair")


def tree(*calls: list[Discovery]) -> KnownTree:
    learner = CallFlowLearner()
    flow = learner.build_flow(calls[0], "+15550100", call_id="0")
    for number, call in enumerate(calls[1:], start=1):
        flow = learner.merge_discoveries(flow, call, call_id=str(number))
    return KnownTree(flow)


def turn(text: str) -> Turn:
    return Turn(number=1, start=0, end=8000, text=text, utterance=understand(text))


def explored(known: KnownTree, text: str) -> set[str]:
    found = known.find(turn(text))
    assert found is not None
    return set(known.explored(found))


def test_a_way_that_reached_a_human_is_explored_and_the_menu_before_it_only_when_all_of_it_is() -> None:
    once = tree([main("2"), sub("1"), HUMAN])
    assert explored(once, SUB) == {"1"}
    assert explored(once, MAIN) == set()
    twice = tree([main("2"), sub("1"), HUMAN], [main("2"), sub("2"), GONE])
    assert explored(twice, SUB) == {"1", "2"}
    assert explored(twice, MAIN) == {"2"}


def test_a_dead_end_is_known_of_a_call_that_failed_too() -> None:
    known = tree([main("2"), sub("1"), HUMAN], [main("1"), GONE])
    found = known.find(turn(MAIN))
    assert found is not None
    assert known.dead(found) == {"1"}
    assert known.explored(found) == {"1"}


def test_a_queue_in_which_nobody_was_met_is_not_explored() -> None:
    known = tree([main("1"), Discovery(type=DiscoveryType.HOLD, duration=9.0), GONE])
    assert explored(known, MAIN) == set()


def test_a_key_that_only_repeats_the_menu_leaves_nothing_to_explore() -> None:
    known = tree([main("9"), main("1"), HUMAN], [main("2"), GONE])
    assert explored(known, MAIN) == {"1", "2", "9"}


def test_a_known_menu_whose_unknown_options_are_far_from_the_intent_is_less_useful() -> None:
    known = tree([main("2"), sub("1"), HUMAN])
    found = known.find(turn(MAIN))
    assert found is not None

    def scores(options: tuple[Option, ...]) -> dict[str, float]:
        return {option.digits: 0.2 for option in options}

    assert known.less_useful(found, scores, {"1": 0.5}) == {"2"}
    assert known.less_useful(found, scores, {"1": 0.1}) == set()


def test_menus_of_one_form_with_other_keys_are_two_menus() -> None:
    known = tree([main("2"), sub("1"), HUMAN])
    assert known.find(turn("For parking, press 1. For directions, press 2. To hear this again, press 9.")) is None


def test_without_a_flow_nothing_is_known() -> None:
    assert KnownTree(None).find(turn(MAIN)) is None
