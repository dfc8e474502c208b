"""What phone systems are known to trip callers over with, one world each. All begin from the same plain company.

``ending`` says what a faultless caller ends with: ``human`` (the target's), or outcomes one of which is right.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from ivr_sim.script import Agent, Announce, Answering, AnyNode, Entry, Hold, Menu, Offer, Option, Question, Script, Tone, Voicemail
from ivr_sim.world import World

MAIN = Menu(
    say=("For billing, press 1.", "For repairs, press 2.", "For everything else, press 3."),
    options={
        "1": Option(label="billing", goto="hold"),
        "2": Option(label="repairs", goto="other_hold"),
        "3": Option(label="everything else", goto="other_hold"),
    },
)
HOLD = Hold(next="target", wait_s=20.0, announcements=("Please stay on the line.",), first_announcement_s=7.0)
_CALLED_BACK = Announce(say=("Thank you. We will call you back.",))
AGENT = Agent(opening=("Hi, this is Wendy in billing, how can I help you?",), voice="slt", patience_s=90.0)


#: Traps that a caller may get out of in more than one way.
MANY_WAYS = {
    "survey_before_menu",
    "data_entry_with_a_way_around",
    "data_entry_passed_by_silence",
    "voice_bot",
    "voice_bot_that_needs_keys_for_a_human",
    "confirmation_before_the_agent",
    "stay_on_the_line",
}


def traps() -> dict[str, World]:
    """Every trap by name."""
    return {name: msgspec.structs.replace(make(), traits=(name,), one_way=name not in MANY_WAYS) for name, make in _TRAPS.items()}


def _world(
    *,
    intent: str = "question about my bill",
    ending: str = "human",
    presses: tuple[tuple[str, str], ...] = (("main", "1"),),
    nodes: Mapping[str, AnyNode] | None = None,
    **script: Any,
) -> World:
    plain: dict[str, AnyNode] = {
        "greeting": Announce(say=("Welcome to Harbor Services.",), next="main"),
        "main": MAIN,
        "hold": HOLD,
        "target": AGENT,
        "other_hold": msgspec.structs.replace(HOLD, next="other"),
        "other": msgspec.structs.replace(AGENT, opening=("Repairs, this is Tom, how can I help you?",)),
    }
    made: dict[str, Any] = {"name": "Harbor Services", "number": "+15550100001", "start": "greeting", "voice": "rms", **script}
    return World(script=Script(nodes={**plain, **(nodes or {})}, **made), intent=intent, target="target", presses=presses, ending=ending)


def _habits(**habits: Any) -> Callable[[], World]:
    def make() -> World:
        world = _world()
        personality = msgspec.structs.replace(world.script.personality, **habits)
        return msgspec.structs.replace(world, script=msgspec.structs.replace(world.script, personality=personality))

    return make


def _hold(**changes: Any) -> Callable[[], World]:
    return lambda: _world(nodes={"hold": msgspec.structs.replace(HOLD, **changes), "called_back": _CALLED_BACK})


def _agent(*opening: str, **changes: Any) -> Callable[[], World]:
    return lambda: _world(nodes={"target": msgspec.structs.replace(AGENT, opening=opening or AGENT.opening, **changes)})


def _menu(**changes: Any) -> Callable[[], World]:
    return lambda: _world(nodes={"main": msgspec.structs.replace(MAIN, **changes)})


def _before_menu(node: AnyNode, *more: tuple[str, AnyNode], **kind: Any) -> Callable[[], World]:
    """Something stands between the greeting and the menu."""
    nodes = {"greeting": Announce(say=("Welcome to Harbor Services.",), next="gate"), "gate": node, **dict(more)}
    return lambda: _world(nodes=nodes, **kind)


def _instead(node: AnyNode, ending: str, **kind: Any) -> Callable[[], World]:
    """The greeting is all there is, and it leads to this."""
    return lambda: _world(
        nodes={"greeting": Announce(say=("Welcome to Harbor Services.",), next="end"), "end": node}, ending=ending, **kind
    )


_SURVEY = Menu(
    say=("At the end of this call there is a short survey.", "To take part, press 1.", "Otherwise, stay on the line."),
    options={"1": Option(label="take part", goto="main")},
    otherwise="main",
    pause_ms=3000,
)
_ENTRY = Entry(
    say=("Please enter your account number, followed by the pound key.", "If you do not have it, press star."),
    next="main",
    skip={"*": "main"},
)
_BOT = Question(say=("Hi, I'm Ava, your virtual assistant.", "In a few words, tell me why you are calling."), on_speech="hold")

_TRAPS: dict[str, Callable[[], World]] = {
    # keys
    "silence_after_press": _habits(after_press_ms=10_000),
    "reads_on_behind_the_key": _habits(after_press_ms=1500, reads_on=True),
    "menu_without_gaps": _habits(part_gap_ms=0, menu_pause_ms=150, menu_readings=6),
    "keys_only_during": _habits(accepts="during", menu_readings=5),
    "keys_only_after": _habits(accepts="after", menu_readings=5),
    "first_press_lost": _habits(swallowed_presses=1, menu_readings=5),
    "tones_only": _habits(methods=("inband",), menu_readings=5),
    "long_pauses_between_options": _habits(part_gap_ms=1100),
    # menus
    "continuation_without_press": _menu(say=("For billing, press one, repairs, two, everything else, three.",)),
    "digit_first": _menu(say=("Press 1 for billing.", "Press 2 for repairs.", "Press 3 for everything else.")),
    "number_that_is_no_option": _menu(say=("We have had 3 awards in 2 years.", *MAIN.say)),
    "speech_or_keys": _menu(say=("Say billing, or press 1.", "Say repairs, or press 2.", "For everything else, press 3.")),
    "stay_on_the_line": _menu(
        say=("For repairs, press 2.", "To hear our hours, press 3.", "For billing and all other questions, stay on the line."),
        options={"2": MAIN.options["2"], "3": MAIN.options["3"]},
        otherwise="hold",
    ),
    "same_digit_other_label": lambda: _world(
        nodes={
            "main": msgspec.structs.replace(MAIN, options={**MAIN.options, "1": Option(label="billing", goto="sub")}),
            "sub": Menu(
                say=("For an address change, press 1.", "For a question about a bill, press 2."),
                options={
                    "1": Option(label="an address change", goto="other_hold"),
                    "2": Option(label="a question about a bill", goto="hold"),
                },
            ),
        },
        presses=(("main", "1"), ("sub", "2")),
    ),
    "operator_is_the_way": lambda: _world(
        nodes={
            "main": Menu(
                say=("For directions, press 1.", "For job openings, press 2.", "For all other questions, press 0."),
                options={
                    "1": Option(label="directions", goto="other_hold"),
                    "2": Option(label="job openings", goto="other_hold"),
                    "0": Option(label="all other questions", goto="hold"),
                },
            )
        },
        presses=(("main", "0"),),
    ),
    "language_gate": _before_menu(
        Menu(
            say=("For English, press 1.", "Para español, oprima el dos."),
            options={"1": Option(label="English", goto="main"), "2": Option(label="español", goto="other_hold")},
        ),
        presses=(("gate", "1"), ("main", "1")),
    ),
    "survey_before_menu": _before_menu(_SURVEY),
    "data_entry_with_a_way_around": _before_menu(_ENTRY),
    "data_entry_passed_by_silence": _before_menu(
        Entry(say=("Please enter your member number.",), next="main", on_silence="main", repeats=2)
    ),
    "data_entry_without_a_way_around": _instead(
        Entry(say=("Please enter your sixteen digit card number, followed by pound.",), next="main", repeats=2), "needs_data"
    ),
    "voice_bot": _instead(_BOT, "human"),
    "voice_bot_that_needs_keys_for_a_human": _before_menu(
        Question(say=("How can I help you today?", "You can say things like, pay my bill."), on_silence="main")
    ),
    # hold
    "announcement_over_music": _hold(over_music=True),
    "hold_in_silence": _hold(sound="silence", announcements=()),
    "hold_in_silence_with_announcements": _hold(sound="silence"),
    "ringback_as_hold": _hold(sound="ringback", announcements=()),
    "music_without_announcements": _hold(announcements=()),
    "positions_that_count_down": _hold(
        wait_s=70.0,
        announcement_every_s=8.0,
        announcements=(
            "You are caller number three.",
            "You are caller number two.",
            "You are caller number one.",
            "You are caller number two.",
        ),
    ),
    "bait": _hold(announcements=("Hello, thank you for holding.", "Hi there! Did you know that you can pay online?")),
    "callback_offered": _hold(
        callback=Offer(
            say=("If you would like us to call you back, press 1. Otherwise, please continue to hold.",), after_s=9.0, goto="called_back"
        )
    ),
    "human_in_the_middle_of_an_announcement": _hold(
        wait_s=13.0,
        first_announcement_s=10.0,
        interrupted=True,
        announcements=("All of our representatives are busy. Please remain on the line for the next one.",),
    ),
    "hold_of_two_hours": _hold(wait_s=6600.0, announcement_every_s=60.0),
    "queue_drops_at_38_minutes": lambda: _world(
        nodes={"hold": msgspec.structs.replace(HOLD, wait_s=3000.0, drop_after_s=2280.0)}, ending="disconnected"
    ),
    "queue_full": _instead(Tone(tone="reorder", for_s=8.0), "busy queue_full"),
    "on_to_another_company": lambda: _world(
        nodes={
            "hold": Tone(tone="ringback", for_s=12.0, next="elsewhere"),
            "elsewhere": Announce(say=("You have reached Harbor billing services.",), next="hold_2"),
            "hold_2": HOLD,
        },
    ),
    # humans
    "human_says_only_hello": _agent("Hello?"),
    "human_with_a_name_only": _agent("Billing, Wendy."),
    "human_who_asks_at_once": _agent("Yes, can I have your account number please?"),
    "human_who_waits_silently": _agent("Hi, thanks for holding. This is Wendy.", pick_up_ms=2500),
    "confirmation_before_the_agent": lambda: _world(
        nodes={
            "hold": Announce(say=("You said billing.", "If this is correct, press 1."), next="confirm"),
            "confirm": Menu(
                say=("To confirm, press 1.",), options={"1": Option(label="confirm", goto="hold_2")}, otherwise="hold_2", pause_ms=3000
            ),
            "hold_2": HOLD,
        },
    ),
    # endings
    "closed": _instead(Announce(say=("Our offices are closed. Please call back tomorrow between nine and five. Goodbye.",)), "closed"),
    "voicemail": _instead(Voicemail(say=("Nobody is available to take your call.", "Please leave a message after the tone.")), "voicemail"),
    "busy": lambda: _world(answering=Answering(code=486), ending="busy"),
    "declined": lambda: _world(answering=Answering(code=603), ending="declined"),
    "nobody_answers": lambda: _world(answering=Answering(never=True), ending="no_answer"),
    "fax": _instead(Tone(tone="fax", for_s=20.0), "fax"),
    "number_not_in_service": _instead(Tone(tone="sit_intercept", for_s=4.0), "unreachable"),
    "hangs_up_in_the_menu": lambda: _world(
        nodes={"main": msgspec.structs.replace(MAIN, options={**MAIN.options, "1": Option(label="billing", goto="")})},
        ending="disconnected",
    ),
    "nothing_fits": lambda: _world(
        nodes={
            "main": Menu(
                say=("For directions, press 1.", "For job openings, press 2."),
                options={"1": Option(label="directions", goto="dead_end"), "2": Option(label="job openings", goto="dead_end")},
            ),
            "dead_end": Announce(say=("Please see our website. Goodbye.",)),
        },
        ending="no_way stuck disconnected",
    ),
    "menus_in_a_circle": lambda: _world(
        nodes={
            "main": Menu(
                say=("For billing, press 1.", "For our opening hours, press 2."),
                options={"1": Option(label="billing", goto="round"), "2": Option(label="our opening hours", goto="main")},
            ),
            "round": Menu(
                say=("For a question about your bill, press 1.", "To go back, press 2."),
                options={"1": Option(label="a question about your bill", goto="main"), "2": Option(label="go back", goto="main")},
            ),
        },
        ending="stuck no_way timed_out",
    ),
}
