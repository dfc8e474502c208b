"""What else a company may do to its callers, laid over a generated tree of menus: ask for data, let a bot answer, close, give up.

One world in eight has nobody to be reached: its ``ending`` says what a faultless caller ends with.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import msgspec

from ivr_sim.script import Announce, Answering, AnyNode, Entry, Hold, Offer, Option, Question, Script, Tone, Voicemail
from ivr_sim.world import World, bank, menus_of

_HELD = "target_hold"


def with_customs(world: World, random: Random) -> World:
    """The world with at most one custom on the way, one on hold, hours, ways to refuse a key, and in one of eight another ending."""
    world = _refusing(world, random)
    world = random.choices((_as_it_is, _data_skipped_by_key, _data_skipped_by_silence, _bot), (76, 10, 4, 10))[0](world, random)
    world = random.choices((_as_it_is, _callback, _interrupted), (85, 10, 5))[0](world, random)
    if random.random() < 0.15:
        world = _with(world, "closed_hours", {"closed": Announce(say=(random.choice(bank().closed_lines),))}, closed_start="closed")
    return random.choice(ENDINGS)(world, random) if random.random() < 1 / 8 else world


def _as_it_is(world: World, random: Random) -> World:
    return world


def _with(world: World, trait: str, nodes: dict[str, AnyNode], *, ending: str = "human", **script: object) -> World:
    changed = msgspec.structs.replace(world.script, nodes={**world.script.nodes, **nodes}, **script)
    return msgspec.structs.replace(world, script=changed, traits=(*world.traits, trait), ending=ending)


def _refusing(world: World, random: Random) -> World:
    words = bank()
    habits = msgspec.structs.replace(
        world.script.personality, invalid_say=random.choice(words.invalid_lines), silence_say=random.choice(words.silence_lines)
    )
    return msgspec.structs.replace(world, script=msgspec.structs.replace(world.script, personality=habits))


# --- on the way ---


def _before_menus(world: World, trait: str, name: str, gate: AnyNode) -> World:
    """Between the greeting and the first menu."""
    greeting = world.script.nodes["greeting"]
    assert isinstance(greeting, Announce)
    return _with(world, trait, {"greeting": msgspec.structs.replace(greeting, next=name), name: gate})


def _first_menu(script: Script) -> str:
    greeting = script.nodes["greeting"]
    assert isinstance(greeting, Announce)
    return greeting.next


def _data_skipped_by_key(world: World, random: Random) -> World:
    key, first = random.choice("*0"), _first_menu(world.script)
    way_around = random.choice(bank().data_skips).format(key={"*": "star", "0": "zero"}[key])
    gate = Entry(say=(random.choice(bank().data_prompts), way_around), next=first, skip={key: first}, repeats=3)
    changed = _before_menus(world, "data_skipped_by_key", "data", gate)
    return msgspec.structs.replace(changed, presses=(("data", key), *world.presses))


def _data_skipped_by_silence(world: World, random: Random) -> World:
    first = _first_menu(world.script)
    gate = Entry(say=(random.choice(bank().data_prompts),), next=first, on_silence=first, repeats=2)
    changed = _before_menus(world, "data_skipped_by_silence", "data", gate)
    return msgspec.structs.replace(changed, one_way=False)  # a pound alone is silence, too


def _bot(world: World, random: Random) -> World:
    first = _first_menu(world.script)
    gate = Question(say=(random.choice(bank().voice_prompts),), on_speech=first, on_silence=first)
    return _before_menus(world, "voice_bot", "bot", gate)


# --- on hold ---


def _held(world: World) -> Hold:
    hold = world.script.nodes[_HELD]
    assert isinstance(hold, Hold)
    return hold


def _callback(world: World, random: Random) -> World:
    offer = Offer(say=(random.choice(bank().callback_lines).format(key="1"),), after_s=random.uniform(5, 12), goto="called_back")
    hold = msgspec.structs.replace(_held(world), callback=offer)
    return _with(world, "callback_offered", {_HELD: hold, "called_back": Announce(say=("Thank you. We will call you back.",))})


def _interrupted(world: World, random: Random) -> World:
    return _with(world, "interrupted_announcement", {_HELD: msgspec.structs.replace(_held(world), interrupted=True)})


# --- other endings ---


def _instead_of_greeting(trait: str, ending: str, node: Callable[[Random], AnyNode]) -> Callable[[World, Random], World]:
    def ended(world: World, random: Random) -> World:
        changed = _with(world, trait, {"the_end": node(random)}, ending=ending, start="the_end")
        return msgspec.structs.replace(changed, presses=())

    return ended


def _instead_of_queue(trait: str, ending: str, node: Callable[[Random], AnyNode]) -> Callable[[World, Random], World]:
    def ended(world: World, random: Random) -> World:
        return _with(world, trait, {_HELD: node(random)}, ending=ending)

    return ended


def _answering(trait: str, ending: str, answering: Answering) -> Callable[[World, Random], World]:
    def ended(world: World, random: Random) -> World:
        return msgspec.structs.replace(_with(world, trait, {}, ending=ending, answering=answering), presses=())

    return ended


def _queue_drops(world: World, random: Random) -> World:
    hold = msgspec.structs.replace(_held(world), wait_s=900.0, drop_after_s=random.uniform(60, 600), callback=None)
    return _with(world, "queue_drops", {_HELD: hold}, ending="disconnected queue_full")  # as what was said last explains it


def _hangs_up_on_the_key(world: World, random: Random) -> World:
    name, key = world.presses[-1]
    menu = menus_of(world.script)[name]
    options = {**menu.options, key: Option(label=menu.options[key].label, goto="")}
    return _with(world, "hangs_up_on_the_key", {name: msgspec.structs.replace(menu, options=options)}, ending="disconnected")


def _closed(random: Random) -> Announce:
    return Announce(say=(random.choice(bank().closed_lines),))


def _voicemail(random: Random) -> Voicemail:
    return Voicemail(say=(random.choice(bank().voicemail_lines),))


def _data(random: Random) -> Entry:
    return Entry(say=(random.choice(bank().data_prompts),), next="", repeats=2)


ENDINGS: tuple[Callable[[World, Random], World], ...] = (
    _instead_of_greeting("closed", "closed", _closed),
    _instead_of_queue("closed_behind_the_menu", "closed", _closed),
    _instead_of_greeting("voicemail", "voicemail", _voicemail),
    _instead_of_queue("voicemail_behind_the_menu", "voicemail", _voicemail),
    _instead_of_greeting("data_without_a_way_around", "needs_data", _data),
    _instead_of_greeting("fax", "fax", lambda random: Tone(tone="fax", for_s=20.0)),
    _instead_of_greeting("not_in_service", "unreachable", lambda random: Tone(tone="sit_intercept", for_s=4.0)),
    _instead_of_queue("queue_full", "busy queue_full", lambda random: Tone(tone="reorder", for_s=8.0)),
    _answering("busy", "busy", Answering(code=486)),
    _answering("declined", "declined", Answering(code=603)),
    _answering("nobody_answers", "no_answer", Answering(never=True)),
    _queue_drops,
    _hangs_up_on_the_key,
)
