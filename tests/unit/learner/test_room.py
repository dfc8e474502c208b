"""A flow that has heard more recordings than can be stored leaves the least useful ones out, says so, and loses nothing else."""

from __future__ import annotations

import datetime as dt

import msgspec
import pytest
from call_contract.flows import CallFlow, CallFlowStepType
from call_contract.step_metadata import metadata_of
from flow_api.domain.call_flow_learner import CallFlowLearner
from flow_api.domain.flow import INITIAL, content_of, evolve
from flow_api.domain.flow_events import CallFlowLearned, CallFlowMerged, CallFlowObserved
from flow_api.domain.learning.observation import MAX_RECORDED_CHARS
from flow_api.domain.learning.room import with_room
from flow_api.domain.lesson import Lesson, decide_lesson
from flow_api.domain.limits import MAX_CONTENT_BYTES

from tests.support.discoveries import HOLD, HUMAN, Plain, menu, valid

LEARNER = CallFlowLearner()
AT = dt.datetime(2026, 3, 2, 10, tzinfo=dt.UTC)
HOLDS = 9


def recording(name: str, chars: int) -> str:
    return (name * (chars // len(name) + 1))[:chars]


def queue(number: int) -> Plain:
    """As much as one hold may keep: music, and two announcements."""
    sizes = {"music": MAX_RECORDED_CHARS - 5_000, "sorry": 3_000, "thanks": 2_000}
    return {**HOLD, "recordings": [recording(f"{name}{number}", chars) for name, chars in sizes.items()]}


def way(holds: int, *, first: int = 0) -> list[Plain]:
    """Behind every queue another menu."""
    found: list[Plain] = []
    for number in range(first, first + holds):
        found += [
            menu(f"For things of kind {'abcdefghijklmnop'[number]} press {number}.", str(number), {str(number): "things"}),
            queue(number),
        ]
    return [*found, HUMAN]


def holds_of(flow: CallFlow) -> list[int]:
    return [len(metadata_of(step).recordings) for step in flow.steps if step.type is CallFlowStepType.HOLD]


@pytest.mark.parametrize("holds", [2, 7, HOLDS])
def test_however_much_was_heard_the_flow_can_be_stored(holds: int) -> None:
    flow = valid(LEARNER.build_flow(way(holds), "+18005551234", call_id="a", at=AT))
    assert len(flow.steps) == 2 * holds + 1
    fits = holds * MAX_RECORDED_CHARS < MAX_CONTENT_BYTES - 20_000
    assert (holds_of(flow) == [3] * holds) is fits


def test_music_is_left_out_and_announcements_stay_and_the_step_says_so() -> None:
    flow = LEARNER.build_flow(way(HOLDS), "+18005551234", call_id="a", at=AT)
    assert set(holds_of(flow)) == {2, 3}
    left_out = HOLDS * MAX_RECORDED_CHARS - MAX_CONTENT_BYTES
    assert holds_of(flow).count(2) == -(-left_out // (MAX_RECORDED_CHARS - 5_000))
    for step in flow.steps:
        known = metadata_of(step)
        if step.type is CallFlowStepType.HOLD:
            assert known.recordings_left_out == 3 - len(known.recordings)
            assert all(len(one) <= 3_000 for one in known.recordings) or len(known.recordings) == 3


def test_music_of_a_later_call_takes_no_room_from_announcements() -> None:
    """Whatever the order of the calls, and however their fingerprints begin."""
    announcements = [recording("sorry", 3_000), recording("thanks", 2_000)]
    full_of_gaps = recording("Waltz", 10_000) + recording("A", 50_000)
    music = [recording("March", 60_000), recording("Gigue", 50_000), full_of_gaps]
    calls = [[{**HOLD, "recordings": recordings}, HUMAN] for recordings in (announcements, music)]
    for first, second in (calls, calls[::-1]):
        flow = LEARNER.build_flow(first, "+18005551234", call_id="a", at=AT)
        flow = LEARNER.merge_discoveries(flow, second, call_id="b", at=AT)
        known = metadata_of(flow.steps[0])
        assert known.recordings == sorted([*announcements, *music[:2]])


def test_what_was_heard_longest_ago_gives_way() -> None:
    flow = LEARNER.build_flow(way(7), "+18005551234", call_id="a", at=AT)
    old, first = flow.steps[5], flow.steps[0]
    before = msgspec.structs.replace(old, metadata={**old.metadata, "last_heard": "2025-01-01T00:00:00.000+00:00"})
    filled = msgspec.structs.replace(first, metadata={**first.metadata, "preambles": [{"fingerprint": recording("x", 130_000)}]})
    steps = [before if one.id == old.id else filled if one.id == first.id else one for one in flow.steps]
    room = with_room(msgspec.structs.replace(flow, steps=steps))
    lost = {step.id for step in room.steps if metadata_of(step).recordings_left_out}
    assert lost == {old.id}
    assert room.steps[0] == filled


def test_where_prompts_alone_are_too_much_their_words_stay() -> None:
    prompts = [
        menu(f"For things of kind {'abcdefghijklmnop'[number]} press {number}.", str(number), {str(number): "things"},
             fingerprint=recording(f"p{number}", 150_000))
        for number in range(9)
    ]  # fmt: skip
    flow = valid(LEARNER.build_flow([*prompts, HUMAN], "+18005551234", call_id="a", at=AT))
    known = [metadata_of(step).prompt for step in flow.steps if step.type is CallFlowStepType.LISTEN]
    assert all(prompt and prompt.transcript for prompt in known)
    assert 0 < sum(not prompt.fingerprint for prompt in known if prompt) <= 4


def test_announcements_before_a_prompt_give_way_before_the_prompt_and_their_words_stay() -> None:
    said = [
        {**menu(f"For things of kind {'abcdefghijklmnop'[number]} press {number}.", str(number), {str(number): "things"},
                fingerprint=recording(f"p{number}", 60_000))}
        for number in range(9)
    ]  # fmt: skip
    flow = valid(LEARNER.build_flow([*said, HUMAN], "+18005551234", call_id="a", at=AT))
    greetings = [
        {"transcript": f"thank you for calling number {number}", "fingerprint": recording(f"g{number}", 70_000)} for number in range(9)
    ]
    steps = [
        msgspec.structs.replace(step, metadata={**step.metadata, "preambles": [greeting]})
        if step.type is CallFlowStepType.LISTEN else step
        for step, greeting in zip(flow.steps, [*greetings, {}], strict=True)
    ]  # fmt: skip
    room = with_room(msgspec.structs.replace(flow, steps=steps))
    assert len(msgspec.json.encode(content_of(room))) <= MAX_CONTENT_BYTES
    listening = [metadata_of(step) for step in room.steps if step.type is CallFlowStepType.LISTEN]
    assert all(known.prompt and known.prompt.fingerprint for known in listening)
    assert [known.preambles[0].transcript for known in listening] == [greeting["transcript"] for greeting in greetings]
    without = [known for known in listening if not known.preambles[0].fingerprint]
    assert 0 < len(without) < len(listening)
    assert all(known.recordings_left_out == 1 for known in without)


def test_what_was_left_out_is_counted_anew_with_each_call() -> None:
    prompts = [
        menu(f"For things of kind {'abcdefghijklmnop'[number]} press {number}.", str(number), {str(number): "things"},
             fingerprint=recording(f"p{number}", 150_000))
        for number in range(9)
    ]  # fmt: skip
    flow = LEARNER.build_flow([*prompts, HUMAN], "+18005551234", call_id="a", at=AT)
    again = valid(LEARNER.merge_discoveries(flow, [*prompts, HUMAN], call_id="b", at=AT + dt.timedelta(days=1)))
    for step in again.steps:
        known = metadata_of(step)
        assert known.recordings_left_out == int(known.prompt is not None and not known.prompt.fingerprint)


def test_a_lesson_that_brings_too_much_is_learned_all_the_same() -> None:
    lesson = Lesson(
        call_id="a", mode="explore", phone_number="+18005551234", company=None, intent="things", flow_id=None, flow_version=0,
        outcome="bridged", steps_drifted=0, at=AT, discoveries=way(5),
    )  # fmt: skip
    state = INITIAL
    for event in decide_lesson(lesson, "f", state):
        assert not isinstance(event, CallFlowMerged)
        state = evolve(state, event, at=AT)
    more = msgspec.structs.replace(lesson, call_id="b", discoveries=way(HOLDS), at=AT + dt.timedelta(days=1))
    merged, *_ = decide_lesson(more, "f", state)
    assert isinstance(merged, CallFlowMerged)
    assert any("no room for 1 of its recordings" in reason for reason in merged.changes)
    state = evolve(state, merged, at=AT)
    again, *_ = decide_lesson(msgspec.structs.replace(more, call_id="c"), "f", state)
    assert isinstance(again, CallFlowObserved)
    assert not isinstance(again, CallFlowLearned)
