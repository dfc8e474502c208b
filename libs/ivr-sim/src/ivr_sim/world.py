"""A generated company together with the truth about it: what the caller wants and the keys that lead there."""

from __future__ import annotations

import functools
from importlib import resources

import msgspec

from ivr_sim.script import Menu, Script


class Desk(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a call may want to end: ways to name it in a menu, ways a caller puts the wish."""

    labels: tuple[str, ...]
    intents: tuple[str, ...]


class Area(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    labels: tuple[str, ...]
    desks: tuple[Desk, ...]


class Sector(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    companies: tuple[str, ...]
    areas: tuple[Area, ...]


class Bank(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The phrases of ``bank.toml``."""

    openings: tuple[str, ...]
    notices: tuple[str, ...]
    hold_lines: tuple[str, ...]
    transfer_lines: tuple[str, ...]
    agent_openings: tuple[str, ...]
    agent_names: tuple[str, ...]
    closed_lines: tuple[str, ...]
    dead_ends: tuple[str, ...]
    data_prompts: tuple[str, ...]
    data_skips: tuple[str, ...]
    voice_prompts: tuple[str, ...]
    callback_lines: tuple[str, ...]
    everything_else: tuple[str, ...]
    operators: tuple[str, ...]
    invalid_lines: tuple[str, ...]
    silence_lines: tuple[str, ...]
    voicemail_lines: tuple[str, ...]
    again: tuple[str, ...]
    sectors: tuple[Sector, ...]


class World(msgspec.Struct, frozen=True, kw_only=True):
    """``presses``: the menus on the way and the key for each, in order. ``target``: the node of the right agent."""

    script: Script
    intent: str
    target: str
    presses: tuple[tuple[str, str], ...]
    traits: tuple[str, ...] = ()
    ending: str = "human"  #: what a faultless caller ends with: human, or outcomes one of which is right
    one_way: bool = True  #: only ``presses`` lead there; otherwise a caller may find another way as good
    closed: bool = False  #: calls begin at the script's out-of-hours node
    seed: int = 0

    @property
    def digits(self) -> str:
        return "".join(digits for _, digits in self.presses)


@functools.cache
def bank() -> Bank:
    return msgspec.toml.decode((resources.files("ivr_sim") / "bank.toml").read_bytes(), type=Bank)


def menus_of(script: Script) -> dict[str, Menu]:
    return {name: node for name, node in script.nodes.items() if isinstance(node, Menu)}
