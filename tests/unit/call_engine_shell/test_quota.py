"""What counts towards the shared limits, and for how long."""

from __future__ import annotations

import pytest
from call_engine.quota import DAY_S, HOUR_S, CallReleased, CallReserved, QuotaEvent, Quotas, objection
from call_engine.settings import GuardSettings

GOOD, OTHER = "+18005551234", "+12125551234"
NOW = 100_000.0


def reserved(call_id: str, at_s: float = NOW, number: str = GOOD, caller: str = "alice", cost: float = 0.0) -> CallReserved:
    return CallReserved(call_id=call_id, number=number, caller=caller, engine="a:1", at_s=at_s, until_s=at_s + 600, cost=cost)


def quotas(*events: QuotaEvent, now_s: float = NOW) -> Quotas:
    it = Quotas()
    for event in events:
        it.take(event)
    it.forget_before(now_s)
    return it


def rule(it: Quotas, wanted: CallReserved, **limits: float) -> str:
    refusal = objection(it, wanted, GuardSettings(**limits))  # type: ignore[arg-type]
    return refusal.rule if refusal is not None else ""


@pytest.mark.parametrize(
    ("wanted", "limits", "expected"),
    [
        (reserved("n"), {}, ""),
        (reserved("n"), {"per_hour": 2}, "calls_per_hour"),
        (reserved("n"), {"per_number_hour": 1}, "calls_per_number_hour"),
        (reserved("n", number="+442079460018"), {"per_number_hour": 1}, ""),
        (reserved("n"), {"per_token_hour": 1}, "calls_per_token_hour"),
        (reserved("n", caller="bob"), {"per_token_hour": 1}, ""),
        (reserved("n"), {"concurrent_all": 2}, "concurrent_calls_all"),
        (reserved("n", cost=4.0), {"cost_per_day": 10}, "cost_per_day"),
        (reserved("n", cost=3.0), {"cost_per_day": 10}, ""),
    ],
)
def test_two_calls_are_running(wanted: CallReserved, limits: dict[str, float], expected: str) -> None:
    it = quotas(reserved("a", cost=5.0), reserved("b", number=OTHER, caller="carol", cost=2.0))
    assert rule(it, wanted, **limits) == expected


def test_a_call_that_is_over_frees_its_place_and_costs_what_it_came_to() -> None:
    it = quotas(reserved("a", cost=5.0), CallReleased(call_id="a", at_s=NOW, cost=1.0), CallReleased(call_id="a", at_s=NOW, cost=1.0))
    assert rule(it, reserved("n", cost=4.0), concurrent_all=1, cost_per_day=5) == ""
    assert rule(it, reserved("n", cost=4.1), cost_per_day=5) == "cost_per_day"
    assert rule(it, reserved("n"), per_hour=1) == "calls_per_hour"


def test_calls_count_for_an_hour_and_money_for_a_day() -> None:
    events = (reserved("a", cost=5.0), CallReleased(call_id="a", at_s=NOW + 60, cost=5.0))
    later = quotas(*events, now_s=NOW + HOUR_S)
    assert rule(later, reserved("n"), per_hour=1) == ""
    assert rule(later, reserved("n", cost=1.0), cost_per_day=5) == "cost_per_day"
    assert rule(quotas(*events, now_s=NOW + 60 + DAY_S), reserved("n", cost=5.0), cost_per_day=5) == ""


def test_what_an_engine_that_died_reserved_runs_out_and_is_taken_for_spent() -> None:
    it = quotas(reserved("a", cost=5.0), now_s=NOW + 601)
    assert rule(it, reserved("n", cost=1.0), concurrent_all=1) == ""
    assert rule(it, reserved("n", cost=1.0), cost_per_day=5) == "cost_per_day"
