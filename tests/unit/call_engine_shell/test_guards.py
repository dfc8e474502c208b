from __future__ import annotations

import pytest
from call_engine.errors import Refused
from call_engine.guards import Guards
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
    routed = guards(routes={"+15005550006": "sip:127.0.0.1:5070"})
    routed.check("+15005550006", running=0)


def test_as_many_calls_at_once_as_the_engine_has_lines() -> None:
    guards(concurrent=5).check(GOOD, running=4)
    assert rule_of(guards(concurrent=5), GOOD, running=5) == "concurrent_calls"


def test_the_longest_prefix_sets_the_rate_and_every_minute_begun_counts() -> None:
    it = guards(rates={"+": 0.5, "+1": 0.02, "+1212": 0.05}, routes={"+15005550006": "sip:127.0.0.1"})
    assert [it.rate(number) for number in (GOOD, "+12125551234", "+442079460018", "+15005550006")] == [0.02, 0.05, 0.5, 0.0]
    assert it.cost("+442079460018", 61) == 1.0
    assert it.check(GOOD, running=0, max_call_s=600) == pytest.approx(0.2)


def test_a_call_that_may_cost_too_much_is_not_made() -> None:
    it = guards(rates={"+1": 0.1}, cost_per_call=1.0)
    it.check(GOOD, running=0, max_call_s=600)
    with pytest.raises(Refused, match=r"11 minutes to \+18005551234 may cost 1.10, 1.00 are allowed"):
        it.check(GOOD, running=0, max_call_s=660)
    with pytest.raises(Refused, match="no rate"):
        it.check("+442079460018", running=0, max_call_s=60)


def test_the_leg_to_the_persons_phone_costs_as_well() -> None:
    devices = {"mobile": "sip:me@192.0.2.1 +442079460018 +12125551234", "desk": "sip:me@192.0.2.1"}
    settings = GuardSettings(rates={"+1": 0.01, "+44": 0.05}, cost_per_call=1.0)
    it = Guards(settings, {}, epoch_s=lambda: 0.0, killed=lambda: False, devices=devices)
    assert it.check(GOOD, running=0, max_call_s=600, device="desk") == pytest.approx(0.1)
    assert it.check(GOOD, running=0, max_call_s=600, device="mobile") == pytest.approx(0.1 + 0.5)
    with pytest.raises(Refused, match=r"may cost 1.20, 1.00 are allowed"):
        it.check(GOOD, running=0, max_call_s=1200, device="mobile")
    with pytest.raises(Refused, match=r"no rate for \+4930"):
        it.check(GOOD, running=0, max_call_s=60, device="+493012345678")
    assert it.device_cost("mobile", 61) == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("device", "rule"),
    [
        ("mobile", ""), ("", ""), ("+12125551234", ""), ("+19005551234", "premium_rate"), ("+442079460018", "allow_list"),
        ("sip:+19005551234@trunk.example", "unknown_device"), ("sips:me@elsewhere", "unknown_device"),
    ],
)  # fmt: skip
def test_a_call_is_not_transferred_anywhere(device: str, rule: str) -> None:
    it = Guards(GuardSettings(allow=("US",)), {}, epoch_s=lambda: 0.0, killed=lambda: False, devices={"mobile": "sip:me@192.0.2.1"})
    if not rule:
        return it.check_device(device)
    with pytest.raises(Refused) as refused:
        it.check_device(device)
    assert refused.value.rule == rule


@pytest.mark.parametrize(
    ("keys", "rule"),
    [
        ("1", ""), ("0", ""), ("000", ""), ("*0#", ""), ("2125551234#", ""), ("18005551234", ""), ("4111111111111111", ""), ("011", ""),
        ("00442079460018", ""), ("0012345", ""),
        ("911", "emergency"), ("9,911", "emergency"), ("9w1w1", "emergency"), ("112#", "emergency"), ("1#911", "emergency"),
        ("0,112", "emergency"), ("9w999", "emergency"), ("0112", ""), ("9112", ""), ("90,112", ""),
        ("19005551234", "premium_rate"), ("9,19005551234", "premium_rate"), ("00449098790000#", "premium_rate"),
        ("011449098790000", "premium_rate"), ("9,,011881612345678", "satellite"), ("0033820123456", "shared_cost"),
        ("15005550006", "personal_number"), ("12645551234", "deny_list"), ("9,0012645551234", "deny_list"),
    ],
)  # fmt: skip
def test_what_must_not_be_called_is_not_keyed_either(keys: str, rule: str) -> None:
    it = guards(deny=("+1264",))
    if not rule:
        return it.check_digits(keys)
    with pytest.raises(Refused) as refused:
        it.check_digits(keys)
    assert refused.value.rule == rule


def test_a_configured_device_is_no_premium_number() -> None:
    with pytest.raises(Refused, match="premium rate"):
        Guards(
            GuardSettings(), {}, epoch_s=lambda: 0.0, killed=lambda: False, devices={"m": "sip:a@b +19005551234"}
        ).check_configured_devices()


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
    with pytest.raises(Refused, match="kill switch"):
        it.check_digits("1")
