"""Confidence, waits, timing and age."""

from __future__ import annotations

import datetime as dt

import msgspec
import pytest
from call_contract.flows import CallFlowStep, CallFlowStepType
from call_contract.step_metadata import metadata_of
from flow_api.domain.call_flow_learner import CallFlowLearner
from flow_api.domain.learning.confidence import path_confidence, wilson_lower_bound
from flow_api.domain.learning.hold_statistics import slot_of, summary
from flow_api.domain.learning.sampling import quantile
from flow_api.domain.learning.staleness import staleness
from flow_api.domain.learning.timing import MAX_SAMPLES, with_sample
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.discoveries import HUMAN, SPEC_EXAMPLE, menu


@pytest.mark.parametrize(("successes", "n", "expected"), [(0, 0, 0.0), (0, 5, 0.0), (1, 1, 0.2065), (10, 10, 0.7225), (8, 10, 0.4902)])
def test_wilson(successes: int, n: int, expected: float) -> None:
    assert wilson_lower_bound(successes, n) == pytest.approx(expected, abs=1e-4)


def test_a_path_is_as_sure_as_its_weakest_step() -> None:
    learner = CallFlowLearner()
    flow = learner.build_flow(SPEC_EXAMPLE, "+18005551234", call_id="a")
    flow = learner.merge_discoveries(flow, [*SPEC_EXAMPLE[:3], {"type": "disconnected"}], call_id="b")
    assert path_confidence(flow) == pytest.approx(wilson_lower_bound(1, 2), abs=1e-4)
    assert path_confidence(flow, "hold") == pytest.approx(wilson_lower_bound(1, 1), abs=1e-4)


def test_giving_up_makes_waits_longer_not_shorter() -> None:
    through = [(60, True), (120, True), (180, True), (240, True)]
    assert (summary(through).p50_ms, summary(through).p90_ms) == (120, 240)
    gave_up = [*through[:2], (100, False), (100, False), *through[2:]]
    assert summary(gave_up).p50_ms == 180
    assert summary([(100, False)] * 3).p50_ms is None
    assert (summary(gave_up).n, summary(gave_up).censored) == (6, 2)


@settings(max_examples=50, deadline=None, derandomize=True)
@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=30))
def test_without_giving_up_the_estimate_is_the_plain_quantile(waits: list[int]) -> None:
    assert summary((ms, True) for ms in waits).p50_ms == quantile(sorted(waits), 0.5)


def test_slots_are_weekday_and_hour_where_the_call_was_made() -> None:
    assert slot_of(dt.datetime(2026, 3, 2, 9, 59, tzinfo=dt.UTC)) == "mon-09"
    assert slot_of(dt.datetime.fromisoformat("2026-03-02T23:30:00-05:00")) == "mon-23"


@settings(max_examples=30, deadline=None, derandomize=True)
@given(st.dictionaries(st.text(max_size=8), st.integers(0, 60_000), min_size=1, max_size=MAX_SAMPLES + 20))
def test_timing_does_not_depend_on_the_order_of_calls(durations: dict[str, int]) -> None:
    forth = back = None
    for call_id, ms in durations.items():
        forth = with_sample(forth, ms, call_id)
    for call_id, ms in reversed(durations.items()):
        back = with_sample(back, ms, call_id)
    assert forth == back
    assert forth is not None
    assert forth.mean_ms == pytest.approx(sum(durations.values()) / len(durations), abs=0.06)
    assert len(forth.samples) == min(len(durations), MAX_SAMPLES)


def test_a_flow_nobody_called_for_long_is_stale() -> None:
    flow = CallFlowLearner().build_flow([menu("For sales press 1", "1"), HUMAN], "+18005551234", at="2026-01-01T00:00:00Z")
    assert metadata_of(flow.steps[0]).last_heard == "2026-01-01T00:00:00.000+00:00"
    assert not staleness(flow, dt.datetime(2026, 2, 1, tzinfo=dt.UTC)).stale
    late = staleness(flow, dt.datetime(2026, 5, 1, tzinfo=dt.UTC))
    assert (late.stale, late.age_days) == (True, 120.0)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("yesterday", None),
        ("2026-01-05T10:00:00", "2026-01-05T10:00:00.000+00:00"),
        ("2026-01-05\n10:00Z", "2026-01-05T10:00:00.000+00:00"),
    ],
)
def test_a_time_that_somebody_wrote_by_hand_is_read_if_it_is_one(written: str, told: str | None) -> None:
    """Whoever writes a flow may write anything there; reading the flow must not fail, nor its headers break."""
    main = CallFlowStep(id="main", type=CallFlowStepType.LISTEN, description="Main menu", metadata={"last_heard": written})
    flow = msgspec.structs.replace(CallFlowLearner().build_flow(SPEC_EXAMPLE, "+18005551234", call_id="a"), steps=[main])
    assert staleness(flow, dt.datetime(2026, 2, 1, tzinfo=dt.UTC)).last_heard == told
