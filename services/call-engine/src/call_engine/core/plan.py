"""What a call is to do, as the core sees it."""

from __future__ import annotations

import msgspec
from call_contract.flows import CallFlow


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Politeness and cost. Whatever limit is reached first ends the call with that reason."""

    max_call_s: int = 10_800
    max_menu_s: int = 180  #: walking the menus; hold is not counted
    max_hold_s: int = 7_200
    max_presses: int = 20
    max_menus: int = 15
    no_answer_s: int = 60
    device_ring_s: int = 30  #: or for longer, if the TRANSFER step says so; for less only if it leads elsewhere then
    device_attempts: int = 2


class Explore(msgspec.Struct, frozen=True, kw_only=True, tag="explore"):
    phone_number: str
    intent: str
    company: str = ""
    language: str = ""
    known_flow: CallFlow | None = None


class Follow(msgspec.Struct, frozen=True, kw_only=True, tag="follow"):
    flow: CallFlow
    intent: str = ""


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """``device`` is where a human is bridged to; empty is the default device."""

    goal: Explore | Follow
    limits: Limits = Limits()
    device: str = ""
    ring_early: bool = False
    accept_callback: bool = False
    may_speak: bool = True
    record_conversation: bool = False  #: of the bridged call, announced to both sides first
