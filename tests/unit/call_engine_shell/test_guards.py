from __future__ import annotations

import pytest
from call_engine.errors import LimitReached, Refused
from call_engine.guards import HOUR_S, Guards
from call_engine.settings import GuardSettings

GOOD = "+18005551234"


class Hand:
    """A clock and a switch that the test holds."""

    now_s = 10_000.0
    killed = False


def guards(hand: Hand | None = None, routes: dict[str, str] | None = None, **settings: object) -> Guards:
    hand = hand or Hand()
    return Guards(GuardSettings(**settings), routes or {}, epoch_s=lambda: hand.now_s, killed=lambda: hand.killed)  # type: ignore[arg-type]


def rule_of(it: Guards, number: str, running: int = 0) -> str:
    with pytest.raises(Refused) as refused:
        it.check(number, running=running)
    return refused.value.rule


@pytest.mark.parametrize("number", [GOOD, "+12125551234", "+442079460018", "+493012345678", "+390612345678"])
def test_ordinary_numbers_may_be_called(number: str) -> None:
    guards().check(number, running=0)


@pytest.mark.parametrize(
    ("number", "rule"),
    [
        ("911", "emergency"), ("+911", "emergency"), ("+1911", "emergency"), ("+44999", "emergency"), ("+49112", "emergency"),
        ("18005551234", "e164"), ("+1 800 555 1234", "e164"), ("+0123456", "e164"), ("", "e164"), ("sip:a@b", "e164"),
        ("+19005551234", "premium_rate"), ("+449098790000", "premium_rate"), ("+979123456789", "premium_rate"),
        ("+33820123456", "shared_cost"), ("+881612345678", "satellite"), ("+88216123456", "satellite"),
        ("+1555", "unknown_number"), ("+15005550006", "personal_number"),
    ],
)  # fmt: skip
def test_what_must_not_be_called(number: str, rule: str) -> None:
    assert rule_of(guards(), number) == rule


def test_lists() -> None:
    assert rule_of(guards(deny=("+1800",)), GOOD) == "deny_list"
    assert rule_of(guards(deny=("US",)), GOOD) == "deny_list"
    assert rule_of(guards(allow=("+44", "DE")), GOOD) == "allow_list"
    guards(allow=("+1800",)).check(GOOD, running=0)
    assert rule_of(guards(own_numbers=(GOOD,)), GOOD) == "own_number"


def test_a_routed_number_need_not_be_in_the_numbering_plan() -> None:
    routed = guards(routes={"+15005550006": "sip:127.0.0.1:5070"}, per_hour=0)
    assert rule_of(routed, "+15005550006") == "calls_per_hour"


def test_limits_pass_with_the_hour() -> None:
    hand = Hand()
    it = guards(hand, per_hour=3, per_number_hour=2, concurrent=5)
    it.remember_before([(hand.now_s - 10, GOOD)])
    it.check(GOOD, running=4)
    it.remember(hand.now_s, GOOD)
    assert rule_of(it, GOOD) == "calls_per_number_hour"
    it.remember(hand.now_s, "+12125551234")
    assert rule_of(it, "+12125551234") == "calls_per_hour"
    hand.now_s += HOUR_S - 5
    it.check(GOOD, running=0)
    with pytest.raises(LimitReached, match="5 are allowed"):
        it.check(GOOD, running=5)


@pytest.mark.parametrize(
    ("number", "utc_hour", "may"),
    [("+442079460018", 7, False), ("+442079460018", 12, True), ("+12125551234", 12, False), ("+12125551234", 20, True), (GOOD, 4, True)],
)
def test_calling_hours_are_those_of_the_destination(number: str, utc_hour: int, may: bool) -> None:
    hand = Hand()
    hand.now_s = 1_767_225_600.0 + utc_hour * 3600  # 1 January 2026
    it = guards(hand, hours=(8, 21))
    if may:
        it.check(number, running=0)
    else:
        assert rule_of(it, number) == "calling_hours"


def test_the_kill_switch_stops_everything() -> None:
    hand = Hand()
    it = guards(hand)
    hand.killed = True
    assert rule_of(it, GOOD) == "kill_switch"
