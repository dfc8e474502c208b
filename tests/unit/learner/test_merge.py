"""Merging further calls: what changes the way, what is only observed, and what hangs on as a branch."""

from __future__ import annotations

import msgspec
import pytest
from call_contract.flows import CallFlow, CallFlowStep, CallFlowStepType
from call_contract.prompts import phrase_heard
from call_contract.step_metadata import metadata_of
from flow_api.domain.call_flow_learner import CallFlowLearner, ChangeKind, change_between
from flow_api.domain.errors import Invalid
from flow_api.domain.learning.branches import MAX_BRANCHES

from tests.support.discoveries import HOLD, HUMAN, HUNG_UP, SPEC_EXAMPLE, Plain, announcement, menu, valid

LEARNER = CallFlowLearner()
MAIN = "Welcome to Example Bank. For billing press 1. For cards press 2. For disputes press 3."
MAIN_OPTIONS = {"1": "billing", "2": "cards", "3": "disputes"}
SUB = "For a lost card press 1. To dispute a charge press 2."
SUB_OPTIONS = {"1": "a lost card", "2": "dispute a charge"}
WORDS = (
    "oslo", "lima", "cairo", "quito", "delhi", "tokyo", "paris", "madrid", "lisbon", "vienna", "berlin", "dublin", "sofia", "minsk",
    "riga", "bern",
)  # fmt: skip
T1, T2, T3 = "2026-03-02T10:00:00Z", "2026-03-03T11:00:00Z", "2026-03-04T12:00:00Z"
KNOWN = [menu(MAIN, "3", MAIN_OPTIONS), menu(SUB, "2", SUB_OPTIONS), HOLD, HUMAN]


@pytest.fixture
def flow() -> CallFlow:
    return LEARNER.build_flow(KNOWN, "+18005551234", "Example Bank", "dispute a charge", call_id="first", at=T1)


def merge(flow: CallFlow, *discoveries: Plain, call_id: str | None = "second", at: str = T2) -> CallFlow:
    return valid(LEARNER.merge_discoveries(flow, list(discoveries), call_id=call_id, at=at))


def main_steps(flow: CallFlow) -> list[CallFlowStep]:
    by_id = {step.id: step for step in flow.steps}
    path = [flow.steps[0]]
    while path[-1].next_step:
        path.append(by_id[path[-1].next_step])
    return path


def digits(flow: CallFlow) -> list[str]:
    return [step.dtmf for step in main_steps(flow) if step.dtmf]


def step(flow: CallFlow, step_id: str) -> CallFlowStep:
    return next(step for step in flow.steps if step.id == step_id)


# --- nothing new ------------------------------------------------------------------------------------------------------


def test_the_same_way_again_is_only_observed(flow: CallFlow) -> None:
    again = merge(flow, *KNOWN)
    change = change_between(flow, again)
    assert (change.kind, again.version, again.updated_at) == (ChangeKind.OBSERVED, 1, flow.updated_at)
    assert (again.success_count, change.outcome) == (2, "success")
    known = metadata_of(again.steps[0])
    assert known.evidence == ["first", "second"]
    assert known.options[0].first_heard == "2026-03-02T10:00:00.000+00:00"
    assert known.options[0].last_heard == known.last_heard == "2026-03-03T11:00:00.000+00:00"
    assert known.outcomes is not None
    assert known.outcomes.confidence == pytest.approx(0.3424, abs=1e-3)


def test_a_misheard_prompt_is_the_same_prompt(flow: CallFlow) -> None:
    heard = "welcome to example bank for billing press one for cards press to. Four disputes pressed three"
    again = merge(flow, menu(heard, "3", MAIN_OPTIONS), *KNOWN[1:])
    assert change_between(flow, again).kind is ChangeKind.OBSERVED


def test_a_prompt_taken_for_its_beginning_and_then_heard_in_other_letters_is_only_observed() -> None:
    """The recogniser left out the full stops, so that the menu seemed to go on."""
    first = LEARNER.build_flow(
        [menu(MAIN.replace("For cards", "Four car"), "3", MAIN_OPTIONS, complete=False), *KNOWN[1:]], "+18005551234", "Example Bank",
        "dispute a charge", call_id="first", at=T1,
    )  # fmt: skip
    assert change_between(first, merge(first, *KNOWN)).kind is ChangeKind.OBSERVED


def test_the_rest_of_a_prompt_known_by_its_beginning_is_new() -> None:
    beginning = "Welcome to Example Bank. For billing press 1. For cards press 2. For disputes"
    first = LEARNER.build_flow(
        [menu(beginning, "3", {"1": "billing", "2": "cards"}, complete=False), *KNOWN[1:]], "+18005551234", "Example Bank",
        "dispute a charge", call_id="first", at=T1,
    )  # fmt: skip
    whole = metadata_of(merge(first, *KNOWN).steps[0]).prompt
    assert whole is not None
    assert whole.transcript.endswith("for disputes press 3")


def test_a_prompt_cut_by_the_press_is_the_same_prompt(flow: CallFlow) -> None:
    again = merge(flow, menu("Welcome to Example Bank. For billing press", "3", complete=False), *KNOWN[1:])
    assert change_between(flow, again).kind is ChangeKind.OBSERVED


def test_a_followed_call_needs_no_words(flow: CallFlow) -> None:
    first, second, hold, human = (step.id for step in flow.steps)
    again = merge(
        flow, menu("", "3", step_id=first, pressed_after_ms=400, reacted=True), menu("", "2", step_id=second), {**HOLD, "step_id": hold},
        {**HUMAN, "step_id": human},
    )  # fmt: skip
    timing = metadata_of(again.steps[0]).timing
    assert change_between(flow, again).kind is ChangeKind.OBSERVED
    assert timing is not None
    assert timing.earliest_press_ms == 400


def test_waits_and_announcements_in_between_change_nothing(flow: CallFlow) -> None:
    again = merge(flow, {"type": "wait", "duration": 2.0}, announcement("Calls are recorded."), *KNOWN)
    assert change_between(flow, again).kind is ChangeKind.OBSERVED


def test_a_call_merged_twice_changes_nothing(flow: CallFlow) -> None:
    once = merge(flow, *KNOWN)
    assert merge(once, *KNOWN) is once
    assert merge(flow, *KNOWN, call_id="first") is flow
    assert merge(flow) is flow


def test_calls_without_an_id_are_each_new(flow: CallFlow) -> None:
    assert merge(merge(flow, *KNOWN, call_id=None), *KNOWN, call_id=None).success_count == 3


def test_an_empty_queue_is_a_wait_of_zero(flow: CallFlow) -> None:
    again = merge(flow, *KNOWN[:2], HUMAN)
    hold = metadata_of(step(again, "hold")).hold
    assert hold is not None
    assert sorted(ms for _, _, ms, _ in hold.waits) == [0, 60_000]
    assert change_between(flow, again).kind is ChangeKind.OBSERVED


# --- the company changed its menus ------------------------------------------------------------------------------------


def test_a_new_option_is_added(flow: CallFlow) -> None:
    more = menu(MAIN + " For loans press 4.", "3", {**MAIN_OPTIONS, "4": "loans"})
    again = merge(flow, more, *KNOWN[1:])
    assert again.version == 2
    assert [option.label for option in metadata_of(again.steps[0]).options] == ["billing", "cards", "disputes", "loans"]
    assert change_between(flow, again).reasons == [f"step {flow.steps[0].id}: option 4 is 'loans'"]


def test_an_option_missing_twice_is_gone(flow: CallFlow) -> None:
    fewer = menu("Welcome to Example Bank. For billing press 1. For disputes press 3.", "3", {"1": "billing", "3": "disputes"})
    once = merge(flow, fewer, *KNOWN[1:])
    assert change_between(flow, once).kind is ChangeKind.OBSERVED
    twice = merge(once, fewer, *KNOWN[1:], call_id="third", at=T3)
    assert change_between(once, twice).reasons == [f"step {flow.steps[0].id}: option 2 is no longer 'cards'"]
    assert [option.label for option in metadata_of(twice.steps[0]).former_options] == ["cards"]
    back = merge(twice, *KNOWN, call_id="fourth", at="2026-03-05T12:00:00Z")
    assert metadata_of(back.steps[0]).former_options == []
    assert len(metadata_of(back.steps[0]).options) == 3


MOVED = menu("Welcome to Example Bank. For billing press 1. For cards press 2. For disputes press 5.", "5",
             {"1": "billing", "2": "cards", "5": "disputes"})  # fmt: skip


def test_an_option_that_moved_is_gone_from_its_old_key_at_once(flow: CallFlow) -> None:
    moved = "Welcome to Example Bank. For billing press 2. For cards press 3. For disputes press 4."
    again = merge(flow, menu(moved, "4", {"2": "billing", "3": "cards", "4": "disputes"}), *KNOWN[1:])
    options = metadata_of(again.steps[0]).options
    assert {option.digits: option.label for option in options} == {"2": "billing", "3": "cards", "4": "disputes"}


def test_a_moved_digit_becomes_the_main_path_and_the_old_one_a_branch(flow: CallFlow) -> None:
    again = merge(flow, MOVED, *KNOWN[1:])
    assert digits(again) == ["5", "2"]
    first = main_steps(again)[0]
    [(predicate, target)] = first.conditions.items()
    old = step(again, target)
    assert predicate.startswith("heard:")
    assert "3" in predicate
    assert (old.dtmf, old.next_step) == ("3", main_steps(again)[1].id)
    assert metadata_of(old).last_seen == "2026-03-02T10:00:00.000+00:00"
    assert metadata_of(first).learned_from.keys() == {"first", "second"}


@pytest.mark.parametrize("options", [True, False])
def test_a_key_that_stands_for_something_else_now_is_another_answer(options: bool) -> None:
    """Though the call that reached a human pressed the same digit."""
    keys = ["outages", "repairs", "tickets", "baggage"]
    old = {str(number): label for number, label in enumerate(keys, start=2)}
    new = {str(number): label for number, label in enumerate(keys, start=1)}
    prompts = [" ".join(f"For {label} press {digit}." for digit, label in one.items()) for one in (old, new)]
    known, now = (menu(prompt, "4", one if options else None) for prompt, one in zip(prompts, (old, new), strict=True))
    flow = merge(LEARNER.build_flow([known, HUMAN], "+18005551234", call_id="a", at=T1), now, HUMAN)
    first = metadata_of(flow.steps[0])
    assert first.prompt is not None
    assert first.prompt.transcript == "for outages press 1 for repairs press 2 for tickets press 3 for baggage press 4"
    assert digits(flow) == ["4"]
    assert [metadata_of(step(flow, target)).last_seen is not None for target in flow.steps[0].conditions.values()] == [True]


def test_what_was_left_returns_when_it_is_heard_again(flow: CallFlow) -> None:
    moved = merge(flow, MOVED, *KNOWN[1:])
    back = merge(moved, *KNOWN, call_id="third", at=T3)
    assert digits(back) == ["3", "2"]
    assert [step.id for step in main_steps(back)] == [step.id for step in main_steps(flow)]
    assert len(back.steps) == len(moved.steps)
    assert step(back, next(iter(back.steps[0].conditions.values()))).dtmf == "5"


def test_another_answer_to_the_same_menu_stays_a_fallback_when_the_old_one_is_surer(flow: CallFlow) -> None:
    surer = merge(flow, *KNOWN)
    again = merge(surer, menu(MAIN, "2", MAIN_OPTIONS), HOLD, HUMAN, call_id="third", at=T3)
    assert digits(again) == ["3", "2"]
    assert step(again, again.steps[0].conditions["on:invalid_digit"]).dtmf == "2"


def test_a_level_added_and_taken_away_again(flow: CallFlow) -> None:
    gate = menu("To continue in English press 1. Para español oprima 2.", "1", {"1": "English", "2": "español"})
    added = merge(flow, gate, *KNOWN)
    assert digits(added) == ["1", "3", "2"]
    assert list(added.steps[0].conditions.values()) == [flow.steps[0].id]
    removed = merge(added, *KNOWN, call_id="third", at=T3)
    assert digits(removed) == ["3", "2"]
    first = main_steps(removed)[0]
    assert step(removed, next(iter(first.conditions.values()))).dtmf == "1"


def test_a_queue_that_is_new_comes_before_the_transfer() -> None:
    flow = LEARNER.build_flow([menu(MAIN, "3", MAIN_OPTIONS), HUMAN], "+18005551234", at=T1)
    again = merge(flow, menu(MAIN, "3", MAIN_OPTIONS), HOLD, HUMAN)
    assert [step.type.value for step in main_steps(again)] == ["LISTEN", "HOLD", "TRANSFER"]
    assert again.version == 2


def test_a_delivery_that_worked_is_learned(flow: CallFlow) -> None:
    again = merge(flow, menu(MAIN, "3", MAIN_OPTIONS, dtmf_profile="inband", reacted=True), *KNOWN[1:])
    assert metadata_of(again.steps[0]).dtmf_profile == "inband"
    assert change_between(flow, again).kind is ChangeKind.OBSERVED


# --- a level that is gone -----------------------------------------------------------------------------------------------

GREETED_SUB = f"Welcome to Example Bank. {SUB}"


def test_the_way_to_a_level_that_is_gone_is_not_told_by_a_greeting_that_is_heard_without_it(flow: CallFlow) -> None:
    again = merge(flow, menu(GREETED_SUB, "2", SUB_OPTIONS), HOLD, HUMAN)
    assert digits(again) == ["2"]
    phrases = [predicate.removeprefix("heard:") for predicate in again.steps[0].conditions]
    assert phrases
    assert not any(phrase_heard(phrase, GREETED_SUB) for phrase in phrases)


def test_a_greeting_before_a_known_prompt_does_not_make_it_longer() -> None:
    known = [menu(MAIN, "3", MAIN_OPTIONS), menu(SUB, "2", SUB_OPTIONS, duration=6.0, complete=False), HOLD, HUMAN]
    flow = LEARNER.build_flow(known, "+18005551234", call_id="first", at=T1)
    again = merge(flow, menu(GREETED_SUB, "2", SUB_OPTIONS, duration=12.0), HOLD, HUMAN)
    prompt = metadata_of(again.steps[0]).prompt
    assert prompt is not None
    assert prompt.duration_ms == 6000
    assert prompt.transcript == metadata_of(flow.steps[1]).prompt.transcript  # type: ignore[union-attr]


# --- branches ---------------------------------------------------------------------------------------------------------

NIGHT = menu("Our offices are currently closed. For lost cards press 1. To reach the night desk press 2.", "2",
             {"1": "lost cards", "2": "the night desk"})  # fmt: skip
SPANISH = menu("Bienvenido a Example Bank. Para facturas oprima 1. Para disputas oprima 4.", "4", {"1": "facturas", "4": "disputas"},
               language="es")  # fmt: skip


@pytest.mark.parametrize("other", [NIGHT, SPANISH])
def test_closed_hours_and_other_languages_are_branches(other: Plain) -> None:
    flow = LEARNER.build_flow([{**KNOWN[0], "language": "en"}, *KNOWN[1:]], "+18005551234", call_id="first", at=T1)
    again = merge(flow, other, HOLD, HUMAN)
    assert digits(again) == digits(flow)
    [(predicate, target)] = again.steps[0].conditions.items()
    assert predicate.startswith("heard:")
    assert (step(again, target).dtmf, step(again, target).next_step) == (other["dtmf_sent"], "hold")
    third = merge(again, other, HOLD, HUMAN, call_id="third", at=T3)
    assert change_between(again, third).kind is ChangeKind.OBSERVED
    assert metadata_of(step(third, target)).evidence == ["second", "third"]


def test_what_tells_a_branch_is_not_in_the_prompt_that_is_expected_now() -> None:
    """Else the way of today would be left for the old one."""
    billing = menu(
        "For passwords press 1. For billing press 2. For deliveries press 3.", "3", {"1": "passwords", "2": "billing", "3": "deliveries"}
    )
    savings = menu("For savings press 1. For deliveries press 2.", "1", {"1": "savings", "2": "deliveries"})
    upgrades = menu(
        "For appointments press 2. For upgrades press 3. For repairs press 4.", "4", {"2": "appointments", "3": "upgrades", "4": "repairs"}
    )
    flow = LEARNER.build_flow([billing, HUMAN], "+18005551234", call_id="a", at=T1)
    for number, prompt in enumerate((savings, upgrades)):
        flow = merge(flow, prompt, HUMAN, call_id=f"again {number}", at=T2)
    assert digits(flow) == ["4"]
    first = flow.steps[0]
    assert len(first.conditions) == 2
    for predicate, target in first.conditions.items():
        phrase, own = predicate.removeprefix("heard:"), metadata_of(step(flow, target)).prompt
        assert own is not None
        assert phrase_heard(phrase, own.transcript)
        others = [metadata_of(one).prompt for one in flow.steps if one.type is CallFlowStepType.LISTEN and one.id != target]
        assert not any(phrase_heard(phrase, other.transcript) for other in others if other), predicate


def test_menus_without_known_options_are_told_apart_by_their_labels() -> None:
    flow = LEARNER.build_flow([menu("For pharmacy press 1. For referrals press 2.", "1"), HUMAN], "+18005551234", call_id="a", at=T1)
    flow = merge(flow, menu("For savings press 1. For referrals press 2.", "1"), HUMAN)
    prompt = metadata_of(flow.steps[0]).prompt
    assert prompt is not None
    assert prompt.transcript == "for savings press 1 for referrals press 2"


def test_a_condition_that_was_written_by_hand_stays() -> None:
    listen, conditions = CallFlowStepType.LISTEN, {"heard:for billing": "end"}
    by_hand = CallFlowStep(id="main", type=listen, description="Main menu", dtmf="1", conditions=conditions)
    end = CallFlowStep(id="end", type=CallFlowStepType.WAIT, description="Hear them out", timeout=3)
    flow = LEARNER.build_flow(KNOWN, "+18005551234", call_id="first", at=T1)
    flow = msgspec.structs.replace(flow, steps=[by_hand, end])
    merged = merge(flow, menu(MAIN, "1", MAIN_OPTIONS), HUNG_UP)
    assert step(merged, "main").conditions == conditions


def with_conditions(flow: CallFlow, step_id: str, conditions: dict[str, str]) -> CallFlow:
    """As a person writes them who edits a learned flow."""
    edited = msgspec.structs.replace(step(flow, step_id), conditions={**step(flow, step_id).conditions, **conditions})
    return msgspec.structs.replace(flow, steps=[edited if one.id == step_id else one for one in flow.steps])


def test_a_phrase_written_by_hand_is_not_replaced_though_it_is_in_the_expected_prompt(flow: CallFlow) -> None:
    """It is in both prompts, and a better one could be found; but a person wrote it, and the order of the conditions is theirs, too."""
    branched = merge(flow, NIGHT, HOLD, HUMAN)
    [(_, night)] = branched.steps[0].conditions.items()
    by_hand = {"heard:for billing": night, "heard:welcome to example bank": "hold"}
    edited = with_conditions(branched, branched.steps[0].id, by_hand)
    again = merge(edited, *KNOWN, call_id="third", at=T3)
    assert list(again.steps[0].conditions.items()) == list(edited.steps[0].conditions.items())
    changed = merge(edited, menu("Welcome to Example Bank. For disputes press 1.", "1", {"1": "disputes"}), *KNOWN[1:], call_id="4", at=T3)
    assert by_hand.items() <= changed.steps[0].conditions.items()


def test_conditions_written_by_hand_do_not_give_way_to_learned_ones(flow: CallFlow) -> None:
    by_hand = {f"heard:something number {number} of a person": "hold" for number in range(20)}
    edited = with_conditions(flow, flow.steps[0].id, by_hand)
    merged = merge(edited, NIGHT, HOLD, HUMAN)
    assert by_hand.items() <= merged.steps[0].conditions.items()


def test_of_learned_conditions_the_oldest_give_way(flow: CallFlow) -> None:
    edited = with_conditions(flow, flow.steps[0].id, {"heard:of a person": "hold"})
    for number in range(MAX_BRANCHES + 4):
        closed = menu(f"Our office in {WORDS[number]} is currently closed. For {WORDS[number]} press 2.", "2", {"2": WORDS[number]})
        edited = merge(edited, closed, HOLD, HUMAN, call_id=f"closed {number}", at=f"2026-04-{number + 1:02}T10:00:00Z")
    conditions = edited.steps[0].conditions
    assert conditions["heard:of a person"] == "hold"
    assert len(conditions) == MAX_BRANCHES + 1
    assert sorted(metadata_of(edited.steps[0]).learned_conditions) == sorted(set(conditions) - {"heard:of a person"})


def test_a_learned_condition_that_a_person_led_elsewhere_is_theirs(flow: CallFlow) -> None:
    branched = merge(flow, NIGHT, HOLD, HUMAN)
    [(predicate, _)] = branched.steps[0].conditions.items()
    edited = with_conditions(branched, branched.steps[0].id, {predicate: "hold"})
    for number in range(MAX_BRANCHES + 4):
        closed = menu(f"Our office in {WORDS[number]} is currently closed. For {WORDS[number]} press 2.", "2", {"2": WORDS[number]})
        edited = merge(edited, closed, HOLD, HUMAN, call_id=f"closed {number}", at=f"2026-04-{number + 1:02}T10:00:00Z")
    assert edited.steps[0].conditions[predicate] == "hold"
    assert predicate not in metadata_of(edited.steps[0]).learned_conditions


def test_a_branch_that_nothing_tells_from_another_stays_where_no_prompt_is_expected() -> None:
    """The conditions are tried in their order."""
    listen = CallFlowStepType.LISTEN

    def heard(step_id: str, words: str, key: str) -> CallFlowStep:
        return CallFlowStep(id=step_id, type=listen, description=step_id, dtmf=key, metadata={"prompt": {"transcript": words}})

    conditions = {"heard:for cards": "cards", "heard:for billing": "both"}
    hold = CallFlowStep(id="hold", type=CallFlowStepType.HOLD, description="On hold", timeout=600, conditions=conditions)
    flow = LEARNER.build_flow(KNOWN, "+18005551234", call_id="first", at=T1)
    flow = msgspec.structs.replace(
        flow, steps=[hold, heard("cards", "for cards press 1", "1"), heard("both", "for billing press 2 for cards press 1", "2")]
    )
    assert step(merge(flow, HOLD, HUMAN), "hold").conditions["heard:for cards"] == "cards"


def test_a_closed_line_is_remembered_where_it_was_heard(flow: CallFlow) -> None:
    again = merge(flow, KNOWN[0], {"type": "closed", "transcript": "Our office is closed. Goodbye."})
    assert change_between(flow, again).kind is ChangeKind.OBSERVED
    endings = metadata_of(main_steps(again)[1]).endings
    assert (endings["closed"].n, endings["closed"].slots) == (1, {"tue-11": 1})


def test_a_way_on_from_a_closed_line_is_a_condition(flow: CallFlow) -> None:
    night = menu("To leave this line press 1. To reach the night desk press 2.", "2")
    again = merge(flow, KNOWN[0], {"type": "closed", "transcript": "Our office is closed."}, night, HOLD, HUMAN)
    target = step(again, main_steps(again)[1].conditions["on:closed"])
    assert (target.dtmf, target.next_step) == ("2", "hold")
    assert digits(again) == digits(flow)


# --- failed calls -----------------------------------------------------------------------------------------------------


def test_a_failed_call_replaces_no_working_path(flow: CallFlow) -> None:
    for path in ([MOVED, HUNG_UP], [menu(MAIN, "1", MAIN_OPTIONS), menu("Enter your invoice number"), HUNG_UP], [KNOWN[0], HOLD, HUNG_UP]):
        again = merge(flow, *path)
        assert [(step.id, step.dtmf, step.next_step) for step in again.steps] == [
            (step.id, step.dtmf, step.next_step) for step in flow.steps
        ]
        assert (again.fail_count, again.success_count) == (1, 1)


def test_a_call_that_gave_up_on_hold_is_a_censored_wait(flow: CallFlow) -> None:
    again = merge(flow, *KNOWN[:2], {"type": "hold", "duration": 900.0}, HUNG_UP)
    hold = metadata_of(step(again, "hold")).hold
    assert hold is not None
    assert (hold.overall.n, hold.overall.censored, hold.overall.p50_ms, hold.overall.p90_ms) == (2, 1, 60_000, None)
    assert hold.slots.keys() == {"mon-10", "tue-11"}


def test_a_failed_call_teaches_no_press(flow: CallFlow) -> None:
    again = merge(flow, menu(MAIN, "3", MAIN_OPTIONS, pressed_after_ms=10, dtmf_profile="inband", reacted=True), HUNG_UP)
    known = metadata_of(again.steps[0])
    assert known.dtmf_profile is None
    assert known.timing is None or known.timing.earliest_press_ms is None


def test_what_never_worked_gives_way() -> None:
    failed = LEARNER.build_flow([menu(MAIN, "1", MAIN_OPTIONS), {"type": "closed", "transcript": "closed"}], "+18005551234", at=T1)
    again = merge(failed, *KNOWN)
    assert digits(again) == ["3", "2"]
    assert main_steps(again)[-1].type is CallFlowStepType.TRANSFER


# --- flows written by hand --------------------------------------------------------------------------------------------


def hand_written() -> CallFlow:
    flow = LEARNER.build_flow(SPEC_EXAMPLE, "+18005551234", split_dtmf=True, at=T1)
    return CallFlow(
        id="by_hand", name="By hand", phone_number="+18005551234", created_at=flow.created_at, updated_at=flow.updated_at,
        steps=[CallFlowStep(id=step.id, type=step.type, description=step.description, dtmf=step.dtmf, next_step=step.next_step)
               for step in flow.steps],
    )  # fmt: skip


def test_a_hand_written_flow_learns_its_prompts_and_keeps_its_steps() -> None:
    flow = hand_written()
    again = merge(flow, *SPEC_EXAMPLE)
    assert [step.id for step in again.steps] == [step.id for step in flow.steps]
    prompt = metadata_of(again.steps[1]).prompt
    assert prompt is not None
    assert prompt.transcript == "press 1 for billing"
    assert again.version == 2


def test_what_is_new_in_a_split_flow_is_split_too() -> None:
    flow = merge(hand_written(), *SPEC_EXAMPLE)
    moved = menu("Press 4 for disputes...", "4")
    again = merge(flow, *SPEC_EXAMPLE[:2], moved, *SPEC_EXAMPLE[3:], call_id="third", at=T3)
    assert [step.type.value for step in main_steps(again)] == ["WAIT", "LISTEN", "DTMF", "LISTEN", "DTMF", "HOLD", "TRANSFER"]
    assert digits(again) == ["1", "4"]


def test_bad_discoveries_are_named(flow: CallFlow) -> None:
    with pytest.raises(Invalid, match=r"discoveries\[0\]\.type"):
        merge(flow, {"type": "nonsense"})
