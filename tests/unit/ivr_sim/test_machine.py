"""A company walks its script: what is said, which keys count, who comes in the end."""

from __future__ import annotations

import pytest
from ivr_sim.actions import Action, HangUp, Note, PlayMusic, Quiet, Say
from ivr_sim.happenings import Digit, Happening, PlaybackEnded, SpeechEnded, SpeechStarted, Tick
from ivr_sim.machine import Machine
from ivr_sim.script import load, loads

SECOND = 8000


class World:
    """Runs a machine by hand: one second of sound for everything said, no pauses."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.now = 0
        self.queue: list[tuple[int, str]] = []
        self.actions: list[Action] = []
        self._take(machine.start())

    def feed(self, happening: Happening) -> None:
        self._take(self.machine.feed(self.now, happening))

    def until(self, seconds: float) -> None:
        """Let time pass, event by event."""
        end = round(seconds * SECOND)
        while not self.machine.ended:
            ends_at = self.queue[0][0] if self.queue else None
            due = [at for at in (ends_at, self.machine.wake_at_sample) if at is not None and at <= end]
            if not due:
                break
            self.now = max(self.now, min(due))
            if ends_at == min(due):
                self.feed(PlaybackEnded(self.queue.pop(0)[1]))
            else:
                self.feed(Tick())
        self.now = max(self.now, end)

    def _take(self, actions: list[Action]) -> None:
        for action in actions:
            if isinstance(action, Say):
                begin = self.queue[-1][0] if self.queue else self.now
                self.queue.append((begin + SECOND, action.playback_id))
            elif isinstance(action, Quiet):
                self.queue.clear()
        self.actions += actions

    def said(self) -> list[str]:
        return [action.text for action in self.actions if isinstance(action, Say)]

    def noted(self, what: str) -> list[Note]:
        return [action for action in self.actions if isinstance(action, Note) and action.what == what]


def menu_script(habits: str = "", menu: str = "", *, after_press_ms: int = 0) -> Machine:
    return Machine(
        loads(f"""
        name = "Acme"
        number = "+15550100"
        start = "menu"
        [personality]
        after_press_ms = {after_press_ms}
        {habits}
        [nodes.menu]
        kind = "menu"
        say = ["For sales, press 1.", "For support, press 12."]
        {menu}
        [nodes.menu.options]
        1 = {{ label = "sales", goto = "agent" }}
        12 = {{ label = "support", goto = "agent" }}
        3 = {{ label = "hours", goto = "hours" }}
        [nodes.hours]
        kind = "say"
        say = ["We are open."]
        [nodes.agent]
        kind = "agent"
        opening = ["Acme, this is Kim."]
        replies = ["I see."]
        patience_s = 20.0
        """)
    )


AGENT_ALONE = """
    name = "Acme"
    number = "+15550100001"
    start = "agent"
    [nodes.agent]
    kind = "agent"
    opening = ["Acme, this is Kim."]
    patience_s = 20.0
    {replies}
    """


def test_chase_bank_leads_over_3_and_1_to_hold_and_an_agent() -> None:
    world = World(Machine(load("chase_bank"), hold_s=20))
    world.until(3)
    world.feed(Digit("3"))
    world.until(6)
    world.feed(Digit("1"))
    world.until(60)
    assert world.machine.path == ["greeting", "main_menu", "account_services", "transfer_notice", "hold", "agent"]
    assert any(isinstance(action, PlayMusic) for action in world.actions)
    assert world.noted("announcement")
    assert "this is Dana" in " ".join(world.said())


def test_an_option_that_may_grow_waits_for_its_second_digit() -> None:
    world = World(menu_script())
    world.feed(Digit("1"))
    world.until(1)
    world.feed(Digit("2"))
    assert [note.detail["label"] for note in world.noted("choice")] == ["support"]


def test_a_digit_alone_is_taken_after_the_gap() -> None:
    world = World(menu_script())
    world.feed(Digit("1"))
    world.until(3)
    assert [note.detail["label"] for note in world.noted("choice")] == ["sales"]


@pytest.mark.parametrize(("reads_on", "stops_at_s"), [(False, 0.5), (True, 2.7)])
def test_a_menu_is_silent_behind_the_key_or_read_on(reads_on: bool, stops_at_s: float) -> None:
    world = World(menu_script("reads_on = true" if reads_on else "", after_press_ms=2200))
    for at_s in (0.5, 1.9, 2.6, 2.7):
        world.until(at_s)
        if at_s == 0.5:
            world.feed(Digit("3"))
        assert any(isinstance(action, Quiet) for action in world.actions) is (at_s >= stops_at_s)
    assert world.machine.path == ["menu", "hours"]
    assert not world.noted("invalid")


def test_a_wrong_digit_is_told_and_three_end_the_call() -> None:
    world = World(menu_script())
    for _ in range(3):
        world.feed(Digit("7"))
    assert world.said().count("Sorry, that is not a valid option.") == 2
    world.until(10)
    assert isinstance(world.actions[-1], HangUp)


def test_silence_repeats_the_menu_and_then_ends_the_call() -> None:
    world = World(menu_script("menu_readings = 2"))
    world.until(60)
    assert world.said().count("For sales, press 1.") == 2
    assert world.actions[-1] == HangUp(reason="no selection")


def test_a_question_for_data_that_is_asked_again_behind_a_key_is_asked_to_its_end() -> None:
    world = World(
        Machine(
            loads("""
            name = "Acme"
            number = "+15550100002"
            start = "data"
            [nodes.data]
            kind = "entry"
            say = ["Please enter your number.", "It is on your card.", "It has nine digits.", "Then press pound.", "Or wait."]
            next = "over"
            on_silence = "over"
            repeats = 2
            pause_ms = 4000
            [nodes.over]
            kind = "say"
            say = ["Thank you."]
            """)
        )
    )
    world.until(0.5)
    world.feed(Digit("#"))
    world.until(9.0)
    assert world.said().count("Or wait.") == 2
    assert "Thank you." not in world.said()
    world.until(10.0)
    assert "Thank you." in world.said()


@pytest.mark.parametrize(
    ("accepts", "at_s", "counts"), [("during", 0.5, True), ("during", 2.5, False), ("after", 0.5, False), ("after", 2.5, True)]
)
def test_keys_count_only_when_the_personality_says_so(accepts: str, at_s: float, counts: bool) -> None:
    world = World(menu_script(menu=f'accepts = "{accepts}"'))
    world.until(at_s)
    world.feed(Digit("3"))
    assert bool(world.noted("choice")) is counts


def test_a_swallowed_press_works_the_second_time() -> None:
    world = World(menu_script("swallowed_presses = 1"))
    world.feed(Digit("3"))
    assert not world.noted("choice")
    world.feed(Digit("3"))
    assert world.noted("choice")


def test_an_agent_waits_answers_wonders_and_hangs_up() -> None:
    world = World(menu_script())
    world.feed(Digit("3"))
    world = World(menu_script())
    world.feed(Digit("1"))
    world.until(5)
    assert world.said()[-1] == "Acme, this is Kim."
    world.feed(SpeechStarted())
    world.until(6)
    world.feed(SpeechEnded())
    world.until(9)
    assert world.said()[-1] == "I see."
    world.until(60)
    assert world.actions[-1] == HangUp(reason="the agent hung up")


@pytest.mark.parametrize("replies", ['replies = ["I see."]', ""])
def test_an_agent_who_is_spoken_to_while_picking_up_greets_after_that(replies: str) -> None:
    world = World(Machine(loads(AGENT_ALONE.format(replies=replies))))
    world.feed(SpeechStarted())
    world.until(2)
    assert not world.said()
    world.feed(SpeechEnded())
    world.until(4)
    assert world.said() == ["Acme, this is Kim."]


def test_an_agent_without_answers_wonders_when_the_caller_has_spoken_and_says_no_more() -> None:
    world = World(Machine(loads(AGENT_ALONE.format(replies=""))))
    world.until(5)
    world.feed(SpeechStarted())
    world.until(10)
    world.feed(SpeechEnded())
    world.until(60)
    assert "Hello?" in world.said()
    assert world.actions[-1] == HangUp(reason="the agent hung up")


def test_the_same_happenings_give_the_same_actions() -> None:
    def walk() -> list[Action]:
        world = World(Machine(load("chase_bank")))
        world.until(4)
        world.feed(Digit("0"))
        world.until(200)
        return world.actions

    assert walk() == walk()
