"""Answering a known prompt before its end: tried once, kept where it works, given up where the company is deaf until the end."""

from __future__ import annotations

import msgspec
import pytest
from call_contract.call_events import CallEnded, CallOutcome, DigitsSent, DriftFound
from call_contract.flows import CallFlow
from call_contract.step_metadata import Timing
from call_engine.core.brain import Brain
from call_engine.core.effects import Press
from call_engine.core.happenings import RecordingLost, RecordingRecognised
from call_engine.core.plan import Follow, Plan

from tests.support.chase_flow import SUB_OPTIONS, flow, learned, prompt, step
from tests.support.chase_script import MAIN, SUB, chase
from tests.support.scripted_call import WORD_MS, Clip, Node, ScriptedCall, WordSimilarity, pause, say


def pressed_before(n: int, after_end_ms: int = 2000) -> CallFlow:
    """The learned flow, whose prompts were answered so many times, never before their end."""
    known = learned()
    steps = []
    for one in known.steps:
        if one.type == "LISTEN":
            timing = Timing(n=n, earliest_press_ms=one.metadata["prompt"]["duration_ms"] + after_end_ms)
            one = msgspec.structs.replace(one, metadata={**one.metadata, "timing": msgspec.to_builtins(timing)})
        steps.append(one)
    return msgspec.structs.replace(known, steps=steps)


def follow(known: CallFlow, nodes: dict[str, Node]) -> ScriptedCall:
    plan = Plan(goal=Follow(flow=known, intent="dispute a charge"))
    return ScriptedCall(Brain(plan, call_id="c3", similarity=WordSimilarity()), nodes).run()


def first_press_ms(call: ScriptedCall) -> int:
    return int(call.of(DigitsSent)[0].at_ms)


def end_of_main_ms(call: ScriptedCall) -> int:
    """Answered at 2 s, 1.5 s of silence, the greeting, 0.6 s of silence, the menu."""
    words = len(f"Thank you for calling Chase Bank. {MAIN}".split())
    return 2000 + 1500 + 600 + words * WORD_MS


def second_menu_ms(call: ScriptedCall) -> int:
    """From the first key to the second, whose option is the first of its menu."""
    first, second = call.of(DigitsSent)[:2]
    return int(second.at_ms - first.at_ms)


def test_the_key_is_pressed_once_its_option_was_named() -> None:
    call = follow(pressed_before(1), chase())
    assert second_menu_ms(call) + 3000 < second_menu_ms(follow(pressed_before(5), chase()))
    assert call.events[-1].outcome is CallOutcome.BRIDGED
    assert call.events[-1].digits == "31"


def test_a_key_that_was_taken_is_not_pressed_again() -> None:
    assert len(follow(pressed_before(1), chase()).of(DigitsSent)) == 2


def test_shortly_before_its_end_the_prompt_is_heard_out() -> None:
    call = follow(pressed_before(1), chase())
    assert first_press_ms(call) >= end_of_main_ms(call)


def test_a_company_that_is_deaf_until_the_end_is_still_passed() -> None:
    deaf = {
        "main": Node([pause(0.6), say(MAIN)], keys={"3": "sub"}, during=False),
        "sub": Node([pause(0.5), say(SUB)], keys={"1": "notice"}, during=False),
    }
    call = follow(pressed_before(1), chase(**deaf))
    ended = call.events[-1]
    assert isinstance(ended, CallEnded)
    assert ended.outcome is CallOutcome.BRIDGED
    assert call.path == ["start", "main", "sub", "notice", "hold", "agent"]
    assert {press.profile for press in call.of(DigitsSent)} == {"rfc4733"}


def test_what_never_worked_is_not_tried_for_ever() -> None:
    call = follow(pressed_before(5), chase())
    assert first_press_ms(call) >= end_of_main_ms(call)


class CommonSentence(ScriptedCall):
    """The menu that a key is pressed into goes on with a sentence of the menu behind it: that one is recognised by mistake, for a while."""

    after_the_key_ms = -440

    def _perform(self, effect: object) -> None:
        super()._perform(effect)
        if isinstance(effect, Press) and not self.path.count("sub"):
            start = self.now + self.after_the_key_ms * 8
            mistaken = RecordingRecognised(recording_id="step:sub", start_sample=start, position_ms=1060, score=0.5, length_ms=7000)
            self._at(start + 1060 * 8, lambda: self._feed(mistaken))
            self._at(start + 2140 * 8, lambda: self._feed(RecordingLost(recording_id="step:sub")))


class CommonSentenceBehindTheKey(CommonSentence):
    after_the_key_ms = 740


@pytest.mark.parametrize("kind", [CommonSentence, CommonSentenceBehindTheKey])
def test_a_sentence_that_both_menus_have_is_no_effect_of_the_key(kind: type[ScriptedCall]) -> None:
    timing = {"n": 1, "earliest_press_ms": 60_000}
    menu = "For disputes, press 1. For credit cards, press 2. For everything to do with your account, press 3. For all else, press 4."
    options = {"1": "disputes", "2": "credit cards", "3": "everything to do with your account", "4": "all else"}
    known = flow(
        step("main", "LISTEN", "sub", "1", timeout=30, metadata={**prompt(menu, options), "timing": timing}),
        step("sub", "LISTEN", "hold", "1", timeout=30, metadata=prompt(SUB, SUB_OPTIONS)),
        step("hold", "HOLD", "transfer", timeout=3600),
        step("transfer", "TRANSFER"),
    )
    nodes = chase(main=Node([pause(0.6), say(menu)], keys={"1": "sub", "2": "dead", "3": "dead", "4": "dead"}, during=False))
    plan = Plan(goal=Follow(flow=known, intent="dispute a charge"))
    call = kind(Brain(plan, call_id="c3", similarity=WordSimilarity()), nodes).run()
    assert call.path == ["start", "main", "sub", "notice", "hold", "agent"], call.timeline()
    assert not call.of(DriftFound)


class AlikeAgain(ScriptedCall):
    """The menu plays again, and for a second it might be the menu behind it: both begin with the same words."""

    def _maybe_recognise(self, clip: Clip, epoch: int, start: int) -> None:
        super()._maybe_recognise(clip, epoch, start)
        if epoch == self._epoch and self._clip is clip and self._rounds.get("main"):
            self._feed(RecordingRecognised(recording_id="step:sub", start_sample=start, position_ms=1500, score=0.5))
            self._at(self.now + 1200 * 8, lambda: self._feed(RecordingLost(recording_id="step:sub")))


def test_what_begins_like_the_prompt_that_plays_again_is_no_effect_of_the_key_yet() -> None:
    only_into_it = Node([pause(0.6), say(MAIN)], keys={"3": "sub"}, after=False)
    plan = Plan(goal=Follow(flow=pressed_before(5), intent="dispute a charge"))
    call = AlikeAgain(Brain(plan, call_id="c3", similarity=WordSimilarity()), chase(main=only_into_it)).run()
    assert call.path == ["start", "main", "sub", "notice", "hold", "agent"], call.timeline()
    assert not call.of(DriftFound)


class TakenForTheNext(ScriptedCall):
    """The menu plays again and is not recognised; for a second it is taken for the menu behind it, which begins with the same words."""

    def _maybe_recognise(self, clip: Clip, epoch: int, start: int) -> None:
        if not self._rounds.get("main") or self._node != "main":
            super()._maybe_recognise(clip, epoch, start)
        elif epoch == self._epoch and self._clip is clip:
            self._feed(RecordingRecognised(recording_id="step:sub", start_sample=start, position_ms=1500, score=0.5, length_ms=7000))
            self._at(self.now + 1200 * 8, lambda: self._feed(RecordingLost(recording_id="step:sub")))


def test_what_begins_like_the_menu_behind_the_key_is_no_effect_of_it_yet() -> None:
    swallows = Node([pause(0.6), say(MAIN)], keys={"3": "sub"}, during=False, swallow=1)
    plan = Plan(goal=Follow(flow=pressed_before(5), intent="dispute a charge"))
    call = TakenForTheNext(Brain(plan, call_id="c3", similarity=WordSimilarity()), chase(main=swallows)).run()
    assert call.path == ["start", "main", "sub", "notice", "hold", "agent"], call.timeline()
    assert not call.of(DriftFound), call.timeline()


class OtherAfterAll(ScriptedCall):
    """The menu behind the key might be, for a second, the first one again: both begin with the same words."""

    def _maybe_recognise(self, clip: Clip, epoch: int, start: int) -> None:
        if epoch == self._epoch and self._clip is clip and self._node == "sub":
            self._feed(RecordingRecognised(recording_id="step:main", start_sample=start, position_ms=1400, score=0.5))
            self._at(self.now + 1200 * 8, lambda: self._feed(RecordingLost(recording_id="step:main")))
        super()._maybe_recognise(clip, epoch, start)


def test_what_seemed_to_play_again_and_is_lost_was_the_prompt_behind_the_key() -> None:
    call = OtherAfterAll(
        Brain(Plan(goal=Follow(flow=pressed_before(5), intent="dispute a charge")), call_id="c3", similarity=WordSimilarity()), chase()
    ).run()
    assert call.path == ["start", "main", "sub", "notice", "hold", "agent"], call.timeline()
    assert call.events[-1].digits == "31"
    assert not call.of(DriftFound)
    undisturbed = follow(pressed_before(5), chase()).events[-1]
    assert call.events[-1].transcriptions_before_hold == undisturbed.transcriptions_before_hold
