"""Laws that hold for any calls to any company: drawn phone trees, answers, drifts, failures and times."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec
import pytest
from call_contract.flows import CallFlow, CallFlowStepType
from call_contract.step_metadata import metadata_of
from flow_api.domain.call_flow_learner import CallFlowLearner, ChangeKind, change_between
from flow_api.domain.learning.stops import chain
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.discoveries import HUMAN, HUNG_UP, Plain, menu, valid

LEARNER = CallFlowLearner()
WORDS = [
    "billing", "claims", "refunds", "mortgages", "savings", "pharmacy", "appointments", "referrals", "outages", "repairs", "tickets",
    "baggage", "upgrades", "returns", "deliveries", "warranty", "passwords", "licenses", "permits", "payroll",
]  # fmt: skip
LANGUAGES = ["", "en", "es"]
few = settings(max_examples=40, deadline=None, derandomize=True)

at_times = st.datetimes(min_value=dt.datetime(2026, 1, 1), max_value=dt.datetime(2026, 12, 31)).map(lambda at: at.isoformat())


@st.composite
def menus(draw: st.DrawFn) -> Plain:
    labels = draw(st.lists(st.sampled_from(WORDS), min_size=2, max_size=4, unique=True))
    options = {str(index): label for index, label in enumerate(labels, start=draw(st.integers(1, 3)))}
    spoken = " ".join(f"For {label} press {digit}." for digit, label in options.items())
    with_options = draw(st.booleans())
    closed = draw(st.sampled_from(["", "", "", "We are currently closed. "]))
    pressed = draw(st.sampled_from([*options, None]))
    return menu(closed + spoken, pressed, options if with_options else None, language=draw(st.sampled_from(LANGUAGES)))


@st.composite
def endings(draw: st.DrawFn, reached: bool | None = None) -> list[Plain]:
    hold = [{"type": "hold", "duration": float(draw(st.integers(0, 4000)))}] if draw(st.booleans()) else []
    if reached if reached is not None else draw(st.booleans()):
        return [*hold, HUMAN]
    return [*hold, draw(st.sampled_from([HUNG_UP, {"type": "closed", "transcript": "We are closed."}, {"type": "voicemail"}]))]


@st.composite
def calls(draw: st.DrawFn, reached: bool | None = None) -> list[Plain]:
    before = [{"type": "wait", "duration": 1.5}] if draw(st.booleans()) else []
    walked = draw(st.lists(st.one_of(menus(), menus(), st.just({"type": "dtmf", "dtmf_sent": "7"})), min_size=1, max_size=4))
    return [*before, *walked, *draw(endings(reached))]


def built(call: list[Plain], **options: Any) -> CallFlow:
    return valid(LEARNER.build_flow(call, "+18005551234", "Example", "an intent", call_id="first", at="2026-01-01T00:00:00Z", **options))


def merged(flow: CallFlow, call: list[Plain], call_id: str, at: str = "2026-06-01T12:00:00Z") -> CallFlow:
    return valid(LEARNER.merge_discoveries(flow, call, call_id=call_id, at=at))


def way(flow: CallFlow) -> list[tuple[str, str | None]]:
    by_id = {step.id: step for step in flow.steps}
    return [(step_id, by_id[step_id].dtmf) for step_id in chain(by_id, flow.steps[0].id)]


def works(flow: CallFlow) -> bool:
    by_id = {step.id: step for step in flow.steps}
    return any(by_id[step_id].type is CallFlowStepType.TRANSFER for step_id, _ in way(flow))


@few
@given(calls(), st.lists(st.tuples(calls(), at_times), max_size=4), st.booleans())
def test_every_merge_gives_a_flow_that_can_be_stored_and_followed(first: list[Plain], more: list[Any], split: bool) -> None:
    flow = built(first, split_dtmf=split)
    for number, (call, at) in enumerate(more):
        worked = works(flow)
        flow = merged(flow, call, f"call {number}", at)
        assert works(flow) >= max(worked, call[-1] == HUMAN)
        assert all(target != step.id for step in flow.steps for target in step.conditions.values())
    assert flow.success_count + flow.fail_count == 1 + len(more)
    assert metadata_of(flow.steps[0]).learned_from.keys() == {"first", *(f"call {number}" for number in range(len(more)))}


@few
@given(calls(), calls(), calls())
def test_a_call_merged_again_changes_nothing(first: list[Plain], second: list[Plain], third: list[Plain]) -> None:
    flow = merged(merged(built(first), second, "second"), third, "third")
    for call, call_id in ((first, "first"), (second, "second"), (third, "third")):
        assert merged(flow, call, call_id) is flow


@few
@given(calls(reached=True), calls(), st.booleans())
def test_the_learner_gives_the_same_for_the_same(first: list[Plain], second: list[Plain], split: bool) -> None:
    assert merged(built(first, split_dtmf=split), second, "b") == merged(built(first, split_dtmf=split), second, "b")


@few
@given(calls(reached=True), st.lists(calls(reached=False), min_size=1, max_size=3))
def test_failed_calls_never_worsen_a_working_path(first: list[Plain], failed: list[list[Plain]]) -> None:
    flow = built(first)
    before = way(flow)
    for number, call in enumerate(failed):
        flow = merged(flow, call, f"failed {number}")
    assert way(flow) == before


timings = st.fixed_dictionaries({"pressed_after_ms": st.integers(0, 20_000), "duration": st.integers(1, 30).map(float)})


def retimed(call: list[Plain], drawn: list[dict[str, Any]]) -> list[Plain]:
    """The same call with other times and another wait."""
    timed = []
    for index, discovery in enumerate(call):
        times = drawn[index % len(drawn)]
        own = times if discovery["type"] == "ivr_menu" else {"duration": times["duration"]} if discovery["type"] in ("hold", "wait") else {}
        timed.append({**discovery, **own})
    return timed


@few
@given(calls(reached=True), st.lists(timings, min_size=1, max_size=4), at_times)
def test_timing_alone_makes_no_version(first: list[Plain], drawn: list[dict[str, Any]], at: str) -> None:
    flow = built(first)
    again = merged(flow, retimed(first, drawn), "again", at)
    assert (change_between(flow, again).kind, again.version) == (ChangeKind.OBSERVED, flow.version)
    assert way(again) == way(flow)


@few
@given(calls(reached=True), st.lists(st.tuples(st.lists(timings, min_size=1, max_size=3), at_times, st.booleans()), min_size=2, max_size=4))
def test_the_order_of_unrelated_calls_does_not_matter(first: list[Plain], drawn: list[Any]) -> None:
    """Calls that went the same way, at their own times; some got through, some gave up."""
    several = [
        (retimed(first if reached else [*first[:-1], HUNG_UP], times), f"call {number}", at)
        for number, (times, at, reached) in enumerate(drawn)
    ]
    forth = back = built(first)
    for call, call_id, at in several:
        forth = merged(forth, call, call_id, at)
    for call, call_id, at in reversed(several):
        back = merged(back, call, call_id, at)
    assert msgspec.structs.replace(forth, updated_at=back.updated_at) == back


def test_new_options_at_two_menus_may_come_in_either_order() -> None:
    top = menu("For billing press 1. For claims press 2.", "2", {"1": "billing", "2": "claims"})
    sub = menu("For cars press 1. For homes press 2.", "1", {"1": "cars", "2": "homes"})
    more_top = menu("For billing press 1. For claims press 2. For refunds press 4.", "2", {"1": "billing", "2": "claims", "4": "refunds"})
    more_sub = menu("For cars press 1. For homes press 2. For boats press 6.", "1", {"1": "cars", "2": "homes", "6": "boats"})
    flow = built([top, sub, HUMAN])
    a, b = [more_top, sub, HUMAN], [top, more_sub, HUMAN]
    one, other = merged(merged(flow, a, "a"), b, "b"), merged(merged(flow, b, "b"), a, "a")
    assert one == other
    assert one.version == 3


@few
@given(calls(reached=True), calls(reached=True))
def test_what_was_learned_is_the_way_the_last_successful_call_went(first: list[Plain], second: list[Plain]) -> None:
    """Unless it went another way through a state of the company that is not always there (closed, another language)."""
    side = any("closed" in call.get("transcript", "") or call.get("language") for call in [*first, *second])
    if side:
        return
    flow = merged(built(first), second, "second")
    assert [dtmf for _, dtmf in way(flow) if dtmf] == [dtmf for _, dtmf in way(built(second)) if dtmf] or _answerless([*first, *second])


def _answerless(call: list[Plain]) -> bool:
    """A menu that went on by itself does not take the known answer away."""
    return any(discovery["type"] == "ivr_menu" and discovery["dtmf_sent"] is None for discovery in call)


@pytest.mark.parametrize("reached", [True, False])
def test_many_calls_stay_small(reached: bool) -> None:
    flow = built([menu("For billing press 1", "1"), {"type": "hold", "duration": 5.0}, HUMAN])
    for number in range(400):
        ending = HUMAN if reached else HUNG_UP
        held = {"type": "hold", "duration": float(number % 97), "recordings": [f"r{number}"]}
        flow = merged(flow, [menu("For billing press 1", "1", pressed_after_ms=number), held, ending], f"call {number}")
    assert len(msgspec.json.encode(flow)) < 64_000
    assert flow.version == 1


def test_a_hold_keeps_as_many_recordings_as_there_is_room_for() -> None:
    minutes = [f"{number:02d}{'x' * 7998}" for number in range(30)]
    held = {"type": "hold", "duration": 600.0, "recordings": minutes}
    flow = built([menu("For billing press 1", "1"), held, HUMAN])
    kept = next(step.metadata["recordings"] for step in flow.steps if step.metadata.get("recordings"))
    assert kept == minutes[:15]
