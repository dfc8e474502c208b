"""How a company's phone system changes between two calls. Each change gives a new world with its new truth."""

from __future__ import annotations

from random import Random

import msgspec

from ivr_sim.menu_prose import read_out
from ivr_sim.script import Announce, AnyNode, Entry, Menu, Option, Question
from ivr_sim.world import Area, Desk, World, bank

#: Changes after which the old keys lead astray, and changes that only sound different.
CHANGING_THE_WAY = ("digit_moved", "option_inserted", "level_added", "level_removed")
SOUNDING_DIFFERENT = ("new_announcement", "re_recorded")
KINDS = CHANGING_THE_WAY + SOUNDING_DIFFERENT


def drift(world: World, kind: str, seed: int) -> World | None:
    """The world after the change, or None where it does not apply (a level cannot be removed from one menu)."""
    return _CHANGES[kind](world, Random(seed))


def _digit_moved(world: World, random: Random) -> World | None:
    name, key = random.choice(_menu_presses(world))
    menu = _menu(world, name)
    others = [other for other in menu.options if other != key and other.isdigit()]
    if not others:
        return None
    other = random.choice(others)
    options = dict(menu.options)
    options[key], options[other] = options[other], options[key]
    return _with_menu(world, name, options, {name: other}, random)


def _option_inserted(world: World, random: Random) -> World | None:
    name, key = random.choice(_menu_presses(world))
    menu = _menu(world, name)
    rows = list(menu.options.items())
    numbered = [option for digit, option in rows if digit.isdigit() and digit != "0"]
    rest = {digit: option for digit, option in rows if not digit.isdigit() or digit == "0"}
    wanted = menu.options[key]
    if wanted not in numbered or len(numbered) >= 9:
        return None
    new = Option(label="our mailing address", goto=next((one.goto for one in numbered if one is not wanted), wanted.goto))
    place = random.randint(0, numbered.index(wanted))
    numbered.insert(place, new)
    options = {str(number): option for number, option in enumerate(numbered, start=1)} | rest
    moved = str(numbered.index(wanted) + 1)
    return None if moved == key else _with_menu(world, name, options, {name: moved}, random)


def _level_added(world: World, random: Random) -> World | None:
    name, key = world.presses[-1]
    menu = _menu(world, name)
    wanted = menu.options[key]
    desk, area = _desk_of(wanted.label)
    offered = {option.label for option in menu.options.values()}
    desks = [one for other in _sector_areas(area) for one in other.desks if one is not desk]
    other = random.choice([one for one in desks if not offered & set(one.labels)] or desks)  # it does not repeat the menu before it
    rows = [Option(label=wanted.label, goto=wanted.goto), Option(label=other.labels[0], goto="other_notice_or_end")]
    random.shuffle(rows)
    options = {str(number): option for number, option in enumerate(rows, start=1)}
    pressed = next(digit for digit, option in options.items() if option.goto == wanted.goto)
    nodes = dict(world.script.nodes)
    nodes["other_notice_or_end"] = Announce(say=(bank().dead_ends[0],))
    labels = {digit: option.label for digit, option in options.items()}
    nodes["added"] = Menu(say=read_out(labels, random), options=options)
    nodes[name] = msgspec.structs.replace(menu, options={**menu.options, key: Option(label=wanted.label, goto="added")})
    return _changed(world, nodes, (*world.presses, ("added", pressed)), "level_added")


def _level_removed(world: World, random: Random) -> World | None:
    menus = _menu_presses(world)
    if len(menus) < 2:
        return None
    gone, key = menus[0]
    rest = tuple(press for press in world.presses if press != (gone, key))
    after = _menu(world, gone).options[key].goto
    nodes = {name: _past(node, gone, after) for name, node in world.script.nodes.items()}
    changed = _changed(world, nodes, rest, "level_removed")
    start = after if world.script.start == gone else world.script.start
    return msgspec.structs.replace(changed, script=msgspec.structs.replace(changed.script, start=start))


def _new_announcement(world: World, random: Random) -> World | None:
    nodes = dict(world.script.nodes)
    nodes["news"] = Announce(say=(random.choice(bank().notices),), next=world.script.start)
    changed = _changed(world, nodes, world.presses, "new_announcement")
    return msgspec.structs.replace(changed, script=msgspec.structs.replace(changed.script, start="news"))


def _re_recorded(world: World, random: Random) -> World | None:
    script = msgspec.structs.replace(world.script, voice="awb")
    return msgspec.structs.replace(world, script=script, traits=(*world.traits, "re_recorded"))


_CHANGES = {
    "digit_moved": _digit_moved, "option_inserted": _option_inserted, "level_added": _level_added, "level_removed": _level_removed,
    "new_announcement": _new_announcement, "re_recorded": _re_recorded,
}  # fmt: skip


def _past(node: AnyNode, gone: str, after: str) -> AnyNode:
    """Whatever led to the menu that is gone leads past it."""
    match node:
        case Announce(next=following) if following == gone:
            return msgspec.structs.replace(node, next=after)
        case Entry():
            skip = {key: after if goto == gone else goto for key, goto in node.skip.items()}
            silent = after if node.on_silence == gone else node.on_silence
            return msgspec.structs.replace(node, next=after if node.next == gone else node.next, skip=skip, on_silence=silent)
        case Question(on_speech=speech) if speech == gone:
            return msgspec.structs.replace(node, on_speech=after, on_silence=after)
        case _:
            return node


def _menu_presses(world: World) -> list[tuple[str, str]]:
    return [(name, key) for name, key in world.presses if isinstance(world.script.nodes[name], Menu)]


def _menu(world: World, name: str) -> Menu:
    node = world.script.nodes[name]
    assert isinstance(node, Menu)
    return node


def _with_menu(world: World, name: str, options: dict[str, Option], moved: dict[str, str], random: Random) -> World:
    labels = {key: option.label for key, option in options.items()}
    menu = msgspec.structs.replace(_menu(world, name), options=options, say=read_out(labels, random))
    presses = tuple((menu_name, moved.get(menu_name, key)) for menu_name, key in world.presses)
    return _changed(world, {**world.script.nodes, name: menu}, presses, "menu_changed")


def _changed(world: World, nodes: dict[str, AnyNode], presses: tuple[tuple[str, str], ...], trait: str) -> World:
    script = msgspec.structs.replace(world.script, nodes=nodes)
    return msgspec.structs.replace(world, script=script, presses=presses, traits=(*world.traits, trait))


def _desk_of(label: str) -> tuple[Desk, Area]:
    return next((desk, area) for sector in bank().sectors for area in sector.areas for desk in area.desks if label in desk.labels)


def _sector_areas(area: Area) -> tuple[Area, ...]:
    return next(sector.areas for sector in bank().sectors if area in sector.areas)
