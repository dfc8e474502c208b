"""Seeded phone systems: a tree of menus from ``bank.toml``, a wish that one desk of it serves, and habits good and bad.

The same seed gives the same world. ``small_worlds`` counts through all systems up to a size instead, ``traps.py`` holds the ones
that the field is known to trip over, ``drift.py`` changes a world between two calls.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import msgspec

from ivr_sim.customs import with_customs
from ivr_sim.menu_prose import read_out
from ivr_sim.script import Agent, Announce, AnyNode, Hold, Menu, Option, Personality, Script
from ivr_sim.world import Area, Bank, Desk, World, bank

NUMBER = "+15550100000"


def generate(seed: int, *, other_words: bool = False) -> World:
    """A random company: one to three levels of menus, and whatever else it may do to its callers.

    ``other_words``: the wish is put in words that the menus do not use, which makes it a matter of understanding, too.
    """
    return Architect(Random(seed), bank()).world(seed, other_words=other_words)


def small_worlds() -> Iterator[World]:
    """Every tree of one or two levels with two or three options each, for every place of the target: same words, no traits."""
    for levels in (1, 2):
        for width in (2, 3):
            for place in range(width**levels):
                architect = Architect(Random(width * 10 + levels), bank(), plain=True)
                yield architect.tree(levels, width, place)


class Architect:
    """Builds one world. ``plain``: no traits."""

    def __init__(self, random: Random, phrases: Bank, *, plain: bool = False) -> None:
        self._random = random
        self._bank = phrases
        self._plain = plain
        self._nodes: dict[str, AnyNode] = {}
        self._traits: list[str] = []
        self._sector = random.choice(phrases.sectors)
        self._company = random.choice(self._sector.companies)

    def world(self, seed: int, *, other_words: bool) -> World:
        random = self._random
        area = random.choice(self._sector.areas)
        desk = random.choice(area.desks)
        levels = random.choices((1, 2), (1, 3))[0]
        wording = random.randrange(2)
        presses = self._one_level(area, desk, wording) if levels == 1 else self._two_levels(area, desk, wording)
        start = self._before_menus(presses[0][0])
        if start[1]:
            presses = [start[1], *presses]
        world = self._finish(seed, start[0], desk.intents[1 - wording if other_words else wording], presses)
        return with_customs(_reading_on(world, Random(f"reads on {seed}")), Random(f"customs {seed}"))

    def tree(self, levels: int, width: int, place: int) -> World:
        """A plain tree; ``place`` counts the leaves."""
        areas = self._sector.areas
        if levels == 1:
            desks = [area.desks[0] for area in areas][:width]
            presses = [
                (
                    "main",
                    self._menu("main", [(desk.labels[0], self._queue(desk is desks[place])) for desk in desks], desks[place].labels[0]),
                )
            ]
            return self._finish(place, "main", desks[place].intents[0], presses)
        area = areas[place // width]
        desks = list(area.desks)[:width]
        desk = desks[place % width % len(desks)]
        second = self._menu("sub", [(one.labels[0], self._queue(one is desk)) for one in desks], desk.labels[0])
        rows = [(one.labels[0], "sub" if one is area else self._dead_end()) for one in areas[:width]]
        first = self._menu("main", rows, area.labels[0])
        return self._finish(place, "main", desk.intents[0], [("main", first), ("sub", second)])

    # --- parts ---

    def _one_level(self, area: Area, desk: Desk, wording: int) -> list[tuple[str, str]]:
        label = desk.labels[wording]
        others = [one for other in self._sector.areas for one in other.desks if one is not desk and other is not area]
        self._random.shuffle(others)
        rows = [(self._random.choice(one.labels), self._queue(False)) for one in others[: self._random.randint(1, 4)]]
        rows.insert(self._random.randint(0, len(rows)), (label, self._queue(True)))
        return [("main", self._menu("main", rows, label))]

    def _two_levels(self, area: Area, desk: Desk, wording: int) -> list[tuple[str, str]]:
        random = self._random
        label = desk.labels[wording]
        desks = list(area.desks)
        random.shuffle(desks)
        rows = [(label if one is desk else random.choice(one.labels), self._queue(one is desk)) for one in desks]
        second = self._menu("sub", rows, label)
        areas = list(self._sector.areas)
        random.shuffle(areas)
        name = area.labels[wording]
        first = self._menu("main", [(name, "sub") if one is area else (random.choice(one.labels), self._dead_end()) for one in areas], name)
        return [("main", first), ("sub", second)]

    def _menu(self, name: str, rows: list[tuple[str, str]], wanted: str) -> str:
        """Adds the menu; gives the key of the wanted label."""
        random = self._random
        keys = [str(number) for number in range(1, len(rows) + 1)]
        if not self._plain and random.random() < 0.2:
            keys = sorted(random.sample("123456789", len(rows)))
        options = {key: Option(label=label, goto=goto) for key, (label, goto) in zip(keys, rows, strict=True)}
        if not self._plain and random.random() < 0.35:
            options["0"] = Option(label=random.choice(self._bank.operators), goto=self._queue(False))
        if not self._plain and random.random() < 0.25:
            options["*"] = Option(label=random.choice(self._bank.again), goto=name)
        self._nodes[name] = Menu(say=read_out({key: option.label for key, option in options.items()}, random), options=options)
        return next(key for key, option in options.items() if option.label == wanted)

    def _queue(self, target: bool) -> str:
        """A queue with an agent behind it; the same two for all of a company."""
        side = "target" if target else "other"
        if side not in self._nodes:
            random, words = self._random, self._bank
            opening = random.choice(words.agent_openings).format(name=random.choice(words.agent_names), company=self._company)
            self._nodes[side] = Agent(opening=(opening,), voice="slt", patience_s=90.0)
            self._nodes[f"{side}_hold"] = self._hold(side)
            self._nodes[f"{side}_notice"] = Announce(say=(random.choice(words.transfer_lines),), next=f"{side}_hold")
        return f"{side}_notice" if self._plain or self._random.random() < 0.6 else f"{side}_hold"

    def _hold(self, goto: str) -> Hold:
        random = self._random
        if self._plain:
            return Hold(next=goto, wait_s=15.0)
        lines = tuple(random.sample(self._bank.hold_lines, random.randint(0, 3)))
        return Hold(
            next=goto, wait_s=round(random.uniform(8, 90), 1), announcements=lines, tune=f"tune-{random.randint(1, 9)}",
            first_announcement_s=round(random.uniform(6, 15), 1), announcement_every_s=round(random.uniform(10, 25), 1),
            over_music=random.random() < 0.15, sound=random.choices(("music", "silence", "ringback"), (8, 1, 1))[0],
        )  # fmt: skip

    def _dead_end(self) -> str:
        name = f"dead_end_{sum(1 for node in self._nodes if node.startswith('dead_end')) + 1}"
        self._nodes[name] = Announce(say=(self._random.choice(self._bank.dead_ends),))
        return name

    def _before_menus(self, first: str) -> tuple[str, tuple[str, str] | None]:
        """Greeting, notices and perhaps a language gate before the first menu: the start, and the gate's press."""
        random, words = self._random, self._bank
        gate: tuple[str, str] | None = None
        if random.random() < 0.12:
            self._traits.append("language_gate")
            options = {"1": Option(label="English", goto=first), "2": Option(label="español", goto=self._dead_end())}
            self._nodes["language"] = Menu(say=("For English, press 1.", "Para español, oprima el dos."), options=options)
            gate, first = ("language", "1"), "language"
        say = [random.choice(words.openings).format(company=self._company)]
        if random.random() < 0.6:
            say += random.sample(words.notices, random.randint(1, 2))
        self._nodes["greeting"] = Announce(say=tuple(say), next=first, pause_after_ms=random.choice((200, 500, 1200)))
        return "greeting", gate

    def _finish(self, seed: int, start: str, intent: str, presses: list[tuple[str, str]]) -> World:
        habits = Personality() if self._plain else self._habits()
        script = Script(name=self._company, number=NUMBER, start=start, nodes=self._nodes, voice="rms", personality=habits)
        return World(script=script, intent=intent, target="target", presses=tuple(presses), traits=tuple(self._traits), seed=seed)

    def _habits(self) -> Personality:
        """At most one bad habit with keys, and then enough readings to find out about it: a caller must have a chance."""
        random = self._random
        bad = random.choices(("", "accepts_during", "accepts_after", "inband_only", "swallows"), (80, 4, 8, 4, 4))[0]
        self._traits += [bad] * bool(bad)
        plainly = random.choice((("rfc4733", "inband"), ("rfc4733",)))
        return Personality(
            accepts=bad.removeprefix("accepts_") if bad.startswith("accepts") else "any",
            methods=("inband",) if bad == "inband_only" else plainly,
            swallowed_presses=int(bad == "swallows"),
            part_gap_ms=random.choice((0, 150, 300, 500, 800)),
            menu_pause_ms=random.choice((3000, 4000, 5000, 7000)),
            menu_readings=5 if bad else random.choice((2, 3, 3, 4)),
            after_press_ms=random.choice((150, 250, 600, 2500)),
        )


def _reading_on(world: World, random: Random) -> World:
    """One company in eight reads its menu on behind the key instead of being silent, until it goes on."""
    if random.random() >= 1 / 8:
        return world
    habits = msgspec.structs.replace(world.script.personality, reads_on=True)
    script = msgspec.structs.replace(world.script, personality=habits)
    return msgspec.structs.replace(world, script=script, traits=(*world.traits, "reads_on"))
