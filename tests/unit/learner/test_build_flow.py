"""Building a flow from one call."""

from __future__ import annotations

import pytest
from call_contract.flows import CallFlow
from call_contract.step_metadata import metadata_of
from flow_api.domain.call_flow_learner import CallFlowLearner
from flow_api.domain.errors import Invalid

from tests.support.discoveries import HOLD, HUMAN, SPEC_EXAMPLE, announcement, menu, valid

LEARNER = CallFlowLearner()


def build(*discoveries: dict[str, object], **options: object) -> CallFlow:
    return valid(LEARNER.build_flow(list(discoveries), "+18005551234", **options))  # type: ignore[arg-type]


def shape(flow: CallFlow) -> list[tuple[str, str | None]]:
    return [(step.type.value, step.dtmf) for step in flow.steps]


def test_the_example_of_the_spec_gives_five_steps() -> None:
    flow = valid(LEARNER.build_flow(discoveries=SPEC_EXAMPLE, phone_number="+18005551234", company="Chase Bank", intent="dispute a charge"))
    assert shape(flow) == [("WAIT", None), ("LISTEN", "1"), ("LISTEN", "3"), ("HOLD", None), ("TRANSFER", None)]
    assert [step.next_step for step in flow.steps] == [step.id for step in flow.steps[1:]] + [None]
    assert (flow.id, flow.version, flow.success_count, flow.fail_count) == ("chase_bank_dispute_a_charge", 1, 1, 0)
    assert flow.steps[0].timeout == 3.0
    assert "Thank you for calling" not in repr(flow), "what a live human said is not kept"


def test_a_transcript_that_ends_in_dots_is_the_beginning_of_the_prompt() -> None:
    flow = build(menu("Press 1 for billing...", "1"), menu("Press 3 for disputes.", "3"), HUMAN)
    assert [metadata_of(step).prompt.cut for step in flow.steps[:2]] == [True, False]  # type: ignore[union-attr]


def test_split_dtmf_gives_listen_and_dtmf() -> None:
    flow = build(*SPEC_EXAMPLE, split_dtmf=True)
    assert [kind for kind, _ in shape(flow)] == ["WAIT", "LISTEN", "DTMF", "LISTEN", "DTMF", "HOLD", "TRANSFER"]


def test_each_kind_alone_becomes_its_step() -> None:
    assert shape(build({"type": "human_detected"})) == [("TRANSFER", None)]
    assert shape(build({"type": "dtmf", "dtmf_sent": "12#"})) == [("DTMF", "12#")]
    assert shape(build({"type": "wait", "duration": 2})) == [("WAIT", None)]
    assert shape(build({"type": "transfer_notice", "transcript": "Connecting you."}, HUMAN)) == [("HOLD", None), ("TRANSFER", None)]


def test_announcements_are_preambles_of_the_menu_and_part_of_the_hold() -> None:
    flow = build(
        announcement("This call may be recorded."), menu("For sales press 1", "1"), HOLD, announcement("Please hold."), HOLD, HUMAN
    )
    assert shape(flow) == [("LISTEN", "1"), ("HOLD", None), ("TRANSFER", None)]
    assert [prompt.transcript for prompt in metadata_of(flow.steps[0]).preambles] == ["this call may be recorded"]
    timing = metadata_of(flow.steps[1]).timing
    assert timing is not None
    assert timing.mean_ms == 120_000


def test_a_menu_heard_again_is_one_step_and_the_last_press_counts() -> None:
    first = menu("For billing press 1, for disputes press 3", "3", reacted=False, dtmf_profile="rfc4733")
    again = menu("for billing press one for disputes press three", "3", reacted=True, dtmf_profile="inband")
    flow = build(first, again, HOLD, HUMAN)
    assert shape(flow)[0] == ("LISTEN", "3")
    assert len(flow.steps) == 3
    assert metadata_of(flow.steps[0]).dtmf_profile == "inband"


def test_loops_are_left_out() -> None:
    main, wrong = "For billing press 1, for disputes press 3", "For invoices press 1, to go back press star"
    flow = build(menu(main, "1"), menu(wrong, "*"), menu(main, "3"), HOLD, HUMAN)
    assert shape(flow) == [("LISTEN", "3"), ("HOLD", None), ("TRANSFER", None)]


def test_the_same_confirmation_twice_is_no_loop() -> None:
    confirm = "If that is correct press 1"
    flow = build(
        menu("Enter your zip code", "94103"), menu(confirm, "1"), menu("Enter your date of birth", "0101"), menu(confirm, "1"), HUMAN
    )
    assert [dtmf for _, dtmf in shape(flow)] == ["94103", "1", "0101", "1", None]


def test_typed_data_becomes_the_name_of_a_secret() -> None:
    flow = build({"type": "data_entry", "transcript": "Enter your card number", "dtmf_sent": "••••", "chosen_label": "card number"}, HUMAN)
    assert flow.steps[0].dtmf is None
    assert metadata_of(flow.steps[0]).secret == "card_number"


def test_a_declined_offer_is_a_condition_of_the_hold() -> None:
    offer = {"type": "callback_offer", "transcript": "To be called back press 1, to keep holding press 2", "dtmf_sent": "2"}
    flow = build(menu("For sales press 1", "1"), HOLD, offer, HOLD, HUMAN)
    hold = flow.steps[1]
    answer = next(step for step in flow.steps if step.id == hold.conditions["on:callback_offer"])
    assert (answer.dtmf, answer.next_step) == ("2", hold.id)


def test_so_is_one_that_was_declined_by_keys_told_apart() -> None:
    """Keys pressed at the end of a hold would be pressed into the human's ear."""
    offer = {"type": "callback_offer", "transcript": "To be called back press 1, to keep holding press 2"}
    flow = build(menu("For sales press 1", "1"), HOLD, offer, {"type": "dtmf", "dtmf_sent": "2"}, HOLD, HUMAN)
    assert shape(flow)[:3] == [("LISTEN", "1"), ("HOLD", None), ("TRANSFER", None)]
    hold = flow.steps[1]
    assert next(step for step in flow.steps if step.id == hold.conditions["on:callback_offer"]).dtmf == "2"


def test_a_closed_line_counts_as_failure_and_is_remembered() -> None:
    flow = build(menu("For sales press 1", "1"), {"type": "closed", "transcript": "We are closed."}, at="2026-03-01T23:00:00Z")
    assert (flow.success_count, flow.fail_count) == (0, 1)
    assert shape(flow) == [("LISTEN", "1")]
    assert metadata_of(flow.steps[0]).endings["closed"].slots == {"sun-23": 1}


def test_time_is_an_input() -> None:
    assert build(HUMAN).created_at.isoformat() == "1970-01-01T00:00:00+00:00"
    assert build(HUMAN, at="2026-03-02T10:00:00").created_at.isoformat() == "2026-03-02T10:00:00+00:00"


@pytest.mark.parametrize(
    ("discoveries", "path", "word"),
    [
        ([{"type": "teleport"}], "$.discoveries[0].type", "teleport"),
        ([{"transcript": "x"}], "$.discoveries[0].type", "required"),
        ([HUMAN, 7], "$.discoveries[1]", "object"),
        ([{"type": "wait", "duration": "3"}], "$.discoveries[0].duration", "float"),
        ([{"type": "wait", "duration": -1}], "$.discoveries[0].duration", "0 to"),
        ([{"type": "wait", "duration": float("nan")}], "$.discoveries[0].duration", "0 to"),
        ([menu("x", "1; drop")], "$.discoveries[0].dtmf_sent", "characters"),
        ([{"type": "dtmf"}], "$.discoveries[0].dtmf_sent", "required"),
        ([{"type": "hold", "lenght": 3}], "$.discoveries[0].lenght", "not a field"),
        ([{"type": "ivr_menu", "options": [{"digits": "1"}]}], "$.discoveries[0].options[0]", "label"),
        ({"type": "wait"}, "$.discoveries", "list"),
        ([], "$.discoveries", "nothing"),
        ([{"type": "closed"}, {"type": "disconnected"}], "$.discoveries", "nothing"),
    ],
)
def test_bad_input_names_the_field(discoveries: list[dict[str, object]], path: str, word: str) -> None:
    with pytest.raises(Invalid) as caught:
        LEARNER.build_flow(discoveries, "+18005551234")
    assert [fault.path for fault in caught.value.faults] == [path]
    assert word in caught.value.faults[0].message


def test_every_fault_is_named_at_once() -> None:
    with pytest.raises(Invalid) as caught:
        LEARNER.build_flow([{"type": "x"}, {"type": "wait", "duration": "y"}], "+18005551234")
    assert len(caught.value.faults) == 2


def test_a_bad_time_is_named() -> None:
    with pytest.raises(Invalid, match=r"\$\.at"):
        build(HUMAN, at="yesterday")


SEALED: dict[str, object] = {"transcript": "", "sealed": "c2VhbGVk"}


@pytest.mark.parametrize(
    "sealed",
    [
        {"type": "ivr_menu", **SEALED},
        {"type": "ivr_menu", "dtmf_sent": "#", "reacted": False, **SEALED},
        {"type": "open_question", **SEALED},
        {"type": "announcement", **SEALED},
    ],
)
@pytest.mark.parametrize("then", [(), (HOLD, HUMAN)])
def test_what_a_human_may_have_said_is_no_place_of_the_way(sealed: dict[str, object], then: tuple[dict[str, object], ...]) -> None:
    """A step without words would take whatever is heard for its prompt."""
    cards = menu("For cards, press 1. For loans, press 2.", "1")
    assert build(cards, sealed, *then).steps == build(cards, *then).steps


def test_a_call_on_which_nothing_but_such_words_was_heard_still_counts_as_a_failure() -> None:
    known = build(menu("For cards, press 1. For loans, press 2.", "1"), HOLD, HUMAN)
    after = CallFlowLearner().merge_discoveries(known, [{"type": "ivr_menu", **SEALED}], call_id="another")
    assert (after.success_count, after.fail_count) == (known.success_count, known.fail_count + 1)
    assert after.version == known.version


def test_a_key_that_showed_an_effect_is_pressed_again_whoever_asked_for_it() -> None:
    asked: dict[str, object] = {"type": "ivr_menu", "dtmf_sent": "1", "reacted": True, **SEALED}
    assert shape(build(asked, HOLD, HUMAN))[0] == ("LISTEN", "1")
