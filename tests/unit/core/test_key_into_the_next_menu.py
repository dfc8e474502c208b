"""A key that was taken late is not pressed again into the menu behind it, which begins with the words of the one before."""

from __future__ import annotations

import pytest
from call_contract.call_events import DigitsSent, DriftFound, HumanDetected, HumanSuspected, PressIneffective, StepStarted
from call_contract.flows import CallFlow
from call_engine.core.brain import Brain
from call_engine.core.effects import Press
from call_engine.core.happenings import AnyHappening, RecordingLost, RecordingRecognised, TransferOrdered
from call_engine.core.plan import Follow, Plan
from line_audio.segments import Label, SegmentOpened

from tests.support.chase_flow import flow, prompt, step
from tests.support.chase_script import chase
from tests.support.scripted_call import MS, Clip, Node, ScriptedCall, WordSimilarity, pause, say, tone

MAIN = "For disputes, press 1. For credit cards, press 2. For all else, press 3."
MAIN_OPTIONS = {"1": "disputes", "2": "credit cards", "3": "all else"}
SUB = "For disputes, press 1. For credit cards of the family, press 2. For a dispute of another kind, press 4."
SUB_OPTIONS = {"1": "disputes", "2": "credit cards of the family", "4": "a dispute of another kind"}
ADDED = "For disputes, press 1. For refunds, press 2."
FOUND_MS, ALIKE_MS = 1000, 2600  #: after so long the ear finds a prompt, and so long both menus sound the same


def known(*, then: str = "sub", untried: bool = True) -> CallFlow:
    """``untried``: the first key is pressed into its prompt, since nobody has tried that yet."""
    timing = {"n": 1, "earliest_press_ms": 60_000} if untried else {"n": 9, "earliest_press_ms": 60_000}
    return flow(
        step("main", "LISTEN", then, "1", timeout=30, metadata={**prompt(MAIN, MAIN_OPTIONS), "timing": timing}),
        step("sub", "LISTEN", "hold", "4", timeout=30, metadata=prompt(SUB, SUB_OPTIONS)),
        step("hold", "HOLD", "transfer", timeout=3600),
        step("transfer", "TRANSFER"),
    )


class LateCompany(ScriptedCall):
    """The key is taken after a while. In what is heard then the ear finds the expected menu and, a little later, the beginning of the
    one before, as if that played again: this is no loss of the one that played.
    """

    late_ms = 1300
    order = ("step:sub", "step:main")
    alike_ms = ALIKE_MS
    greeting_ms = 0  #: of the recorded prompt, which is not heard now

    def _key(self, digits: str, profile: str) -> None:
        if self._node == "main":
            self._at(self.now + self.late_ms * MS, lambda: super(LateCompany, self)._key(digits, profile))
        else:
            super()._key(digits, profile)

    def _enter(self, name: str) -> None:
        if self._node == "main":
            self._playing = ""  # the ear still finds it
        super()._enter(name)

    def _maybe_recognise(self, clip: Clip, epoch: int, start: int) -> None:
        if self._node not in ("sub", "added"):
            super()._maybe_recognise(clip, epoch, start)

    def _open(self, clip: Clip, epoch: int) -> None:
        super()._open(clip, epoch)
        start = self._clip_start
        if self._node in ("sub", "added") and epoch == self._epoch and self._clip is clip:
            self._at(start + FOUND_MS * MS, lambda: self._find(start))
            self._at(start + self.alike_ms * MS, lambda: self._feed(RecordingLost(recording_id="step:main")))

    def _find(self, start: int) -> None:
        for recording_id in self.order:
            if recording_id != "step:sub" or self._node == "sub":
                begun, heard_ms = start - self.greeting_ms * MS, FOUND_MS + self.greeting_ms
                self._feed(RecordingRecognised(recording_id=recording_id, start_sample=begun, position_ms=heard_ms, score=0.8))


class AlikeForLong(LateCompany):
    alike_ms = 6000
    order = ("step:main", "step:sub")


def call(kind: type[ScriptedCall], what: CallFlow, **nodes: Node) -> ScriptedCall:
    main = Node([pause(0.6), say(MAIN)], keys={"1": "sub", "2": "dead", "3": "dead"})
    sub = Node([pause(0.2), say(SUB)], keys={"1": "dead", "2": "dead", "4": "notice"})
    brain = Brain(Plan(goal=Follow(flow=what, intent="dispute a charge")), call_id="c", similarity=WordSimilarity())
    return kind(brain, chase(**{"main": main, "sub": sub, **nodes})).run()


@pytest.mark.parametrize("late_ms", [900, 1100, 1300, 1500])
@pytest.mark.parametrize("order", [("step:sub", "step:main"), ("step:main", "step:sub"), ("step:sub",)])
def test_a_company_that_reacts_late_gets_no_second_key(late_ms: int, order: tuple[str, ...]) -> None:
    kind = type("Late", (LateCompany,), {"late_ms": late_ms, "order": order})
    heard = call(kind, known())
    assert heard.path == ["start", "main", "sub", "notice", "hold", "agent"], heard.timeline()
    assert [(event.step_id, event.digits) for event in heard.of(DigitsSent)] == [("main", "1"), ("sub", "4")]
    assert not heard.of(PressIneffective)
    assert not heard.of(DriftFound)


@pytest.mark.parametrize("untried", [True, False])
def test_nor_does_one_whose_menus_have_most_of_their_sound_in_common(untried: bool) -> None:
    """The key was pressed for a prompt that seems to play again until most of it would be over."""
    heard = call(AlikeForLong, known(untried=untried))
    assert heard.path == ["start", "main", "sub", "notice", "hold", "agent"], heard.timeline()
    assert [event.digits for event in heard.of(DigitsSent)] == ["1", "4"]


def test_a_new_level_that_begins_with_the_same_sentence_is_noticed() -> None:
    added = Node([pause(0.2), say(ADDED)], keys={"1": "sub", "2": "dead"})
    main = Node([pause(0.6), say(MAIN)], keys={"1": "added", "2": "dead", "3": "dead"})
    soon = type("Soon", (LateCompany,), {"late_ms": 700, "greeting_ms": 1900})
    heard = call(soon, known(then="hold"), main=main, added=added, sub=Node([pause(0.5)], then="notice"))
    assert heard.path[:4] == ["start", "main", "added", "sub"], heard.timeline()
    assert heard.of(DriftFound)
    assert not heard.of(PressIneffective)


class ReadsOn(ScriptedCall):
    """The key is taken when it is pressed, and the menu is read on for a while before what it leads to."""

    def _key(self, digits: str, profile: str) -> None:
        if self._node == "main":
            self._at(self.now + 2000 * MS, lambda: super(ReadsOn, self)._key(digits, profile))
        else:
            super()._key(digits, profile)


def test_what_is_read_on_behind_the_key_is_no_menu_on_the_way_to_the_hold() -> None:
    asked = f"{MAIN} For our opening hours, press 4. For branches near you, press 5. To hear this once more, press star."
    metadata = {**prompt(asked, MAIN_OPTIONS), "timing": {"n": 9, "earliest_press_ms": 0}}
    what = flow(
        step("main", "LISTEN", "hold", "1", timeout=30, metadata=metadata),
        step("hold", "HOLD", "transfer", timeout=3600),
        step("transfer", "TRANSFER"),
    )
    main = Node([pause(0.6), say(asked)], keys={"1": "silence", "2": "dead", "3": "dead"})
    heard = call(ReadsOn, what, main=main, silence=Node([pause(4)], then="hold"))
    assert heard.path == ["start", "main", "silence", "hold", "agent"], heard.timeline()
    assert [event.digits for event in heard.of(DigitsSent)] == ["1"]
    assert not heard.of(DriftFound)


def test_nor_is_it_a_human_though_the_phone_of_one_rings_behind_it() -> None:
    more = "If this is about our opening hours, press 4. If this is about branches near you, press 5. To hear this again, press star."
    asked = f"For disputes, press 1. If this is about refilling a prescription that your doctor wrote you, press 2. {more}"
    metadata = {**prompt(asked, MAIN_OPTIONS), "timing": {"n": 9, "earliest_press_ms": 0}}
    what = flow(
        step("main", "LISTEN", "hold", "1", timeout=30, metadata=metadata), step("hold", "HOLD", "transfer", timeout=3600),
        step("transfer", "TRANSFER"),
    )  # fmt: skip
    main = Node([pause(0.6), say(asked)], keys={"1": "ringing", "2": "dead", "3": "dead"})
    heard = call(ReadsOn, what, main=main, ringing=Node([tone(Label.RINGBACK, 12)], then="agent"))
    assert len(heard.of(HumanDetected)) == 1
    assert not heard.of(HumanSuspected), heard.timeline()


def test_who_speaks_on_when_the_prompt_should_be_over_says_something_else() -> None:
    """The menu is read on almost to its end, and another begins without a pause that the ear cannot tell yet."""
    main = Node([pause(0.6), say(MAIN)], keys={"1": "added", "2": "dead", "3": "dead"})
    added = Node([say(f"Before we go on. {ADDED}")], keys={"1": "sub", "2": "dead"})
    late = type("Late", (LateCompany,), {"late_ms": 2000, "order": ()})
    heard = call(late, known(), main=main, added=added)
    assert heard.path[:4] == ["start", "main", "added", "sub"], heard.timeline()
    assert heard.of(DriftFound)
    assert not heard.of(PressIneffective)


@pytest.mark.parametrize(("late_ms", "pause_s"), [(1800, 0.5), (1900, 0.5), (2000, 0.7), (2200, 0.8), (2200, 0.9)])
def test_so_does_who_pauses_just_as_the_ear_would_have_told_that_it_was_over(late_ms: int, pause_s: float) -> None:
    """Or has not begun to speak by then: the prompt that was learned goes on until a little before its time is over."""
    main = Node([pause(0.6), say(MAIN)], keys={"1": "added", "2": "dead", "3": "dead"})
    added = Node([pause(pause_s), say("For disputes, press 1."), pause(0.6), say("For refunds, press 2.")], keys={"1": "sub", "2": "dead"})
    late = type("Late", (LateCompany,), {"late_ms": late_ms, "order": ()})
    heard = call(late, known(), main=main, added=added)
    assert heard.path[:4] == ["start", "main", "added", "sub"], heard.timeline()
    assert heard.of(DriftFound)
    assert not heard.of(PressIneffective)


class EarOfALine(ScriptedCall):
    """The ear tells half a second late that speech has ended, and that the recording is over by then."""

    def _stop_clip(self) -> None:
        lost, self._playing = self._playing, ""
        super()._stop_clip()
        if lost:
            self._at(self.now + self._closes_ms * MS, lambda: self._feed(RecordingLost(recording_id=lost)))


def test_a_key_of_no_effect_is_pressed_again_before_the_ear_is_sure_that_the_prompt_is_over() -> None:
    main = Node([pause(0.6), say(MAIN)], keys={"1": "sub", "2": "dead", "3": "dead"}, during=False, wait_s=2.0)
    sub = Node([pause(0.2), say(SUB)], keys={"1": "dead", "2": "dead", "4": "notice"})
    brain = Brain(Plan(goal=Follow(flow=known(), intent="dispute a charge")), call_id="c", similarity=WordSimilarity())
    heard = EarOfALine(brain, chase(main=main, sub=sub), closes_ms=540).run()
    assert heard.path == ["start", "main", "sub", "notice", "hold", "agent"], heard.timeline()
    assert [event.digits for event in heard.of(DigitsSent)] == ["1", "1", "4"]
    assert not heard.of(DriftFound)


class Meanwhile(ScriptedCall):
    """While the key's effect is in doubt the prompt behind it seems to begin, and then something else happens."""

    happens: AnyHappening = SegmentOpened(label=Label.BUSY, start_sample=0, at_sample=0)

    def _perform(self, effect: object) -> None:
        super()._perform(effect)
        if isinstance(effect, Press) and effect.digits == "1":
            start = self.now + 300 * MS
            self._playing = ""
            seems = RecordingRecognised(recording_id="step:sub", start_sample=start, position_ms=700, score=0.8)
            self._at(start + 700 * MS, lambda: self._feed(seems))
            self._at(start + 900 * MS, lambda: self._feed(self.happens))
            self._at(start + 1200 * MS, lambda: self._feed(RecordingLost(recording_id="step:main")))


def test_what_was_in_doubt_at_one_step_is_nothing_to_the_next() -> None:
    timing = {"n": 1, "earliest_press_ms": 60_000}
    what = flow(
        step("main", "LISTEN", "sub", "1", 30, metadata={**prompt(MAIN, MAIN_OPTIONS), "timing": timing}),
        step("sub", "LISTEN", "hold", "4", 30, conditions={"on:busy": "wait"}, metadata=prompt(SUB, SUB_OPTIONS)),
        step("wait", "WAIT", "again", timeout=20),
        step("again", "LISTEN", "hold", "4", 30, metadata=prompt(SUB, SUB_OPTIONS)),
        step("hold", "HOLD", "transfer", timeout=3600),
        step("transfer", "TRANSFER"),
    )  # fmt: skip
    main = Node([pause(0.6), say(MAIN)], keys={"1": "silent"})
    heard = call(Meanwhile, what, main=main, silent=Node([pause(12)], then="dead"))
    assert [event.digits for event in heard.of(DigitsSent)] == ["1"], heard.timeline()
    assert "wait" in [event.step_id for event in heard.of(StepStarted)]


class PersonWantsIt(Meanwhile):
    happens = TransferOrdered(device="", by="person")


def test_nor_to_a_call_that_is_put_through_by_order() -> None:
    timing = {"n": 1, "earliest_press_ms": 60_000}
    what = flow(
        step("main", "LISTEN", "wait", "1", 30, metadata={**prompt(MAIN, MAIN_OPTIONS), "timing": timing}),
        step("wait", "WAIT", "sub", timeout=20),
        step("sub", "LISTEN", None, "4", 30, metadata=prompt(SUB, SUB_OPTIONS)),
    )
    main = Node([pause(0.6), say(MAIN)], keys={"1": "silent"})
    heard = call(PersonWantsIt, what, main=main, silent=Node([pause(12)], then="dead"))
    assert [event.step_id for event in heard.of(StepStarted)] == ["main", "wait"], heard.timeline()
